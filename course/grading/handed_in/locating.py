"""Choose what of a learner's notebook is to be run: answers, and what they need.

What answers use from other cells is followed through the notebook; demos, predictions,
quiz and checks are not run. Whatever was copied, moved, retyped or stripped is found
all the same, and a warning says so. Left out: running anything.
"""

import builtins
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from course.errors import listed
from course.grading.handed_in.finding import HOW, Look, find_answers, look_at
from course.grading.handed_in.ipynb import NotebookCell
from course.grading.handed_in.lesson_shape import LessonShape
from course.grading.handed_in.names_in_code import names_in

_ABOUT = re.compile(r"(?:exercise-)?(\d\d)[-.]\d+")
_BUILT_IN = frozenset(dir(builtins))
_OTHER_WAYS = {
    "cell id": "by their cells' ids",
    "marker": "by what stands in or around their cells",
    "name": "by the names that they define",
}


@dataclass(frozen=True)
class Step:
    """A cell to run.

    Attributes:
        text: Its source.
        exercise: What it answers, as "02.1"; None for a cell that only helps.
        label: Which cell it is, as "cell 12".
    """

    text: str
    exercise: str | None
    label: str


@dataclass(frozen=True)
class Located:
    """What of a notebook is to be run.

    Attributes:
        steps: In the order to run them, after the lesson's own set-up cell.
        found: Exercise -> how its answer was found, one of `HOW`. A cell that answers
            two exercises is one step, the first one's.
        missing: Exercises without an answer cell.
        warnings: What a teacher should know, a line each.
    """

    steps: tuple[Step, ...]
    found: dict[str, str]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]


def locate(cells: list[NotebookCell], lesson: LessonShape) -> Located:
    """Return what of a notebook is to be run.

    Args:
        cells: From `course.grading.handed_in.ipynb.read_notebook`.
        lesson: From `course.grading.handed_in.lesson_shape.lesson_shape`.

    Example:
        >>> from course.grading.handed_in.lesson_shape import ExerciseShape
        >>> exercise = ExerciseShape("02.1", "exercise-02-1", "a1-1", "...", ("f",))
        >>> lesson = LessonShape("02", (exercise,), "", "", ())
        >>> texts = ["f(1)", "def f(x): return g(x)", "def g(x): return x"]
        >>> cells = [NotebookCell(n, "code", text) for n, text in enumerate(texts, 1)]
        >>> [step.label for step in locate(cells, lesson).steps]
        ['cell 2', 'cell 3']
    """
    looks = look_at(cells, lesson)
    chosen, how = find_answers(looks, lesson)
    ids = [task.id for task in lesson.exercises]
    found = {name: how[name] for name in ids if name in how}
    answer_of: dict[int, str] = {}
    for name in found:
        answer_of.setdefault(chosen[name], name)
    changed = _changed_setup(looks, lesson) if found else []
    setup = [i for i in changed if i not in answer_of]
    helpers = _helpers(looks, lesson, [*setup, *answer_of], set(answer_of))
    order = [*setup, *_in_order(list(answer_of), helpers)]
    steps = tuple(Step(cells[i].text, answer_of.get(i), cells[i].label) for i in order)
    missing = tuple(name for name in ids if name not in found)
    warnings = [
        *_about_lesson(looks, lesson, found),
        *_about_ways(found),
        *_about_answers(looks, lesson, chosen),
        *([f"Not found: {_exercises(missing)}."] if missing else []),
        *_about_cells(looks, setup, helpers, list(answer_of)),
    ]
    return Located(steps, found, missing, tuple(warnings))


def _changed_setup(looks: list[Look], lesson: LessonShape) -> list[int]:
    return [
        i
        for i, look in enumerate(looks)
        if look.is_code
        and not look.is_own
        and ("setup" in look.cell.tags or look.cell.id == lesson.setup_id != "")
    ]


def _helpers(
    looks: list[Look], lesson: LessonShape, begin: list[int], answers: set[int]
) -> set[int]:
    """Return the cells that others need, until nothing more is found."""
    given = {name for i in answers for name in looks[i].names.defines}
    from_setup = names_in(lesson.setup).defines
    wanted = {name for i in begin for name in looks[i].names.uses}
    # What a task asks for and its answer cell lacks may stand in a second cell.
    wanted |= {
        name
        for task in lesson.exercises
        if given.intersection(task.names)
        for name in task.names
    }
    taken, known = set(begin), given | from_setup | _BUILT_IN
    while True:
        # The lesson's own cells are not asked for what its set-up cell gives.
        more = {
            i
            for i, look in enumerate(looks)
            if i not in taken
            and _may_help(look)
            and look.names.defines
            & (wanted - given - (from_setup if look.is_own else set()))
        }
        if not more and wanted - known:
            stars = (i for i, look in enumerate(looks) if "*" in look.names.defines)
            more = {i for i in stars if i not in taken and _may_help(looks[i])}
        if not more:
            return taken - set(begin)
        taken |= more
        wanted |= {name for i in more for name in looks[i].names.uses}
        known |= {name for i in more for name in looks[i].names.defines}


def _may_help(look: Look) -> bool:
    is_stub = look.is_own and bool(look.marks)
    return look.is_code and look.names.is_python and not is_stub


def _in_order(answers: list[int], helpers: set[int]) -> list[int]:
    """Return helpers where they stand, and answers in the lesson's order among them."""
    in_turn = iter(answers)
    places = sorted({*answers, *helpers})
    return [i if i in helpers else next(in_turn) for i in places]


def _about_lesson(
    looks: list[Look], lesson: LessonShape, found: dict[str, str]
) -> Iterator[str]:
    """Say whether the notebook is another lesson's."""
    named = (
        _ABOUT.match(word)
        for look in looks
        for word in (look.cell.grade_id, look.checks, *sorted(look.marks))
    )
    numbers = Counter(match[1] for match in named if match)
    if numbers and lesson.number not in numbers:
        other = numbers.most_common(1)[0][0]
        yield f"It looks like a notebook of lesson {other}, not of {lesson.number}."
    elif not numbers and not found:
        yield f"It does not look like a notebook of lesson {lesson.number}."


def _about_ways(found: dict[str, str]) -> Iterator[str]:
    for how in HOW[1:]:
        names = [name for name, by in found.items() if by == how]
        if names:
            way = _OTHER_WAYS[how]
            yield f"Without nbgrader's id, found {way}: {_exercises(names)}."


def _about_answers(
    looks: list[Look], lesson: LessonShape, chosen: dict[str, int]
) -> Iterator[str]:
    """Say what is odd about where answers stand."""
    places = list(chosen[task.id] for task in lesson.exercises if task.id in chosen)
    if places != sorted(places):
        yield "The answers are not in the lesson's order: they were run in its order."
    answered: dict[int, str] = {}
    for task in lesson.exercises:
        if task.id not in chosen:
            continue
        place = chosen[task.id]
        cell = looks[place].cell
        same = [look for look in looks if look.cell.grade_id == task.grade_id]
        if place in answered:
            yield f"{cell.label} answers {answered[place]} and {task.id}."
        elif len(same) > 1:
            yield f"{task.id} has {len(same)} cells: {cell.label} was taken."
        elif same and looks[place] not in same:
            yield f"{task.id} is answered outside its own cell, in {cell.label}."
        if cell.kind != "code":
            yield f"{task.id} is answered in a {cell.kind} cell: it was run as code."
        answered.setdefault(place, task.id)


def _about_cells(
    looks: list[Look], setup: list[int], helpers: set[int], answers: list[int]
) -> Iterator[str]:
    """Say what is odd about the cells beside the answers."""
    for i in setup:
        yield f"The set-up cell ({looks[i].cell.label}) was changed: run as well."
    run = {*setup, *helpers, *answers}
    used = {name for i in run for name in looks[i].names.uses}
    given = {name for i in answers for name in looks[i].names.defines}
    for i, look in enumerate(looks):
        if i in run or not look.is_code or look.is_own:
            continue
        again = sorted(look.names.defines & given)
        if again and not look.marks and not look.cell.grade_id:
            yield f"{look.cell.label} defines {listed(again, 5)} again: not run."
        elif not look.names.is_python and look.names.defines & used:
            yield f"{look.cell.label} is no Python and was left out."


def _exercises(names: Iterable[str]) -> str:
    return f"exercises {listed(names)}"
