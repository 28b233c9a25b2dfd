"""A lesson's functions as they stand in its source: solved, stubbed, or made wrong.

The set-up cell and the exercises are run, and nothing between them: an exercise that
needed a cell of the lesson's prose would fail when that cell is changed. There is no
second copy of a solution anywhere. Left out: running what a learner wrote.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from course.grading.cases import WrongAnswer
from course.grading.local import LocalChannel
from course.grading.student import Student
from course.lessons.lesson import Lesson, read_lesson, source_of
from course.lessons.source import Cell, solved, stub


def solved_namespace(lesson: str) -> dict[str, Any]:
    """Return what a notebook with all solutions defines.

    Args:
        lesson: Two digits, as "02".
    """
    return _run(lesson, solutions=True)


def stub_namespace(lesson: str) -> dict[str, Any]:
    """Return what a notebook that nobody worked on defines.

    Args:
        lesson: Two digits, as "02".
    """
    return _run(lesson, solutions=False)


def wrong_namespace(wrong: WrongAnswer) -> dict[str, Any]:
    """Return what a notebook defines in which one exercise has a wrong answer.

    Args:
        wrong: From `course.grading.cases.load_cases`.
    """
    namespace = solved_namespace(wrong.exercise[:2])
    exec(compile(wrong.code, f"<{wrong.name}>", "exec"), namespace)
    return namespace


@lru_cache(maxsize=4)
def reference(lesson: str) -> Student:
    """Return the solutions of a lesson, called as a case calls the learner's functions.

    Args:
        lesson: Two digits, as "02".
    """
    return Student(LocalChannel(solved_namespace(lesson)))


@lru_cache(maxsize=4)
def _set_up(path: Path, _changed: int) -> tuple[Lesson, dict[str, Any]]:
    """Return a lesson and what its set-up cell defines, which may take a while."""
    lesson = read_lesson(path)
    namespace: dict[str, Any] = {"__name__": path.stem}
    for cell in lesson.cells:
        if cell.kind == "code" and cell.tag == "setup":
            _execute(cell, solved(cell), namespace)
    return lesson, namespace


def _run(lesson: str, solutions: bool) -> dict[str, Any]:
    path = source_of(lesson)
    read, set_up = _set_up(path, path.stat().st_mtime_ns)
    namespace = dict(set_up)  # the functions made below look up each other here
    for task in read.tasks:
        # As it is written, markers and all, so that its lines are those of the source.
        text = task.answer.text if solutions else stub(task.answer, task.id)
        try:
            _execute(task.answer, text, namespace)
        except NotImplementedError:
            if solutions:
                raise
            # A stub at the top of its cell: a notebook goes on with the next as well.
    return namespace


def _execute(cell: Cell, text: str, namespace: dict[str, Any]) -> None:
    # Moved down, so that an error names the line of the source.
    exec(compile("\n" * (cell.line - 1) + text, str(cell.path), "exec"), namespace)
