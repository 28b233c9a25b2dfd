"""Draw a deletion curve: words taken away, the most telling first, against chance.

The line is the explanation's own order, its dots are words; the grey band holds 90 % of
random orders, the dashed line is their median. A line below the band found words that
matter. Left out: controls.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.views.explanation import FOR, visible
from course.views.shown import escape

if TYPE_CHECKING:
    from course.explanation.deletion import DeletionCurve

WIDTH, HEIGHT = 380, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 32, 8, 8, 34  # room around the curve


def draw_deletion(
    curve: "DeletionCurve",
    words: Sequence[str],
    links: Sequence[str],
    method: str,
) -> str:
    """Draw a curve, its band and the order of the words, as HTML.

    Args:
        curve: From `course.explanation.deletion`.
        words: The n words of the text.
        links: A name of `data-link` for each of them.
        method: The method's name, as it is shown.
    """
    order = [
        f'<span data-link="{escape(links[i])}">{step}\xa0<b>{escape(visible(words[i]))}'
        "</b></span>"
        for step, i in enumerate(curve.order[: curve.counts[-1]].tolist(), start=1)
    ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" style="width:100%;max-width:34em;display:'
        f'block" role="img" aria-label="{escape(deletion_sentence(curve, method))}" '
        f'font-size="12">{_axes(curve)}{_band(curve)}'
        f"{_line(curve, links)}</svg><p><small>Line: {escape(method)}. Grey: 90 % of "
        "random orders; dashed: their median.</small></p>"
        f"<p>Masked in this order: {' · '.join(order)}</p>"
        f"<p>{escape(deletion_sentence(curve, method))}</p>"
    )


def deletion_sentence(curve: "DeletionCurve", method: str) -> str:
    """Say how much area is below the curve, and whether chance does as well.

    Args:
        curve: From `course.explanation.deletion`.
        method: The method's name, as it is shown.
    """
    low, median, high = curve.random_area
    sentence = (
        f"Area below the curve of {method}: {curve.area:.2f}; random orders "
        f"{median:.2f} (90 % between {low:.2f} and {high:.2f})"
    )
    if curve.area < low:
        return sentence + ": it falls sooner than by chance."
    if curve.area > high:
        return sentence + ": it falls later than by chance."
    return sentence + ": no better than chance."


def _points(curve: "DeletionCurve", heights: Sequence[float]) -> list[tuple[str, str]]:
    """Where a curve goes through, in the units of the picture."""
    last = max(1, int(curve.counts[-1]))
    across, up = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    return [
        (f"{_LEFT + across * count / last:.1f}", f"{_TOP + up * (1 - height):.1f}")
        for count, height in zip(curve.counts.tolist(), heights, strict=True)
    ]


def _path(points: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _axes(curve: "DeletionCurve") -> str:
    """Probability upwards from 0 to 1, words masked to the right."""
    parts = []
    bottom = HEIGHT - _BOTTOM
    for share in (0, 0.5, 1):
        y = _TOP + (bottom - _TOP) * (1 - share)
        parts.append(
            f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="currentColor" '
            f'stroke-opacity=".25"/><text x="{_LEFT - 5}" y="{y + 4:.1f}" '
            f'text-anchor="end" fill="currentColor">{share}</text>'
        )
    last, middle = int(curve.counts[-1]), (WIDTH - _RIGHT + _LEFT) // 2
    for x, anchor, label in (
        (_LEFT, "start", "0"),
        (middle, "middle", "words masked"),
        (WIDTH - _RIGHT, "end", f"{last}"),
    ):
        parts.append(
            f'<text x="{x}" y="{bottom + 20}" text-anchor="{anchor}" '
            f'fill="currentColor">{escape(label)}</text>'
        )
    return "".join(parts)


def _band(curve: "DeletionCurve") -> str:
    low, median, high = (_points(curve, row) for row in curve.random.tolist())
    return (
        f'<polygon points="{_path([*low, *reversed(high)])}" fill="currentColor" '
        f'fill-opacity=".15"/><polyline points="{_path(median)}" fill="none" '
        'stroke="currentColor" stroke-opacity=".7" stroke-width="1.5" '
        'stroke-dasharray="5 4"/>'
    )


def _line(curve: "DeletionCurve", links: Sequence[str]) -> str:
    """The explanation's own order; a dot for the words masked since the one before."""
    points = _points(curve, curve.probability.tolist())
    parts = [
        f'<polyline points="{_path(points)}" fill="none" stroke="{FOR}" '
        'stroke-width="2.5"/>'
    ]
    counts = [0, *curve.counts.tolist()]
    for (x, y), before, count in zip(points, counts, counts[1:], strict=False):
        names = " ".join(links[i] for i in curve.order[before:count].tolist())
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="4.5" fill="{FOR}" '
            f'data-link="{escape(names)}"/>'
        )
    return "".join(parts)
