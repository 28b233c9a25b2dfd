"""A lesson as its author means it: front matter, exercises, predictions, quiz.

What is wrong in a source stops here, with file and line: a field that is missing, an
exercise that has no answer cell, a picture without a description. Left out: the anatomy
of a good lesson, which is a matter of the tests.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.errors import CourseError, listed, one_line
from course.lessons.catalogue import Prediction, Question
from course.lessons.front_matter import read_front_matter
from course.lessons.question_source import read_questions
from course.lessons.source import Cell, read_cells, solution_lines, solved, stub

PROJECT = Path(__file__).parents[2]
SOURCES = PROJECT / "notebooks" / "source"
SHORTEST_DESCRIPTION = 20  # characters that describe a picture to who cannot see it

_NAME = re.compile(r"^(\d\d)_[a-z_]+$")
_PICTURE = re.compile(r"!\[(.*?)\]\((.*?)\)", re.DOTALL)
_TASK_OPTIONS = {"title": str, "difficulty": int, "minutes": int}


@dataclass(frozen=True)
class Task:
    """An exercise as it stands in the source.

    Attributes:
        id: Lesson and number, as "02.3".
        title: Its heading, in a few words.
        difficulty: 1 to 3.
        minutes: What a learner needs, about.
        text: The cell with the task.
        answer: The cell with the solution.
    """

    id: str
    title: str
    difficulty: int
    minutes: int
    text: Cell
    answer: Cell


@dataclass(frozen=True)
class Lesson:
    """A lesson's source, read and validated.

    Attributes:
        path: The source.
        front: Title, summary, minutes, seconds, needs, objectives, sources.
        cells: In their order.
        tasks: The exercises.
        predictions: What a learner commits to.
        questions: The quiz.
    """

    path: Path
    front: dict[str, Any]
    cells: tuple[Cell, ...]
    tasks: tuple[Task, ...]
    predictions: tuple[Prediction, ...]
    questions: tuple[Question, ...]

    @property
    def number(self) -> str:
        """The two digits, as "02"."""
        return self.path.stem[:2]


def sources() -> list[Path]:
    """Return the sources of all lessons, in their order; pages are no lessons."""
    return sorted(SOURCES.glob("[0-9][0-9]_*.py"))


def source_of(lesson: str) -> Path:
    """Return the source of a lesson.

    Args:
        lesson: Two digits, as "02".

    Raises:
        CourseError: If there is none, as in what learners get.
    """
    found = [path for path in sources() if path.stem[:2] == lesson]
    if not found:
        raise CourseError(
            f"Lesson {lesson} has no source here, so no solution: use the whole kit."
        )
    return found[0]


def read_lesson(path: Path) -> Lesson:
    """Read and validate the source of a lesson.

    Args:
        path: A file `NN_topic.py` in the percent format.

    Raises:
        CourseError: With file and line, for whatever an author has to mend.
    """
    if not _NAME.match(path.stem):
        raise CourseError(
            f"{path.name}:1: a name such as 02_tokenization.py was expected: rename."
        )
    text, line, cells = read_cells(path)
    front = read_front_matter(text, path, line)
    for cell in cells:
        check_cell(cell)
    number = path.stem[:2]
    return Lesson(
        path,
        front,
        tuple(cells),
        tuple(_tasks(cells, number)),
        tuple(_predictions(cells, number)),
        tuple(read_questions(cells, number)),
    )


def set_up_of(lesson: Lesson) -> str:
    """Return the code of a lesson's set-up cell; "" if it has none.

    Args:
        lesson: From `read_lesson`.
    """
    cells = [c for c in lesson.cells if c.kind == "code" and c.tag == "setup"]
    return "\n\n".join(solved(cell) for cell in cells)


def check_cell(cell: Cell) -> None:
    """Refuse a cell that no notebook could show or run.

    Args:
        cell: Of a lesson or a page.

    Raises:
        CourseError: With file and line, for a picture that is missing or not described,
            code that is no Python, and a solution outside an exercise.
    """
    if cell.kind == "markdown":
        _check_pictures(cell)
    else:
        _check_code(cell)


def _check_code(cell: Cell) -> None:
    """Refuse code that no notebook could run, and a solution that would be shown."""
    blocks = solution_lines(cell)
    if blocks and cell.tag != "exercise":
        raise cell.error(
            'a solution outside an exercise would be shown: add tags=["exercise"] and '
            'exercise="...", or remove the markers.',
            blocks[0][0],
        )
    _parse(cell, cell.text, "mend it, or mark the next cell with '# %%'")
    lines = cell.text.split("\n")
    for begin, end in blocks:
        solution = [line for line in lines[begin + 1 : end] if line.strip()]
        if not solution or _indentation(solution[0]) != _indentation(lines[begin]):
            raise cell.error(
                "a solution was expected below, as deep as its '# BEGIN SOLUTION': "
                "indent the marker likewise.",
                begin,
            )
    if blocks:
        advice = "learners get this in place of the solution"
        _parse(cell, stub(cell, ""), advice, blocks[0][0])


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _parse(cell: Cell, text: str, advice: str, offset: int | None = None) -> None:
    # A notebook's cell may await at its top.
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST
    try:
        compile(text, "cell", "exec", flags)
    except SyntaxError as error:
        problem = f"no Python ({one_line(error.msg)}): {advice}."
        if offset is None:
            offset = (error.lineno or 1) - 1
        raise cell.error(problem, offset) from None


def _check_pictures(cell: Cell) -> None:
    for match in _PICTURE.finditer(cell.text):
        offset = cell.text[: match.start()].count("\n")
        description, target = match.groups()
        if len(" ".join(description.split())) < SHORTEST_DESCRIPTION:
            raise cell.error(
                f"the picture {target} is described by {description!r}: at least "
                f"{SHORTEST_DESCRIPTION} characters between the brackets say what it "
                "shows.",
                offset,
            )
        if not (cell.path.parents[1] / target).is_file():
            raise cell.error(
                f"notebooks/ has no picture {target}: add it, or mend its path.",
                offset,
            )


def _tasks(cells: list[Cell], lesson: str) -> Iterator[Task]:
    """Yield the exercises: a text, then an answer with the same id."""
    of_exercise: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.tag == "exercise":
            name = str(cell.options.get("exercise", ""))
            if not re.fullmatch(rf"{lesson}\.\d+", name):
                raise cell.error(
                    f'exercise is {name!r}: an id such as exercise="{lesson}.1" was '
                    "expected."
                )
            of_exercise.setdefault(name, []).append(cell)
    for name, found in of_exercise.items():
        kinds = [cell.kind for cell in found]
        if kinds != ["markdown", "code"]:
            raise found[-1].error(
                f"exercise {name} has the cells {listed(kinds)}: a markdown cell with "
                "the task, then a code cell with the answer were expected; is the id "
                "used twice?"
            )
        text, answer = found
        if stub(answer, name) == answer.text:
            raise answer.error(
                f"the answer of exercise {name} has no solution: put it between "
                "'# BEGIN SOLUTION' and '# END SOLUTION'."
            )
        yield Task(name, **_task_options(text, name), text=text, answer=answer)


def _task_options(cell: Cell, name: str) -> dict[str, Any]:
    options = {key: cell.options.get(key) for key in _TASK_OPTIONS}
    for key, kind in _TASK_OPTIONS.items():
        if not isinstance(options[key], kind):
            raise cell.error(
                f'exercise {name} has no {key}: write title="...", difficulty=1 to 3 '
                "and minutes=... behind '# %% [markdown]'."
            )
    if options["difficulty"] not in (1, 2, 3):
        raise cell.error(f"difficulty is {options['difficulty']}: 1, 2 or 3 expected.")
    return options


def _predictions(cells: list[Cell], lesson: str) -> Iterator[Prediction]:
    seen = set()
    for cell in cells:
        if cell.tag != "predict" or cell.kind != "markdown":
            continue
        name = str(cell.options.get("prediction", ""))
        if not re.fullmatch(rf"{lesson}\.p\d+", name) or name in seen:
            raise cell.error(
                f'prediction is {name!r}: a new id such as prediction="{lesson}.p1" '
                "was expected."
            )
        seen.add(name)
        yield Prediction(name, " ".join(cell.text.split("\n\n")[0].split()))
