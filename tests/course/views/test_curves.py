"""Curves are drawn where their numbers are.

pytest tests/course/views/test_curves.py
"""

import re

import numpy as np
import pytest
from sklearn import metrics

from course.errors import CourseError
from course.evaluation.exploration import Exploration
from course.evaluation.predicted import load_predicted, predicted_from_table
from course.views.curves import CURVES, draw_curve, place_of, threshold_at
from course.views.frame import x_of, y_of

TABLE = {"text": [*"abcd"], "label": ["n", "n", "y", "y"], "y": [0.1, 0.4, 0.35, 0.8]}


def seen(threshold=0.5, **choice):
    return Exploration(predicted_from_table(TABLE), threshold, **choice)


@pytest.fixture(scope="module")
def sentiment():
    return load_predicted("sentiment")


def points(html):
    """Points of each line, as shares of the frame."""
    lines = re.findall(r'points="([^"]*)"', html)
    pairs = [[p.split(",") for p in line.split()] for line in lines]
    return [
        [
            (
                (float(x) - x_of(0)) / (x_of(1) - x_of(0)),
                (float(y) - y_of(0)) / (y_of(1) - y_of(0)),
            )
            for x, y in line
        ]
        for line in pairs
    ]


def test_roc_goes_through_scikit_learns_points():
    drawn = points(draw_curve(seen(), "ROC", (1, 1)))[1]
    x, y, _ = metrics.roc_curve([0, 0, 1, 1], TABLE["y"], drop_intermediate=False)
    assert np.array(drawn) == pytest.approx(
        np.array([*zip(x, y, strict=True)]), abs=1e-3
    )


def test_precision_recall_goes_through_scikit_learns_points():
    html = draw_curve(seen(), "precision-recall", (1, 1))
    precision, recall, _ = metrics.precision_recall_curve([0, 0, 1, 1], TABLE["y"])
    expected = np.array([*zip(recall, precision, strict=True)])[::-1]
    assert np.array(points(html)[1]) == pytest.approx(expected, abs=1e-3)
    assert "average precision 0.833" in html


def test_the_knob_is_at_the_threshold():
    html = draw_curve(seen(0.38), "ROC", (1, 1))
    assert 'data-value="0.5000"' in html  # one of two others is called so
    assert 'data-text="0.380"' in html
    assert "top:calc(50.00%" in html  # one of two is found
    assert 'data-value="0.3800"' in draw_curve(seen(0.38), "scores", (1, 1))


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("place", [0.0, 0.13, 0.5, 0.9, 1.0])
def test_a_drag_ends_where_it_went(sentiment, name, place):
    threshold = threshold_at(Exploration(sentiment), name, place)
    there = Exploration(sentiment, threshold)
    assert place_of(there, name) == pytest.approx(place, abs=0.002)


def test_of_equal_places_the_better_threshold_is_taken():
    # Recall 0.5 from 0.8 down to 0.4, where precision is 1 first.
    assert threshold_at(seen(), "precision-recall", 0.5) == 0.8
    # No false alarm down to 0.8; half of them from 0.4 to 0.35, where recall is 1.
    assert threshold_at(seen(), "ROC", 0.0) == 0.8
    assert threshold_at(seen(), "ROC", 0.5) == 0.35


def test_cost_is_told_of_now_and_of_the_cheapest():
    html = draw_curve(seen(0.9), "cost", (1, 5))
    assert "Now 2.500 per text" in html  # two misses of four texts
    assert "Cheapest on these texts: 0.350, 0.250 per text" in html
    assert "0.167 if probabilities were calibrated" in html
    assert "Cheapest on these texts: never" in draw_curve(seen(), "cost", (1, 0))
    assert "calibrated" not in draw_curve(seen(), "cost", (0, 0))


def test_where_there_is_no_threshold_the_part_says_so():
    topic = Exploration(load_predicted("topic"))
    for name in CURVES:
        html = draw_curve(topic, name, (1, 1))
        assert "data-drag" not in html
        assert ("A threshold needs two labels" in html) == (
            name not in ("scores", "calibration")
        )
    assert "one label only" in draw_curve(seen(slice_name="label n"), "ROC", (1, 1))
    assert "No text" in draw_curve(seen(slice_name="digit"), "scores", (1, 1))


def test_a_wrong_name_or_cost_is_refused():
    with pytest.raises(CourseError, match="Unknown curve 'roc'"):
        draw_curve(seen(), "roc", (1, 1))
    with pytest.raises(CourseError, match="numbers from 0"):
        draw_curve(seen(), "ROC", (-1, 1))
