"""Where an answer first differs from what was expected, in one line.

Two long values side by side hide a small difference; this names its place. Left out:
how the values are compared, which is the case's matter.
"""

import re
from functools import partial
from numbers import Integral, Real
from typing import Any

import pytest

from course.grading.comparing import equal
from course.grading.student import Handle

_APPROXIMATE = type(pytest.approx(0)).__base__  # of all that `pytest.approx` makes

_FUNCTION = re.compile(r"<function (\S+) at 0x[0-9a-f]+>")
WIDTH = 300  # characters of a value that are shown


def shown(value: Any, width: int = WIDTH) -> str:
    """Return a value as Python writes it, its middle left out if it is long.

    Args:
        value: Any value.
        width: Most characters, from 10.

    Example:
        >>> shown([1, 2])
        '[1, 2]'
        >>> shown("a" * 99, width=21)
        "'aaaaaaaa … aaaaaaaa'"
        >>> shown([lambda x: x])
        '[<function>]'
    """
    try:
        text = _FUNCTION.sub(_bare_function, repr(value))
    except ValueError:  # a whole number of more than 4300 digits, alone or in a list
        text = f"<{_kind(value)} with too many digits to show>"
    if len(text) <= width:
        return text
    half = (width - 3) // 2
    return f"{text[:half]} … {text[-half:]}"


def _bare_function(found: re.Match[str]) -> str:
    """Return a function as text without its place in memory, which is no news."""
    name = found[1].rsplit(".", 1)[-1]
    return "<function>" if name == "<lambda>" else f"<function {name}>"


def difference(expected: Any, got: Any) -> str | None:
    """Return where two values first differ, or None if that says nothing new.

    Args:
        expected: What a case wanted, or what `pytest.approx` made of it.
        got: What the learner's function returned.

    Example:
        >>> difference({"a": 1, "b": 2}, {"a": 1, "b": 3})
        "at 'b': expected 2, got 3"
        >>> difference([1, 2], [1, 2, 3])
        'expected 2 items, got 3'
        >>> difference("token", "tokem")
        "at character 4: expected 'n', got 'm'"
    """
    expected = _opened(expected)
    kinds = _kind(expected), _kind(got)
    # Whole or not, a number that differs is shown beside the other already.
    is_other = kinds[0] != kinds[1] and not {*kinds} <= {"an int", "a float"}
    # A learner's class may be called as they like, also "dict".
    if is_other or isinstance(got, Handle):
        return f"expected {kinds[0]}, got {kinds[1]}"
    if isinstance(expected, dict):
        return _of_dicts(expected, got)
    if isinstance(expected, set | frozenset):
        return _missing(expected - got, got - expected)
    if isinstance(expected, str | bytes | list | tuple):
        return _of_sequences(expected, got)
    shape, came = _shape(expected), _shape(got)
    return None if shape == came else f"expected shape {shape}, got {came}"


def _opened(expected: Any) -> Any:
    """Return an approximate list or dict as one of approximate items."""
    if not isinstance(expected, _APPROXIMATE):
        return expected
    items = expected.expected
    again = partial(
        pytest.approx, rel=expected.rel, abs=expected.abs, nan_ok=expected.nan_ok
    )
    if isinstance(items, dict):
        return {key: again(value) for key, value in items.items()}
    if isinstance(items, list | tuple):
        return type(items)(again(item) for item in items)
    return expected


def _kind(value: Any) -> str:
    if isinstance(value, _APPROXIMATE):
        value = value.expected
    if value is None:
        return "None"
    # A case may expect numpy's numbers; the learner's have become Python's.
    if isinstance(value, Real) and not isinstance(value, bool):
        return "an int" if isinstance(value, Integral) else "a float"
    name = value._kind if isinstance(value, Handle) else type(value).__name__
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def _shape(value: Any) -> tuple[int, ...]:
    if isinstance(value, _APPROXIMATE):
        value = value.expected
    return tuple(getattr(value, "shape", ()))


def _of_dicts(expected: dict, got: dict) -> str | None:
    for key, value in expected.items():
        if key in got and not equal(got[key], value):
            return (
                f"at {shown(key, 60)}: expected {shown(value, 80)}, got "
                f"{shown(got[key], 80)}"
            )
    return _missing(expected.keys() - got.keys(), got.keys() - expected.keys())


def _missing(missing: set, extra: set) -> str | None:
    for word, items in (("missing", missing), ("not expected", extra)):
        if items:
            first = min(shown(item, 60) for item in items)
            more = f" and {len(items) - 1} more" if len(items) > 1 else ""
            return f"{word}: {first}{more}"
    return None


def _of_sequences(expected: Any, got: Any) -> str | None:
    what = "character" if isinstance(expected, str) else "item"
    for place, (wanted, came) in enumerate(zip(expected, got, strict=False)):
        if not equal(came, wanted):
            return (
                f"at {what} {place}: expected {shown(wanted, 80)}, got "
                f"{shown(came, 80)}"
            )
    if len(expected) != len(got):
        return f"expected {len(expected)} {what}s, got {len(got)}"
    return None
