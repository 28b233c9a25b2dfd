"""Options that several commands share, and how their values are read."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from course.errors import CourseError

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
TextColumn = Annotated[str, typer.Option(help="Column of a file with the text.")]
LabelColumn = Annotated[str, typer.Option(help="Column of a file with the label.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="OPTION=VALUE", help="Any other option, repeatable."),
]


def runs(incomplete: str) -> list[str]:
    """Complete the name of a run."""
    from course.runs import run_names, shipped

    return [name for name in [*shipped(), *run_names()] if name.startswith(incomplete)]


def tasks(incomplete: str) -> list[str]:
    """Complete the name of a task."""
    from course.tasks import TASKS

    return [name for name in TASKS if name.startswith(incomplete)]


RunName = Annotated[
    str,
    typer.Argument(
        help="A run, a shipped adapter, or a model's folder.", autocompletion=runs
    ),
]


def parse_settings(settings: list[str] | None) -> dict[str, Any]:
    """Read `option=value` pairs; values are JSON, or else plain text.

    Args:
        settings: Such pairs, or None.

    Raises:
        CourseError: If one has no equals sign.

    Example:
        >>> parse_settings(["r=4", "lr_scheduler_type=cosine"])
        {'r': 4, 'lr_scheduler_type': 'cosine'}
    """
    parsed = {}
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        if not equals:
            raise CourseError(
                f"--set {setting!r} has no '=': write --set option=value."
            )
        try:
            parsed[name.strip()] = json.loads(value)
        except ValueError:
            parsed[name.strip()] = value
    return parsed


def read_texts(texts: list[str] | None, file: Path | None) -> list[str]:
    """Return texts from the arguments, a file, or standard input.

    Args:
        texts: Texts given as arguments.
        file: A file with a text a line, or `-` for standard input.

    Raises:
        CourseError: If there is none, both were given, or the file cannot be read.
    """
    if texts and file:
        raise CourseError("Texts and --file came together: give one of them.")
    if texts:
        return texts
    from_pipe = file is None or str(file) == "-"
    # There is none where whoever started this program closed it.
    if from_pipe and (sys.stdin is None or (file is None and sys.stdin.isatty())):
        raise CourseError("No text came: add texts, --file FILE, or pipe them in.")
    try:
        if from_pipe:
            content = sys.stdin.read().removeprefix("\ufeff")
        else:
            content = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise CourseError(
            f"{file or 'Standard input'} cannot be read ({reason}): check the name, "
            "or save it as UTF-8."
        ) from error
    # Not splitlines: a text may hold other separators, as U+2028 or a form feed.
    lines = [line for line in content.split("\n") if line.strip()]
    if not lines:
        raise CourseError("The input has no text: put one text on each line.")
    return lines


def read_object(file: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Args:
        file: The file; UTF-8.

    Raises:
        CourseError: If it cannot be read, or holds something else.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise CourseError(
            f"{file} cannot be read ({reason}): check the name, or write it anew."
        ) from error
    if not isinstance(data, dict):
        raise CourseError(
            f"{file} holds a {type(data).__name__}; a JSON object is expected."
        )
    return data
