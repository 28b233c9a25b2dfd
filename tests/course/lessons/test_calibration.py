"""Calibration of confidence. Alone: pytest tests/course/lessons/test_calibration.py."""

import pytest

from course.evaluation.intervals import wilson
from course.lessons.calibration import calibration, describe, percent


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (3, 7), (8, 10), (500, 1000)])
def test_the_interval_is_that_of_the_evaluation(k, n):
    interval = wilson(k, n)
    share = calibration([0.5] * n, [number < k for number in range(n)])["share_right"]
    ends = share["low"], share["high"]
    assert ends == pytest.approx((interval.low, interval.high), abs=1e-6)


@pytest.mark.parametrize(
    ("confidences", "right", "brier"),
    [
        ([1, 0], [True, False], 0),
        ([1, 0], [False, True], 1),
        ([0.5] * 4, [True, False, True, True], 0.25),
        # (0.3^2 + 0.6^2) / 2
        ([0.7, 0.6], [True, False], 0.225),
    ],
)
def test_brier_score_by_hand(confidences, right, brier):
    assert calibration(confidences, right)["brier"] == pytest.approx(brier)


@pytest.mark.parametrize(
    ("confidence", "right", "verdict"),
    [
        (0.9, [True] * 5 + [False] * 15, "Over-confident"),
        (0.2, [True] * 15 + [False] * 5, "Under-confident"),
        (0.7, [True] * 15 + [False] * 5, "not distinguishable"),
        (0.9, [True, False], "not distinguishable"),
        (0.9, [False] * 5, "Over-confident"),
        (0.1, [True] * 5, "Under-confident"),
    ],
)
def test_a_verdict_needs_an_interval_that_allows_it(confidence, right, verdict):
    scores = calibration([confidence] * len(right), right)
    assert verdict in scores["verdict"]
    share = scores["share_right"]
    outside = not share["low"] <= confidence <= share["high"]
    assert outside == ("not" not in scores["verdict"])


@pytest.mark.parametrize(("confidence", "right"), [(0.9, False), (0.1, True)])
def test_four_predictions_are_too_few_for_a_verdict(confidence, right):
    scores = calibration([confidence] * 4, [right] * 4)
    share = scores["share_right"]
    assert not share["low"] <= confidence <= share["high"]
    assert "not distinguishable" in scores["verdict"]


def test_no_prediction_is_said_and_not_divided_by():
    scores = calibration([], [])
    assert (scores["n"], scores["brier"], scores["share_right"]) == (0, None, None)
    assert describe(scores) == "No prediction has met its answer yet."


def test_a_description_holds_all_numbers():
    text = describe(calibration([0.8], [True]))
    assert text.startswith("1 prediction: on average 80 % sure, 1 right (100 %, 95 %")
    assert "Brier score 0.04." in text
    assert percent(0.005) == "0 %"
