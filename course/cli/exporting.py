"""The command that hands marks and exercises to other systems: export."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from course.cli import options as options
from course.cli.output import console, show
from course.errors import CourseError

app = typer.Typer()


class _Target(StrEnum):
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    NBGRADER = "nbgrader"
    OTTER = "otter"


@app.command(
    epilog="Example: course export --to canvas --marks marks --sheet grades.csv "
    "--out filled.csv"
)
def export(
    to: Annotated[_Target, typer.Option(help="The system.")],
    out: Annotated[
        Path, typer.Option(help="The filled sheet, a new .zip, or a new folder.")
    ],
    marks: Annotated[
        Path | None, typer.Option(help="canvas, moodle: what course grade wrote.")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="canvas, moodle: the sheet you exported.")
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="canvas: the assignment's title or id.")
    ] = None,
    heading: Annotated[
        list[str] | None,
        typer.Option(help="moodle, not in English: as grade=Bewertung."),
    ] = None,
    lesson: Annotated[
        list[str] | None, typer.Option(help="gradescope, nbgrader, otter.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Hand marks or exercises to another system."""
    from course.grading.exports import SHEETS, write_for

    if to in SHEETS:
        if marks is None or sheet is None or lesson:
            raise CourseError(f"--to {to} fills a sheet: give --marks and --sheet.")
        _fill(to, marks, sheet, out, column, heading or [], as_json)
        return
    if marks or sheet or column or heading:
        raise CourseError(f"--to {to} writes exercises: give --lesson and --out.")
    written = write_for(to, out, lesson or [])
    if as_json:
        show([str(path) for path in written])
        return
    console.print(Text(f"{out}: {len(written)} file(s) written."), soft_wrap=True)
    if to is not _Target.GRADESCOPE:
        from course.grading.exports.texts import WARNING

        console.print(Text(f"Mind: {WARNING}", style="yellow"), soft_wrap=True)


def _fill(
    to: str,
    marks: Path,
    sheet: Path,
    out: Path,
    column: str | None,
    headings: list[str],
    as_json: bool,
) -> None:
    """Fill a teacher's sheet, and say who got a mark and who did not."""
    from course.grading.exports import fill_sheet
    from course.grading.marks.gradebook import read_gradebook

    book = marks / "gradebook.csv" if marks.is_dir() else marks
    try:
        rows = read_gradebook(book.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            f"{book} cannot be read ({type(error).__name__}): name the folder that "
            "'course grade' wrote."
        ) from None
    handed = [
        {
            "learner": row.learner,
            "ids": row.ids,
            "score": row.adjusted_score,
            "max_score": row.max_score,
            "comment": row.comment,
        }
        for row in rows
    ]
    columns = dict(_pair(text) for text in headings) or None
    report = fill_sheet(to, sheet, out, handed, column, columns)
    if as_json:
        show(asdict(report))
        return
    line = f"{out}: {len(report.filled)} marks in the column {report.column!r}."
    console.print(Text(line), soft_wrap=True)
    for names, what in (
        (report.without_mark, "in the sheet, but without a mark"),
        (report.without_row, "marked, but not in the sheet"),
        (report.excused, "excused by you, left as they were"),
    ):
        if names:
            console.print(Text(f"{what}: {', '.join(names)}"), soft_wrap=True)


def _pair(text: str) -> tuple[str, str]:
    role, sign, heading = text.partition("=")
    if not sign:
        raise CourseError(f"{text!r} is no heading: write it as grade=Bewertung.")
    return role, heading
