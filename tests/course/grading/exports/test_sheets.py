import math

import pytest

from course.errors import CourseError
from course.grading.exports.delimited import read_sheet
from course.grading.exports.sheets import match_marks, positive, scaled

SHEET = read_sheet("name,id\nBo,1\nJo,\nAl,3\n")
COLUMNS = {"canvas": 1, "name": 0}


def mark(learner, **ids):
    return {"learner": learner, "ids": ids, "score": 1, "max_score": 2}


def test_ids_before_names_and_names_where_there_is_no_id():
    marks = [mark("x", canvas="1"), mark("Jo", canvas="2"), mark("Nobody")]
    found = match_marks(SHEET, [1, 2, 3], COLUMNS, marks)
    assert {row: given["learner"] for row, given in found.items()} == {1: "x", 2: "Jo"}


def test_an_empty_id_matches_nothing():
    assert match_marks(SHEET, [1, 2, 3], COLUMNS, [mark("x", canvas="")]) == {}
    assert match_marks(SHEET, [1, 2, 3], COLUMNS, [mark("x", canvas=" ")]) == {}


@pytest.mark.parametrize("text", ["0", "-1", "", "EX", "1,000", "1.000,5", "nan"])
def test_no_number_above_0(text):
    assert positive(text) is None


@pytest.mark.parametrize(
    ("score", "most"), [(-1, 4), (math.nan, 4), (1, math.inf), ("3", 4), (True, 4)]
)
def test_scores_that_are_none(score, most):
    with pytest.raises(CourseError, match="numbers from 0 were expected"):
        scaled({"learner": "a", "score": score, "max_score": most}, 10)


def test_out_of_nothing():
    with pytest.raises(CourseError, match="out of 0 points"):
        scaled({"learner": "a", "score": 0, "max_score": 0}, 10)
