"""Run alone: pytest tests/course/evaluation/test_intervals.py."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from course.errors import CourseError
from course.evaluation.intervals import (
    Interval,
    bootstrap,
    bootstrap_totals,
    percentile_interval,
    wilson,
)


def test_wilson_known_value():
    """8 of 10: statsmodels' proportion_confint(8, 10, method="wilson")."""
    interval = wilson(8, 10)
    assert interval.value == 0.8
    assert interval.low == pytest.approx(0.4901624715, abs=1e-9)
    assert interval.high == pytest.approx(0.9433178485, abs=1e-9)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_scipy(counts):
    successes, n = counts
    theirs = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    ours = wilson(successes, n)
    assert ours.low == pytest.approx(theirs.low, abs=1e-12)
    assert ours.high == pytest.approx(theirs.high, abs=1e-12)
    assert 0 <= ours.low <= ours.value <= ours.high <= 1


def test_wilson_covers_the_truth_as_often_as_it_says():
    generator = np.random.default_rng(0)
    for truth in (0.5, 0.9, 0.97):
        drawn = generator.binomial(100, truth, size=4000)
        intervals = [wilson(int(successes), 100) for successes in drawn]
        covered = np.mean([each.low <= truth <= each.high for each in intervals])
        # Wilson's coverage wavers by about 0.02 around 0.95 at n = 100.
        assert 0.92 < covered < 0.98


def test_a_wider_confidence_gives_a_wider_interval():
    narrow, wide = wilson(30, 50, confidence=0.8), wilson(30, 50, confidence=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_all_right_is_not_certain():
    interval = wilson(10, 10)
    assert interval.high == 1
    assert 0.7 < interval.low < 0.75


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(successes, n):
    with pytest.raises(CourseError, match="count again"):
        wilson(successes, n)


@pytest.mark.parametrize("confidence", [0, 1, 95, math.nan])
def test_impossible_confidence_is_refused(confidence):
    with pytest.raises(CourseError, match=r"use 0\.95, not 95"):
        wilson(1, 2, confidence)


def test_bootstrap_of_the_mean_agrees_with_theory():
    values = np.random.default_rng(1).normal(size=400)
    interval = bootstrap(lambda x: x.mean(axis=1), values, n_resamples=4000)
    half = 1.96 * values.std() / 20  # standard error of the mean of 400
    assert interval.value == pytest.approx(values.mean())
    # 4,000 resamples leave about 3 % of noise in an end.
    assert interval.high - interval.value == pytest.approx(half, rel=0.1)
    assert interval.value - interval.low == pytest.approx(half, rel=0.1)


def test_bootstrap_covers_the_truth_as_often_as_it_says():
    generator = np.random.default_rng(2)
    hits = 0
    for seed in range(300):
        interval = bootstrap(
            lambda x: x.mean(axis=1),
            generator.normal(size=60),
            n_resamples=300,
            seed=seed,
        )
        hits += interval.low <= 0 <= interval.high
    # 0.95 less a little for n = 60; standard error of a share of 300: 0.013.
    assert 0.90 <= hits / 300 <= 0.98


def test_bootstrap_draws_paired_arrays_together():
    values = np.arange(50.0)

    def largest_gap(x, y):
        return np.abs(x - y).max(axis=1)

    interval = bootstrap(largest_gap, values, values)
    assert (interval.low, interval.high) == (0, 0)


def test_bootstrap_keeps_further_axes():
    rows = np.ones((5, 3))
    interval = bootstrap(lambda x: x.sum(axis=(1, 2)), rows, n_resamples=7)
    assert interval == Interval(15, 15, 15, 5)


def test_bootstrap_of_totals_is_the_bootstrap():
    rows = np.random.default_rng(3).random((300, 2))
    ratio = bootstrap_totals(lambda t: t[:, 0] / t[:, 1], rows, n_resamples=4000)
    slow = bootstrap(
        lambda x: x[..., 0].sum(axis=1) / x[..., 1].sum(axis=1), rows, n_resamples=4000
    )
    assert ratio.value == pytest.approx(slow.value)
    # Two sets of 4,000 draws of a statistic with a standard error of about 0.045.
    assert ratio.low == pytest.approx(slow.low, abs=0.008)
    assert ratio.high == pytest.approx(slow.high, abs=0.008)


def test_same_seed_same_interval():
    values = np.arange(30)
    first, again, other = (
        bootstrap_totals(lambda t: t[:, 0], values, seed=seed) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_one_item_has_no_interval_and_says_so_in_json():
    interval = bootstrap(lambda x: x.mean(axis=1), [0.5])
    assert math.isnan(interval.low)
    assert str(interval) == "0.500 [unknown], n=1"
    text = json.dumps(interval.to_dict(), allow_nan=False)
    assert json.loads(text) == {"value": 0.5, "low": None, "high": None, "n": 1}


def test_undefined_resamples_are_left_out():
    resampled = np.array([math.nan, 1.0, 2.0, 3.0])
    interval = percentile_interval(2.0, resampled, n=9, confidence=0.5)
    assert (interval.low, interval.high) == (1.5, 2.5)


def test_numbers_of_numpy_become_plain():
    interval = percentile_interval(np.float32(0.5), np.ones(3), n=np.int64(4))
    assert json.dumps(interval.to_dict()).endswith('"n": 4}')


def test_text_has_fewer_digits_for_large_values():
    assert str(Interval(23.456, 20, 30.01, 7)) == "23.5 [20.0, 30.0], n=7"


def test_no_items_are_refused():
    with pytest.raises(CourseError, match="at least 1"):
        bootstrap(lambda x: x.mean(axis=1), [])


@pytest.mark.parametrize(
    "module", ["evaluation.intervals", "evaluation.comparison", "evaluation"]
)
def test_import_loads_nothing_heavy(module):
    code = (
        f"import sys, course.{module}; heavy = {{'torch', 'transformers', 'datasets', "
        "'sklearn', 'scipy', 'pandas', 'evaluate'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
