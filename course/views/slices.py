"""Draw the slices of an exploration: each a mark on its interval, to be picked.

A picked cell turns the numbers into shares of that cell, so that one sees where its
texts come from. Left out: tests of whether two slices differ; intervals that do not
touch are a sign of it, and of many slices some stand out by chance.
"""

from collections.abc import Mapping

import numpy as np

from course.evaluation.exploration import Exploration
from course.evaluation.shares import Interval
from course.views.explanation import FOR
from course.views.matrix import count_of, heading, picked
from course.views.shown import escape

_COLUMNS = "10.5em minmax(2.5em,1fr) max-content"


def draw_slices(
    seen: Exploration, slices: Mapping[str, tuple[int, Interval | str]], metric: str
) -> str:
    """Draw all slices that hold a text, and all texts above them.

    Args:
        seen: What is explored.
        slices: What `seen.slices(metric)` returned.
        metric: A name of `course.evaluation.text_slices.METRICS`.
    """
    overall = _overall(seen, metric)
    values = [v for _, v in slices.values() if _is_known(v)]
    ends = [*(v.low for v in values), *(v.high for v in values)]
    ends += [] if overall is None else [overall]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    scale = (low, max(high, low + 0.01))
    everything = "" if overall is None else f"{overall:.3f}"
    title = f"all {count_of(len(seen.predicted))}"
    rows = _row(seen, "", title, everything, _bar(None, overall, scale))
    for name, (n, value) in slices.items():
        if n:
            bar = _bar(value, overall, scale)
            rows += _row(seen, name, f"{name}, n={n:,}", _short(value), bar)
    empty = [name for name, (n, _) in slices.items() if not n]
    note = f"<small>In no text: {escape(', '.join(empty))}.</small>" if empty else ""
    what = "share in the picked cell" if seen.cell else metric
    remark = f"{what}, 95 % interval, from {scale[0]:.2f} to {scale[1]:.2f}; line: all"
    return f"{heading('Slices', remark)}{rows}{note}"


def _overall(seen: Exploration, metric: str) -> float | None:
    """The value of all texts, whatever slice is picked."""
    if seen.cell:
        return float(seen.in_cell.mean())
    whole = Exploration(seen.predicted, seen.threshold, slices=seen.slice_masks)
    value = whole.metrics.get(metric)
    return None if value is None else value.value


def _is_known(value: Interval | str) -> bool:
    return isinstance(value, Interval) and bool(np.isfinite(value.low))


def _short(value: Interval | str) -> str:
    if isinstance(value, str) or not _is_known(value):
        return value if isinstance(value, str) else f"{value.value:.3f}"
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"


def _bar(
    value: Interval | str | None, overall: float | None, scale: tuple[float, float]
) -> str:
    """An interval as a band with a mark, and a line where all texts are."""

    def place(x: float) -> float:
        return 100 * (x - scale[0]) / (scale[1] - scale[0])

    parts = ""
    if overall is not None:
        parts = (
            f'<span style="position:absolute;left:{place(overall):.1f}%;top:-.2em;'
            'bottom:-.2em;border-left:1px dashed currentColor"></span>'
        )
    if value is not None and _is_known(value):
        left, right = place(value.low), place(value.high)
        parts += (
            f'<span style="position:absolute;left:{left:.1f}%;width:{right - left:.1f}%'
            f';top:25%;bottom:25%;background:{FOR}a0"></span><span style="position:'
            f"absolute;left:calc({place(value.value):.1f}% - 2px);width:4px;top:5%;"
            'bottom:5%;background:currentColor"></span>'
        )
    return parts


def _row(seen: Exploration, name: str, title: str, number: str, bar: str) -> str:
    """One line: name, bar, numbers."""
    mark = picked(seen.slice_name == name)
    if not name:  # not a slice but the way back from all: never the one picked
        mark = mark.replace("aria-pressed", "aria-current")
    return (
        f'<div data-pick="slice:{escape(name)}" {mark}'
        f"display:grid;grid-template-columns:{_COLUMNS};gap:.6em;padding:.15em .3em;"
        f'align-items:center;font-size:.9em"><span>{escape(title)}</span>'
        f'<span style="position:relative;height:1.1em">{bar}</span>'
        f'<span style="min-width:10.6em">{escape(number)}</span></div>'
    )
