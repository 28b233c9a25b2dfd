"""Draw what a learner gets back: answers of a quiz, predictions beside what came.

Plain text for a terminal, HTML for a notebook. A colour repeats what a word says. Left
out: judging, which whoever calls has done.
"""

from collections.abc import Sequence
from typing import NamedTuple

from course.views.shown import (
    BAD,
    GOOD,
    NEUTRAL,
    Shown,
    block,
    escape,
    inline,
    markdown,
    plain,
)


class Choice(NamedTuple):
    """An option of a question as it is shown.

    Attributes:
        letter: "a" to "e".
        text: What the learner reads, in Markdown.
        why: Why it is right or wrong, in Markdown.
        right: Whether it is the right one.
    """

    letter: str
    text: str
    why: str
    right: bool


class Item(NamedTuple):
    """One predicted value beside the actual one, both as text.

    Attributes:
        name: Key or number of the item; empty if it is the only one.
        predicted: What the learner said.
        actual: What it is.
        right: Whether they agree.
    """

    name: str
    predicted: str
    actual: str
    right: bool


def render_question(heading: str, text: str, choices: Sequence[Choice]) -> Shown:
    """Show a question with its options and without its answer.

    Args:
        heading: As "Question 1 of 11".
        text: The question, in Markdown.
        choices: Its options in the order of their letters.
    """
    lines = [f"{heading}. {plain(text)}"]
    lines += [f"  {choice.letter}) {plain(choice.text)}" for choice in choices]
    # Written out: a notebook's page would count an ordered list by numbers.
    items = "".join(f"<li>{c.letter}) {inline(c.text)}</li>" for c in choices)
    body = (
        f"<p><strong>{escape(heading)}</strong></p>{markdown(text)}"
        f'<ul style="list-style:none;padding-left:1em">{items}</ul>'
    )
    return Shown("\n".join(lines), block(NEUTRAL, body, label=heading))


def render_answer(
    heading: str, choices: Sequence[Choice], chosen: str, note: str | None = None
) -> Shown:
    """Show whether an answer is right, and why each option is or is not.

    Args:
        heading: Id or number of the question.
        choices: All options in the order of their letters.
        chosen: Letter of the chosen one.
        note: One line on what could not be saved.

    Returns:
        The chosen and the right option first; the others folded in HTML, left out in
        plain text.
    """
    own = next(choice for choice in choices if choice.letter == chosen)
    right = next(choice for choice in choices if choice.right)
    verdict = "Right" if own.right else "Not right"
    first = [own] if own.right else [own, right]
    others = [choice for choice in choices if choice not in first]
    lines = [f"{heading}: {verdict}."]
    lines += [f"  {_said(choice, own)}: {plain(choice.why)}" for choice in first]
    body = f"<p><strong>{escape(heading)}: {verdict}.</strong></p>"
    body += "".join(_why(choice, own) for choice in first)
    if others:
        folded = "".join(_why(choice, own) for choice in others)
        body += f"<details><summary>The other options</summary>{folded}</details>"
    if note:
        lines.append(f"  {note}")
        body += f"<p>{escape(note)}</p>"
    colour = GOOD if own.right else BAD
    return Shown("\n".join(lines), block(colour, body, label=f"{heading}: {verdict}"))


def _said(choice: Choice, own: Choice) -> str:
    """Say whose option it is: yours, the right one, or both."""
    if choice == own:
        return f"{choice.letter}, your answer, is {'right' if own.right else 'wrong'}"
    return f"{choice.letter} is {'right' if choice.right else 'wrong'}"


def _why(choice: Choice, own: Choice) -> str:
    return (
        f"<p><strong>{_said(choice, own)}:</strong> {inline(choice.text)}<br>"
        f"{inline(choice.why)}</p>"
    )


def render_score(sentence: str, answers: Sequence[Shown]) -> Shown:
    """Show a whole quiz: every answer, then how many are right.

    Args:
        sentence: As "7 of 11 right.", plain text.
        answers: From `render_answer`.
    """
    text = "\n".join([*(answer.text for answer in answers), sentence])
    end = block(NEUTRAL, f"<p>{escape(sentence)}</p>")
    return Shown(text, "".join(answer.html for answer in answers) + end)


def render_outcome(
    verdict: str, items: Sequence[Item], lines: Sequence[str], right: bool | None
) -> Shown:
    """Show a prediction beside what came.

    Args:
        verdict: One sentence that begins with the prediction's id.
        items: What was predicted beside what came; none without a prediction.
        lines: What else there is to say, plain text.
        right: Colours the edge; None if nothing was predicted.
    """
    text = [verdict, *(f"  {_in_words(item)}" for item in items)]
    body = f"<p><strong>{escape(verdict)}</strong></p>"
    if len(items) == 1:
        body += f"<p>{escape(_in_words(items[0]))}</p>"
    elif items:
        body += _table(items)
    body += "".join(f"<p>{escape(line)}</p>" for line in lines)
    colour = NEUTRAL if right is None else GOOD if right else BAD
    return Shown("\n".join([*text, *lines]), block(colour, body, label=verdict))


def _in_words(item: Item) -> str:
    name = f"{item.name}: " if item.name else ""
    word = "right" if item.right else "wrong"
    return f"{name}predicted {item.predicted}, is {item.actual} ({word})"


def _table(items: Sequence[Item]) -> str:
    style = 'style="text-align:left;padding:.1em 1em .1em 0"'
    heads = ("item", "predicted", "actual", "result")
    rows = "".join(f'<th scope="col" {style}>{head}</th>' for head in heads)
    rows = f"<tr>{rows}</tr>"
    for item in items:
        cells = (item.predicted, item.actual, "right" if item.right else "wrong")
        rows += f'<tr><th scope="row" {style}>{escape(item.name)}</th>'
        rows += "".join(f"<td {style}>{escape(cell)}</td>" for cell in cells) + "</tr>"
    return f'<div style="overflow-x:auto"><table>{rows}</table></div>'
