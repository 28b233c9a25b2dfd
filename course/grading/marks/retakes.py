"""From attempts to a mark: which attempt counts, how late it was, what a person added.

    attempts -> each: points by hand in place of the grader's, late policy on the others
             -> the last, or the best -> Mark

All of this comes after grading and is written into no result, so it survives grading
again. Left out: running anything, and reading who handed in when
(`course.grading.handed_in.submissions`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from course.errors import CourseError, one_line
from course.grading.marks.results import SubmissionResult

KEEP = ("last", "best")
LatePolicy = Callable[[float, int, str | None], float]


@dataclass(frozen=True)
class Attempt:
    """One submission of a learner.

    Attributes:
        result: What grading found.
        submitted: When it was handed in, with its time zone; None if not known.
    """

    result: SubmissionResult
    submitted: datetime | None = None


@dataclass(frozen=True)
class Manual:
    """What a teacher wrote by hand about a learner.

    Attributes:
        points: Exercise -> points in place of the grader's.
        comments: Pairs of exercise ("" for the whole) and comment.
    """

    points: dict[str, float] = field(default_factory=dict)
    comments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rules:
    """How attempts become a mark.

    Attributes:
        keep: Which attempt counts: one of `KEEP`.
        due: When the lesson was due, with its time zone; None if late is no matter.
        late: What late points are worth, from `load_late_policy` of
            `course.grading.marks.late`; None if late costs nothing.
    """

    keep: str = "last"
    due: datetime | None = None
    late: LatePolicy | None = None


@dataclass(frozen=True)
class Mark:
    """What a learner gets.

        score = automatic + by_hand - deduction

    Attributes:
        learner: Who handed in.
        slug: The learner's name as a name of a folder.
        result: Of the attempt that counts.
        attempts: How many there are.
        minutes_late: Whole minutes after the due time, 0 if in time.
        automatic: Points that the grader gave.
        score: Points after manual ones and the late policy.
        by_hand: What manual points changed, also less than 0.
        deduction: What the late policy took off, at least 0.
        manual: Exercise -> points that a teacher gave by hand.
        comments: Pairs of exercise ("" for the whole) and a teacher's comment.
        submitted: When it was handed in; None if not known.
        ids: System -> the learner's number there, such as {"canvas": "12345"}.
    """

    learner: str
    slug: str
    result: SubmissionResult
    attempts: int = 1
    minutes_late: int = 0
    automatic: float = 0.0
    score: float = 0.0
    by_hand: float = 0.0
    deduction: float = 0.0
    manual: dict[str, float] = field(default_factory=dict)
    comments: tuple[tuple[str, str], ...] = ()
    submitted: datetime | None = None
    ids: dict[str, str] = field(default_factory=dict)


def parse_due(text: str) -> datetime:
    """Return a due time with its time zone, this machine's if it names none.

    Args:
        text: ISO 8601, as "2026-05-01T12:00" or "2026-05-01T12:00+02:00".

    Raises:
        CourseError: If it is no such time.

    Example:
        >>> parse_due("2026-05-01T12:00+02:00").isoformat()
        '2026-05-01T12:00:00+02:00'
    """
    try:
        return _aware(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:
        raise CourseError(
            f"{one_line(text, 60)!r} is no due time: write it as 2026-05-01T12:00, in "
            "this machine's time, or with a time zone as 2026-05-01T12:00+02:00."
        ) from error


def minutes_late(submitted: datetime | None, due: datetime | None) -> int:
    """Return by how many minutes a submission was late, begun ones counted whole.

    Args:
        submitted: When it was handed in; None if not known, which is never late.
        due: When it was due; None if there was no such time.

    Example:
        >>> minutes_late(parse_due("2026-05-01T12:00:01Z"),
        ...              parse_due("2026-05-01T12:00Z"))
        1
    """
    if submitted is None or due is None:
        return 0
    seconds = (_aware(submitted) - _aware(due)).total_seconds()
    return max(0, math.ceil(seconds / 60))


def mark_learner(
    attempts: Sequence[Attempt], slug: str, rules: Rules, manual: Manual
) -> Mark:
    """Return the mark of one learner.

    Manual points count as they are written, whichever attempt is kept and however late
    it was; the late policy sees the other exercises only.

    Args:
        attempts: All of the learner's, at least one, in any order.
        slug: The learner's name as a name of a folder.
        rules: How attempts become a mark.
        manual: What a teacher wrote by hand.

    Raises:
        CourseError: If the rules keep something else than `KEEP`, or the late policy
            fails.
    """
    if rules.keep not in KEEP:
        raise CourseError(
            f"keep is {one_line(rules.keep, 30)!r}: write {' or '.join(KEEP)}."
        )
    ordered = sorted(attempts, key=_order)
    marks = [_mark(attempt, slug, len(ordered), rules, manual) for attempt in ordered]
    if rules.keep == "last":
        return marks[-1]
    # Of equal ones the last, whose feedback the learner has not seen yet.
    return max(reversed(marks), key=lambda mark: mark.score)


def _order(attempt: Attempt) -> tuple[float, str]:
    """By time; attempts of an unknown time come first."""
    when = attempt.submitted
    return (_aware(when).timestamp() if when else -math.inf, attempt.result.file)


def _mark(
    attempt: Attempt, slug: str, attempts: int, rules: Rules, manual: Manual
) -> Mark:
    result = attempt.result
    late = minutes_late(attempt.submitted, rules.due)
    scores = {exercise.id: exercise.score for exercise in result.exercises}
    by_hand = {name: manual.points[name] for name in scores if name in manual.points}
    graded = {name: score for name, score in scores.items() if name not in by_hand}
    deduction = 0.0
    if late and rules.late:
        policy = rules.late
        deduction = sum(
            score - policy(score, late, name) for name, score in graded.items()
        )
    change = sum(by_hand.values()) - sum(scores[name] for name in by_hand)
    return Mark(
        learner=result.learner,
        slug=slug,
        result=result,
        attempts=attempts,
        minutes_late=late,
        automatic=result.score,
        score=max(0.0, result.score + change - deduction),
        by_hand=change,
        deduction=deduction,
        manual=by_hand,
        comments=manual.comments,
        submitted=attempt.submitted,
    )


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.astimezone()
