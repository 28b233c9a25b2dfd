"""Alone: pytest tests/course/grading/test_comparing.py."""

import math

import numpy as np
import pytest
import torch

from course.grading.comparing import Mismatch, compile_cases, equal


def run(assertion, **names):
    """Run a case of one assertion, and return its mismatch or None."""
    code = compile_cases(f"def test():\n    {assertion}\n", "cases.py")
    exec(code, names)
    try:
        names["test"]()
    except Mismatch as mismatch:
        return mismatch
    return None


@pytest.mark.parametrize(
    "assertion",
    [
        *("assert x == 1", "assert x", "assert 0 < x < 2", "assert x == 1 == x"),
        *("assert x != 2", "assert x == 1, 1 / 0", "assert x in [1], no_such_name"),
    ],
)
def test_what_holds_says_nothing(assertion):
    assert run(assertion, x=1) is None


def test_comparison_keeps_both_sides():
    mismatch = run("assert x == 1 + 1, 'n' + 'o'", x=3)
    assert (mismatch.got, mismatch.expected, mismatch.compared) == (3, 2, True)
    assert str(mismatch) == "no"


@pytest.mark.parametrize(
    "assertion", ["assert not x", "assert x < 1", "assert x == 3 == 4", "assert None"]
)
def test_other_assertions_keep_no_sides(assertion):
    mismatch = run(f"{assertion}, 5", x=3)
    assert (mismatch.got, mismatch.expected, mismatch.compared) == (None, None, False)
    assert str(mismatch) == "5"


def test_sides_are_evaluated_once():
    calls = []
    run("assert f() == 1", f=lambda: calls.append(1))
    assert len(calls) == 1


def test_assertion_anywhere_in_a_case_is_seen():
    text = "for i in range(3):\n        with c:\n            assert i == 0"
    from contextlib import nullcontext

    assert run(text, c=nullcontext()).got == 1


def test_mistake_in_the_cases_keeps_its_line():
    with pytest.raises(SyntaxError) as raised:
        compile_cases("x = 1\ndef (", "cases.py")
    assert (raised.value.filename, raised.value.lineno) == ("cases.py", 2)


ZEROS = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, 1.0),
        (0.5, np.float64(0.5)),
        (ZEROS, np.zeros((2, 3), dtype=int)),
        (torch.zeros(2), torch.zeros(2)),
        ([ZEROS, {"a": torch.ones(2)}], [ZEROS, {"a": torch.ones(2)}]),
        ((ZEROS,), (ZEROS.copy(),)),
        (np.zeros(0), np.zeros(0)),
        (0.1 + 0.2, pytest.approx(0.3)),
        (ZEROS, pytest.approx(ZEROS)),
        ([0.1 + 0.2], pytest.approx([0.3])),
        (torch.tensor([0.5]), pytest.approx([0.5])),
    ],
)
def test_equal(got, expected):
    assert equal(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, 2),
        (math.nan, math.nan),
        (None, [1]),
        (np.array([1]), [1]),
        (np.array([1, 2]), [1, 2]),
        ([1, 2], np.array([1, 2])),
        (ZEROS, np.zeros((3, 2))),
        (np.zeros(3), ZEROS),
        (np.array([math.nan]), np.array([math.nan])),
        (torch.zeros(2), torch.zeros(3)),
        (torch.zeros(1), torch.zeros(3)),
        (torch.zeros(2), np.zeros(2)),
        ([ZEROS], [ZEROS + 1]),
        ([ZEROS], [ZEROS, ZEROS]),
        ([ZEROS], (ZEROS,)),
        ({"a": ZEROS}, {"a": ZEROS + 1}),
        ({"a": ZEROS}, {"b": ZEROS}),
        ("0.3", pytest.approx(0.3)),
        (torch.zeros(2), pytest.approx(np.ones(2))),
    ],
)
def test_not_equal(got, expected):
    assert not equal(got, expected)
