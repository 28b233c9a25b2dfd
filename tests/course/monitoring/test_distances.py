"""Distances between samples. Alone: pytest tests/course/monitoring -k distances."""

import numpy as np
import pytest
from scipy import stats

from course.monitoring.distances import (
    fewer_right,
    kolmogorov_smirnov,
    label_shift,
    population_stability_index,
    stability_by_chance,
)


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("sizes", [(300, 50), (1280, 100), (40, 400)])
def test_kolmogorov_smirnov_is_that_of_scipy(shift, sizes):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=sizes[0]), rng.normal(shift, size=sizes[1])
    distance, p = kolmogorov_smirnov(a, b)
    exact = stats.ks_2samp(a, b, method="exact")
    assert distance == pytest.approx(exact.statistic)
    # Kolmogorov's limit is the more careful one, by a factor that grows with rarity.
    assert exact.pvalue * 0.99 <= p or p > 0.9
    if exact.pvalue > 1e-4:
        assert p == pytest.approx(exact.pvalue, rel=0.5)


def test_kolmogorov_smirnov_at_its_ends():
    same = np.array([0.5, 0.5, 0.7])
    assert kolmogorov_smirnov(same, same) == (0.0, 1.0)
    distance, p = kolmogorov_smirnov(np.zeros(50), np.ones(50))
    assert distance == 1
    assert p < 1e-20


def test_kolmogorov_smirnov_does_not_care_about_order_or_scale():
    rng = np.random.default_rng(1)
    a, b = rng.random(80), rng.random(60) ** 2
    expected = kolmogorov_smirnov(a, b)
    assert kolmogorov_smirnov(b, a) == pytest.approx(expected)
    assert kolmogorov_smirnov(np.exp(a[::-1]), np.exp(b)) == pytest.approx(expected)


def test_label_shift_is_the_chi_square_test_of_scipy():
    reference = ["a"] * 50 + ["b"] * 30 + ["c"] * 20
    live = ["a"] * 20 + ["b"] * 30 + ["c"] * 50
    distance, p = label_shift(reference, live)
    table = [[50, 30, 20], [20, 30, 50]]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert p == pytest.approx(expected)
    assert distance == pytest.approx(0.3)


def test_rare_labels_count_as_one():
    reference = ["a"] * 500 + ["b"] * 495 + ["c"] * 3 + ["d"] * 2
    live = ["a"] * 40 + ["b"] * 40 + ["c"] * 10 + ["e"] * 10
    _, p = label_shift(reference, live)
    table = [[500, 495, 5], [40, 40, 20]]  # c, d and e together
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert p == pytest.approx(expected)


def test_one_label_everywhere_is_no_shift():
    assert label_shift(["a"] * 40, ["a"] * 40) == (0, 1)
    distance, p = label_shift(["a"] * 40, ["b"] * 40)
    assert distance == 1
    assert p < 1e-10


@pytest.mark.parametrize(
    "counts", [(5, 20, 90, 100), (0, 3, 1, 4), (20, 20, 80, 100), (0, 4, 0, 9)]
)
def test_fewer_right_is_the_exact_test_of_scipy(counts):
    right, n, measured, m = counts
    table = [[right, n - right], [measured, m - measured]]
    expected = stats.fisher_exact(table, alternative="less").pvalue
    assert fewer_right(*counts) == pytest.approx(expected)


def test_stability_index_by_hand():
    reference = np.repeat([0.0, 1.0], [50, 50])
    live = np.repeat([0.0, 1.0], [20, 80])
    p, q = 50.5 / 101, 20.5 / 101
    by_hand = (q - p) * np.log(q / p) + (p - q) * np.log((1 - q) / (1 - p))
    assert population_stability_index(reference, live, 2) == pytest.approx(by_hand)
    assert np.isfinite(population_stability_index(reference, np.full(9, 7.0)))


def test_stability_index_stays_below_its_chance_level_19_times_of_20():
    rng = np.random.default_rng(2)
    bound = stability_by_chance(800, 200)
    above = sum(
        population_stability_index(rng.random(800), rng.random(200)) > bound
        for _ in range(400)
    )
    assert 8 <= above <= 34  # 20 expected
