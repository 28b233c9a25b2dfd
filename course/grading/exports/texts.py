"""What an export holds of an exercise: its cases and the solution, each as plain text.

    visible   the visible cases, with the helpers that they use
    hidden    the hidden ones, likewise, with hidden helpers
    solution  the functions that hidden cases compare with, or ""

Each runs by itself where `course` can be imported. Left out: cells and files.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.grading.cases import Case, cases_path, load_cases
from course.grading.exports.slicing import defined, sliced
from course.grading.visible import visible_source
from course.lessons.lesson import Lesson, Task, read_lesson, source_of
from course.lessons.source import solved

WARNING = (
    "These cases run in the learner's own process, where a learner who wants to can "
    "forge a mark or read the hidden cases. `course grade` runs the same cases in a "
    "process of their own: rely on its marks if they matter."
)


@dataclass(frozen=True)
class ExerciseText:
    """An exercise, to be put somewhere else.

    Attributes:
        task: As it stands in the source.
        cases: Visible and hidden.
        visible: Source of the visible cases.
        hidden: Source of the hidden ones, or "".
        solution: Source of what the hidden ones call as `reference`, or "".
    """

    task: Task
    cases: tuple[Case, ...]
    visible: str
    hidden: str
    solution: str

    @property
    def points(self) -> float:
        """What the cases give together."""
        return sum(case.points for case in self.cases)

    @property
    def name(self) -> str:
        """Its id in a form that every tool takes for a name, as "exercise-02-1"."""
        return f"exercise-{self.task.id.replace('.', '-')}"


def exercise_texts(lesson: str) -> tuple[Lesson, list[ExerciseText]]:
    """Return a lesson and the texts of its exercises.

    Args:
        lesson: Two digits, as "02".

    Raises:
        CourseError: If it has no source or no cases here.
    """
    path = cases_path(lesson)
    read = read_lesson(source_of(lesson))
    return read, [_exercise(task, read, path) for task in read.tasks]


def _exercise(task: Task, lesson: Lesson, path: Path) -> ExerciseText:
    text = path.read_text(encoding="utf-8")
    cases = tuple(load_cases(path, hidden=True).of(task.id))
    shown = {case.name for case in cases if not case.hidden}
    kept_back = {case.name for case in cases if case.hidden}
    hidden = sliced(text, kept_back)
    return ExerciseText(
        task,
        cases,
        sliced(visible_source(text, path), shown),
        hidden,
        _solution(hidden, lesson),
    )


def _solution(hidden: str, lesson: Lesson) -> str:
    """Return the part of a lesson's solutions that hidden cases call."""
    tree = ast.parse(hidden)
    if not any(isinstance(n, ast.arg) and n.arg == "reference" for n in ast.walk(tree)):
        return ""
    set_up = [c for c in lesson.cells if c.kind == "code" and c.tag == "setup"]
    answers = [task.answer for task in lesson.tasks]
    text = "\n\n".join(solved(cell) for cell in [*set_up, *answers])
    # reference.merge or reference["merge"]; of another object it does no harm.
    called = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    values = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    called |= {value for value in values if isinstance(value, str)}
    return sliced(text, called & defined("\n\n".join(map(solved, answers))))


def quoted(text: str) -> str:
    r"""Return a text as Python source that stays readable if it can.

    Args:
        text: Any text.

    Example:
        >>> print(quoted("a\\n"))
        r'''
        a\n
        '''
        >>> quoted("'''")
        '"\'\'\'"'
    """
    if "'''" in text or "\r" in text or text.endswith(("'", "\\")):
        return repr(text)
    return f"r'''\n{text}\n'''"


def new_folder(folder: Path) -> None:
    """Make a folder to write into.

    Args:
        folder: It must not exist, or be empty.

    Raises:
        CourseError: If something is in it, which would be mixed with what is written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty: name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
