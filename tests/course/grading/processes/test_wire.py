"""Frames of plain data. Alone: pytest tests/course/grading/processes/test_wire.py."""

import json
import math
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course.grading.processes import wire
from course.grading.processes.wire import HEAD, FrameError, Reference, decode, encode

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=1 << 70)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=[]))
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=4)
        | st.frozensets(st.integers() | st.text(max_size=3), max_size=4)
        | st.sets(st.binary(max_size=3), max_size=4)
    ),
    max_leaves=20,
)


def frame(tree, raw=b""):
    text = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return HEAD.pack(len(text), len(raw)) + text + raw


def same(left, right):
    """Equal, of the same types, with not-a-number equal to itself."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    return left == right or repr(left) == repr(right)


@settings(max_examples=300, deadline=None)
@given(PLAIN)
def test_plain_data_comes_back_as_it_was(value):
    assert same(decode(encode(value), None), value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(6, dtype="int8")[::2],
        np.zeros((0, 3)),
        np.array([True, False]),
        np.array(["naïve", "x"]),
        np.array([1 + 2j]),
        np.array(["2026-01-01"], dtype="datetime64[D]"),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
)
def test_arrays_keep_type_shape_and_values(array):
    came = decode(encode({"a": array}), None)["a"]
    assert (came.dtype, came.shape) == (array.dtype, array.shape)
    assert (came == array).all()
    came[...] = came  # it can be written to, as the one that was sent


@pytest.mark.parametrize("name", sorted(wire._TENSORS))
def test_tensors_keep_type_shape_and_values(name):
    tensor = torch.arange(6).reshape(2, 3).to(getattr(torch, name)).T
    came = decode(encode([tensor]), None)[0]
    assert (came.dtype, came.shape) == (tensor.dtype, tensor.shape)
    assert torch.equal(came, tensor)
    assert decode(encode(tensor[0, 0]), None).shape == ()
    assert decode(encode(tensor[:, :0]), None).shape == (3, 0)


def test_references_become_what_the_receiver_makes_of_them():
    sent = Reference("handle", 3, "Linear")
    assert decode(encode({"x": [sent]}), lambda came: came) == {"x": [sent]}
    with pytest.raises(FrameError, match="a reference where none may be"):
        decode(encode(sent), None)


@pytest.mark.parametrize(
    "value",
    [object(), np.array([object()]), {1: print}, np.zeros(1, dtype="f4,i4"), range(3)],
)
def test_nothing_else_is_sent(value):
    with pytest.raises(FrameError, match="cannot be handed over"):
        encode(value)


def test_what_is_too_large_is_not_sent():
    with pytest.raises(FrameError, match="too large to hand over"):
        encode("x" * (wire.MOST_TREE + 1))
    with pytest.raises(FrameError, match="too large to hand over"):
        encode(bytes(wire.MOST_RAW + 1))


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\0\0\0",
        HEAD.pack(5, 0) + b"123",
        HEAD.pack(0xFFFFFFFF, 0),
        HEAD.pack(0, 0xFFFFFFFF),
        frame(b"\xff"),
        frame(b"[" * 100_000),
        frame(b"9" * 5_000),
        frame({"a": 1}),
        frame([]),
        frame([["list"]]),
        frame(["nothing"]),
        frame(["read", 1, 2]),
        frame(["__init__", 1]),
        frame(["int", "g"]),
        frame(["int", "f" * 200_000]),
        frame(["int", 5]),
        frame(["dict", 1]),
        frame(["dict", ["list"], 1]),
        frame(["set", ["list"]]),
        frame(["bytes", 0, 1]),
        frame(["bytes", -1, 1], b"abc"),
        frame(["bytes", True, 1], b"abc"),
        frame(["array", "O", [1], 0, 8], bytes(8)),
        frame(["array", "<f4,<i4", [1], 0, 8], bytes(8)),
        frame(["array", "<f8", [2], 0, 8], bytes(8)),
        frame(["array", "<f8", [-1], 0, 8], bytes(8)),
        frame(["array", "<f8", [1 << 50, 0], 0, 0]),
        frame(["array", "<f8", [1] * 40, 0, 8], bytes(8)),
        frame(["array", "<f8", "1", 0, 8], bytes(8)),
        frame(["tensor", "load", [1], 0, 8], bytes(8)),
        frame(["tensor", "float64", [1], 4, 8], bytes(8)),
        frame(["complex", "1", 2]),
        frame(["reference", "handle", "1", "x"]),
        frame(["reference", "handle", 1, "x" * 101]),
    ],
)
def test_what_is_no_frame_is_refused_in_one_line(bad):
    with pytest.raises(FrameError, match="No frame came") as refused:
        decode(bad, lambda reference: reference)
    assert "\n" not in str(refused.value)


def test_depth_and_number_of_items_are_bounded():
    deep = 1
    for _ in range(60):
        deep = ["list", deep]
    with pytest.raises(FrameError, match="too deep"):
        decode(frame(deep), None)
    with pytest.raises(FrameError, match="too deep or too many"):
        decode(frame(["list", *[0] * 2_100_000]), None)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_data_or_refused(noise):
    for bad in (noise, frame(noise), frame(["bytes", 0, len(noise)], noise)):
        try:
            decode(bad, None)
        except FrameError:
            continue


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 1 << 65)
    | st.floats()
    | st.sampled_from(["list", "dict", "array", "tensor", "<f4", "float32", "int"]),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=500, deadline=None)
@given(JSON, st.binary(max_size=16))
def test_any_tree_is_data_or_refused(tree, raw):
    try:
        decode(frame(tree, raw), lambda reference: reference)
    except FrameError:
        return


def test_numbers_that_json_has_not_come_back():
    came = decode(encode([math.nan, math.inf, -math.inf]), None)
    assert [repr(value) for value in came] == ["nan", "inf", "-inf"]
    assert struct.calcsize("!II") == HEAD.size
