"""Marks into the gradebook that a teacher exported from Canvas; no other cell changes.

Canvas makes a new assignment of a heading that it does not know, so the teacher's own
sheet is filled. Learners are found as Canvas finds them: its id, SIS user id, login,
exact name. Left out: reading and writing files.

Source: Canvas's gradebook importer and exporter.
"""

import re
from collections.abc import Callable, Sequence

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

_IDS = {
    "canvas": "ID",
    "sis": "SIS User ID",
    "login": "SIS Login ID",
    "name": "Student",
}
_EXCUSED = ("EX", "EXCUSED")
_READ_ONLY = re.compile(
    r"(Current|Final|Unposted Current|Unposted Final) (Score|Points|Grade)"
    r"|Override .*|.* (Current|Final) (Score|Points|Grade)|.* \(read only\)"
)


def fill_canvas(
    sheet_text: str, marks: Sequence[Mark], column: str | None = None
) -> tuple[str, Report]:
    """Fill an assignment's column.

    Args:
        sheet_text: The file's text, byte-order mark and line ends as they are.
        marks: Each with `learner`, `score`, `max_score` and perhaps `ids`, a dict with
            "canvas", "sis", "login" or "name".
        column: The assignment's title or id; default the only one of the sheet.

    Returns:
        The sheet's text, and who got a mark.

    Raises:
        CourseError: If the sheet is not Canvas's, the column cannot be told, or marks
            and rows do not fit one to one.

    Example:
        >>> sheet = '''Student,ID,SIS Login ID,Section,Lesson 02 (7)
        ...     Points Possible,,,,10
        ... "Li, Bo",31,bo,A,
        ... '''
        >>> mark = {"learner": "Li, Bo", "score": 3, "max_score": 4}
        >>> text, report = fill_canvas(sheet, [mark])
        >>> text.splitlines()[2], report.filled
        ('"Li, Bo",31,bo,A,7.5', ('Li, Bo',))
    """
    sheet = read_sheet(sheet_text)
    head = [name.strip() for name in sheet.rows[0]]
    first, points_row = _frame(sheet, head)
    target = _assignment(head, first, column)
    given = sheet.cell(points_row, target)
    points = positive(given)
    if points is None:
        raise CourseError(
            f"{one_line(head[target])}: Points Possible is {one_line(given)!r}, a "
            "number above 0 was expected: set the points in Canvas and export again."
        )
    after = range(points_row + 1, len(sheet.rows))
    rows = [row for row in after if any(cell.strip() for cell in sheet.rows[row])]
    ids = {
        kind: head.index(name) for kind, name in _IDS.items() if name in head[:first]
    }
    # Some schools' sheets have LastName and FirstName in other columns.
    found = match_marks(sheet, rows, {**ids, "name": 0}, marks)
    excused = []
    for row, mark in found.items():
        if sheet.cell(row, target).strip().upper() in _EXCUSED:
            excused.append(row)
        else:
            sheet.put(row, target, sheet.number(scaled(mark, points)))
    told = report(sheet, target, 0, rows, found, marks, sorted(excused))
    return sheet.text(), told


def _frame(sheet: Sheet, head: Sequence[str]) -> tuple[int, int]:
    """Return the first column behind the identity, and the row with the points."""
    sections = [n for n, name in enumerate(head) if "Section" in name]
    if len(head) < 4 or "Student" not in head[0] or "ID" not in head[1] or not sections:
        raise CourseError(
            f"The sheet begins with {listed(head, 4)}: Student, ID, ..., Section were "
            "expected; export the gradebook from Canvas and take that file."
        )
    # A row on posting or muting may come before it.
    for row in range(1, min(len(sheet.rows), 4)):
        if "Points Possible" in sheet.cell(row, 0):
            return sections[0] + 1, row
    raise CourseError(
        "The sheet has no row Points Possible, so marks cannot be scaled: export the "
        "gradebook from Canvas and take that file unchanged."
    )


def _assignment(head: Sequence[str], first: int, column: str | None) -> int:
    titles = {
        n: name
        for n, name in enumerate(head)
        if n >= first and name and not _READ_ONLY.fullmatch(name)
    }
    found = list(titles)
    if column is not None:
        wanted = column.strip()
        number = wanted.strip("()")
        tests: tuple[Callable[[str], bool], ...] = (
            lambda title: number.isdigit() and title.endswith(f"({number})"),
            lambda title: title == wanted,
            lambda title: re.sub(r"\s*\(\d+\)$", "", title) == wanted,
        )
        matches = ([n for n in titles if test(titles[n])] for test in tests)
        found = next(filter(None, matches), [])
    if len(found) != 1:
        what = "the marks" if column is None else repr(one_line(column, 60))
        raise CourseError(
            f"{len(found)} columns fit {what}, one was expected: name the title or id "
            f"of one of {listed(titles.values()) or 'none'}."
        )
    return found[0]
