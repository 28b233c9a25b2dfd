"""What a teacher brings: a late policy in Python, points and comments in a CSV.

    def late(points, minutes_late, exercise=None):
        return points * max(0, 1 - 0.1 * (minutes_late / 60))

    learner,exercise,points,comment
    learner-01,02.3,1.5,A proof by example is none.

The file of the policy is the teacher's own and runs as trusted code. Left out: what
both do to a mark, see `course.grading.marks.retakes`.
"""

import csv
import importlib.util
import io
import math
from collections.abc import Collection, Mapping
from importlib.machinery import SourceFileLoader
from numbers import Real
from pathlib import Path

from course.errors import CourseError, one_line, unknown_name
from course.grading.marks.retakes import LatePolicy, Manual

COLUMNS = ("learner", "exercise", "points", "comment")


class _Loader(SourceFileLoader):
    """Leaves no `__pycache__` in the teacher's folder."""

    def set_data(self, *_: object, **__: object) -> None:
        """Write nothing."""


def load_late_policy(path: Path) -> LatePolicy:
    """Return the function `late` of a Python file, with what it returns made safe.

    Args:
        path: A file with `def late(points, minutes_late, exercise=None)`, or without
            the last argument. It is called for each exercise of a late submission.

    Returns:
        A function that gives 0 to the points that came, whatever `late` says.

    Raises:
        CourseError: If the file cannot be loaded or has no such function; later, if the
            function fails or returns no finite number.
    """
    loader = _Loader("course_late_policy", str(path))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    try:
        loader.exec_module(module)
    except Exception as error:  # whatever the teacher's code raises
        raise CourseError(
            f"{path}: the late policy cannot be loaded: {_said(error)}."
        ) from error
    late = getattr(module, "late", None)
    if not callable(late):
        raise CourseError(
            f"{path}: no function `late`: write def late(points, minutes_late, "
            "exercise=None)."
        )
    takes_exercise = "exercise" in _parameters(late)

    def policy(points: float, minutes_late: int, exercise: str | None = None) -> float:
        call = f"late({points:g}, {minutes_late})"
        named = {"exercise": exercise} if takes_exercise else {}
        try:
            worth = late(points, minutes_late, **named)
        except Exception as error:
            raise CourseError(f"{path}: {call} failed: {_said(error)}.") from error
        _check(worth, f"{path}: {call}")
        return min(max(0.0, float(worth)), points)

    return policy


def _check(worth: object, call: str) -> None:
    if not isinstance(worth, Real) or isinstance(worth, bool):
        kind = type(worth).__name__
        raise CourseError(f"{call} returned a {kind}: return a number.")
    if not math.isfinite(worth):
        raise CourseError(f"{call} returned {worth}: return a finite number.")


def _parameters(function: object) -> Collection[str]:
    code = getattr(function, "__code__", None)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if code else ()


def _said(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}", 200).rstrip(". ")


def read_manual(
    path: Path, learners: Collection[str], points: Mapping[str, float]
) -> dict[str, Manual]:
    """Return what a teacher wrote by hand, learner -> manual points and comments.

    Args:
        path: A CSV, UTF-8, with the columns of `COLUMNS` in any order, separated by
            commas or semicolons. An empty exercise is a comment on the whole; empty
            points leave those of the grader.
        learners: All who handed in.
        points: Exercise -> what it can give at most.

    Raises:
        CourseError: With file and line, for an unknown learner or exercise, points out
            of range, or a row that says nothing or the same twice.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            f"{path}: manual points cannot be read ({type(error).__name__}): expected "
            "a CSV in UTF-8."
        ) from error
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    found: dict[str, Manual] = {}
    line = 1
    try:
        if set(reader.fieldnames or ()) != set(COLUMNS):
            raise CourseError(f"expected the columns {','.join(COLUMNS)}.")
        for row in reader:
            # Where the row begins: a comment may have several lines.
            line = reader.line_num - "".join(map(str, row.values())).count("\n")
            _add(found, row, learners, points)
    except (CourseError, csv.Error) as error:
        raise CourseError(f"{path}:{line}: {error}") from error
    return found


def _add(
    found: dict[str, Manual],
    row: dict[str | None, str | None],
    learners: Collection[str],
    points: Mapping[str, float],
) -> None:
    if None in row or None in row.values():
        raise CourseError("expected four cells: put text with commas into quotes.")
    learner, name, given, comment = (str(row[column]).strip() for column in COLUMNS)
    if learner not in learners:
        raise unknown_name("learner", learner, learners)
    exercise = _exercise(name, points) if name else ""
    known = found.get(learner, Manual())
    if given:
        if not exercise:
            raise CourseError("points without an exercise: name the exercise.")
        if exercise in known.points:
            raise CourseError(f"points for exercise {exercise} a second time.")
        worth = _points(given, exercise, points[exercise])
        known = Manual({**known.points, exercise: worth}, known.comments)
    elif not comment:
        raise CourseError("neither points nor a comment: write one of them.")
    if comment:
        known = Manual(known.points, (*known.comments, (exercise, comment)))
    found[learner] = known


def _exercise(name: str, points: Mapping[str, float]) -> str:
    """The exercise of that id, also after a spreadsheet took 02.1 for a number."""
    same = [known for known in points if known.strip("0") == name.strip("0")]
    if name not in points and len(same) != 1:
        raise unknown_name("exercise", name, points)
    return name if name in points else same[0]


def _points(text: str, exercise: str, most: float) -> float:
    try:
        worth = float(text.replace(",", "."))
    except ValueError:
        worth = math.nan
    if not 0 <= worth <= most:
        raise CourseError(
            f"{one_line(text, 30)!r} points for exercise {exercise}: expected a number "
            f"from 0 to {most:g}."
        )
    return worth
