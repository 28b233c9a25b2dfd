"""Which trials a brush on the axes and a share of the best select.

A brush names axes, and on each the first and the last value that count. Left out: the
axes themselves, and drawing.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from course.errors import CourseError, listed, unknown_name
from course.hyperparameters.axes import Axis, axes_of, finished, value_of
from course.hyperparameters.results import Search

__all__ = ["check_brush", "moved", "selected"]


def check_brush(axes: Sequence[Axis], brush: Mapping[str, Any]) -> dict[str, Any]:
    """Return a brush in the axes' order, without what leaves nothing out.

    Args:
        axes: From `axes_of`.
        brush: Name of an axis -> its first and its last value that count.

    Raises:
        CourseError: If there is no such axis, or its ends are not two in order.

    Example:
        >>> check_brush([Axis("r", choices=(4, 8, 16))], {"r": (8, 16)})
        {'r': (8, 16)}
    """
    if not isinstance(brush, Mapping):
        raise CourseError(
            f"The brush is {brush!r}; a dictionary of axes' names and two values each "
            "is expected."
        )
    by_name = {axis.name: axis for axis in axes}
    for name in brush:
        if name not in by_name:
            raise unknown_name("axis", str(name), by_name)
    checked = {}
    for name, axis in by_name.items():
        if name in brush:
            ends = _check_ends(axis, brush[name])
            if ends != axis.ends:
                checked[name] = ends
    return checked


def _check_ends(axis: Axis, ends: Any) -> tuple[Any, Any]:
    expected = (
        f"two of {listed(map(str, axis.choices))}"
        if axis.choices
        else (f"two numbers from {axis.low:g} to {axis.high:g}")
    )
    fits = isinstance(ends, list | tuple) and len(ends) == 2
    if fits and axis.choices:
        fits = all(end in axis.choices for end in ends)
    elif fits:
        fits = all(type(end) in (int, float) and math.isfinite(end) for end in ends)
        fits = fits and all(axis.low <= end <= axis.high for end in ends)
    if not fits or axis.share(ends[0]) > axis.share(ends[1]):
        raise CourseError(
            f"The brush of {axis.name} is {ends!r}; {expected} are expected, the first "
            "no later on the axis than the second."
        )
    return tuple(ends)


def selected(
    search: Search, brush: Mapping[str, Sequence[Any]], top: int = 100
) -> list[dict[str, Any]]:
    """Return the trials within a brush that are also among the best, best first.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        brush: As `check_brush` returns it.
        top: Per cent of the finished trials that count as the best, 1 to 100; at least
            one trial does.

    Example:
        >>> from course.hyperparameters.recorded import recorded_search
        >>> found = recorded_search()
        >>> [trial["number"] for trial in selected(found, {}, top=1)] == [
        ...     found.best["number"]
        ... ]
        True
    """
    trials = finished(search)
    best = trials[: max(1, math.ceil(len(trials) * top / 100))]
    axes = {axis.name: axis for axis in axes_of(search)}
    return [
        trial
        for trial in best
        if all(_inside(axes[name], ends, trial) for name, ends in brush.items())
    ]


def moved(
    axis: Axis, ends: Sequence[Any], is_low: bool, share: float
) -> tuple[Any, Any]:
    """Return a brush's ends after one of its handles was moved.

    Args:
        axis: The axis.
        ends: First and last value that count now.
        is_low: Whether the handle of the first was moved.
        share: Where to, from 0 to 1; a handle that meets the other stops there.

    Example:
        >>> moved(Axis("r", choices=(4, 8, 16)), (4, 16), True, 0.3)
        (8, 16)
    """
    end, other = axis.at_edge(share, is_low), ends[is_low]
    ends = (end, other) if is_low else (other, end)
    return ends if axis.share(ends[0]) <= axis.share(ends[1]) else (other, other)


def _inside(axis: Axis, ends: Sequence[Any], trial: dict[str, Any]) -> bool:
    value = value_of(trial, axis.name)
    if axis.choices:
        first, last = (axis.choices.index(end) for end in ends)
        return first <= axis.choices.index(value) <= last
    return ends[0] <= value <= ends[1]
