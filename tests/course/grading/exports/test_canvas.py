import pytest

from course.errors import CourseError
from course.grading.exports.canvas import fill_canvas

SHEET = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Quiz (1),Lesson 02 (22),\
Current Score
Manual Posting,,,,,,,
    Points Possible,,,,,5,10,(read only)
"Doe, Jane",101,s1,jane,A,4,,80
"Doe, Jane",102,s2,jane2,A,,3.5,70
"Li, Bo",103,,bo,B,,EX,
"Student, Test",,,,A,,,
"""


def mark(learner, score=3, **ids):
    return {"learner": learner, "ids": ids, "score": score, "max_score": 4}


def test_fills_one_column_and_leaves_the_rest():
    marks = [mark("jane", canvas="101"), mark("x", 0, login="JANE2")]
    text, report = fill_canvas(SHEET, marks, "Lesson 02")
    expected = SHEET.replace("A,4,,80", "A,4,7.5,80").replace(",3.5,70", ",0,70")
    assert text == expected
    assert report.column == "Lesson 02 (22)"
    assert report.filled == ("Doe, Jane", "Doe, Jane")
    assert report.without_mark == ("Li, Bo", "Student, Test")
    assert report.without_row == report.excused == ()


@pytest.mark.parametrize("column", ["22", "(22)", "Lesson 02 (22)", "Lesson 02"])
def test_ways_to_name_the_column(column):
    text, _ = fill_canvas(SHEET, [mark("a", canvas=101)], column)
    assert "A,4,7.5,80" in text


def test_excused_learners_stay_excused():
    text, report = fill_canvas(SHEET, [mark("Li, Bo")], "22")
    assert text == SHEET
    assert (report.excused, report.filled) == (("Li, Bo",), ())


def test_marks_without_a_row_are_reported():
    text, report = fill_canvas(SHEET, [mark("Nobody", canvas="999")], "22")
    assert text == SHEET
    assert report.without_row == ("Nobody",)


def test_the_best_id_decides_and_the_others_must_agree():
    with pytest.raises(CourseError, match="canvas id '999', row 6"):
        fill_canvas(SHEET, [mark("Li, Bo", canvas="999")], "22")
    with pytest.raises(CourseError, match="login id 'bo', row 4 of the sheet has"):
        fill_canvas(SHEET, [mark("a", canvas="101", login="bo")], "22")


def test_a_name_of_two_rows_is_refused():
    with pytest.raises(CourseError, match="Doe, Jane fits 2 rows"):
        fill_canvas(SHEET, [mark("Doe, Jane")], "22")


def test_two_marks_of_one_row_are_refused():
    with pytest.raises(CourseError, match="a and b are one row"):
        fill_canvas(SHEET, [mark("a", canvas=101), mark("b", sis="s1")], "22")


@pytest.mark.parametrize("column", [None, "3", "Current Score", "Lesson"])
def test_a_column_that_cannot_be_told(column):
    with pytest.raises(CourseError, match=r"columns fit .* name the title or id"):
        fill_canvas(SHEET, [], column)


def test_semicolons_and_decimal_commas():
    sheet = "Student;ID;SIS Login ID;Section;L (2)\nPoints Possible;;;;12,50\nLi;1;;;\n"
    text, _ = fill_canvas(sheet, [mark("Li", 1)])
    assert text == sheet.replace("Li;1;;;", "Li;1;;;3,12")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("Student,ID", "Name,ID"), "Student, ID, ..., Section were"),
        (("Points Possible", "Points"), "no row Points Possible"),
        ((",5,10,", ",5,,"), "Points Possible is ''"),
        ((",5,10,", ',5,"1,000",'), "Points Possible is '1,000'"),
    ],
)
def test_sheets_that_are_not_canvas_own(change, words):
    with pytest.raises(CourseError, match=words):
        fill_canvas(SHEET.replace(*change), [], "22")
