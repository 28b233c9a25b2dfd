"""`course export`. Alone: pytest tests/course/cli/test_exporting.py."""

import json

import pytest

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Sums (7)\r\n"
    "    Points Possible,,,,,30\r\n"
    "learner-01,1,a,a,one,\r\n"
    "learner-09,9,b,b,one,\r\n"
)


@pytest.fixture
def marks(call, handed_in, lesson, tmp_path):
    call("grade", handed_in, "--out", tmp_path / "marks", *lesson)
    return tmp_path / "marks"


def test_marks_go_into_the_teachers_sheet(call, marks, tmp_path):
    sheet, filled = tmp_path / "sheet.csv", tmp_path / "filled.csv"
    sheet.write_bytes(CANVAS.encode())
    fill = ("export", "--to", "canvas", "--marks", marks, "--sheet", sheet)
    code, out, err = call(*fill, "--out", filled)
    assert (code, out) == (0, "")
    assert "learner-01,1,a,a,one,30\r\n" in filled.read_bytes().decode()
    assert "in the sheet, but without a mark: learner-09" in err
    assert "marked, but not in the sheet: [red]x" in err
    _, out, _ = call(*fill, "--out", filled, "--json")
    assert json.loads(out)["filled"] == ["learner-01"]


@pytest.mark.parametrize("target", ["nbgrader", "otter"])
def test_exercises_go_to_other_graders_with_a_warning(call, tmp_path, target):
    code, _, err = call("export", "--to", target, "--lesson", "02", "--out",
                        tmp_path / target)  # fmt: skip
    assert code == 0
    assert "file(s) written" in err
    assert "can forge a mark" in " ".join(err.split())
    assert list((tmp_path / target).rglob("*.ipynb"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "canvas"], "--to canvas fills a sheet: give --marks and --sheet"),
        (["--to", "otter", "--marks", "x"], "writes exercises: give --lesson"),
        (["--to", "otter"], "name at least one"),
        (["--to", "moodle", "--marks", "nowhere", "--sheet", "x"], "cannot be read"),
        (["--to", "blackboard"], "blackboard"),
    ],
)
def test_what_cannot_be_exported_is_one_line(call, tmp_path, arguments, message):
    code, out, err = call("export", "--out", tmp_path / "out", *arguments)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())
    assert not (tmp_path / "out").exists()
