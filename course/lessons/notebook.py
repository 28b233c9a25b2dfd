"""From a lesson to a notebook, the learner's or the solved one, the same at each call.

Cells carry nbgrader's metadata of version 3, so that tools which know it find answers
and tests. Ids are hashes of content: an inserted cell leaves the others alone, and a
second build changes no byte. Left out: outputs, which the learner's machine makes.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from course.lessons.lesson import Lesson, Task
from course.lessons.source import Cell, solved, stub

KERNEL = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
_QUIZ = (
    "## Quiz\n\n**Tab** moves, **Space** chooses, **Enter** presses a button. Your "
    "answers stay on this machine."
)
_ROLES = {  # grade, solution, locked
    "task": (False, False, True),
    "answer": (False, True, False),
    "check": (True, False, True),
}


def notebook_json(
    lesson: Lesson, points: dict[str, float], solutions: bool = False
) -> str:
    """Return the text of a lesson's notebook.

    Args:
        lesson: From `course.lessons.lesson.read_lesson`.
        points: Exercise -> what its cases give together.
        solutions: Whether to keep the solutions; default stubs in their place.

    Raises:
        CourseError: With file and line, if a solution's markers do not come in pairs.
    """
    metadata = {**KERNEL, "course": {"lesson": lesson.number}}
    return write_notebook(_cells(lesson, points, solutions), metadata)


def write_notebook(cells: Iterable[Any], metadata: dict[str, Any]) -> str:
    """Return the text of a notebook: the same cells give the same bytes.

    Args:
        cells: From nbformat; their ids are set, as hashes of what they hold.
        metadata: Of the notebook.
    """
    import nbformat

    cells = list(cells)
    used: dict[str, int] = {}
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
        used[digest] = used.get(digest, 0) + 1
        cell.id = f"{digest[:12]}-{used[digest]}"
    notebook = nbformat.v4.new_notebook(metadata=metadata, cells=cells)
    nbformat.validate(notebook)
    notebook = nbformat.v4.rwbase.split_lines(notebook)
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _cells(lesson: Lesson, points: dict[str, float], solutions: bool) -> Iterator[Any]:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    new = {"code": new_code_cell, "markdown": new_markdown_cell}
    tasks = {task.id: task for task in lesson.tasks}
    yield new_markdown_cell(_title(lesson), metadata=_tags("title"))
    yield new_markdown_cell(_objectives(lesson), metadata=_tags("objectives"))
    for cell in lesson.cells:
        task = tasks.get(cell.options["exercise"]) if cell.tag == "exercise" else None
        if cell.tag == "solution" and not solutions:
            continue
        if task:
            yield _exercise_cell(cell, task, points[task.id], solutions, new)
            if cell.kind == "code":
                yield _check_cell(task, points[task.id], new_code_cell)
        elif cell.tag == "quiz":
            yield new_markdown_cell(_QUIZ, metadata=_tags("quiz"))
            code = f'quiz("{lesson.number}")'
            # Keys pressed on its controls are Jupyter's too, and one of them deletes.
            metadata = {**_tags("quiz"), "deletable": False}
            yield new_code_cell(code, metadata=metadata)
        else:
            text = solved(cell) if cell.kind == "code" else cell.text
            yield new[cell.kind](text, metadata=_tags(cell.tag))
    yield new_markdown_cell(_sources(lesson), metadata=_tags("sources"))


def _tags(tag: str) -> dict[str, Any]:
    return {"tags": [tag]} if tag else {}


def _title(lesson: Lesson) -> str:
    front = lesson.front
    needs = f"; needs {', '.join(front['needs'])}" if front["needs"] else ""
    return (
        f"# {front['title']}\n\n{front['summary']}\n\n"
        f"*About {front['minutes']} minutes, of which the machine works "
        f"{front['seconds']} seconds at most{needs}. Built from "
        f"`source/{lesson.path.name}`: authors edit that file, not this one.*"
    )


def _objectives(lesson: Lesson) -> str:
    lines = "\n".join(f"- {text}" for text in lesson.front["objectives"])
    return f"After this lesson you can\n\n{lines}"


def _sources(lesson: Lesson) -> str:
    lines = "\n".join(f"- {text}" for text in lesson.front["sources"])
    return f"## Sources\n\n{lines}"


def _exercise_cell(
    cell: Cell,
    task: Task,
    points: float,
    solutions: bool,
    new: dict[str, Callable[..., Any]],
) -> Any:
    if cell.kind == "code":
        text = solved(cell) if solutions else stub(cell, task.id)
        return _graded(new["code"](text), task.id, "answer")
    stars = "●" * task.difficulty + "○" * (3 - task.difficulty)
    head = (
        f"### Exercise {task.id}: {task.title}\n\n*Difficulty {stars} "
        f"({task.difficulty} of 3) · about {task.minutes} minutes · "
        f"{_number(points)} points*\n\n"
    )
    return _graded(new["markdown"](head + cell.text), task.id, "task")


def _check_cell(task: Task, points: float, new: Callable[..., Any]) -> Any:
    return _graded(new(f'check("{task.id}")'), task.id, "check", points)


def _number(points: float) -> str:
    return f"{points:g}"


def _graded(cell: Any, exercise: str, role: str, points: float | None = None) -> Any:
    """Give a cell its tag and nbgrader's metadata."""
    grade, solution, locked = _ROLES[role]
    name = f"exercise-{exercise.replace('.', '-')}" + (
        "" if role == "answer" else f"-{role}"
    )
    about = {
        "schema_version": 3,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
        "grade_id": name,
        "cell_type": cell.cell_type,
    }
    if grade:
        about["points"] = points
    about["checksum"] = checksum(cell.source, about)
    tag = "check" if role == "check" else "exercise"
    cell.metadata = {"tags": [tag], "exercise": exercise, "nbgrader": about}
    cell.metadata["deletable"] = False
    if locked:
        cell.metadata["editable"] = False
    return cell


def checksum(source: str, about: dict[str, Any]) -> str:
    """Return nbgrader's checksum of a cell, by which it sees that one was changed.

    Args:
        source: Content of the cell.
        about: Its nbgrader metadata, without the checksum.

    Returns:
        32 hexadecimal digits.
    """
    locked = not about["solution"] and (about["grade"] or about["locked"])
    parts = [source, about["cell_type"], about["grade"], about["solution"], locked]
    parts.append(about["grade_id"])
    if about["grade"]:
        parts.append(float(about["points"]))
    # nbgrader's own choice; it finds changes and protects nothing.
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(str(part).encode("utf-8"))
    return digest.hexdigest()
