"""The best in any order. Alone: pytest tests/course/hyperparameters/test_chance.py."""

import itertools

import numpy as np
import pytest

from course.errors import CourseError
from course.hyperparameters.chance import best_of_any_order


def test_it_is_what_all_orders_give():
    values = [0.5, 0.7, 0.6, 0.9, 0.55]
    orders = np.array(list(itertools.permutations(values)))
    curves = np.maximum.accumulate(orders, axis=1)
    # `inverted_cdf`: the smallest value that so many are not above.
    expected = np.quantile(curves, [0.1, 0.5, 0.9], axis=0, method="inverted_cdf")
    assert np.allclose(best_of_any_order(values), expected.T)


def test_lower_is_better_mirrors():
    values = [0.5, 0.7, 0.6, 0.9]
    mirrored = best_of_any_order([-value for value in values], "minimize")
    plain = best_of_any_order(values)
    assert [(-c, -b, -a) for a, b, c in mirrored] == plain


def test_one_value_and_equal_values():
    assert best_of_any_order([0.5]) == [(0.5, 0.5, 0.5)]
    assert set(best_of_any_order([0.5] * 3)) == {(0.5, 0.5, 0.5)}


def test_no_value():
    with pytest.raises(CourseError, match="No value came"):
        best_of_any_order([])
