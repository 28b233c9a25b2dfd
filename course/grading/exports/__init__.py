"""Marks and exercises for the systems that schools use: one function for each.

    fill_sheet(target, ...)   canvas, moodle: fills the teacher's own exported sheet
    write_for(target, ...)    gradescope, nbgrader, otter: writes what they grade with

In nbgrader and otter the cases run in the learner's process; Gradescope's archive runs
this kit's own grader. Left out: the command line (`course export`).
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from course.errors import CourseError, one_line, unknown_name
from course.files import write_whole
from course.grading.exports.canvas import fill_canvas
from course.grading.exports.moodle import fill_moodle
from course.grading.exports.sheets import Mark, Report

SHEETS = ("canvas", "moodle")
GRADERS = ("gradescope", "nbgrader", "otter")


def fill_sheet(
    target: str,
    sheet: Path,
    out: Path,
    marks: Sequence[Mark],
    column: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Report:
    """Fill a teacher's exported sheet and write it under another name.

    Args:
        target: One of `SHEETS`.
        sheet: The file as the system exported it, in UTF-8.
        out: Where the filled sheet goes; not the same file.
        marks: Rows with `learner`, `ids`, `score`, `max_score`, `comment`.
        column: Of Canvas: the assignment's title or id.
        columns: Of Moodle: headings of a sheet that is not in English.

    Returns:
        Who got a mark and who did not.

    Raises:
        CourseError: If the target is unknown, a file cannot be used, or the sheet and
            the marks do not fit; then nothing is written.
    """
    if target not in SHEETS:
        raise unknown_name("system with sheets", target, SHEETS)
    if out.exists() and sheet.exists() and os.path.samefile(sheet, out):
        raise CourseError(f"{out} is the sheet itself: write to another file.")
    try:
        # Bytes, so that line ends and the byte-order mark stay.
        text = sheet.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise CourseError(
            f"{sheet} cannot be read ({one_line(reason)}): export it again as csv."
        ) from None
    if target == "canvas":
        filled, report = fill_canvas(text, marks, column)
    else:
        filled, report = fill_moodle(text, marks, columns)
    write_whole(out, filled)
    return report


def write_for(
    target: str, out: Path, lessons: Sequence[str], options: tuple[str, ...] = ()
) -> list[Path]:
    """Write what another grader needs to grade some lessons.

    Args:
        target: One of `GRADERS`.
        out: A file that ends with `.zip` for gradescope, else a new folder.
        lessons: Two digits each, as "02"; just one for gradescope.
        options: Of gradescope: what its `course grade` is called with.

    Returns:
        What was written.

    Raises:
        CourseError: If the target or a lesson is unknown, or `out` is in use.
    """
    from course.grading.exports.gradescope import write_gradescope
    from course.grading.exports.nbgrader import write_nbgrader
    from course.grading.exports.otter import write_otter

    if target not in GRADERS:
        raise unknown_name("grader", target, GRADERS)
    if not lessons or len(set(lessons)) < len(lessons):
        raise CourseError("Each lesson once was expected: name at least one, as 02.")
    if target == "gradescope":
        if len(lessons) > 1:
            raise CourseError(
                f"{len(lessons)} lessons came: Gradescope has an autograder for each "
                "assignment, so write one for each lesson."
            )
        return write_gradescope(out, lessons[0], options)
    return {"nbgrader": write_nbgrader, "otter": write_otter}[target](out, lessons)
