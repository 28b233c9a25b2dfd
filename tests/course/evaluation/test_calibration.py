"""Run alone: pytest tests/course/evaluation/test_calibration.py."""

import json
import math

import numpy as np
import pytest
from sklearn import calibration as sklearn_calibration
from sklearn import metrics as sklearn_metrics

from course.errors import CourseError
from course.evaluation.calibration import (
    MAX_TEMPERATURE,
    MIN_TEMPERATURE,
    brier_score,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
)
from course.evaluation.probabilities import softmax


@pytest.fixture
def drawn():
    """Logits of three labels, and references drawn from their own probabilities."""
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(6000, 3)) * 2
    cumulative = softmax(logits).cumsum(axis=1)
    references = (generator.random((6000, 1)) > cumulative[:, :2]).sum(axis=1)
    return logits, references


def test_error_known_by_hand():
    """Two bins: |0.75 - 1/2| for two texts and |0.95 - 1| for two, so 0.15."""
    probabilities = [[0.7, 0.3], [0.2, 0.8], [0.95, 0.05], [0.95, 0.05]]
    error = expected_calibration_error(probabilities, [0, 0, 0, 0], n_bins=10)
    # Bins (0.6, 0.7], (0.7, 0.8] and (0.9, 1.0]: 0.3/4 + 0.8/4 + 2 * 0.05/4.
    assert error.value == pytest.approx(0.3)
    wide = expected_calibration_error(probabilities, [0, 0, 0, 0], n_bins=1)
    assert wide.value == pytest.approx(abs((0.7 + 0.8 + 0.95 + 0.95) / 4 - 0.75))


def test_calibrated_model_has_small_error_and_overconfident_one_a_large(drawn):
    logits, references = drawn
    honest = expected_calibration_error(softmax(logits), references)
    boasting = expected_calibration_error(softmax(logits, 0.4), references)
    assert honest.value < 0.02  # chance alone leaves about 0.01 at n = 6,000
    assert boasting.low > 0.08


def test_bins_equal_scikit_learns_curve(drawn):
    logits, references = drawn
    probabilities = softmax(logits)
    correct = probabilities.argmax(axis=1) == references
    for strategy in ("uniform", "quantile"):
        bins = reliability_bins(probabilities, references, 8, strategy)
        filled = [each for each in bins if each.n]
        accuracy, confidence = sklearn_calibration.calibration_curve(
            correct, probabilities.max(axis=1), n_bins=8, strategy=strategy
        )
        assert np.allclose([each.accuracy.value for each in filled], accuracy)
        assert np.allclose([each.confidence for each in filled], confidence)
        assert sum(each.n for each in bins) == len(references)


def test_quantile_bins_hold_equal_numbers(drawn):
    logits, references = drawn
    bins = reliability_bins(softmax(logits), references, 6, "quantile")
    assert [each.n for each in bins] == [1000] * 6


def test_equal_confidences_make_one_bin():
    bins = reliability_bins([[0.9, 0.1]] * 4, [0, 0, 0, 1], 5, "quantile")
    assert [each.n for each in bins] == [4]
    assert bins[0].accuracy.value == 0.75


def test_certainty_falls_into_the_last_bin_and_empty_bins_say_so():
    bins = reliability_bins([[1.0, 0.0]], [0], n_bins=4)
    assert [each.n for each in bins] == [0, 0, 0, 1]
    assert bins[0].to_dict()["accuracy"] is None
    assert json.dumps(bins[3].to_dict(), allow_nan=False)


def test_an_edge_belongs_to_the_bin_below_it():
    bins = reliability_bins([[0.5, 0.5], [0.75, 0.25]], [0, 0], n_bins=4)
    assert [each.n for each in bins] == [0, 1, 1, 0]


def test_brier_score_equals_scikit_learn(drawn):
    logits, references = drawn
    probabilities = softmax(logits)
    assert brier_score(probabilities, references) == pytest.approx(
        sklearn_metrics.brier_score_loss(references, probabilities)
    )
    two = softmax(logits[:, :2])
    binary = references % 2
    assert brier_score(two, binary) == pytest.approx(
        sklearn_metrics.brier_score_loss(binary, two[:, 1])
    )


def test_temperature_is_recovered(drawn):
    logits, references = drawn
    # 6,000 texts fix it to about 2 %.
    assert fit_temperature(logits, references) == pytest.approx(1, rel=0.05)
    assert fit_temperature(logits * 3, references) == pytest.approx(3, rel=0.05)


def test_temperature_has_the_lowest_loss(drawn):
    logits, references = drawn
    best = fit_temperature(logits, references)

    def loss(temperature):
        return sklearn_metrics.log_loss(references, softmax(logits, temperature))

    assert loss(best) < min(loss(best * 1.05), loss(best / 1.05))


def test_temperature_known_value():
    """Says sigmoid(6), right 3 of 4 times: the logit 6 must become log 3."""
    temperature = fit_temperature([[6.0, 0.0]] * 4, [0, 0, 0, 1])
    assert temperature == pytest.approx(6 / math.log(3))


def test_temperature_ends_where_there_is_no_best():
    logits = [[1.0, 0.0], [0.0, 1.0]]
    assert fit_temperature(logits, [0, 1]) == MIN_TEMPERATURE
    assert fit_temperature(logits, [1, 0]) == MAX_TEMPERATURE


@pytest.mark.parametrize(("n_bins", "strategy"), [(0, "uniform"), (5, "equal")])
def test_unknown_bins_are_refused(n_bins, strategy):
    with pytest.raises(CourseError, match="'uniform' or 'quantile'"):
        reliability_bins([[0.9, 0.1]], [0], n_bins, strategy)
