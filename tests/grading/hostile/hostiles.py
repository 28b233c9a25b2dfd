"""What a hostile or broken submission is, and how one is made.

Each is written by code, and says what grading it must give. The families stand in
modules of their own; `families` gathers them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tiny_assignment import answers

GOOD = "passed"
BEGUN = "def add(a, b):\n    "


@dataclass(frozen=True)
class Hostile:
    """A submission, and what must come of it.

    Attributes:
        name: Of the submission, and of the learner unless `learner` says otherwise.
        make: Writes it into the folder of submissions.
        statuses: Of the three exercises; "a|b" where the machine decides which.
        points: What it gets; or several, where the machine decides.
        learner: As the grade book shows the name.
        steady: Whether it does the same each time; one that races with the grader, or
            with its time limit, does not.
    """

    name: str
    make: Callable[[Path], None]
    statuses: tuple[str, str, str]
    points: float | tuple[float, ...]
    learner: str
    steady: bool = True

    def fits(self, statuses: list[str]) -> bool:
        """Whether the statuses of its exercises are those that are expected."""
        pairs = zip(self.statuses, statuses, strict=True)
        return all(found in wanted.split("|") for wanted, found in pairs)

    @property
    def allowed(self) -> tuple[float, ...]:
        """The points that it may get."""
        return self.points if isinstance(self.points, tuple) else (self.points,)


def of_file(
    name: str, data: bytes, statuses: str, points: float, learner: str = ""
) -> Hostile:
    """Return a submission that is one file, called `name`.ipynb."""

    def make(folder: Path) -> None:
        (folder / f"{name}.ipynb").write_bytes(data)

    return Hostile(name, make, _three(statuses), points, learner or name)


def of_answers(name: str, statuses: str, points: float, **texts: str) -> Hostile:
    """Return a notebook whose answers `first`, `second` and `third` are changed."""
    return of_file(name, answers(**texts), statuses, points)


def of_first(name: str, first: str, status: str = "failed", points: int = 0) -> Hostile:
    """Return a notebook with two right answers after a first one that is not.

    Args:
        name: Of it.
        first: Text of the first answer.
        status: Of the first exercise.
        points: Of the first exercise; the others have theirs.
    """
    return of_answers(name, f"{status} passed passed", points + 10, first=first)


def of_body(name: str, body: str, status: str = "failed", points: int = 0) -> Hostile:
    """Return the same for a first answer that is a function with this body."""
    return of_first(name, BEGUN + body.replace("\n", "\n    "), status, points)


def _three(statuses: str) -> tuple[str, str, str]:
    first, *more = statuses.split()
    found = (first, *(more or (first, first)))
    return found[0], found[1], found[2]
