"""progress. Alone: pytest tests/course/cli/test_learning.py."""

import json

import pytest
import typer
from tiny_cards import installed

from course import cli
from course.cli import learning
from course.lessons import progress


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Call `course` with this command alone; its exit code and what it wrote."""
    monkeypatch.setenv("COLUMNS", "120")
    app = typer.Typer(callback=lambda: None)
    app.add_typer(learning.app)
    monkeypatch.setattr(cli, "app", app)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as raised:
            cli.main(list(arguments))
        return raised.value.code or 0, *capsys.readouterr()

    with installed(tmp_path, monkeypatch):
        yield run


@pytest.fixture
def begun(call):
    progress.record_attempt("01.1", True)
    progress.record_attempt("02.1", False, "empty")
    progress.record_answers([("02.q1", "x", False), ("02.q2", "x", True)])
    progress.record_prediction("02.p1", 3, 0.9)
    progress.record_shown("02.p1", 4, 0.0, False)


def test_no_progress_says_how_to_begin(call):
    code, out, err = call("progress")
    assert (code, out) == (0, "")
    assert err == "No progress yet: run 'course lab' and begin with the first lesson.\n"


def test_a_table_what_to_repeat_and_the_calibration(call, begun, tmp_path):
    code, out, err = call("progress")
    assert (code, out) == (0, "")
    lines = [line.strip("│ ").split("│") for line in err.splitlines()]
    cells = [[cell.strip() for cell in line] for line in lines]
    quiz = "0 right, 0 of 5 answered"
    assert ["01 Title 01", "1 of 3", "1", "0 of 2", quiz] in cells
    quiz = "1 right, 2 of 3 answered"
    assert ["02 Title 02", "0 of 3", "1", "1 of 2", quiz] in cells
    assert "To repeat, exercises not passed yet: 02.1\n" in err
    assert "To repeat, questions last answered wrongly: 02.q1\n" in err
    assert "To repeat, predictions that were sure and wrong: 02.p1\n" in err
    assert "many attempts" not in err
    assert "1 prediction: on average 90 % sure, 0 right" in err
    assert err.endswith(f"In {tmp_path / 'progress.json'}\n")


def test_one_lesson(call, begun):
    _, _, err = call("progress", "01_topic")
    assert "Title 01" in err
    assert "02" not in err.replace("2026", "").split("In /")[0]


def test_json_is_the_summary_and_nothing_else(call, begun):
    code, out, err = call("progress", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == progress.summary()
    assert json.loads(call("progress", "02", "--json")[1])["lessons"].keys() == {"02"}


def test_json_without_progress(call):
    code, out, _ = call("progress", "--json")
    assert code == 0
    assert json.loads(out)["begun"] is False


def test_forgetting_keeps_a_copy(call, begun, tmp_path):
    code, out, err = call("progress", "--forget", "02")
    copy = tmp_path / "progress.before-forgetting-02-1.json"
    assert (code, out) == (0, "")
    assert err == f"Lesson 02 is forgotten. The file as it was: {copy}\n"
    assert copy.exists()
    assert call("progress", "--forget", "02")[2] == (
        "Nothing is recorded of lesson 02.\n"
    )
    _, out, _ = call("progress", "--forget", "01", "--json")
    assert json.loads(out)["forgotten"] is True


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["03"], "Unknown lesson '03'"),
        (["--forget", "03"], "Unknown lesson '03'"),
        (["02", "--forget", "01"], "'02' and --forget came together"),
    ],
)
def test_a_mistake_is_one_line(call, begun, arguments, message):
    code, out, err = call("progress", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert progress.summary()["lessons"]["02"]["exercises"]["attempts"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [('{"format": 99}', "has format 99, this kit knows 1"), ("x", "is damaged")],
)
def test_a_file_that_cannot_be_used_is_one_line(call, tmp_path, content, message):
    (tmp_path / "progress.json").write_text(content)
    for arguments in (["progress"], ["progress", "--forget", "02"]):
        code, _, err = call(*arguments)
        assert code == 2
        assert message in err
        assert err.count("\n") == 1
    assert (tmp_path / "progress.json").read_text() == content


def test_titles_are_no_markup():
    counts = {"done": 0, "total": 0, "attempts": 0}
    lesson = {
        "title": "[b]x[/b]\x1b[31m",
        "exercises": counts,
        "predictions": {"committed": 0, "total": 0},
        "quiz": {"right": 0, "answered": 0, "total": 0},
    }
    table = learning.progress_table({"lessons": {"02": lesson}})
    (cell,) = table.columns[0].cells
    assert str(cell) == r"02 \[b]x\[/b] [31m"


def test_lessons_are_completed(call):
    assert learning.lessons("0") == ["01", "02"]
    assert learning.lessons("02") == ["02"]
