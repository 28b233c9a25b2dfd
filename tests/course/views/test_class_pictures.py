"""Histogram and heat map. Alone: pytest tests/course/views/test_class_pictures.py."""

import re

import pytest
from graded_class import exercise, mark, some_class
from html_reader import Reader
from hypothesis import given
from hypothesis import strategies as st

from course.grading.marks.retakes import Manual
from course.views.class_pictures import bins, draw_heat_map, draw_totals
from course.views.page import STATUSES

shares = st.floats(0, 1)


@given(st.floats(0.1, 10_000), st.lists(shares, min_size=1))
def test_every_total_has_its_bar(most, found):
    step, counts = bins([share * most for share in found], most)
    assert sum(counts) == len(found)
    assert 1 <= len(counts) <= 13
    assert step * len(counts) > most * 0.999


@pytest.mark.parametrize(
    ("most", "step"),
    [(0, 0.1), (1, 0.1), (5, 1), (12, 1), (17, 2), (30, 2.5), (100, 10)],
)
def test_bars_are_of_round_numbers(most, step):
    assert bins([most], most)[0] == step


def test_histogram_says_what_it_shows():
    drawn = draw_totals([0, 2, 2, 3], 3)
    assert 'aria-label="Learners by points. 0: 1, 2: 2, 3: 1"' in drawn
    assert drawn.count("<rect") == 3
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" rx', drawn)]
    assert heights == [59.0, 118.0, 59.0]
    assert "5 to a bar" in draw_totals([3, 50], 50)


def rows_of(drawn):
    body = drawn.split("<tbody>")[-1].split("</tbody>")[0]
    return [Reader(row + "</tr>").text for row in body.split("</tr>") if row]


def test_rows_are_sorted_by_points_then_name():
    marks = [
        mark(exercise("02.1", "passed", status), learner=name)
        for name, status in (("c", "passed"), ("b", "failed"), ("a", "failed"))
    ]
    assert rows_of(draw_heat_map(marks)) == [
        ["c", "2", "2"],
        ["a", "1", "1"],
        ["b", "1", "1"],
    ]


def test_cell_is_a_number_a_colour_and_a_sign():
    found = [
        exercise("1", "passed"),
        exercise("2", "passed", "failed"),
        exercise("3", "failed"),
        exercise("4", "not_attempted"),
        exercise("5", "crashed"),
        exercise("6", "failed"),
    ]
    drawn = draw_heat_map([mark(*found, manual=Manual({"6": 0.5}))])
    assert rows_of(drawn)[0] == (
        ["learner-01", "1", "1", "0", " ", "○", "0 ", STATUSES["crashed"][0]]
        + ["0.5*", "2.5"]
    )
    last = drawn.split("<tbody>")[-1]
    kinds = re.findall(r'<td class="(\w+)"', last)
    assert kinds == ["all", "some", "none", "open", "none", "some", "total"]
    assert 'aria-label="crashed"' in last
    assert 'style="--part:30%"' in last


def test_exercise_that_a_learner_lacks_is_empty():
    marks = [
        mark(exercise("1", "passed"), learner="a"),
        mark(exercise("2", "passed", "passed"), learner="b"),
    ]
    assert draw_heat_map(marks).count("<td></td>") == 2


def test_large_classes_scroll_in_a_box_that_keys_reach():
    drawn = draw_heat_map(some_class(300))
    assert len(rows_of(drawn)) == 300
    assert '<div class="scroll" tabindex="0" role="region" aria-label="' in drawn
    assert len(drawn) < 60_000
