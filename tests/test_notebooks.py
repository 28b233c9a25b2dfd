"""Every notebook runs from a clean kernel without a network, solved and as given.

Alone: pytest tests/test_notebooks.py. The solved one runs without an error and all its
checks pass; in the learner's one only stubs may raise, and every check says that
nothing is attempted yet. Both report seconds and peak memory (at the end of the test
run) and fail beyond the budget of their front matter.
"""

import ast
import json
import os
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from course.lessons.building import NOTEBOOKS, build_solutions
from course.lessons.lesson import read_lesson, sources

TESTS = Path(__file__).parent
MOST_MEMORY = 2e9  # bytes

LESSONS = [read_lesson(path) for path in sources()]
pytestmark = pytest.mark.whole

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda x: x.path.stem)


def run(path, folder, record_property):
    """Execute a notebook offline; return it and its seconds, measured here."""
    notebook = nbformat.read(path, as_version=4)
    guard = f"import sys; sys.path[:0] = [{str(TESTS.parent)!r}, {str(TESTS)!r}]\n"
    guard += "import offline; offline.block_network()"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(guard))
    last = "assert offline.attempts == [], offline.attempts\n"
    last += "from course.hardware import peak_memory\nprint(peak_memory())"
    notebook.cells.append(nbformat.v4.new_code_cell(last))
    environment = os.environ | {
        "COURSE_RUNS": str(folder / "runs"),
        "COURSE_PROGRESS": str(folder / "progress.json"),
    }
    client = NotebookClient(
        notebook,
        timeout=300,
        allow_errors=True,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    start = time.perf_counter()
    client.execute(env=environment)
    seconds = time.perf_counter() - start
    memory = int(notebook.cells.pop().outputs[0].text)
    del notebook.cells[0]
    line = f"{path.parent.name}/{path.name}: {seconds:.0f} s, {memory / 1e9:.2f} GB"
    record_property("notebook", line)
    return notebook, seconds, memory


def errors_of(notebook):
    return [
        (output.ename, output.evalue)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    ]


def checks_of(notebook):
    """What the cells with a check show."""
    return [
        output.data["text/plain"]
        for cell in notebook.cells
        if cell.metadata.get("tags") == ["check"]
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]


def within_budget(lesson, seconds, memory):
    assert seconds <= lesson.front["seconds"]
    assert memory <= MOST_MEMORY


@pytest.mark.timeout(600)
@each_lesson
def test_solved_notebook_runs_and_passes(lesson, tmp_path, record_property):
    (path,) = build_solutions(tmp_path / "solved", lesson.number)
    notebook, seconds, memory = run(path, tmp_path, record_property)
    assert errors_of(notebook) == []
    checks = checks_of(notebook)
    assert len(checks) == len(lesson.tasks)
    assert [c for c in checks if "hidden checks run when graded" not in c] == []
    for cell in notebook.cells:
        if cell.metadata.get("tags") in (["demo"], ["setup"], ["worked"], ["quiz"]):
            silent = cell.cell_type == "code" and not cell.outputs
            if silent:  # a definition shows nothing, whoever calls it does
                nodes = ast.parse(cell.source).body
                silent = not all(isinstance(node, ast.FunctionDef) for node in nodes)
            assert not silent, f"shows nothing: {cell.source[:50]}"
    within_budget(lesson, seconds, memory)


@pytest.mark.timeout(600)
@each_lesson
def test_learners_notebook_runs_but_for_its_stubs(lesson, tmp_path, record_property):
    path = NOTEBOOKS / f"{lesson.path.stem}.ipynb"
    notebook, seconds, memory = run(path, tmp_path, record_property)
    stubs = [name for name, value in errors_of(notebook) if "Exercise" in value]
    assert [name for name, _ in errors_of(notebook)] == stubs
    assert set(stubs) <= {"NotImplementedError"}
    checks = checks_of(notebook)
    assert len(checks) == len(lesson.tasks)
    assert [c for c in checks if "not attempted yet" not in c] == []
    within_budget(lesson, seconds, memory)
    progress = tmp_path / "progress.json"
    # Looking at a stub is no attempt, and three dots are no prediction.
    if progress.exists():
        lessons = json.loads(progress.read_text("utf-8"))["lessons"]
        assert lessons.get(lesson.number, {}).get("exercises", {}) == {}
