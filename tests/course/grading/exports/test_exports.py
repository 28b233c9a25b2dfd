import pytest

from course.errors import CourseError
from course.grading.exports import fill_sheet, write_for

CANVAS = (
    "\ufeffStudent,ID,SIS Login ID,Section,L (2)\r\nPoints Possible,,,,4\r\nLi,1,,,\r\n"
)
MARK = {"learner": "Li", "ids": {"canvas": 1}, "score": 3, "max_score": 4}


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(CANVAS.encode())
    return path


def test_fills_a_copy(sheet, tmp_path):
    out = tmp_path / "new" / "filled.csv"
    report = fill_sheet("canvas", sheet, out, [MARK])
    assert out.read_bytes() == CANVAS.replace("Li,1,,,", "Li,1,,,3").encode()
    assert sheet.read_bytes() == CANVAS.encode()
    assert report.filled == ("Li",)
    assert [path.name for path in out.parent.iterdir()] == ["filled.csv"]


def test_moodle_by_named_columns(tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Identifier,Note,Last modified (grade)\nParticipant 1,,-\n")
    marks = [{**MARK, "ids": {"moodle": 1}}]
    fill_sheet("moodle", sheet, tmp_path / "o.csv", marks, columns={"grade": "Note"})
    assert "Participant 1,3,-" in (tmp_path / "o.csv").read_text()


def test_nothing_is_written_if_anything_does_not_fit(sheet, tmp_path):
    with pytest.raises(CourseError, match="one row"):
        fill_sheet("canvas", sheet, tmp_path / "out.csv", [MARK, MARK])
    with pytest.raises(CourseError, match="is the sheet itself"):
        fill_sheet("canvas", sheet, sheet, [MARK])
    with pytest.raises(CourseError, match="Did you mean 'canvas'"):
        fill_sheet("canvass", sheet, tmp_path / "out.csv", [MARK])
    sheet.write_bytes(CANVAS.encode("utf-16"))
    with pytest.raises(CourseError, match="it is not UTF-8"):
        fill_sheet("canvas", sheet, tmp_path / "out.csv", [MARK])
    with pytest.raises(CourseError, match="No such file"):
        fill_sheet("canvas", tmp_path / "none.csv", tmp_path / "out.csv", [MARK])
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.csv"]


@pytest.mark.parametrize(
    ("target", "lessons", "words"),
    [
        ("outer", ["02"], "Did you mean 'otter'"),
        ("otter", [], "name at least one"),
        ("otter", ["02", "02"], "Each lesson once"),
        ("gradescope", ["00", "02"], "one for each lesson"),
    ],
)
def test_what_cannot_be_written(tmp_path, target, lessons, words):
    with pytest.raises(CourseError, match=words):
        write_for(target, tmp_path / "out.zip", lessons)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("target", ["nbgrader", "otter", "gradescope"])
def test_each_target_writes(tmp_path, target):
    written = write_for(target, tmp_path / "out.zip", ["00"])
    assert written
    assert all(path.is_file() for path in written)
