"""Run alone: pytest tests/course/evaluation/test_thresholds.py."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from course.errors import CourseError
from course.evaluation.thresholds import (
    precision_recall_curve,
    ranking_areas,
    roc_curve,
    threshold_by_cost,
)

# Few distinct scores, so that ties are common.
SCORED = st.lists(
    st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40
).filter(lambda rows: 0 < sum(truth for _, truth in rows) < len(rows))


@given(SCORED, st.integers(0, 2**31))
def test_areas_equal_scikit_learns_on_every_resample(rows, seed):
    scores = np.array([score for score, _ in rows], dtype=float)
    truth = np.array([each for _, each in rows])
    drawn = np.random.default_rng(seed).integers(len(rows), size=(5, len(rows)))
    counts = np.stack([np.bincount(row, minlength=len(rows)) for row in drawn], axis=1)
    areas, precisions = ranking_areas(scores, truth, counts)
    for i, row in enumerate(drawn):
        if len(set(truth[row])) == 1:
            assert np.isnan([areas[i], precisions[i]]).all()
            continue
        area = sklearn_metrics.roc_auc_score(truth[row], scores[row])
        precision = sklearn_metrics.average_precision_score(truth[row], scores[row])
        assert areas[i] == pytest.approx(area)
        assert precisions[i] == pytest.approx(precision)


def test_roc_curve_known_by_hand():
    curve = roc_curve([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0])
    assert curve["false_positive_rate"] == [0, 0, 0.5, 0.5, 1]
    assert curve["true_positive_rate"] == [0, 0.5, 0.5, 1, 1]
    assert curve["thresholds"] == [None, 0.9, 0.8, 0.7, 0.6]
    assert curve["area"] == 0.75
    assert json.dumps(curve, allow_nan=False)


def test_precision_recall_curve_has_equal_lists_and_the_share_of_guessing():
    curve = precision_recall_curve([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0])
    lengths = {len(curve[name]) for name in ("precision", "recall", "thresholds")}
    assert len(lengths) == 1
    assert curve["share"] == 0.5
    assert curve["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert json.dumps(curve, allow_nan=False)


@given(SCORED, st.integers(0, 9), st.integers(0, 9))
def test_no_threshold_costs_less(rows, cost_false_positive, cost_false_negative):
    scores = np.array([score for score, _ in rows], dtype=float)
    truth = np.array([each for _, each in rows])
    best = threshold_by_cost(scores, truth, cost_false_positive, cost_false_negative)

    def cost(threshold):
        called = np.zeros(len(rows), bool) if threshold is None else scores >= threshold
        alarms, misses = (called & ~truth).sum(), (~called & truth).sum()
        return (alarms * cost_false_positive + misses * cost_false_negative) / len(rows)

    assert best.cost == pytest.approx(cost(best.threshold))
    assert best.cost == pytest.approx(min(map(cost, [None, *scores, 99.0])))
    assert np.allclose(best.costs, [cost(each) for each in best.thresholds])


def test_a_costly_miss_lowers_the_threshold():
    scores = np.linspace(0, 1, 400)
    truth = np.random.default_rng(0).random(400) < scores
    careful = threshold_by_cost(scores, truth, 1, 9)
    strict = threshold_by_cost(scores, truth, 9, 1)
    assert careful.expected_threshold == pytest.approx(0.1)
    assert strict.expected_threshold == pytest.approx(0.9)
    assert careful.threshold < 0.3 < 0.7 < strict.threshold


def test_free_misses_mean_never_positive():
    best = threshold_by_cost([0.2, 0.9], [0, 1], 1, 0)
    assert (best.threshold, best.cost) == (None, 0)
    assert json.dumps(best.to_dict(), allow_nan=False)


def test_no_costs_have_no_expected_threshold():
    assert threshold_by_cost([0.2, 0.9], [0, 1], 0, 0).expected_threshold is None


@pytest.mark.parametrize("costs", [(-1, 1), (1, float("nan")), (float("inf"), 1)])
def test_impossible_costs_are_refused(costs):
    with pytest.raises(CourseError, match="numbers from 0 are expected"):
        threshold_by_cost([0.1, 0.9], [0, 1], *costs)


@pytest.mark.parametrize(
    ("scores", "references", "match"),
    [
        ([0.1, 0.2], [1, 1], "both 0 and 1 are needed"),
        ([0.1, 0.2], [0, 2], "both 0 and 1 are needed"),
        ([[0.1, 0.9]], [1], "positive class's column"),
        ([0.1, float("nan")], [0, 1], "positive class's column"),
        ([0.1], [0, 1], "same number"),
        ([], [], "at least 1"),
    ],
)
def test_what_does_not_fit_is_refused(scores, references, match):
    for measure in (roc_curve, precision_recall_curve):
        with pytest.raises(CourseError, match=match):
            measure(scores, references)
