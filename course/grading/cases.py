"""The cases of a lesson: ordinary pytest functions, read with their marks.

    @pytest.mark.exercise("02.1", points=1, hint="A word that occurs ...")
    def test_counts_each_occurrence(student):
        \"\"\"A word that occurs five times counts five times.\"\"\"
        assert student.count_pairs({("a", "b"): 5}) == {("a", "b"): 5}

`@pytest.mark.hidden` keeps a case for grading; a case may also ask for `reference` (the
solution) and `rng` (a `random.Random` that depends on case and seed). Beside them are
the wrong answers: functions marked `wrong_answer(exercise, fails=[...], hint="...")`
whose body is what a learner might write, and whose docstring names the misconception.
They name every case that must fail, in order, and words of the hint that must appear.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.grading.comparing import compile_cases
from course.grading.visible import visible_source

CASES = Path(__file__).parents[2] / "tests" / "exercises"
MOST_HINTS = 3
_GIVEN = {"student", "reference", "rng"}


@dataclass(frozen=True)
class Case:
    """One thing that is asked of an answer.

    Attributes:
        name: Its function's name.
        exercise: Id of the exercise, as "02.1".
        title: What it asks, for the learner to read.
        points: What it gives.
        hidden: Whether it is run only when graded.
        hints: One to three, each saying more than the one before.
        function: Takes `student`, and `reference` and `rng` if it asks for them.
    """

    name: str
    exercise: str
    title: str
    points: float
    hidden: bool
    hints: tuple[str, ...]
    function: Callable[..., None]


@dataclass(frozen=True)
class WrongAnswer:
    """What a learner might write who misunderstood something.

    Attributes:
        name: Its function's name.
        exercise: Id of the exercise.
        misconception: What was misunderstood, in a sentence.
        code: The answer, as it would stand in the notebook.
        fails: Names of all cases that must fail, the first one first.
        hint: Words of the first hint that the learner must see.
    """

    name: str
    exercise: str
    misconception: str
    code: str
    fails: tuple[str, ...]
    hint: str


@dataclass(frozen=True)
class CaseFile:
    """What a file of cases holds.

    Attributes:
        cases: In the order of the file.
        wrong_answers: Likewise; none if only the visible part was read.
    """

    cases: tuple[Case, ...]
    wrong_answers: tuple[WrongAnswer, ...]

    def of(self, exercise: str) -> list[Case]:
        """Return the cases of an exercise.

        Args:
            exercise: Its id.
        """
        return [case for case in self.cases if case.exercise == exercise]


def cases_path(lesson: str) -> Path:
    """Return the file with the cases of a lesson.

    Args:
        lesson: Two digits, as "02".

    Raises:
        CourseError: If there is none.
    """
    found = sorted(CASES.glob(f"test_{lesson}_*.py"))
    if not found:
        raise CourseError(
            f"Lesson {lesson} has no cases in {CASES}: start in the folder of the kit."
        )
    return found[0]


def load_cases(path: Path, hidden: bool = False) -> CaseFile:
    """Read a file of cases; a file that did not change is read once.

    Args:
        path: From `cases_path`.
        hidden: Whether to read the hidden part too.

    Raises:
        CourseError: If a mark is not as it should be, with file and line.
    """
    return _load(path, path.stat().st_mtime_ns, hidden)


@lru_cache(maxsize=64)
def _load(path: Path, _changed: int, hidden: bool) -> CaseFile:
    text = path.read_text(encoding="utf-8")
    if not hidden:
        text = visible_source(text, path)
    namespace: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    exec(compile_cases(text, str(path)), namespace)
    cases, wrong_answers = [], []
    for name, function in namespace.items():
        if not inspect.isfunction(function) or function.__module__ != path.stem:
            continue
        marks = {mark.name: mark for mark in getattr(function, "pytestmark", [])}
        where = f"{path.name}:{function.__code__.co_firstlineno}: "
        if "wrong_answer" in marks:
            wrong_answers.append(_wrong_answer(function, marks, text, where))
        elif name.startswith("test_"):
            cases.append(_case(function, marks, where))
    return CaseFile(tuple(cases), tuple(wrong_answers))


def _case(function: Callable[..., None], marks: dict[str, Any], where: str) -> Case:
    if "exercise" not in marks:
        raise CourseError(
            f'{where}no exercise: add @pytest.mark.exercise("02.1", ...).'
        )
    exercise, fields = _fields(marks["exercise"], {"points", "hint"}, where)
    hints = fields.get("hint", ())
    hints = (hints,) if isinstance(hints, str) else tuple(hints)
    title = _title(function, where)
    points = fields.get("points", 1)
    given = set(inspect.signature(function).parameters)
    problems = {
        f"one to {MOST_HINTS} hints": not 1 <= len(hints) <= MOST_HINTS,
        "points of at least 0": not isinstance(points, int | float)
        or isinstance(points, bool)
        or not 0 <= points < float("inf"),
        "student, and no other than reference and rng beside it": "student" not in given
        or not given <= _GIVEN,
        "no reference in a visible case: learners do not have it": "reference" in given
        and "hidden" not in marks,
    }
    for wanted, broken in problems.items():
        if broken:
            raise CourseError(f"{where}{function.__name__}: expected {wanted}.")
    return Case(
        function.__name__, exercise, title, points, "hidden" in marks, hints, function
    )


def _wrong_answer(
    function: Callable[..., None], marks: dict[str, Any], text: str, where: str
) -> WrongAnswer:
    mark = marks["wrong_answer"]
    exercise, fields = _fields(mark, {"fails", "hint"}, where)
    if set(fields) != {"fails", "hint"} or not fields["fails"]:
        raise CourseError(
            f"{where}{function.__name__}: fails=[...] and hint= expected."
        )
    return WrongAnswer(
        function.__name__,
        exercise,
        _title(function, where),
        _body(function.__name__, text, where),
        tuple(fields["fails"]),
        fields["hint"],
    )


def _fields(mark: Any, known: set[str], where: str) -> tuple[str, dict[str, Any]]:
    fits = len(mark.args) == 1 and isinstance(mark.args[0], str)
    if not fits or not set(mark.kwargs) <= known:
        raise CourseError(
            f"{where}{mark.name}{mark.args} {sorted(mark.kwargs)}: the exercise's id "
            f"and {', '.join(sorted(known))} were expected."
        )
    return mark.args[0], mark.kwargs


def _title(function: Callable[..., None], where: str) -> str:
    lines = inspect.cleandoc(function.__doc__ or "").splitlines()
    if not lines:
        raise CourseError(
            f"{where}{function.__name__} has no docstring: say what it is."
        )
    return lines[0]


def _body(name: str, text: str, where: str) -> str:
    """Return the source of a function's body, without its docstring."""
    functions = (n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef))
    function = next(node for node in functions if node.name == name)
    body = function.body[1:]
    if not body:
        raise CourseError(f"{where}{name} is empty: write the answer into it.")
    starts = [getattr(body[0], "decorator_list", []), [body[0]]]
    first = min(node.lineno for nodes in starts for node in nodes)
    lines = text.split("\n")[first - 1 : function.end_lineno]
    return textwrap.dedent("\n".join(lines))
