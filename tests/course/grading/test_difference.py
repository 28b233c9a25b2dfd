"""Alone: pytest tests/course/grading/test_difference.py."""

import numpy as np
import pytest
import torch

from course.grading.difference import difference, shown
from course.grading.student import Handle

HUGE = 10**5000
approx = pytest.approx


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", "'a\\nb'"),
        ("\ud800", "'\\ud800'"),
        (None, "None"),
        ([HUGE], "<a list with too many digits to show>"),
        ((HUGE,), "<a tuple with too many digits to show>"),
    ],
)
def test_shown(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("length", [1, 296, 297, 298, 299, 10_000])
@pytest.mark.parametrize("width", [10, 11, 300])
def test_shown_is_not_too_long_and_keeps_both_ends(length, width):
    text = shown("x" * length, width)
    assert len(text) <= max(width, 3)
    assert text[0] == text[-1] == "'"
    assert (" … " in text) == (length + 2 > width)


@pytest.mark.parametrize(
    ("expected", "got", "text"),
    [
        # Kinds
        ([1], None, "expected a list, got None"),
        (None, [1], "expected None, got a list"),
        ([1], (1,), "expected a list, got a tuple"),
        (True, 2, "expected a bool, got an int"),
        ("1", 1, "expected a str, got an int"),
        ([1], Handle(None, 1, "generator"), "expected a list, got a generator"),
        ([1], np.array([1]), "expected a list, got a ndarray"),
        # Numbers are side by side already
        (1, 2, None),
        (1, 2.0, None),
        (0.5, float("nan"), None),
        # Sequences
        ([1.0, 3], [1, 4], "at item 1: expected 3, got 4"),
        ([1, 2], [1], "expected 2 items, got 1"),
        ("abc", "abcd", "expected 3 characters, got 4"),
        ("abc", "aXc", "at character 1: expected 'b', got 'X'"),
        (b"ab", b"ac", "at item 1: expected 98, got 99"),
        ([[1], [2]], [[1], [3]], "at item 1: expected [2], got [3]"),
        ([HUGE], [HUGE + 1], "at item 0: expected <an int with too many digits to"),
        ([True], [1], None),
        # Dictionaries and sets
        ({(1, 2): 3}, {(1, 2): 4}, "at (1, 2): expected 3, got 4"),
        ({"a": 1, "b": 1}, {"a": 1}, "missing: 'b'"),
        ({"a": 1}, {"a": 1, "c": 1, "b": 1}, "not expected: 'b' and 1 more"),
        ({1, "a"}, {1, 2}, "missing: 'a'"),
        (frozenset({1}), frozenset({1, 2}), "not expected: 2"),
        ({1: 1, "a": 1}, {}, "missing: 'a' and 1 more"),
        # Arrays
        (np.zeros((2, 3)), np.zeros((3, 2)), "expected shape (2, 3), got (3, 2)"),
        (torch.zeros(2), torch.zeros(2, 1), "expected shape (2,), got (2, 1)"),
        (np.zeros(2), np.ones(2), None),
        ([np.zeros(1)], [np.ones(1)], "at item 0: expected array([0.]), got array("),
        ([np.zeros(2), 1], [np.zeros(2), 2], "at item 1: expected 1, got 2"),
        ({"a": torch.zeros(2)}, {"a": torch.ones(2)}, "at 'a': expected tensor("),
        # Approximations
        (approx(0.5), 0.3, None),
        (approx(1), 1.5, None),
        (approx(0.5), None, "expected a float, got None"),
        (approx(np.float64(0.5)), 0.3, None),
        (np.float32(0.5), None, "expected a float, got None"),
        (np.int64(5), "5", "expected an int, got a str"),
        (approx([0.5, 1]), [0.5, 2], "at item 1: expected 1 ± 1.0e-06, got 2"),
        (approx([0.5, 1]), [0.5], "expected 2 items, got 1"),
        (approx([0.5], abs=0.1), [0.7], "at item 0: expected 0.5 ± 0.1, got 0.7"),
        (approx((0.5,)), [0.5], "expected a tuple, got a list"),
        (approx({"a": 1}), {"a": 2}, "at 'a': expected 1 ± 1.0e-06, got 2"),
        (approx({"a": 1}), {}, "missing: 'a'"),
        (approx(np.zeros(2)), np.zeros(3), "expected shape (2,), got (3,)"),
        (approx(np.zeros(2)), np.ones(2), None),
    ],
)
def test_first_difference(expected, got, text):
    said = difference(expected, got)
    assert said == text if text is None else said.startswith(text)


def test_difference_of_long_values_is_short():
    said = difference({"k" * 500: "v" * 500}, {"k" * 500: "w" * 500})
    assert len(said) < 300


def test_functions_are_shown_without_their_place_in_memory():
    assert shown(lambda x: x) == "<function>"
    assert shown([shown, 1]) == "[<function shown>, 1]"
