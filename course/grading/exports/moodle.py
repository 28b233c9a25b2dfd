"""Marks into the grading worksheet that a teacher downloaded from Moodle.

Its headings are in the language of the site and cannot be guessed: English ones are
known, others the caller names. "Last modified (grade)" stays, since Moodle refuses a
grade that is older than its own. Left out: reading and writing files.

Source: Moodle's offline grading worksheet (mod/assign/feedback/offline).
"""

from collections.abc import Mapping, Sequence

from course.errors import CourseError, listed, one_line
from course.grading.exports.delimited import Sheet, read_sheet
from course.grading.exports.sheets import (
    Mark,
    Report,
    match_marks,
    positive,
    report,
    scaled,
)
from course.spreadsheets import guarded

HEADINGS = {
    "identifier": "Identifier",
    "grade": "Grade",
    "modified": "Last modified (grade)",
    "maximum": "Maximum Grade",
    "feedback": "Feedback comments",
    "name": "Full name",
    "email": "Email address",
    "number": "ID number",
}
_NEEDED = ("identifier", "grade", "modified")
_IDS = {
    "moodle": "identifier",
    "email": "email",
    "number": "number",
    "name": "name",
}


def fill_moodle(
    sheet_text: str,
    marks: Sequence[Mark],
    columns: Mapping[str, str] | None = None,
) -> tuple[str, Report]:
    """Fill the grades, and the comments if the sheet has a column for them.

    Args:
        sheet_text: The file's text, byte-order mark and line ends as they are.
        marks: Each with `learner`, `score`, `max_score` and perhaps `comment` and
            `ids`, a dict with "moodle" (the number behind "Participant"), "email",
            "number" or "name".
        columns: For a sheet that is not in English: key of `HEADINGS` -> heading.

    Returns:
        The sheet's text, and who got a mark.

    Raises:
        CourseError: If a column is missing, or marks and rows do not fit one to one.

    Example:
        >>> sheet = '''Identifier,Full name,Grade,Maximum Grade,Last modified (grade)
        ... Participant 7,Bo Li,,20.00,-
        ... '''
        >>> mark = {"learner": "Bo Li", "score": 3, "max_score": 4}
        >>> fill_moodle(sheet, [mark])[0].splitlines()[1]
        'Participant 7,Bo Li,15,20.00,-'
    """
    sheet = read_sheet(sheet_text)
    at = _columns([name.strip() for name in sheet.rows[0]], columns or {})
    rows = [n for n, row in enumerate(sheet.rows) if n and any(map(str.strip, row))]
    ids = {kind: at[role] for kind, role in _IDS.items() if role in at}
    found = match_marks(sheet, rows, ids, marks)
    for row, mark in found.items():
        points = _maximum(sheet, row, at, mark)
        sheet.put(row, at["grade"], sheet.number(scaled(mark, points)))
        if "feedback" in at and mark.get("comment"):
            sheet.put(row, at["feedback"], guarded(str(mark["comment"])))
    shown = at.get("name", at["identifier"])
    return sheet.text(), report(sheet, at["grade"], shown, rows, found, marks)


def _maximum(sheet: Sheet, row: int, at: Mapping[str, int], mark: Mark) -> float:
    if "maximum" not in at:
        return float(mark["max_score"])
    given = sheet.cell(row, at["maximum"])
    points = positive(given)
    if points is None:
        raise CourseError(
            f"Row {row + 1} of the sheet has the maximum {one_line(given, 40)!r}, a "
            "number above 0 was expected: let Moodle grade by points, and export again."
        )
    return points


def _columns(head: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """Return role -> column, of the roles that the sheet has."""
    if unknown := sorted(set(named) - set(HEADINGS)):
        raise CourseError(
            f"Columns {listed(unknown)} came: known are {listed(HEADINGS)}."
        )
    headings = {**HEADINGS, **named}
    missing = [
        heading
        for role, heading in headings.items()
        if heading not in head and (role in _NEEDED or role in named)
    ]
    if missing:
        raise CourseError(
            f"The sheet has no column {listed(missing)}: take Moodle's grading "
            "worksheet unchanged, and name its columns if it is not in English."
        )
    repeated = [heading for heading in headings.values() if head.count(heading) > 1]
    if repeated:
        raise CourseError(
            f"The sheet has the column {listed(repeated)} more than once: export it "
            "again."
        )
    return {role: head.index(name) for role, name in headings.items() if name in head}
