"""Run alone: pytest tests/course/evaluation/test_probabilities.py."""

import numpy as np
import pytest
from scipy import special

from course.errors import CourseError
from course.evaluation.probabilities import check_probabilities, softmax


def test_softmax_equals_scipy():
    logits = np.random.default_rng(0).normal(size=(20, 5)) * 10
    assert np.allclose(softmax(logits), special.softmax(logits, axis=1))
    assert np.allclose(softmax(logits, 2), special.softmax(logits / 2, axis=1))


def test_softmax_does_not_overflow():
    assert softmax([[10_000.0, 0.0]]).tolist() == [[1.0, 0.0]]


def test_softmax_of_single_precision_sums_to_one():
    logits = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)
    assert np.abs(softmax(logits).sum(axis=1) - 1).max() < 1e-12


@pytest.mark.parametrize(
    ("probabilities", "references", "match"),
    [
        (np.zeros((0, 2)), [], "at least 1"),
        ([[0.5, 0.5]], [0, 1], "same number"),
        ([0.5, 0.5], [0, 1], "check their order"),
        ([[1.0]], [0], "check their order"),
        ([[0.5, 0.5]], [[0]], "check their order"),
        ([[3.0, -2.0]], [0], "look like logits"),
        ([[1.5, 0.9]], [0], "look like logits"),
        ([[np.nan, 0.5]], [0], "look like logits"),
        ([[0.5, 0.5]], [2], "label numbers 0 to 1, got 2:"),
        ([[0.5, 0.5]], [-1], "label numbers"),
        ([[0.5, 0.5]], ["spam"], "turn names into numbers"),
        ([[0.5, 0.5]], [0.0], "turn names into numbers"),
    ],
)
def test_what_does_not_fit_is_refused(probabilities, references, match):
    with pytest.raises(CourseError, match=match):
        check_probabilities(probabilities, references)
