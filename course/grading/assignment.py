"""What is graded: a lesson's exercises, with their cases and solutions.

Made from the lesson's source and its file of cases, which only who grades has. Left
out: running anything.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from course import __version__
from course.errors import CourseError, listed
from course.grading.cases import Case, cases_path, load_cases
from course.grading.handed_in.lesson_shape import LessonShape, shape_of
from course.grading.marks import results
from course.lessons.lesson import read_lesson, set_up_of, source_of
from course.lessons.source import solved


@dataclass(frozen=True)
class Assignment:
    """A lesson as it is graded.

    Attributes:
        lesson: Two digits, as "02".
        title: The lesson's.
        exercises: Id -> title, in the lesson's order.
        cases: All of them, in the order of their file.
        shape: By which answers are found in a notebook.
        set_up: Text of the set-up cell.
        solutions: Texts of the solved answer cells, in order.
        digests: `cases`, `lesson` and `grader` -> hexadecimal digest: what a result
            depends on besides the submission.
        secret: Files that no learner's process may read.
    """

    lesson: str
    title: str
    exercises: dict[str, str]
    cases: tuple[Case, ...]
    shape: LessonShape
    set_up: str
    solutions: tuple[str, ...]
    digests: dict[str, str]
    secret: tuple[Path, ...]

    def of(self, exercise: str) -> list[Case]:
        """Return the cases of an exercise.

        Args:
            exercise: Its id.
        """
        return [case for case in self.cases if case.exercise == exercise]


def assignment(
    lesson: str | None = None, source: Path | None = None, cases: Path | None = None
) -> Assignment:
    """Return what is graded.

    Args:
        lesson: Two digits, for a lesson of the kit.
        source: The source of another lesson, instead.
        cases: The file of its cases.

    Raises:
        CourseError: If there is none, or an exercise has no case.

    Example:
        >>> list(assignment("02").exercises)[:2]
        ['02.1', '02.2']
    """
    if (lesson is None) == (source is None) or (source is None) != (cases is None):
        raise CourseError("Name a lesson, or both a source and a file of cases.")
    source = source or source_of(str(lesson))
    read = read_lesson(source)
    cases = cases or cases_path(read.number)
    found = load_cases(cases, hidden=True).cases
    exercises = {task.id: task.title for task in read.tasks}
    without = set(exercises) - {case.exercise for case in found}
    if without:
        raise CourseError(f"{cases.name} has no case for {listed(sorted(without))}.")
    return Assignment(
        read.number,
        str(read.front["title"]),
        exercises,
        tuple(case for case in found if case.exercise in exercises),
        shape_of(source),
        set_up_of(read),
        tuple(solved(task.answer) for task in read.tasks),
        {
            "cases": _digest(cases.read_bytes()),
            "lesson": _digest(source.read_bytes()),
            "grader": _digest(f"{__version__} {results.FORMAT}".encode()),
        },
        (cases.resolve(), source.resolve()),
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
