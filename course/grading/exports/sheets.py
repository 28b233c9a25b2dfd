"""What filling a teacher's sheet has in common, whichever system it comes from.

Marks and rows are matched by ids, best first, and only one to one: a mark that might be
somebody else's stops everything. Left out: the columns (`canvas`, `moodle`), and the
text of a sheet (`delimited`).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.errors import CourseError, listed, one_line
from course.grading.exports.delimited import Sheet

Mark = Mapping[str, Any]  # learner, ids, score, max_score, comment


@dataclass(frozen=True)
class Report:
    """Who got a mark and who did not.

    Attributes:
        column: Heading of the column that was filled.
        filled: Learners as the sheet calls them.
        without_mark: Learners of the sheet for whom no mark came; left as they were.
        without_row: Learners with a mark whom the sheet does not have.
        excused: Learners with a mark whom the teacher excused; left as they were.
    """

    column: str
    filled: tuple[str, ...]
    without_mark: tuple[str, ...]
    without_row: tuple[str, ...]
    excused: tuple[str, ...] = ()


def match_marks(
    sheet: Sheet, rows: Sequence[int], columns: Mapping[str, int], marks: Sequence[Mark]
) -> dict[int, Mark]:
    """Return row -> mark; a mark without a row is left out.

    Args:
        sheet: From `course.grading.exports.delimited.read_sheet`.
        rows: Those of learners.
        columns: Kind of id -> column, the one that counts most first; one is "name".
        marks: `learner` stands for the name if `ids` has none.

    Raises:
        CourseError: If a mark fits more than one row, a row more than one mark, or the
            ids of a mark fit different rows.
    """
    index: dict[tuple[str, str], list[int]] = {}
    for kind, column in columns.items():
        for row in rows:
            index.setdefault((kind, _key(kind, sheet.cell(row, column))), []).append(
                row
            )
    found: dict[int, Mark] = {}
    for mark in marks:
        ids = {"name": mark["learner"], **(mark.get("ids") or {})}
        keys = {kind: _key(kind, ids[kind]) for kind in columns if ids.get(kind)}
        hits = (index.get((kind, key), []) for kind, key in keys.items() if key)
        hit = next(filter(None, hits), [])
        who = one_line(str(mark["learner"]), 60)
        if len(hit) > 1:
            raise CourseError(
                f"{who} fits {len(hit)} rows of the sheet: give an id that tells them "
                f"apart, one of {listed(columns)}."
            )
        for row in hit:
            if row in found:
                raise CourseError(
                    f"{one_line(str(found[row]['learner']), 60)} and {who} are one row "
                    "of the sheet: remove one of the two marks."
                )
            for kind, key in keys.items():
                there = _key(kind, sheet.cell(row, columns[kind]))
                if kind != "name" and there and there != key:
                    raise CourseError(
                        f"{who} has the {kind} id {one_line(key, 40)!r}, row {row + 1} "
                        f"of the sheet has {one_line(there, 40)!r}: mend the ids."
                    )
            found[row] = mark
    return found


def _key(kind: str, value: Any) -> str:
    """Return an id as it is compared: exactly, but for what a system adds to it."""
    text = str(value).strip()
    if kind == "moodle":
        # "Participant" is in the language of the sheet, the number is not.
        digits = re.search(r"\d+$", text)
        return digits[0] if digits else text
    return text.lower() if kind in ("email", "login") else text


def positive(text: str) -> float | None:
    """Return a number above 0 as a sheet writes it, or None.

    Args:
        text: Of a cell, with a decimal point or comma. A comma before three digits may
            be either's and is refused.

    Example:
        >>> positive("12,50"), positive("1,000"), positive("-")
        (12.5, None, None)
    """
    plain = re.fullmatch(r"(\d+)(?:\.(\d*)|,(\d{1,2}|\d{4,}))?", text.strip())
    value = float(f"{plain[1]}.{plain[2] or plain[3] or 0}") if plain else 0.0
    return value if 0 < value < math.inf else None


def scaled(mark: Mark, points: float) -> float:
    """Return a mark's score on the scale of a sheet.

    Args:
        mark: With `score` and `max_score`.
        points: What the sheet gives at most.

    Raises:
        CourseError: If the score is no number from 0.
    """
    score, most = mark["score"], mark["max_score"]
    for value in (score, most):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value < math.inf:
            raise CourseError(
                f"{one_line(str(mark['learner']), 60)} has {one_line(str(score), 20)} "
                f"of {one_line(str(most), 20)} points: numbers from 0 were expected."
            )
    if not most:
        raise CourseError(
            f"{one_line(str(mark['learner']), 60)} has a mark out of 0 points: it "
            "cannot be scaled; leave it out."
        )
    return score / most * points


def report(
    sheet: Sheet,
    column: int,
    shown: int,
    rows: Sequence[int],
    found: Mapping[int, Mark],
    marks: Sequence[Mark],
    excused: Sequence[int] = (),
) -> Report:
    """Return who got a mark.

    Args:
        sheet: As it was read.
        column: That was filled.
        shown: The column that names a learner.
        rows: Those of learners.
        found: From `match_marks`.
        marks: All that came.
        excused: Rows that were left as they were.
    """
    placed = {id(mark) for mark in found.values()}

    def names(which: Sequence[int]) -> tuple[str, ...]:
        return tuple(sheet.cell(row, shown).strip() for row in which)

    return Report(
        sheet.cell(0, column),
        names([row for row in rows if row in found and row not in excused]),
        names([row for row in rows if row not in found]),
        tuple(str(mark["learner"]) for mark in marks if id(mark) not in placed),
        names(excused),
    )
