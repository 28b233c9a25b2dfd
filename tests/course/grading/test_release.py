"""What learners get. Alone: pytest tests/course/grading/test_release.py."""

import ast
import os
import subprocess
import sys

import pytest
from tiny_lesson import NAME, built

from course.errors import CourseError
from course.grading import release as module
from course.grading.cases import CASES, load_cases
from course.grading.release import PARTS, release
from course.lessons.lesson import PROJECT, read_lesson, sources
from course.lessons.source import solution_lines


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release") / "kit"
    release(folder)
    return folder


def read_all(folder):
    """The text of all that could hold a solution."""
    kinds = {".py", ".ipynb", ".json", ".md", ".txt", ".toml", ".html", ".js", ""}
    files = [path for path in folder.rglob("*") if path.suffix in kinds]
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if path.is_file()
    }


def test_parts_are_there_and_what_is_for_authors_is_not(released):
    assert {path.name for path in released.iterdir()} == {*PARTS, "tests"}
    names = {path.relative_to(released).as_posix() for path in released.rglob("*")}
    assert "notebooks/source" not in names
    assert not any("__pycache__" in name or name.endswith(".pyc") for name in names)
    ours = {path.name for path in CASES.glob("test_[0-9]*.py")}
    assert {name for name in names if name.startswith("tests/")} == {
        "tests/exercises",
        *(f"tests/exercises/{name}" for name in ours),
    }


def test_code_is_complete(released):
    ours = {
        path.relative_to(PROJECT).as_posix()
        for package in ("course", "widgets")
        for path in (PROJECT / package).rglob("*.py")
    }
    assert ours <= read_all(released).keys()


def test_no_solution_is_in_it(released):
    texts = read_all(released)
    searched = 0
    for path in sources():
        for task in read_lesson(path).tasks:
            lines = task.answer.text.split("\n")
            for begin, end in solution_lines(task.answer):
                solution = "\n".join(lines[begin + 1 : end])
                # As in a file of Python, and as a line of a notebook's JSON.
                escaped = solution.replace("\\", "\\\\").replace('"', '\\"')
                for text in (solution, escaped.replace("\n", '\\n",\n    "')):
                    searched += 1
                    assert [name for name in texts if text in texts[name]] == []
    assert searched


def test_no_hidden_case_and_no_wrong_answer_is_in_it(released):
    texts = read_all(released)
    cases = "\n".join(t for name, t in texts.items() if name.startswith("tests/"))
    defined = {n.name for n in ast.walk(ast.parse(cases)) if hasattr(n, "name")}
    assert "test_counts_of_a_word" in defined
    assert "mark.hidden" not in cases
    assert "wrong_answer" not in cases
    for path in CASES.glob("test_[0-9]*.py"):
        file = load_cases(path, hidden=True)
        hidden = [case.name for case in file.cases if case.hidden]
        for name in [*hidden, *(wrong.name for wrong in file.wrong_answers)]:
            assert not any(f"def {name}(" in text for text in texts.values())
            assert name not in defined


CODE = """
import course
from course.grading import check
print(course.__file__)
def count_text(text):
    return {"characters": len(text), "words": len(text.split())}
print(check("00.1").status)
count_text = lambda text: {}
print(check("00.1").status)
print(len(check("00.2").outcomes))
"""


def test_check_works_in_it(released, tmp_path):
    progress = str(tmp_path / "progress.json")
    run = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=released,
        env={**os.environ, "PYTHONPATH": str(released), "COURSE_PROGRESS": progress},
        capture_output=True,
        text=True,
        check=True,
    )
    where, *said = run.stdout.splitlines()
    assert where == str(released / "course" / "__init__.py")
    assert said == ["passed", "failed", "2"]


# --- What is refused -----------------------------------------------------------------


def test_folder_that_is_not_empty(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(CourseError, match="is not empty: name a new folder"):
        release(tmp_path)
    with pytest.raises(CourseError, match="is not empty"):
        release(tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "place", ["course/x", "docs/x", "notebooks/x", "docs/../docs/x"]
)
def test_folder_that_would_be_copied_into_itself(place):
    with pytest.raises(CourseError, match="would be copied into itself"):
        release(PROJECT / place)
    assert not (PROJECT / place).exists()


def test_notebook_that_its_author_has_filled_in(tmp_path, monkeypatch):
    with built(tmp_path / "kit", monkeypatch) as notebook:
        monkeypatch.setattr(module, "PROJECT", tmp_path / "kit")
        text = notebook.read_text(encoding="utf-8")
        notebook.write_text(text.replace("raise NotImpl", "return 2 * number # Impl"))
        with pytest.raises(CourseError, match=rf"^{NAME}\.ipynb: not what the sources"):
            release(tmp_path / "out")
    assert not (tmp_path / "out").exists()
