"""What there is to grade, and how: plain data, so that another machine can be told.

Left out: doing it (`batch`), and the cases, which bring in pytest.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from course.errors import CourseError
from course.grading.handed_in.ipynb import Unreadable
from course.grading.handed_in.submissions import Attempt, Submission
from course.grading.limits import Limits
from course.lessons.lesson import read_lesson, set_up_of, source_of

if TYPE_CHECKING:
    from course.grading.assignment import Assignment


_LESSON = re.compile(rb'"course"\s*:\s*\{\s*"lesson"\s*:\s*"(\d\d)"\s*\}')
_PEEK = 2_000_000  # bytes in which to look for the lesson's number


@dataclass(frozen=True)
class Plan:
    """How submissions are graded; plain data, so that another machine can be told.

    Attributes:
        lesson: Two digits, for a lesson of the kit; else None.
        source: The source of another lesson, else None.
        cases: The file of its cases.
        tier: One of `course.grading.sandbox.TIERS`.
        limits: Of time.
        memory: Bytes for a learner's process.
        salt: For other inputs than those of another course.
    """

    lesson: str | None
    source: Path | None
    cases: Path | None
    tier: str
    limits: Limits = field(default_factory=Limits)
    memory: int = 1 << 30
    salt: str = ""

    def assignment(self) -> "Assignment":
        """Return what is graded."""
        from course.grading.assignment import assignment

        return assignment(self.lesson, self.source, self.cases)

    def set_up(self) -> str:
        """Return the code of the lesson's set-up cell."""
        return set_up_of(read_lesson(self.source or source_of(str(self.lesson))))


@dataclass(frozen=True)
class Job:
    """One attempt to grade.

    Attributes:
        learner: Who handed it in.
        slug: The name of their folder of results.
        file: Within the folder of submissions; "" if no notebook was found.
        attempt: Where it is; None if no notebook was found.
        target: The result's file.
        warnings: What was said of it already.
    """

    learner: str
    slug: str
    file: str
    attempt: Attempt | None
    target: Path
    warnings: tuple[str, ...] = ()

    def read(self) -> "Handed":
        """Return what was handed in, as far as it can be read."""
        try:
            data = self.attempt.read() if self.attempt else b""
        except Unreadable as error:
            return Handed(self.learner, self.file, b"", (*self.warnings, str(error)))
        return Handed(self.learner, self.file, data, self.warnings)


@dataclass(frozen=True)
class Handed:
    """What was handed in: plain data, which another machine can be given.

    Attributes:
        learner: Who handed it in.
        file: Within the folder of submissions.
        data: The notebook's bytes; none if there is no notebook, or it is not readable.
        warnings: What was said of it already.
    """

    learner: str
    file: str
    data: bytes
    warnings: tuple[str, ...] = ()


def jobs_of(submissions: list[Submission], out: Path) -> list[Job]:
    """Return what there is to grade; who handed in nothing usable gets a job too.

    Args:
        submissions: From `course.grading.handed_in.submissions.find_submissions`.
        out: The folder of the results.
    """
    jobs = []
    for found in submissions:
        folder = out / found.slug
        several = len(found.attempts) > 1
        for number, attempt in enumerate(found.attempts or (None,), start=1):
            target = folder / "attempts" / f"{number}.json"
            jobs.append(
                Job(
                    found.learner,
                    found.slug,
                    attempt.file if attempt else "",
                    attempt,
                    target if several else folder / "result.json",
                    found.warnings,
                )
            )
    return jobs


def common_lesson(submissions: list[Submission]) -> str:
    """Return the lesson that submissions are of.

    Args:
        submissions: From `course.grading.handed_in.submissions.find_submissions`.

    Raises:
        CourseError: If they are of several lessons, or none says which.
    """
    found = Counter(
        lesson
        for submission in submissions
        for attempt in submission.attempts
        if (lesson := lesson_of(attempt))
    )
    if len(found) == 1:
        return next(iter(found))
    counts = ", ".join(f"{lesson} ({n} notebooks)" for lesson, n in found.most_common())
    raise CourseError(
        f"These are notebooks of lessons {counts}: name one with --lesson."
        if found
        else "No notebook says which lesson it is: name it with --lesson."
    )


def lesson_of(attempt: Attempt) -> str | None:
    """Return the lesson that a notebook is of, by its metadata or else by its name.

    Args:
        attempt: From `course.grading.handed_in.submissions`.
    """
    try:
        found = _LESSON.search(attempt.read()[-_PEEK:])
    except Unreadable:
        return None
    name = re.match(r"\d\d", attempt.file.rsplit("/", 1)[-1])
    return found[1].decode() if found else name[0] if name else None
