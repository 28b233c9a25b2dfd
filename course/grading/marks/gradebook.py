"""The grade book: a CSV of one row for each learner, for people and for spreadsheets.

As RFC 4180 has it: UTF-8, lines end in CR LF, text in quotes, quotes doubled, numbers
bare. A spreadsheet takes a cell that begins with `=` for a formula and computes it,
whoever wrote it, so such text gets an apostrophe in front. Left out: the sheets of
learning platforms, which are filled from what `read_gradebook` reads.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from course.errors import CourseError
from course.grading.marks.retakes import Mark
from course.spreadsheets import guarded, unguarded

HEAD = ("learner", "submissions", "file", "submitted", "late (minutes)", "lesson")
TAIL = (
    *("score", "max_score", "adjusted_score"),
    *("status", "warnings", "comment", "ids"),
)
DIGITS = 4  # of points behind the point


@dataclass(frozen=True)
class GradebookRow:
    """What the grade book says of a learner.

    Attributes:
        learner: Who handed in.
        submissions: How many attempts there are.
        file: Name of the notebook that counts.
        submitted: When it was handed in, ISO 8601, or "" if that is not known.
        late: Whole minutes after the due time, 0 if in time.
        lesson: Two digits, as "02".
        exercises: Id -> points that the grader gave.
        score: Their sum.
        max_score: What can be reached.
        adjusted_score: After manual points and the late policy.
        status: How many exercises ended how, as "3 passed, 1 partial".
        warnings: Number of warnings about the file.
        comment: The teacher's comments, a line each.
        ids: System -> the learner's number there, written as "canvas:12345".
    """

    learner: str
    submissions: int
    file: str
    submitted: str
    late: int
    lesson: str
    exercises: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    max_score: float = 0.0
    adjusted_score: float = 0.0
    status: str = ""
    warnings: int = 0
    comment: str = ""
    ids: dict[str, str] = field(default_factory=dict)


def gradebook_row(mark: Mark) -> GradebookRow:
    """Return the row of a learner.

    Args:
        mark: From `course.grading.marks.retakes.mark_learner`.
    """
    result = mark.result
    counts = Counter(exercise.status for exercise in result.exercises)
    comments = [f"{name}: {text}" if name else text for name, text in mark.comments]
    return GradebookRow(
        learner=mark.learner,
        submissions=mark.attempts,
        file=result.file,
        submitted=mark.submitted.isoformat() if mark.submitted else "",
        late=mark.minutes_late,
        lesson=result.lesson,
        exercises={exercise.id: exercise.score for exercise in result.exercises},
        score=mark.automatic,
        max_score=result.points,
        adjusted_score=mark.score,
        status=", ".join(f"{n} {status}" for status, n in sorted(counts.items())),
        warnings=len(result.warnings),
        comment="\n".join(comments),
        ids=mark.ids,
    )


def gradebook_csv(rows: Iterable[GradebookRow]) -> str:
    r"""Return the grade book; write it as UTF-8 with `newline=""`.

    Args:
        rows: One for each learner, in any order. Text that UTF-8 cannot express is
            written with backslashes and stays so.

    Example:
        >>> row = GradebookRow("=1+1", 1, "a.ipynb", "", 0, "02", {"02.1": 2.0})
        >>> gradebook_csv([row]).split("\r\n")[1][:33]
        '"\'=1+1",1,"a.ipynb","",0,"02",2,0'
    """
    rows = sorted(rows, key=lambda row: (row.learner, row.file))
    exercises = sorted({name for row in rows for name in row.exercises})
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in (*HEAD, *exercises, *TAIL)])
    for row in rows:
        scores = [row.exercises.get(name, "") for name in exercises]
        head = [row.learner, row.submissions, row.file, row.submitted, row.late]
        tail = [row.score, row.max_score, row.adjusted_score]
        ids = " ".join(f"{system}:{id}" for system, id in sorted(row.ids.items()))
        rest = [row.status, row.warnings, row.comment, ids]
        cells = [*head, row.lesson, *scores, *tail, *rest]
        writer.writerow([_cell(cell) for cell in cells])
    return written.getvalue()


def read_gradebook(text: str) -> list[GradebookRow]:
    """Return the rows of a grade book that `gradebook_csv` wrote.

    Args:
        text: The file's content, decoded from UTF-8 with `newline=""`.

    Raises:
        CourseError: If it is no grade book of this grader, with the line.

    Example:
        >>> row = GradebookRow("=1+1", 1, "a.ipynb", "", 0, "02", {"02.1": 2.0})
        >>> read_gradebook(gradebook_csv([row])) == [row]
        True
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        header = [unguarded(cell) for cell in next(reader, [])]
        names = header[len(HEAD) : -len(TAIL)]
        if header != [*HEAD, *names, *TAIL]:
            raise CourseError(
                "No grade book: its columns are not those that `course grade` writes; "
                "grade again."
            )
        return [_row(cells, names) for cells in reader if cells]
    except (ValueError, csv.Error) as error:
        if isinstance(error, CourseError):
            raise
        raise CourseError(
            f"Line {reader.line_num} of the grade book cannot be read: it was changed "
            "by another program; grade again."
        ) from error


def _row(cells: list[str], names: list[str]) -> GradebookRow:
    if len(cells) != len(HEAD) + len(names) + len(TAIL):
        raise ValueError("too few or too many cells")
    learner, submissions, file, submitted, late, lesson = cells[: len(HEAD)]
    scores = zip(names, cells[len(HEAD) : -len(TAIL)], strict=True)
    *points, status, warnings, comment, ids = cells[-len(TAIL) :]
    return GradebookRow(
        unguarded(learner),
        int(submissions),
        unguarded(file),
        unguarded(submitted),
        int(late),
        unguarded(lesson),
        {name: float(score) for name, score in scores if score},
        *map(float, points),
        status=unguarded(status),
        warnings=int(warnings),
        comment=unguarded(comment),
        ids=dict(pair.split(":", 1) for pair in unguarded(ids).split()),
    )


def _cell(value: str | float) -> str | float:
    """Text that no spreadsheet computes; numbers as short as they can be written."""
    if isinstance(value, str):
        value = value.encode("utf-8", "backslashreplace").decode("utf-8")
        return guarded(value)
    value = round(value, DIGITS)
    return int(value) if value == int(value) else value
