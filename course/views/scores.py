"""Draw a classifier's probabilities: how often each was said, how often it came true.

Where there is no positive label, the most probable label of each text stands for it.
Left out: the frame and the handle, see `course.views.frame`.

Source: Niculescu-Mizil and Caruana 2005 (reliability diagrams).
"""

import numpy as np

from course.evaluation.exploration import Exploration
from course.evaluation.shares import wilson
from course.evaluation.thresholds import CostCurve
from course.views.explanation import AGAINST, FOR
from course.views.frame import (
    BOTTOM,
    HEIGHT,
    LEFT,
    TOP,
    Curve,
    diamond,
    line,
    x_of,
    y_of,
)
from course.views.shown import escape

N_BINS = 10
_STRONG = "c0"  # opacity of a mark without text on it, of ff


def draw_scores(seen: Exploration, name: str, costs: CostCurve | None) -> Curve:
    """Draw how many texts got which probability: one side up, the other side down.

    Args:
        seen: What is explored.
        name: Of the curve.
        costs: To mark the cheapest threshold; None where there is none.
    """
    predicted, positive = seen.predicted, seen.predicted.positive
    if positive is None:
        up = seen.predictions == predicted.references
        names = ("right", "wrong")
    else:
        up = predicted.references == positive
        names = (predicted.labels[positive], predicted.labels[1 - positive])
    bins = np.minimum((seen.scores * 2 * N_BINS).astype(int), 2 * N_BINS - 1)
    sides = [np.flatnonzero(seen.in_slice & side) for side in (up, ~up)]
    most = max(np.bincount(bins[side], minlength=1).max(initial=1) for side in sides)
    body = "".join(
        _bars(seen, side, bins, sign, most)
        for side, sign in zip(sides, (1, -1), strict=True)
    )
    body += (
        f'<path d="M{x_of(0)} {y_of(0.5)}H{x_of(1)}" stroke="currentColor"/>'
        f'<text x="{LEFT + 4}" y="{TOP + 12}">↑ {escape(names[0])}</text>'
        f'<text x="{LEFT + 4}" y="{HEIGHT - BOTTOM - 6}">↓ {escape(names[1])}</text>'
    )
    caption = f"The tallest bar is {most} texts; heights go with the square root."
    caption += (
        " Orange, dashed: wrong at this threshold." if positive is not None else ""
    )
    if costs is not None:
        body += diamond(1.0 if costs.threshold is None else costs.threshold, 0.5)
    knob = None if positive is None else (seen.threshold, 0.5)
    what = predicted.labels[positive] if positive is not None else "the predicted label"
    return Curve(body, (f"probability of {what}", "texts"), knob, caption)


def _bars(
    seen: Exploration, side: np.ndarray, bins: np.ndarray, sign: int, most: int
) -> str:
    """Bars of one side, each cut into what is right and what is wrong."""
    said, right = seen.predictions, seen.predicted.references
    bars = []
    for number in np.unique(bins[side]):
        rows = side[bins[side] == number]
        height = (len(rows) / most) ** 0.5 * 0.5 * (HEIGHT - TOP - BOTTOM)
        wide = (x_of(1) - x_of(0)) / (2 * N_BINS) - 1
        start = 0.0
        for wrong in (False, True):
            part = rows[(said[rows] != right[rows]) == wrong]
            if not len(part):
                continue
            tall = height * len(part) / len(rows)
            y = y_of(0.5) - start - tall if sign > 0 else y_of(0.5) + start
            start += tall
            cells = {f"cell-{right[i]}-{said[i]}" for i in part}
            style = 'stroke="currentColor" stroke-dasharray="2 2"' if wrong else ""
            if not seen.in_cell[part].any():
                style += ' opacity=".5"'  # what the picked cell does not hold
            bars.append(
                f'<rect data-link="{" ".join(sorted(cells))}" {style} '
                f'x="{x_of(number / (2 * N_BINS)) + 0.5:.1f}" y="{y:.1f}" '
                f'width="{wide:.1f}" height="{max(tall, 1):.1f}" '
                f'fill="{(FOR, AGAINST)[wrong]}{_STRONG}"/>'
            )
    return "".join(bars)


def draw_calibration(seen: Exploration, name: str, costs: CostCurve | None) -> Curve:
    """Draw what came true, over the probability that was said.

    Args:
        seen: What is explored.
        name: Of the curve.
        costs: As for `draw_scores`.
    """
    predicted, positive = seen.predicted, seen.predicted.positive
    if positive is None:
        truth, axes = seen.predictions == predicted.references, ("confidence", "right")
    else:
        label = predicted.labels[positive]
        truth = predicted.references == positive
        axes = (f"probability of {label}", f"share of {label}")
    dashed = 'stroke="currentColor" stroke-dasharray="4 4" opacity=".6"'
    marks, means, shares = [line(np.arange(2), np.arange(2), dashed)], [], []
    bins = np.minimum((seen.scores * N_BINS).astype(int), N_BINS - 1)
    for number in np.unique(bins[seen.in_slice]):
        inside = seen.in_slice & (bins == number)
        share = wilson(int(truth[inside].sum()), int(inside.sum()))
        mean = float(seen.scores[inside].mean())
        means.append(mean)
        shares.append(share.value)
        marks.append(
            f'<path d="M{x_of(mean)} {y_of(share.low)}V{y_of(share.high)}" '
            f'stroke="{FOR}" stroke-width="2"/><circle cx="{x_of(mean)}" '
            f'cy="{y_of(share.value)}" r="4" fill="{FOR}"/>'
            f'<text x="{x_of(mean)}" y="{TOP - 4}" text-anchor="middle" '
            f'font-size="9">{share.n}</text>'
        )
    marks.append(line(np.array(means), np.array(shares), f'stroke="{FOR}"'))
    if costs is not None:
        marks.append(diamond(1.0 if costs.threshold is None else costs.threshold, 0))
    knob = None
    if positive is not None:
        knob = (seen.threshold, float(np.interp(seen.threshold, means, shares)))
    caption = (
        "On the dashed line what is said comes true. Upright: 95 % intervals; above: "
        "texts in each tenth."
    )
    return Curve("".join(marks), axes, knob, caption)
