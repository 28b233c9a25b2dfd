"""The command that shows what a learner has done: progress."""

from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from course.cli import options as options
from course.cli.output import console, show
from course.errors import CourseError, one_line

app = typer.Typer()

# What the overview calls it -> what people read.
_REPEAT = {
    "not_passed": "exercises not passed yet",
    "many_attempts": "exercises passed after many attempts",
    "questions": "questions last answered wrongly",
    "predictions": "predictions that were sure and wrong",
}


def lessons(incomplete: str) -> list[str]:
    """Complete the number of a lesson."""
    from course.lessons.catalogue import cards

    return [number for number in cards() if number.startswith(incomplete)]


@app.command(epilog="Example: course progress 02 --json")
def progress(
    lesson: Annotated[
        str | None,
        typer.Argument(help="A lesson; default all.", autocompletion=lessons),
    ] = None,
    forget: Annotated[
        str | None,
        typer.Option(
            metavar="LESSON",
            help="Remove a lesson's records; a copy of the file stays beside it.",
            autocompletion=lessons,
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Show what you have done in the lessons and what is worth repeating."""
    from course.lessons import progress as records
    from course.lessons.calibration import describe

    if forget is not None:
        if lesson is not None:
            raise CourseError(f"{lesson!r} and --forget came together: give one.")
        _forget(forget, as_json)
        return
    result = records.summary(lesson)
    if as_json:
        show(result)
        return
    if not result["begun"]:
        _say("No progress yet: run 'course lab' and begin with the first lesson.")
        return
    console.print(progress_table(result))
    for line in repeat_lines(result):
        _say(line)
    if result["calibration"]["n"]:
        _say(describe(result["calibration"]))
    _say(f"In {result['file']}")


def _forget(lesson: str, as_json: bool) -> None:
    from course.lessons import progress as records

    copy = records.forget(lesson)
    if as_json:
        show({"forgotten": copy is not None, "copy": str(copy) if copy else None})
    elif copy is None:
        _say(f"Nothing is recorded of lesson {lesson}.")
    else:
        _say(f"Lesson {lesson} is forgotten. The file as it was: {copy}")


def _say(line: str) -> None:
    text = one_line(line, 1000)
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def progress_table(result: dict[str, Any]) -> Table:
    """Show a line per lesson.

    Args:
        result: From `course.lessons.progress.summary`.
    """
    table = Table(header_style="bold")
    for column in ("lesson", "exercises", "attempts", "predictions", "quiz"):
        table.add_column(column, overflow="fold")
    for number, lesson in result["lessons"].items():
        done, said, quiz = (lesson[k] for k in ("exercises", "predictions", "quiz"))
        table.add_row(
            escape(one_line(f"{number} {lesson['title']}")),
            f"{done['done']} of {done['total']}",
            str(done["attempts"]),
            f"{said['committed']} of {said['total']}",
            f"{quiz['right']} right, {quiz['answered']} of {quiz['total']} answered",
        )
    return table


def repeat_lines(result: dict[str, Any]) -> list[str]:
    """Say what is worth repeating, a line per kind.

    Args:
        result: From `course.lessons.progress.summary`.

    Example:
        >>> repeat = dict.fromkeys(["not_passed", "many_attempts", "questions"], [])
        >>> lesson = {"repeat": repeat | {"predictions": ["02.p1"]}}
        >>> repeat_lines({"lessons": {"02": lesson}})
        ['To repeat, predictions that were sure and wrong: 02.p1']
    """
    lines = []
    for kind, name in _REPEAT.items():
        found = [
            id for lesson in result["lessons"].values() for id in lesson["repeat"][kind]
        ]
        if found:
            lines.append(f"To repeat, {name}: {', '.join(found)}")
    return lines
