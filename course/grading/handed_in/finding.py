"""Find each exercise's answer cell in a learner's notebook.

A cell is looked for by nbgrader's id, then by its own id, then by the exercise's marks,
then by the names that it should define. Cells that define them come before cells that
do not, code before text that was code once. Left out: which other cells are needed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.grading.handed_in.ipynb import NotebookCell
from course.grading.handed_in.lesson_shape import ExerciseShape, LessonShape, digest
from course.grading.handed_in.names_in_code import Names, names_in

HOW = ("grade_id", "cell id", "marker", "name")
LOOKED_INTO = 200_000  # characters of code of a notebook; a lesson's has some 20,000

_CHECK = re.compile(r"""^check\(\s*["'](\d\d\.\d+)["']""", re.M)
_MARK = re.compile(r"\bExercise (\d\d\.\d+):")


@dataclass(frozen=True)
class Look:
    """A cell, and what there is to know of it.

    Attributes:
        cell: As it was read.
        names: What it defines and uses.
        is_own: Whether it is the lesson's, as the lesson has it; a stub is too.
        checks: The exercise whose cases it runs, or "".
        marks: Exercises that its text or its metadata name.
    """

    cell: NotebookCell
    names: Names
    is_own: bool
    checks: str
    marks: frozenset[str]

    @property
    def is_code(self) -> bool:
        """Whether a notebook would run it."""
        return self.cell.kind == "code"


def look_at(cells: list[NotebookCell], lesson: LessonShape) -> list[Look]:
    """Return what there is to know of each cell.

    Args:
        cells: Of a notebook. Beyond `LOOKED_INTO` characters of code, nothing is known.
        lesson: Whose notebook it should be.
    """
    own = set(lesson.own)
    names = sorted({name for task in lesson.exercises for name in task.names})
    answers = re.compile(rf"\b(?:{'|'.join(map(re.escape, names)) or '(?!)'})\b")
    looks, left = [], LOOKED_INTO
    for cell in cells:
        text = cell.text
        if cell.kind != "code" and not answers.search(text):
            text = ""  # it was never an answer
        left -= len(text)
        found = names_in(text) if left >= 0 else Names(frozenset(), is_python=False)
        check = _CHECK.search(text) if cell.kind == "code" else None
        checks = check[1] if check and not found.defines else ""
        marks = frozenset({cell.exercise, *_MARK.findall(cell.text)} - {""})
        looks.append(Look(cell, found, digest(cell.text) in own, checks, marks))
    return looks


def find_answers(
    looks: list[Look], lesson: LessonShape
) -> tuple[dict[str, int], dict[str, str]]:
    """Return where each exercise's answer is, and how it was found.

    Args:
        looks: From `look_at`.
        lesson: Whose notebook it should be.

    Returns:
        Exercise -> place among the cells, from 0, and exercise -> one of `HOW`; of
        those that were found. Only a cell that defines the names of two exercises is
        the answer of both.
    """
    chosen: dict[str, int] = {}
    how_found: dict[str, str] = {}
    ways = list(_ways(looks, lesson))
    for fits in (_is_answer, _is_retyped, _is_attempt):
        for how, task, places in ways:
            if fits is _is_attempt:
                places = [i for i in places if i not in chosen.values()]
            good = [i for i in places if fits(looks[i], task)]
            if task.id not in chosen and good:
                # Of copies the last that can be read and is more than the stub.
                chosen[task.id] = max(good, key=lambda i: (*_worth(looks[i]), i))
                how_found[task.id] = how
    return chosen, how_found


def _ways(
    looks: list[Look], lesson: LessonShape
) -> Iterator[tuple[str, ExerciseShape, list[int]]]:
    """Yield what each way finds of each exercise; the surest way of all comes first."""
    for how in HOW:
        for task in lesson.exercises:
            if how == "marker":
                places = _marked(looks, task)
            else:
                places = [i for i, look in enumerate(looks) if _found(look, task, how)]
            yield how, task, [i for i in places if not looks[i].checks]


def _found(look: Look, task: ExerciseShape, how: str) -> bool:
    if how == "grade_id":
        return look.cell.grade_id == task.grade_id
    if how == "cell id":
        return look.cell.id == task.cell_id
    return bool(look.names.defines.intersection(task.names))


def _marked(looks: list[Look], task: ExerciseShape) -> list[int]:
    """Return the cells that name an exercise, or stand before the cell of its check."""
    places = {i for i, look in enumerate(looks) if task.id in look.marks}
    for check in (i for i, look in enumerate(looks) if look.checks == task.id):
        for i in range(check - 1, -1, -1):
            if looks[i].checks:
                break
            if looks[i].is_code and not looks[i].is_own:
                places.add(i)
    return sorted(places)


def _is_answer(look: Look, task: ExerciseShape) -> bool:
    defines = bool(look.names.defines.intersection(task.names))
    return look.is_code and defines and not look.is_own


def _is_retyped(look: Look, task: ExerciseShape) -> bool:
    defines = bool(look.names.defines.intersection(task.names))
    return not look.is_code and defines and look.names.is_python


def _is_attempt(look: Look, task: ExerciseShape) -> bool:
    """Tell whether it is the stub, or an answer that does not define what it should."""
    is_stub = look.is_own and digest(look.cell.text) == digest(task.stub)
    return look.is_code and (is_stub or not look.is_own)


def _worth(look: Look) -> tuple[bool, bool]:
    return look.names.is_python, not look.is_own
