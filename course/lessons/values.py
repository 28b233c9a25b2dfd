"""Predicted values: what may be one, and which agree.

Text agrees whatever its case and outer spaces, a number within a tolerance, and a
number in quotation marks is one. Left out: values inside values inside values.
"""

import math
from itertools import zip_longest
from typing import Any

from course.errors import CourseError, one_line
from course.views.feedback import Item

_MOST_ITEMS, _LONGEST_TEXT = 200, 2000
_WIDTH = 60  # characters shown of a value
_LARGEST = 1e300
NONE_YET = (
    "No prediction yet: put your answer in place of the three dots, and how sure you "
    "are (0 to 1)."
)


def as_python(value: Any) -> Any:
    """Return numbers and arrays of numpy and torch as plain ones; load neither.

    Args:
        value: Anything; what is none of those comes back as it is.
    """
    is_foreign = hasattr(value, "tolist") and not isinstance(value, type)
    return value.tolist() if is_foreign else value


def as_data(value: Any) -> Any:
    """Return a value as JSON can keep it.

    Args:
        value: A number, text, bool, or a list, tuple, array or dict of those.

    Raises:
        CourseError: If it is something else, or no prediction yet (`...`).

    Example:
        >>> as_data((1, "two"))
        [1, 'two']
    """
    value = as_python(value)
    if isinstance(value, dict | list | tuple) and len(value) > _MOST_ITEMS:
        raise CourseError(
            f"{len(value)} values came, at most {_MOST_ITEMS} are compared: give fewer."
        )
    if isinstance(value, dict):
        return {str(key)[:_LONGEST_TEXT]: _single(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_single(item) for item in value]
    return _single(value)


def _single(value: Any) -> Any:
    value = as_python(value)
    if value is ...:
        raise CourseError(NONE_YET)
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value[:_LONGEST_TEXT])
    if (
        isinstance(value, int | float) and -_LARGEST < value < _LARGEST
    ):  # nan is neither
        return value
    is_number = isinstance(value, int | float)
    came = show(value) if is_number else f"a {type(value).__name__}"
    raise CourseError(
        f"{came} came; a number, a text, True or False, or a list or dict of those was "
        "expected: write one of them."
    )


def compare(predicted: Any, actual: Any, within: float) -> list[Item]:
    """Lay predicted and actual values side by side: by key, else by position.

    Args:
        predicted: From `as_data`.
        actual: From `as_data`.
        within: How far a number may be off, in its own unit, from 0.

    Returns:
        An item for each value of either; one that the other lacks is wrong.

    Example:
        >>> [item.right for item in compare([3, " The"], [4, "the"], within=1)]
        [True, True]
    """
    if isinstance(predicted, dict) and isinstance(actual, dict):
        names = [*actual, *(name for name in predicted if name not in actual)]
        rows = [(name, predicted.get(name), actual.get(name)) for name in names]
    else:
        said, came = _values(predicted), _values(actual)
        names = list(actual) if isinstance(actual, dict) else range(1, len(came) + 1)
        numbered = isinstance(actual, dict | list) or len(said) > 1
        rows = [
            (str(name or "-") if numbered else "", one, other)
            for name, one, other in zip_longest(names, said, came)
        ]
    return [
        Item(one_line(name), show(one), show(other), _agree(one, other, within))
        for name, one, other in rows
    ]


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _agree(predicted: Any, actual: Any, within: float) -> bool:
    if isinstance(predicted, bool) or isinstance(actual, bool):
        return predicted is actual
    if isinstance(predicted, str) and isinstance(actual, str):
        return predicted.strip().casefold() == actual.strip().casefold()
    numbers = _number(predicted), _number(actual)
    if None in numbers:
        return False
    # 0.1 + 0.2 is 0.3 for whoever predicted it.
    return math.isclose(*numbers, rel_tol=1e-9, abs_tol=within)


def _number(value: Any) -> float | None:
    """A number, also one in quotation marks; None for anything else."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def show(value: Any) -> str:
    r"""Write a value on one line, cut if it is long.

    Args:
        value: Anything; None stands for one that is missing.

    Example:
        >>> show("a\n")
        "'a\\n'"
    """
    if isinstance(value, int) and not -_LARGEST < value < _LARGEST:
        return f"a number beyond {_LARGEST:g}"  # Python writes no such number
    return "nothing" if value is None else one_line(repr(value), _WIDTH)
