"""`course check NOTEBOOK`: run a notebook in a fresh kernel, then check its exercises.

Cells that raise do not end it: a stub does, and so may half an answer. Nothing is
written, neither to the notebook nor to the learner's progress. Left out: hidden cases
and protection; marks come from grading.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.errors import CourseError, one_line
from course.grading.checking import CheckResult, check_cases
from course.lessons.catalogue import Card, card
from course.lessons.progress import Attempt

# What the last cell prints its results behind; no learner's output looks like it.
_MARK = "course-check-results:"
_CODE = """
from course.grading.notebooks import print_results
print_results({lesson!r}, globals())
"""


def read_notebook(path: Path) -> Any:
    """Return a notebook.

    Args:
        path: A file `.ipynb`.

    Raises:
        CourseError: If there is none, or it is no notebook.
    """
    import nbformat

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise CourseError(
            f"{path} cannot be read ({reason}): check the name."
        ) from None
    try:
        return nbformat.reads(text, as_version=4)
    except Exception as error:  # nbformat raises whatever a damaged file leads it to
        raise CourseError(
            f"{path} is no notebook ({one_line(str(error), 60)}): download it again or "
            "undo the last change."
        ) from None


def lesson_of(notebook: Any, path: Path) -> Card:
    """Return the lesson that a notebook belongs to.

    Args:
        notebook: From `read_notebook`.
        path: Its file, for a notebook that lost its metadata.

    Raises:
        CourseError: If neither the metadata nor the name tells.
    """
    about = notebook.metadata.get("course")
    digits = re.match(r"\d\d", path.name)
    lesson = about.get("lesson") if isinstance(about, dict) else None
    lesson = lesson or (digits[0] if digits else None)
    if not isinstance(lesson, str):
        raise CourseError(
            f"{path.name} does not say which lesson it is: begin its name with the two "
            "digits, such as 02."
        )
    return card(lesson)


def check_notebook(
    path: Path, on_cell: Callable[[int, int], None] | None = None
) -> list[dict[str, Any]]:
    """Run a notebook and return how each of its exercises went.

    Args:
        path: A file `.ipynb`, which is not changed.
        on_cell: Called with the cells done and all cells.

    Returns:
        For each exercise: `exercise`, `title`, `status`, `passed`, `total`, `text`.

    Raises:
        CourseError: If it is no notebook of a lesson, or its kernel died.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    notebook = read_notebook(path)
    lesson = lesson_of(notebook, path)
    cells = [c for c in notebook.cells if c.get("cell_type") == "code"]
    cells.append(nbformat.v4.new_code_cell(_CODE.format(lesson=lesson.lesson)))
    notebook.cells = cells
    done = 0

    def after_cell(**_: Any) -> None:
        nonlocal done
        done += 1
        if on_cell:
            on_cell(done, len(cells))

    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=None,
            allow_errors=True,
            kernel_name="python3",
            # Its warnings on how it was started are nothing a learner can mend.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            resources={"metadata": {"path": str(path.resolve().parent)}},
            on_cell_executed=after_cell,
        )
        # The run is not the learner's own: attempts and predictions do not count.
        progress = str(Path(folder) / "progress.json")
        try:
            client.execute(env={**os.environ, "COURSE_PROGRESS": progress})
        except DeadKernelError:
            raise CourseError(
                f"The kernel died while {path.name} ran, after {done} of {len(cells)} "
                "cells: is there enough memory?"
            ) from None
    return _results(cells[-1], path)


def _results(cell: Any, path: Path) -> list[dict[str, Any]]:
    # What goes to the standard error may stand between two parts of a line.
    written = [o for o in cell.outputs if o.get("name") == "stdout"]
    text = "".join(output["text"] for output in written)
    line = next((n for n in text.splitlines() if n.startswith(_MARK)), None)
    if line is None:
        raise CourseError(
            f"{path.name} ran, but its exercises could not be checked: does a cell "
            "replace print or leave Python?"
        )
    return json.loads(line.removeprefix(_MARK))


def print_results(lesson: str, namespace: dict[str, Any]) -> None:
    """Check all exercises of a lesson and print a line of JSON; run in the kernel.

    Args:
        lesson: Two digits, as "02".
        namespace: Name -> object, as `globals()` of the notebook.
    """
    from course.grading.cases import cases_path, load_cases

    found = []
    for exercise in card(lesson).exercises:
        cases = load_cases(cases_path(lesson)).of(exercise.id)
        result = check_cases(exercise, cases, namespace, record=_forget)
        found.append({"exercise": exercise.id, "title": exercise.title, **_row(result)})
    print(f"\n{_MARK}{json.dumps(found)}")


def _forget(*_: Any) -> Attempt:
    return Attempt(1, None)


def _row(result: CheckResult) -> dict[str, Any]:
    return {
        "status": result.status,
        "passed": result.passed,
        "total": result.total,
        "text": repr(result),
    }
