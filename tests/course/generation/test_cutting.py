"""Temperature, top_k, top_p, min_p. Alone: pytest tests/course/generation."""

import numpy as np
import pytest
import torch
from transformers.generation import logits_process as reference

from course import generation
from course.errors import CourseError
from course.generation import cutting

RANDOM = np.random.default_rng(0).normal(0, 3, 500)
TIED = np.array([2.0, 1.0, 1.0, 1.0, 0.0, 0.0, -1.0, -np.inf])
EQUAL = np.zeros(6)
ALL_LOGITS = pytest.mark.parametrize(
    "logits",
    [RANDOM, TIED, EQUAL, np.array([1.5])],
    ids=["random", "tied", "eq", "one"],
)


def warped(warper, logits):
    return warper(None, torch.tensor(logits)[None])[0].numpy()


@ALL_LOGITS
@pytest.mark.parametrize("temperature", [0.1, 0.7, 1.0, 3.0])
def test_temperature_equals_transformers(logits, temperature):
    expected = warped(reference.TemperatureLogitsWarper(temperature), logits)
    found = generation.apply_temperature(logits, temperature)
    np.testing.assert_array_equal(found, expected)


@ALL_LOGITS
@pytest.mark.parametrize("top_k", [1, 2, 3, 6, 499, 10_000])
def test_top_k_equals_transformers(logits, top_k):
    expected = warped(reference.TopKLogitsWarper(top_k), logits)
    np.testing.assert_array_equal(generation.apply_top_k(logits, top_k), expected)


@ALL_LOGITS
@pytest.mark.parametrize("top_p", [0.0, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0])
def test_top_p_equals_transformers(logits, top_p):
    expected = warped(reference.TopPLogitsWarper(top_p), logits)
    np.testing.assert_array_equal(generation.apply_top_p(logits, top_p), expected)


@ALL_LOGITS
@pytest.mark.parametrize("min_p", [0.0, 0.05, 0.5, 1.0])
def test_min_p_equals_transformers(logits, min_p):
    expected = warped(reference.MinPLogitsWarper(min_p), logits)
    np.testing.assert_array_equal(generation.apply_min_p(logits, min_p), expected)


def test_all_in_the_order_of_transformers():
    scores = torch.tensor(RANDOM)[None]
    for warper in (
        reference.TemperatureLogitsWarper(1.7),
        reference.TopKLogitsWarper(40),
        reference.TopPLogitsWarper(0.8),
        reference.MinPLogitsWarper(0.1),
    ):
        scores = warper(None, scores)
    found = generation.probabilities(RANDOM, 1.7, 40, 0.8, 0.1)
    np.testing.assert_allclose(found, scores.softmax(-1)[0].numpy(), atol=1e-15)


def test_off_changes_nothing():
    np.testing.assert_array_equal(generation.apply_top_k(TIED, 0), TIED)
    np.testing.assert_array_equal(
        generation.probabilities(TIED), generation.softmax(TIED)
    )


def test_top_p_keeps_the_fewest_that_reach_it():
    logits = np.log([0.4, 0.3, 0.2, 0.1])
    kept = [np.isfinite(generation.apply_top_p(logits, p)).sum() for p in (0.39, 0.41)]
    assert kept == [1, 2]


def test_large_logits_do_not_overflow():
    assert generation.softmax([1e4, 0.0]).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("values", "bits"), [([0.5, 0.5], 1), ([1.0, 0.0], 0), ([0.125] * 8, 3)]
)
def test_entropy_in_bits(values, bits):
    assert generation.entropy(values) == pytest.approx(bits)


def test_ranking_is_by_probability_and_stands_where_top_p_cuts():
    assert generation.ranking(TIED).tolist()[:4] == [0, 3, 2, 1]
    kept = np.isfinite(generation.apply_top_p(TIED, 0.5))
    best = generation.ranking(TIED)[: kept.sum()]
    assert sorted(best) == sorted(np.flatnonzero(kept))


def test_greedy_takes_the_likeliest():
    assert generation.greedy(RANDOM) == RANDOM.argmax()


def test_sample_follows_seed_and_position():
    chances = generation.softmax(RANDOM / 5)
    drawn = [generation.sample(chances, 3, position) for position in range(20)]
    assert drawn == [generation.sample(chances, 3, position) for position in range(20)]
    assert len(set(drawn)) > 5
    assert drawn != [generation.sample(chances, 4, position) for position in range(20)]


def test_sample_draws_each_token_as_often_as_it_says():
    chances = np.array([0.5, 0.0, 0.2, 0.3])
    drawn = [generation.sample(chances, seed) for seed in range(2000)]
    shares = np.bincount(drawn, minlength=4) / len(drawn)
    # Four standard errors of a share of a half.
    np.testing.assert_allclose(shares, chances, atol=4 * 0.5 / 2000**0.5)
    assert shares[1] == 0


def test_sample_survives_rounding():
    chances = np.full(3, 0.3)  # their sum stays below many numbers that are drawn
    assert {generation.sample(chances, seed) for seed in range(50)} == {0, 1, 2}


@pytest.mark.parametrize(
    ("function", "value", "message"),
    [
        ("apply_temperature", 0, r"temperature is 0.*greedy\(\) instead"),
        ("apply_temperature", -1.0, "temperature is -1.0; a number above 0"),
        ("apply_temperature", float("nan"), "temperature is nan"),
        ("apply_top_k", -1, "top_k is -1; a whole number"),
        ("apply_top_k", 2.5, "top_k is 2.5"),
        ("apply_top_p", 1.1, "top_p is 1.1; a number from 0 to 1"),
        ("apply_min_p", -0.1, "min_p is -0.1"),
    ],
)
def test_settings_outside_of_their_range(function, value, message):
    with pytest.raises(CourseError, match=message) as caught:
        getattr(cutting, function)(RANDOM, value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("logits", "message"),
    [
        (np.zeros((1, 2, 3)), r"shape \(1, 2, 3\).*logits\[0, -1\]"),
        ([], r"shape \(0,\)"),
        ([np.nan, 1.0], "no finite number"),
        ([-np.inf, -np.inf], "every token was cut"),
    ],
)
def test_what_is_no_logits_is_refused(logits, message):
    with pytest.raises(CourseError, match=message):
        generation.softmax(logits)
