"""Alone: pytest tests/course/grading/test_plain.py."""

import enum
import math
from collections import Counter, OrderedDict, namedtuple
from datetime import date

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course.errors import CourseError
from course.grading import plain
from course.grading.plain import copy_plain

ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers()
ATOMS = ATOMS | st.text() | st.binary()
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.tuples(st.integers()), inner)
    ),
)


def refuse(value):
    raise AssertionError(f"{value!r} is plain")


@given(VALUES)
def test_plain_data_is_copied_as_it_is(value):
    # By their writing: a NaN equals nothing, and 0.0 equals -0.0 and False.
    assert repr(copy_plain(value, refuse)) == repr(value)


@pytest.mark.parametrize(
    "value", [[[1]], {"a": [1]}, {1, 2}, frozenset({1}), ({"a": 1},), np.zeros(2)]
)
def test_containers_are_new_ones(value):
    copied = copy_plain(value, refuse)
    assert type(copied) is type(value)
    assert copied is not value or isinstance(value, frozenset)
    assert repr(copied) == repr(value)


def test_what_is_inside_is_copied_too():
    inner = [1]
    copied = copy_plain({"a": (inner,)}, refuse)
    inner.append(2)
    assert copied == {"a": ([1],)}


class Colour(enum.IntEnum):
    RED = 1


class Text(str):
    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Real(float):
    pass


class Raw(bytes):
    pass


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Colour.RED, 1),
        (Text("a"), "a"),
        (Real(-0.0), -0.0),
        (Raw(b"x"), b"x"),
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (Pair(1, [2]), (1, [2])),
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.int8(3), 3),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.array(4), 4),
        ({Text("a"): Colour.RED}, {"a": 1}),
    ],
)
def test_subclass_becomes_the_type_it_derives_from(value, expected):
    copied = copy_plain(value, refuse)
    assert type(copied) is type(expected)
    assert repr(copied) == repr(expected)


class Hostile(list):
    """A list that answers nothing."""

    def refuse(self, *_):
        raise ZeroDivisionError

    __len__ = __iter__ = __eq__ = __repr__ = __getitem__ = refuse
    __hash__ = None


class Liar:
    """No list at all."""

    __class__ = list


class Angry:
    @property
    def __class__(self):
        raise ZeroDivisionError


def test_list_that_answers_nothing_is_read_all_the_same():
    assert copy_plain(Hostile([1, 2]), refuse) == [1, 2]


@pytest.mark.parametrize("make", [Liar, Angry, object, lambda: range(3), date.today])
def test_class_is_not_asked_of_the_object_itself(make):
    value = make()
    assert copy_plain([value], type) == [type(value)]


@pytest.mark.parametrize(
    "value",
    [
        np.array([None]),
        np.array(None),
        np.datetime64("2024-01-01"),
        np.longdouble(1),
        np.zeros(1, dtype="i4,f4")[0],
    ],
)
def test_numpy_values_without_a_plain_counterpart_stay_where_they_are(value):
    assert copy_plain(value, lambda _: "elsewhere") == "elsewhere"


@pytest.mark.parametrize("shape", [(0,), (2, 3), (1, 1, 1)])
def test_arrays_of_any_shape_are_copied(shape):
    array, tensor = np.ones(shape), torch.ones(shape, requires_grad=True)
    copied, copied_tensor = copy_plain([array, tensor], refuse)
    array[...] = 2
    with torch.no_grad():
        tensor[...] = 2
    assert copied.shape == tuple(copied_tensor.shape) == shape
    assert (copied == 1).all()
    assert (copied_tensor == 1).all()
    assert not copied_tensor.requires_grad


def test_parameter_becomes_a_tensor():
    copied = copy_plain(torch.nn.Parameter(torch.tensor(1.0)), refuse)
    assert type(copied) is torch.Tensor


def test_nan_stays_nan():
    assert math.isnan(copy_plain(math.nan, refuse))


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def test_depth_is_bounded():
    assert copy_plain(nested(plain.DEEPEST), refuse) == nested(plain.DEEPEST)
    with pytest.raises(CourseError, match="more than 40 containers deep"):
        copy_plain(nested(plain.DEEPEST + 1), refuse)


def test_value_that_holds_itself():
    value = []
    value.append({"a": value})
    with pytest.raises(CourseError, match="does it hold itself"):
        copy_plain(value, refuse)


def test_size_is_bounded_over_all_containers(monkeypatch):
    monkeypatch.setattr(plain, "MOST_ITEMS", 10)
    assert copy_plain([[1] * 4, [2] * 4], refuse)
    with pytest.raises(CourseError, match="more than 10 items"):
        copy_plain([[1] * 4, [2] * 5], refuse)
