"""The Evaluate page's picture, and how it is selected in.

Alone: pytest tests/course/demo/test_evaluation_picture.py.
"""

import html
import math
import re
from pathlib import Path

import pytest

from course.demo.evaluation_picture import (
    CURVE_NAMES,
    Selection,
    as_number,
    cheapest,
    draw,
    explore,
    picked_text,
)
from course.demo.models import TEXT_LIMIT
from course.demo.predicting import Measured
from course.errors import CourseError
from course.evaluation.predicted import predicted_from_table
from course.evaluation.text_slices import text_slices
from course.runs import Run
from course.views import curves

HOSTILE = "<img src=x onerror=hit()> film"
PROBABILITIES = [0.1, 0.6, 0.2, 0.4, 0.8, 0.9]
VIEW = (0.5, "precision-recall", 1, 1)


@pytest.fixture
def measured():
    texts = [HOSTILE, "b", "c", "word " * 9_000, "e", "f!"]
    labels = ["ham", "ham", "ham", "spam", "spam", "spam"]
    predicted = predicted_from_table(
        {"text": texts, "label": labels, "spam": PROBABILITIES}
    )
    run = Run(Path("first"), {"labels": ["ham", "spam"], "metrics": {}, "task": "x"})
    return Measured("key", run, predicted, False, text_slices(predicted))


def test_the_curves_are_those_of_the_view():
    assert CURVE_NAMES == curves.CURVES


@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        ("cell:0:1", Selection("key", ("ham", "spam"), "", -1)),
        ("slice:label ham", Selection("key", (), "label ham", -1)),
        ("row:3", Selection("key", (), "", 3)),
    ],
)
def test_a_part_is_selected_and_let_go(measured, pick, expected):
    selection = Selection("key").after(pick, measured)
    assert selection == expected
    assert selection.after(pick, measured) == Selection("key")


def test_another_cell_lets_go_of_the_text_but_not_of_the_slice(measured):
    selection = Selection("key", (), "label ham", 3).after("cell:0:1", measured)
    assert selection == Selection("key", ("ham", "spam"), "label ham", -1)
    assert selection.after("slice:", measured).slice_name == ""


@pytest.mark.parametrize(
    "pick",
    ["", "None", "cell:0:2", "cell:0", "cell:-1:0", "row:6", "row:-1", "row:x"]
    + ["slice:nothing", "row:" + "9" * 400, "<b>", "cell:\u0663:0"],
)
def test_what_is_no_part_cannot_be_picked(measured, pick):
    with pytest.raises(CourseError, match="no such part"):
        Selection("key").after(pick, measured)


def test_the_threshold_moves_the_matrix(measured):
    low, middle, high = (
        explore(measured, Selection("key"), threshold).confusion.tolist()
        for threshold in (0.15, 0.5, 0.7)
    )
    assert low == [[1, 2], [0, 3]]
    assert middle == [[2, 1], [1, 2]]
    assert high == [[3, 0], [1, 2]]


def test_the_cheapest_threshold_follows_the_costs(measured):
    everything = Selection("key")
    assert cheapest(measured, everything, 5, 1) == pytest.approx(0.8)
    assert cheapest(measured, everything, 1, 5) == pytest.approx(0.4)
    assert cheapest(measured, everything, 1, 0) == 1  # never say yes
    with pytest.raises(CourseError, match="one label only"):
        cheapest(measured, Selection("key", (), "label ham"), 1, 1)


def test_parts_can_be_picked_and_texts_stay_texts(measured):
    drawing = draw(measured, Selection("key", ("ham", "ham"), "", 0), *VIEW)
    parts = re.findall(r'data-pick="([^"]*)"', drawing.picture)
    for part in parts:
        Selection("key").after(html.unescape(part), measured)
    assert {"cell:0:1", "slice:label ham", "row:2"} <= set(parts)
    assert "data-drag" not in drawing.picture  # the slider beside it moves it
    for said in (drawing.picture, drawing.table):
        assert "<img" not in said
        assert "&lt;img src=x" in said


@pytest.mark.parametrize("curve", CURVE_NAMES)
def test_every_curve_is_drawn(measured, curve):
    drawing = draw(measured, Selection("key"), 0.5, curve, 1, 1)
    assert f'aria-label="{curve}: ' in drawing.picture


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ((0.5, "pie", 1, 1), "Unknown curve"),
        ((math.nan, "ROC", 1, 1), "threshold is no number"),
        (("0.5", "ROC", 1, 1), "threshold is no number"),
        ((None, "ROC", 1, 1), "threshold is no number"),
        ((0.5, "ROC", None, 1), "a cost is no number"),
    ],
)
def test_a_view_that_will_not_do(measured, view, message):
    with pytest.raises(CourseError, match=message):
        draw(measured, Selection("key"), *view)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-1, 0), (2, 1), (10**400, 1), (math.inf, 1), (-math.inf, 0), (0.25, 0.25)],
)
def test_numbers_stay_within_their_bounds(value, expected):
    assert as_number(value, 0, 1, "it") == expected


@pytest.mark.parametrize("value", [math.nan, "1", None, True, [1]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(CourseError, match="one from 0 to 1"):
        as_number(value, 0, 1, "it")


def test_a_picked_text_goes_to_the_explain_page_as_far_as_it_takes_it(measured):
    assert picked_text(measured, Selection("key")) == ("", "")
    name, text = picked_text(measured, Selection("key", (), "", 3))
    assert name == "first"
    assert text == ("word " * 9_000)[:TEXT_LIMIT]
