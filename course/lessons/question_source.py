"""The quiz in a lesson's source: YAML in a markdown cell, with a reason per option.

    - id: q1
      kind: recall
      text: How many different bytes are there?
      options:
        - right: "256"
          why: Eight bits, each 0 or 1.
        - wrong: "128"
          why: That is ASCII, which uses seven bits.

Left out: asking the questions.
"""

import re
from collections.abc import Iterator
from typing import Any

from course.errors import listed
from course.lessons.catalogue import Option, Question
from course.lessons.front_matter import load_yaml
from course.lessons.source import Cell

KINDS = ("recall", "output", "misconception", "transfer", "evidence")


def read_questions(cells: list[Cell], lesson: str) -> Iterator[Question]:
    """Yield the questions of a lesson's cells with the tag `quiz`.

    Args:
        cells: All cells of the source.
        lesson: Two digits, as "02".

    Raises:
        CourseError: With file and line, for a question that is not complete.
    """
    seen = set()  # over all cells: a quiz may come in several
    for cell in cells:
        if cell.tag != "quiz":
            continue
        found = load_yaml(cell.text, cell.path, cell.line)
        if not isinstance(found, list):
            raise cell.error(
                "a list of questions was expected: begin each with '- id:'."
            )
        for item, line in zip(found, _first_lines(cell.text), strict=True):
            name = item.get("id") if isinstance(item, dict) else item
            problem = _question_problem(item)
            if str(name) in seen or not re.fullmatch(r"q\d+", str(name)):
                problem = "its id, such as q1, is missing, wrong or used twice"
            if problem:
                raise cell.error(f"question {name!r}: {problem}.", line)
            seen.add(name)
            options = tuple(_option(option) for option in item["options"])
            yield Question(f"{lesson}.{name}", item["kind"], item["text"], options)


def _first_lines(text: str) -> list[int]:
    """Return the line, from 0, on which each item of a YAML list begins."""
    import yaml

    return [node.start_mark.line for node in yaml.compose(text).value]


def _question_problem(item: Any) -> str | None:
    """Return what is wrong with a question of the source, or None."""
    if not isinstance(item, dict) or set(item) != {"id", "kind", "text", "options"}:
        return "id, kind, text and options were expected"
    if item["kind"] not in KINDS:
        return f"kind is {item['kind']!r}, one of {listed(KINDS)} was expected"
    if not isinstance(item["text"], str):
        return "a text was expected: put it in quotation marks"
    options = item["options"]
    fitting = isinstance(options, list) and all(
        isinstance(option, dict)
        and set(option) in ({"right", "why"}, {"wrong", "why"})
        and all(isinstance(text, str) for text in option.values())
        for option in options
    )
    if not fitting or not 3 <= len(options) <= 5:
        return (
            "three to five options were expected, each with right or wrong, and why; "
            "put numbers in quotation marks"
        )
    if sum("right" in option for option in options) != 1:
        return "exactly one option is to be the right one"
    return None


def _option(option: dict[str, str]) -> Option:
    right = "right" in option
    text = option["right" if right else "wrong"]
    return Option(" ".join(text.split()), " ".join(option["why"].split()), right)
