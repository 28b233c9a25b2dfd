"""The head of a lesson's source: what it is about, how long it takes, what it needs.

It is YAML, validated field by field; the builder makes the title, the objectives and
the list of sources from it. Left out: the cells.
"""

from pathlib import Path
from typing import Any

from course.errors import CourseError, listed

LONGEST_SUMMARY = 100  # characters
MOST_MINUTES, MOST_SECONDS = 120, 120

_FIELDS = {
    "title": str,
    "summary": str,
    "minutes": int,
    "seconds": int,
    "needs": list,
    "objectives": list,
    "sources": list,
}


def load_yaml(text: str, path: Path, line: int) -> Any:
    """Return what a piece of YAML in a source says.

    Args:
        text: The YAML.
        path: The source, for an error.
        line: Line of the source, from 1, on which the text begins.

    Raises:
        CourseError: With file and line, if it is no YAML.
    """
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # the latter for the date 2024-13-01
        mark = getattr(error, "problem_mark", None)
        line += mark.line if mark else 0
        problem = getattr(error, "problem", None) or "no YAML"
        raise CourseError(
            f"{path.name}:{line}: {problem}: put texts with ':' or '#' in quotation "
            "marks."
        ) from None


def read_front_matter(text: str, path: Path, line: int) -> dict[str, Any]:
    """Return the fields of a lesson's front matter.

    Args:
        text: The YAML between the two lines `# ---`.
        path: The source, for an error.
        line: Line of the source, from 1, on which the text begins.

    Raises:
        CourseError: With file and line, if a field is missing, not known, or not as it
            should be.
    """
    front = load_yaml(text, path, line)
    where = f"{path.name}:{line}: "
    if not isinstance(front, dict) or set(front) != set(_FIELDS):
        came = listed(front) if isinstance(front, dict) else "no fields"
        raise CourseError(
            f"{where}front matter has {came}; expected {listed(_FIELDS)}: add or "
            "remove."
        )
    for name, kind in _FIELDS.items():
        if not isinstance(front[name], kind) or isinstance(front[name], bool):
            raise CourseError(
                f"{where}{name} is {front[name]!r}: a {kind.__name__} was expected."
            )
    rules = {
        f"a summary of at most {LONGEST_SUMMARY} characters that ends with a full "
        "stop": len(front["summary"]) <= LONGEST_SUMMARY
        and front["summary"].endswith("."),
        f"minutes from 1 to {MOST_MINUTES}": 1 <= front["minutes"] <= MOST_MINUTES,
        f"seconds from 1 to {MOST_SECONDS}": 1 <= front["seconds"] <= MOST_SECONDS,
        "needs as a list of texts": all(isinstance(n, str) for n in front["needs"]),
        "three to six objectives, each a text": 3 <= len(front["objectives"]) <= 6
        and all(isinstance(text, str) for text in front["objectives"]),
        "at least one source, each a text": bool(front["sources"])
        and all(isinstance(text, str) for text in front["sources"]),
    }
    broken = [rule for rule, kept in rules.items() if not kept]
    if broken:
        raise CourseError(f"{where}expected {broken[0]}: mend the front matter.")
    return front
