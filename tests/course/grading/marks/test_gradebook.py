"""The grade book. Alone: pytest tests/course/grading/marks/test_gradebook.py."""

import csv
import io
import math

import pytest
from graded_class import exercise, mark
from hypothesis import given
from hypothesis import strategies as st
from unicode_texts import texts

from course.errors import CourseError
from course.grading.marks.gradebook import (
    HEAD,
    TAIL,
    GradebookRow,
    gradebook_csv,
    gradebook_row,
    read_gradebook,
)
from course.grading.marks.retakes import Manual

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1")
MEANT = "".join(map(chr, range(33))) + "'=+-@,;\"\ufeff\uff1d"
names = st.one_of(texts(), st.text(MEANT, max_size=8), st.text(max_size=12))
points = st.integers(0, 10**6).map(lambda n: n / 10**4)
rows = st.builds(
    GradebookRow,
    names,
    st.integers(0, 99),
    names,
    names,
    st.integers(0, 10**6),
    names,
    st.just({}),
    points,
    points,
    points,
    names,
    st.integers(0, 99),
    names,
)


def cells(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_row_and_file_are_as_rfc_4180_has_it():
    row = GradebookRow('Doe, "J"', 2, "a.ipynb", "", 5, "02", {"02.1": 1.5}, 1.5, 3, 1)
    lines = gradebook_csv([row]).split("\r\n")
    assert lines[0] == ",".join(f'"{name}"' for name in (*HEAD, "02.1", *TAIL))
    assert lines[1:] == [
        '"Doe, ""J""",2,"a.ipynb","",5,"02",1.5,1.5,3,1,"",0,"",""',
        "",
    ]


def test_ids_of_other_systems_come_back():
    ids = {"moodle": "7", "canvas": "12"}
    row = GradebookRow("a", 1, "a.ipynb", "", 0, "02", ids=ids)
    text = gradebook_csv([row])
    assert text.endswith(',"canvas:12 moodle:7"\r\n')
    assert read_gradebook(text)[0].ids == ids


@given(st.lists(rows, max_size=4), st.lists(names, max_size=3, unique=True), points)
def test_any_text_reads_back_and_no_cell_is_a_formula(found, exercises, worth):
    found = [
        GradebookRow(**{**vars(row), "exercises": dict.fromkeys(exercises, worth)})
        for row in found
    ]
    text = gradebook_csv(found)
    text.encode("utf-8")
    for line in cells(text):
        assert len(line) == len(HEAD) + len(exercises) * bool(found) + len(TAIL)
        for cell in line:
            assert cell[:1] not in list("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
    ordered = sorted(found, key=lambda row: (row.learner, row.file))
    assert read_gradebook(text) == ordered
    assert gradebook_csv(read_gradebook(text)) == text


@pytest.mark.parametrize("name", FORMULAS)
def test_formula_gets_one_apostrophe_and_numbers_none(name):
    text = gradebook_csv([GradebookRow(name, 1, name, "", 0, "02", score=-1.0)])
    line = cells(text)[1]
    assert line[0] == line[2] == f"'{name}"
    assert ",-1," in text
    assert read_gradebook(text)[0].learner == name


@pytest.mark.parametrize("name", ["'t Hooft", "''", "a=b", " =1"])
def test_text_that_is_no_formula_stays_as_it_is(name):
    text = gradebook_csv([GradebookRow(name, 1, "", "", 0, "02")])
    assert cells(text)[1][0] == name


def test_what_utf8_cannot_express_is_written_out():
    text = gradebook_csv([GradebookRow("a\udc80", 1, "", "", 0, "02")])
    assert read_gradebook(text)[0].learner == "a\\udc80"


def test_rows_are_sorted_and_exercises_that_one_lacks_are_empty():
    text = gradebook_csv(
        [
            GradebookRow("b", 1, "", "", 0, "02", {"02.2": 1.0, "02.1": 0.0}),
            GradebookRow("a", 1, "", "", 0, "02", {"02.2": 2.0}),
        ]
    )
    head, first, second = cells(text)
    assert head[len(HEAD) : -len(TAIL)] == ["02.1", "02.2"]
    assert first[len(HEAD) : -len(TAIL)] == ["", "2"]
    assert second[len(HEAD) : -len(TAIL)] == ["0", "1"]
    assert read_gradebook(text)[0].exercises == {"02.2": 2.0}


def test_points_have_four_digits_and_no_noise():
    text = gradebook_csv([GradebookRow("a", 1, "", "", 0, "02", score=0.1 + 0.2)])
    assert read_gradebook(text)[0].score == 0.3
    text = gradebook_csv([GradebookRow("a", 1, "", "", 0, "02", score=math.pi)])
    assert read_gradebook(text)[0].score == 3.1416


def test_row_of_a_mark():
    manual = Manual({"02.2": 1.0}, (("", "Good."), ("02.2", "See me.")))
    marked = mark(
        exercise("02.1", "passed", "failed"),
        exercise("02.2", "failed"),
        warnings=("w",),
        manual=manual,
    )
    assert gradebook_row(marked) == GradebookRow(
        "learner-01",
        1,
        "a.ipynb",
        "2026-05-01T00:00:00+00:00",
        0,
        "02",
        {"02.1": 1.0, "02.2": 0.0},
        1.0,
        3.0,
        2.0,
        "1 failed, 1 partial",
        1,
        "Good.\n02.2: See me.",
    )


def test_byte_order_mark_and_nothing_at_all():
    text = gradebook_csv([])
    assert read_gradebook("\ufeff" + text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "columns"),
        ("a,b\r\n", "columns"),
        (gradebook_csv([]).replace("score", "points"), "columns"),
        (gradebook_csv([]) + "a,b\r\n", "Line 2 "),
        (gradebook_csv([]) + "a,1,,,x,02,1,1,1,,0,\r\n", "Line 2 "),
    ],
)
def test_other_files_are_refused_in_one_line(text, said):
    with pytest.raises(CourseError, match=said) as caught:
        read_gradebook(text)
    assert "\n" not in str(caught.value)
