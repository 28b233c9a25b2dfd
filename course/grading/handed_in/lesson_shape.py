"""What of a lesson is needed to find its answers in a notebook: plain data.

It is read from the lesson's source, without nbformat and without running anything. Left
out: what the exercises ask, and their cases.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from course.grading.handed_in.names_in_code import names_in
from course.lessons.lesson import Task, read_lesson, source_of
from course.lessons.source import solved, stub


@dataclass(frozen=True)
class ExerciseShape:
    """An exercise, as its answer cell can be recognised.

    Attributes:
        id: As "02.1".
        grade_id: nbgrader's id of the answer cell.
        cell_id: The answer cell's id in the learners' notebook.
        stub: What the answer cell holds before anybody worked on it.
        names: What the solution defines at its top and the learner should.
    """

    id: str
    grade_id: str
    cell_id: str
    stub: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class LessonShape:
    """A lesson, as the cells that learners add can be told from its own.

    Attributes:
        number: Two digits, as "02".
        exercises: In order.
        setup: The code of the set-up cell; "" if there is none.
        setup_id: That cell's id in the learners' notebook, or "".
        own: Digests of all the lesson's code cells, solutions left out.
    """

    number: str
    exercises: tuple[ExerciseShape, ...]
    setup: str
    setup_id: str
    own: tuple[str, ...]


def lesson_shape(lesson: str) -> LessonShape:
    """Return the shape of a lesson; a source that did not change is read once.

    Args:
        lesson: Two digits, as "02".

    Raises:
        CourseError: If there is no such lesson, or its source has a mistake.

    Example:
        >>> shape = lesson_shape("02")
        >>> shape.exercises[0].grade_id, shape.exercises[0].names
        ('exercise-02-1', ('count_pairs',))
    """
    return shape_of(source_of(lesson))


def shape_of(source: Path) -> LessonShape:
    """Return the shape of the lesson that a source holds.

    Args:
        source: A file as those in `notebooks/source`.
    """
    return _read(source, source.stat().st_mtime_ns)


def digest(text: str) -> str:
    r"""Return by what a cell is recognised, whatever space an editor added or cut.

    Args:
        text: The cell's source.

    Example:
        >>> digest("x = 1  \n\n") == digest("x = 1")
        True
    """
    lines = [line.rstrip() for line in text.split("\n")]
    bare = "\n".join(lines).strip("\n")
    return hashlib.sha256(bare.encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> LessonShape:
    lesson = read_lesson(path)
    exercises = tuple(map(_exercise, lesson.tasks))
    code = [cell for cell in lesson.cells if cell.kind == "code"]
    setup = next((solved(cell) for cell in code if cell.tag == "setup"), "")
    own = [solved(cell) for cell in code if cell.tag not in ("exercise", "solution")]
    own += [exercise.stub for exercise in exercises]
    own += [f'check("{exercise.id}")' for exercise in exercises]
    own.append(f'quiz("{lesson.number}")')
    digests = tuple(sorted(set(map(digest, own))))
    setup_id = _cell_id(setup) if setup else ""
    return LessonShape(lesson.number, exercises, setup, setup_id, digests)


def _exercise(task: Task) -> ExerciseShape:
    text = stub(task.answer, task.id)
    given, wanted = names_in(text).defines, names_in(solved(task.answer)).defines
    # Helpers of the solution are nobody's business, unless nothing else is defined.
    names = tuple(sorted(given & wanted or wanted))
    grade_id = f"exercise-{task.id.replace('.', '-')}"
    return ExerciseShape(task.id, grade_id, _cell_id(text), text, names)


def _cell_id(text: str) -> str:
    """Return the id that `course.lessons.notebook` gives the first such cell."""
    return hashlib.sha256(f"code\n{text}".encode()).hexdigest()[:12] + "-1"
