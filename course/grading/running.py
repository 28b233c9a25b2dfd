"""Run cases on a learner's functions and say of each how it went.

A case that does not hold is the learner's; so is one that cannot go on with the value
that came, since with the solution it can (tests prove that for every case). One that
raises before it called anything is our own fault. Left out: time and memory, which only
another process can bound.
"""

import inspect
import random
from dataclasses import dataclass
from typing import Any

import pytest

from course.errors import CourseError, one_line
from course.grading.answers import NotAttempted, NotDefined, StudentError, words_of
from course.grading.cases import Case
from course.grading.comparing import Mismatch
from course.grading.difference import difference, shown
from course.grading.student import Call, Channel, Student

STATUSES = ("passed", "failed", "error", "not_attempted", "missing", "fault")


@dataclass(frozen=True)
class Outcome:
    """How a case went.

    Attributes:
        case: Which one.
        status: One of `STATUSES`: `error` if the learner's code raised, `missing` if
            there is no such function, `fault` if the case itself is broken.
        call: The last call of a learner's function, as it would be written, or None.
        expected: What should have come, as it would be written, or None.
        got: What came, likewise.
        differs: The first place where they differ, or None.
        message: What else there is to say, or "".
    """

    case: Case
    status: str
    call: str | None = None
    expected: str | None = None
    got: str | None = None
    differs: str | None = None
    message: str = ""


def run_case(
    case: Case, channel: Channel, reference: Any = None, seed: int = 0
) -> Outcome:
    """Run a case.

    Args:
        case: From `load_cases`.
        channel: The way to the learner's functions.
        reference: The solution's functions, for a hidden case.
        seed: Of the case's random inputs; another seed, other inputs.
    """
    student = Student(channel)
    given = {
        "student": student,
        "reference": reference,
        "rng": random.Random(f"{case.exercise} {case.name} {seed}"),
    }
    wanted = inspect.signature(case.function).parameters
    try:
        case.function(**{name: given[name] for name in wanted})
    # pytest's own failures, as of pytest.raises, are no Exception.
    except (Exception, pytest.fail.Exception) as error:
        return _outcome(case, error, student.last)
    return Outcome(case, "passed")


def _outcome(case: Case, error: BaseException, last: Call | None) -> Outcome:
    call = write_call(last) if last else None
    if isinstance(error, NotAttempted):
        status = "not_attempted"
        needed = "" if error.exercise == case.exercise else str(error)
        return Outcome(case, status, message=needed and f"First, {needed}.")
    if isinstance(error, NotDefined):
        message = f"{error.name} is not defined: run the cell that defines it."
        return Outcome(case, "missing", message=message)
    if isinstance(error, StudentError):
        # Where there is no notebook, as in a terminal, the line's text is not known.
        place = f", in line {error.line}" if error.line else ""
        place += f": {one_line(error.code)}" if error.code else ""
        return Outcome(case, "error", call, message=f"raised {error}{place}")
    if isinstance(error, Mismatch) and error.compared:
        return Outcome(
            case,
            "failed",
            call,
            shown(error.expected),
            shown(error.got),
            difference(error.expected, error.got),
            str(error),
        )
    words = words_of(error)
    if words.startswith("DID NOT RAISE"):
        words = "an error should have been raised, and none was"
    if isinstance(error, AssertionError | pytest.fail.Exception | CourseError):
        return Outcome(case, "failed", call, message=words)
    if last is None:
        return Outcome(case, "fault", message=f"{type(error).__name__}: {words}")
    message = f"the value that came cannot be used ({type(error).__name__}: {words})"
    return Outcome(case, "failed", call, message=message)


def write_call(call: Call) -> str:
    """Return a call as a learner would write it.

    Args:
        call: From `Student.last`.

    Example:
        >>> write_call(Call("merge", (["a", "b"],), {"times": 2}))
        "merge(['a', 'b'], times=2)"
    """
    arguments = [shown(value, 200) for value in call.arguments]
    arguments += [f"{key}={shown(value, 200)}" for key, value in call.keywords.items()]
    return f"{call.name}({', '.join(arguments)})"
