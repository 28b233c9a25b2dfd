"""`course build`, `release` and `check`.

Alone: pytest tests/course/cli/test_lessons.py
"""

import json

import pytest
from tiny_lesson import NAME, built, installed

from course.grading import notebooks
from course.grading import release as releasing
from course.lessons import building


@pytest.fixture
def source(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as source:
        yield source


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    with built(tmp_path, monkeypatch) as notebook:
        yield notebook


# --- build ---------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", [(), ("07",), (NAME,)])
def test_build_writes_and_names_what_differs(call, source, tmp_path, lesson):
    code, out, err = call("build", *lesson)
    assert (code, out) == (0, "")
    assert err.splitlines() == [
        str(tmp_path / "notebooks" / f"{NAME}.ipynb"),
        str(tmp_path / "cards" / f"{NAME}.json"),
        "2 file(s) written.",
    ]
    assert call("build", *lesson)[2] == "0 file(s) written.\n"


def test_build_tells_the_line_of_a_mistake(call, source):
    source.write_text("x = 1\n", encoding="utf-8")
    code, _, err = call("build")
    assert code == 2
    assert err.startswith(f"Error: {NAME}.py:1: front matter was expected")


def test_check_passes_on_what_was_built(call, notebook):
    code, _, err = call("build", "--check")
    assert (code, err) == (0, "2 file(s) are what their sources build.\n")


@pytest.mark.parametrize("change", [b" ", None])
def test_check_fails_on_any_difference_and_writes_nothing(call, notebook, change):
    if change:
        notebook.write_bytes(notebook.read_bytes() + change)
    else:
        notebook.unlink()
    code, _, err = call("build", "--check")
    assert code == 2
    assert err.splitlines() == [
        f"{NAME}.ipynb is not what its source builds",
        "Error: 1 file(s) differ: edit the source and run 'course build'.",
    ]
    assert notebook.exists() == bool(change)


def test_check_passes_on_the_real_tree(call):
    code, _, err = call("build", "--check")
    assert code == 0, err


@pytest.mark.parametrize("more", [("07",), ("--solutions", "x")])
def test_check_goes_with_nothing_else(call, source, more):
    code, _, err = call("build", "--check", *more)
    assert (code, err) == (
        *(2, "Error: --check looks at all notebooks: leave out the rest.\n"),
    )


def test_solutions_go_to_a_folder(call, source, tmp_path):
    folder = tmp_path / "solved [1]"
    code, _, err = call("build", "--solutions", str(folder))
    assert code == 0
    assert str(folder / f"{NAME}.ipynb") in err
    assert "return number + number" in (folder / f"{NAME}.ipynb").read_text("utf-8")
    code, _, err = call("build", "--solutions", str(building.NOTEBOOKS))
    assert code == 2
    assert "name another folder" in err


# --- release -------------------------------------------------------------------------


def test_release_says_where_it_is(call, monkeypatch, tmp_path):
    monkeypatch.setattr(releasing, "release", lambda folder: [folder, folder])
    code, out, err = call("release", "--out", "for [learners] :smile:")
    assert (code, out) == (0, "")
    assert err == (
        "for [learners] :smile: holds the kit; visible cases of 2 lesson(s).\n"
    )


def test_release_needs_a_new_folder(call, tmp_path):
    (tmp_path / "x").write_text("")
    code, _, err = call("release", "--out", str(tmp_path))
    assert code == 2
    assert "is not empty: name a new folder." in err
    assert call("release")[0] == 2


# --- check ---------------------------------------------------------------------------

RESULTS = [
    {"exercise": "07.1", "status": "passed", "text": "✓ fine"},
    {"exercise": "07.2", "status": "failed", "text": "✗ got [red]:smile:[/]\n  x"},
]


@pytest.fixture
def checked(monkeypatch):
    """Answer for the kernel."""

    def check_notebook(path, on_cell):
        on_cell(1, 2)
        return RESULTS

    monkeypatch.setattr(notebooks, "check_notebook", check_notebook)


@pytest.mark.usefixtures("checked")
def test_check_shows_each_exercise_as_it_is(call):
    code, out, err = call("check", "02.ipynb")
    assert (code, out) == (0, "")
    assert "✓ fine\n✗ got [red]:smile:[/]\n  x\n" in err
    assert err.endswith("1 of 2 exercises pass their visible checks.\n")


@pytest.mark.usefixtures("checked")
def test_check_gives_json_to_programs(call):
    code, out, _ = call("check", "02.ipynb", "--json")
    assert (code, json.loads(out)) == (0, RESULTS)


def test_check_of_no_notebook(call, tmp_path):
    code, out, err = call("check", str(tmp_path / "02_x.ipynb"))
    assert (code, out) == (2, "")
    assert "No such file or directory" in err
    assert "Traceback" not in err
