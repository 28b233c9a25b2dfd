"""What may be predicted, and what agrees. Alone: pytest on this file."""

import numpy as np
import pytest

from course.errors import CourseError
from course.lessons.values import as_data, compare, show


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (3, 3),
        (True, True),
        ("a", "a"),
        ((1, "b", False), [1, "b", False]),
        ({"a": 1, 2: "b"}, {"a": 1, "2": "b"}),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.array([1, 2]), [1, 2]),
        ([np.bool_(True)], [True]),
        ([], []),
    ],
)
def test_plain_values_come_through(value, data):
    made = as_data(value)
    assert made == data
    assert type(made) is type(data)


def test_tensors_come_through():
    import torch

    assert as_data(torch.tensor([1, 2])) == [1, 2]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "a NoneType came; a number"),
        (len, "a builtin_function_or_method came"),
        (np.array, "a builtin_function_or_method came"),
        (np.ndarray, "a type came"),
        ([[1]], "a list came"),
        ({"a": {}}, "a dict came"),
        (1j, "a complex came"),
        (float("nan"), "nan came"),
        (float("-inf"), "-inf came"),
        pytest.param(10**5000, r"a number beyond 1e\+300 came", id="huge"),
        (range(3), "a range came"),
        ([0] * 201, "201 values came, at most 200"),
        ([1, ...], "No prediction yet"),
        (..., "No prediction yet"),
    ],
)
def test_other_values_are_refused_in_one_line(value, message):
    with pytest.raises(CourseError, match=message) as raised:
        as_data(value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("predicted", "actual", "within", "right"),
    [
        (3, 3, 0, [True]),
        (3, 3.0, 0, [True]),
        (0.1 + 0.2, 0.3, 0, [True]),
        (3, 4, 0, [False]),
        (3, 4, 1, [True]),
        (3, 4.001, 1, [False]),
        ("3", 3, 0, [True]),
        ("three", 3, 0, [False]),
        ("nan", 3, 9, [False]),
        (" The ", "the", 0, [True]),
        ("STRASSE", "straße", 0, [True]),
        (True, True, 0, [True]),
        (True, 1, 0, [False]),
        (1, True, 0, [False]),
        ([1, 2], [1, 3], 0, [True, False]),
        ([1], [1, 3], 0, [True, False]),
        ([1, 3, 4], [1, 3], 0, [True, True, False]),
        (1, [1, 3], 0, [True, False]),
        ([1, 3], 1, 0, [True, False]),
        ({"a": 1, "c": 3}, {"a": 1, "b": 2}, 0, [True, False, False]),
        ([1, 2], {"a": 1, "b": 2}, 0, [True, True]),
        ([], [], 0, []),
    ],
)
def test_what_agrees(predicted, actual, within, right):
    assert [item.right for item in compare(predicted, actual, within)] == right


def test_items_have_the_names_of_the_answer():
    def names(predicted, actual):
        return [item.name for item in compare(predicted, actual, 0)]

    assert names(1, 2) == [""]
    assert names([1, 2], [1, 2]) == ["1", "2"]
    assert names({"a": 1, "c": 1}, {"b": 1, "a": 1}) == ["b", "a", "c"]
    assert names([1, 2, 3], {"a": 1, "b": 1}) == ["a", "b", "-"]


def test_a_missing_value_is_nothing():
    (_, extra) = compare([1, 2], 1, 0)
    assert (extra.predicted, extra.actual) == ("2", "nothing")
    assert show("x" * 100).endswith("…")
    assert show("\ud800\x1b") == r"'\ud800\x1b'"
