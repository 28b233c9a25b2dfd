import pytest

from course.errors import CourseError
from course.grading.exports.moodle import fill_moodle

HEAD = (
    "Identifier,Full name,Email address,Grade,Maximum Grade,"
    "Last modified (grade),Feedback comments"
)
SHEET = f"""\ufeff{HEAD}\r
Participant 7,Bo Li,bo@school.test,,20.00,"Friday, 1 May 2026, 1:00 PM",\r
Participant 8,Jo Li,jo@school.test,5.00,20.00,-,"old, one"\r
"""


def mark(learner, comment="", **ids):
    row = {"learner": learner, "ids": ids, "score": 3, "max_score": 4}
    return {**row, "comment": comment}


@pytest.mark.parametrize(
    "ids", [{"moodle": "Participant 7"}, {"moodle": 7}, {"email": "BO@school.test"}]
)
def test_fills_grade_and_comment_and_leaves_the_rest(ids):
    text, report = fill_moodle(SHEET, [mark("b", "Good", **ids)])
    expected = SHEET.replace("test,,20", "test,15,20").replace('PM",', 'PM",Good')
    assert text == expected
    assert report.filled == ("Bo Li",)
    assert report.without_mark == ("Jo Li",)


def test_without_a_comment_the_old_one_stays():
    text, _ = fill_moodle(SHEET, [mark("Jo Li")])
    assert text == SHEET.replace("5.00,20.00", "15,20.00")


def test_a_comment_is_no_formula():
    text, _ = fill_moodle(SHEET, [mark("Jo Li", '=cmd(),"x"')])
    assert '"\'=cmd(),""x"""' in text


def test_headings_of_another_language_are_named():
    sheet = "Kennung;Bewertung;Zuletzt;Bestwertung\nTeilnehmer/in7;;-;10,00\n"
    with pytest.raises(CourseError, match="no column Identifier, Grade, Last"):
        fill_moodle(sheet, [])
    named = {"identifier": "Kennung", "grade": "Bewertung", "modified": "Zuletzt"}
    named["maximum"] = "Bestwertung"
    text, report = fill_moodle(sheet, [mark("a", moodle="7")], named)
    assert text == sheet.replace("7;;-", "7;7,5;-")
    assert report.column == "Bewertung"


def test_without_a_maximum_the_score_is_written():
    sheet = "Identifier,Grade,Last modified (grade)\nParticipant 7,,-\n"
    assert ",3,-" in fill_moodle(sheet, [mark("a", moodle=7)])[0]


@pytest.mark.parametrize(
    ("sheet", "named", "words"),
    [
        (SHEET, {"grades": "Grade"}, "Columns grades came"),
        (SHEET, {"maximum": "Most"}, "no column Most"),
        (SHEET.replace("Full name", "Grade"), {}, "Grade more than once"),
        (SHEET.replace("20.00,-", "scale,-"), {}, "Row 3 .* maximum 'scale'"),
    ],
)
def test_sheets_that_do_not_fit(sheet, named, words):
    with pytest.raises(CourseError, match=words):
        fill_moodle(sheet, [mark("a", moodle=8)], named)
