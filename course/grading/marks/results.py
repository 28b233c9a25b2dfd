"""What grading found out: of a case, of an exercise, of a submission; as JSON and back.

    SubmissionResult -> ExerciseResult, one for each exercise of the lesson
                     -> CaseResult, one for each case, in the order they were run

No clock is in it: the same submission gives the same bytes. The JSON is what
Gradescope reads (`score`, `tests`, `output`), with all else in `extra_data`. Left out:
how a learner or a teacher sees it (`course.views.marks`, `course.views.class_report`).
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from course.errors import CourseError

FORMAT = 1  # of the JSON; a file of another format is graded again
CASE_STATUSES = (
    *("passed", "failed", "error", "not_attempted", "missing"),
    *("timeout", "memory", "crashed", "fault"),
)
EXERCISE_STATUSES = (
    *("passed", "partial", "failed", "not_attempted", "error"),
    *("timeout", "memory", "crashed", "missing"),
)
# How the learner's process ended, which ends the exercise too.
ENDED = ("timeout", "memory", "crashed")


@dataclass(frozen=True)
class CaseResult:
    """How a case went.

    Attributes:
        name: Its function's name.
        title: What it asks, in Markdown.
        hidden: Whether learners have not seen it.
        points: What it gives.
        score: What it gave: 0 or `points`; a case with the status `fault`, which does
            not hold for the solution either, gives its points to everyone.
        status: One of `CASE_STATUSES`.
        hint: The first hint, in Markdown; "" if it passed.
        rows: Name and value of what came in and out, as ("expected", "[1]"); none of a
            hidden case, whose inputs are not shown.
    """

    name: str
    title: str
    hidden: bool
    points: float
    score: float
    status: str
    hint: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ExerciseResult:
    """How an exercise went.

    Attributes:
        id: As "02.1".
        title: Its title.
        status: One of `EXERCISE_STATUSES`.
        cases: In order.
        note: What is to be said of the answer as a whole, in one line, such as the
            error that its cell raised, or "".
    """

    id: str
    title: str
    status: str
    cases: tuple[CaseResult, ...]
    note: str = ""

    @property
    def score(self) -> float:
        """What its cases gave."""
        return sum(case.score for case in self.cases)

    @property
    def points(self) -> float:
        """What its cases can give."""
        return sum(case.points for case in self.cases)


@dataclass(frozen=True)
class SubmissionResult:
    """How a submission went.

    Attributes:
        learner: Who handed it in, as the folder or file is called.
        lesson: Two digits, as "02".
        file: Name of the notebook, within the folder of submissions.
        exercises: In the lesson's order; all of them, also for a broken file.
        warnings: What the teacher should know of the file, a line each.
        tier: The sandbox that it ran in: one of `course.grading.sandbox.TIERS`.
        seed: Of the hidden cases' inputs.
        digests: What the result depends on -> hexadecimal digest: `submission`,
            `cases`, `lesson`, `grader`.
    """

    learner: str
    lesson: str
    file: str
    exercises: tuple[ExerciseResult, ...]
    warnings: tuple[str, ...] = ()
    tier: str = ""
    seed: int = 0
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """What its exercises gave."""
        return sum(exercise.score for exercise in self.exercises)

    @property
    def points(self) -> float:
        """What its exercises can give."""
        return sum(exercise.points for exercise in self.exercises)


def exercise_status(cases: list[CaseResult]) -> str:
    """Return an exercise's status from those of its cases.

    Args:
        cases: At least one.

    Example:
        >>> passed = CaseResult("a", "A.", False, 1, 1, "passed")
        >>> exercise_status([passed, CaseResult("b", "B.", True, 1, 0, "failed")])
        'partial'
    """
    found = [case.status for case in cases]
    for ended in ENDED:
        if ended in found:
            return ended
    good = [status in ("passed", "fault") for status in found]
    if all(good):
        return "passed"
    if "passed" in found:
        return "partial"
    return next(status for status in found if status != "fault")


def to_json(result: SubmissionResult) -> str:
    """Return a result as JSON that Gradescope reads too.

    Args:
        result: Of a submission.
    """
    tests = [
        {
            "number": exercise.id,
            "name": exercise.title,
            "score": exercise.score,
            "max_score": exercise.points,
            "status": "passed" if exercise.status == "passed" else "failed",
            "output": _words(exercise),
            "visibility": "visible",
        }
        for exercise in result.exercises
    ]
    about = asdict(result)
    data = {
        "score": result.score,
        "output": "\n".join(result.warnings),
        "visibility": "visible",
        "tests": tests,
        "extra_data": {"format": FORMAT, "points": result.points, **about},
    }
    return json.dumps(data, indent=1, ensure_ascii=True, sort_keys=True) + "\n"


def _words(exercise: ExerciseResult) -> str:
    """What a learner reads of an exercise: its status, and the hints that help on."""
    lines = [exercise.status.replace("_", " ")]
    lines += [exercise.note] if exercise.note else []
    lines += [case.hint for case in exercise.cases if case.hint]
    return "\n".join(lines)


def from_json(text: str) -> SubmissionResult:
    """Return a result that `to_json` wrote.

    Args:
        text: The content of a `result.json`.

    Raises:
        CourseError: If it is none of this format.
    """
    try:
        about = dict(json.loads(text)["extra_data"])
        if about.pop("format") != FORMAT:
            raise ValueError("another format")
        del about["points"]
        about["exercises"] = tuple(map(_exercise, about["exercises"]))
        about["warnings"] = tuple(about["warnings"])
        return SubmissionResult(**about)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError(
            f"A result cannot be read ({type(error).__name__}): remove it, and the "
            "submission is graded again."
        ) from error


def _exercise(fields: dict[str, Any]) -> ExerciseResult:
    cases = tuple(
        CaseResult(**{**case, "rows": tuple(tuple(row) for row in case["rows"])})
        for case in fields["cases"]
    )
    return ExerciseResult(**{**fields, "cases": cases})
