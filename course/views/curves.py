"""Draw what a threshold does: precision and recall, ROC, scores, calibration, cost.

All five are drawn in one frame with one handle: dragging it along the frame chooses the
threshold, and its knob is the present one on the curve. A diamond marks the cheapest
threshold. Left out: several runs in one frame.

Sources: Fawcett 2006 (ROC), Davis and Goadrich 2006 (precision-recall).
"""

from dataclasses import replace

import numpy as np

from course.errors import unknown_name
from course.evaluation.exploration import Exploration
from course.evaluation.thresholds import CostCurve
from course.views.explanation import FOR
from course.views.frame import Curve, diamond, draw_frame, line
from course.views.scores import draw_calibration, draw_scores
from course.views.shown import escape

CURVES = ("precision-recall", "ROC", "scores", "calibration", "cost")


def draw_curve(seen: Exploration, name: str, costs: tuple[float, float]) -> str:
    """Draw one of the curves of an exploration's slice, or say why there is none.

    Args:
        seen: What is explored.
        name: One of `CURVES`.
        costs: Of a false alarm and of a miss, each from 0.

    Returns:
        HTML with a handle named "threshold" where there is a threshold.

    Raises:
        CourseError: If there is no such curve or a cost is negative.
    """
    if name not in CURVES:
        raise unknown_name("curve", name, CURVES)
    why = seen.why_no_curve()
    if not seen.in_slice.any() or (why and name not in ("scores", "calibration")):
        return f"<p>{escape(why)}</p>"
    cost_curve = None if why else seen.costs(*costs)
    draw = {"scores": draw_scores, "calibration": draw_calibration, "cost": _cost}
    curve = draw.get(name, _rates)(seen, name, cost_curve)
    caption = curve.caption + (_cheapest(cost_curve) if cost_curve else "")
    frame = draw_frame(replace(curve, caption=caption), name, seen.threshold)
    return f'{frame}<p style="font-size:.9em">{escape(caption)}</p>'


def place_of(seen: Exploration, name: str) -> float:
    """Return where the present threshold stands along a curve's frame, 0 to 1.

    Args:
        seen: An exploration of two labels.
        name: One of `CURVES`: of "precision-recall" the recall, of "ROC" the false
            alarms' share, of the others the threshold itself.
    """
    if name not in CURVES[:2]:
        return seen.threshold
    positive = seen.predicted.positive
    row = seen.confusion[positive if name == "precision-recall" else 1 - positive]
    return float(row[positive] / max(1, row.sum()))


def threshold_at(seen: Exploration, name: str, place: float) -> float:
    """Return the threshold at a place of a curve's frame: the reverse of `place_of`.

    Args:
        seen: An exploration of two labels, both in the slice.
        name: One of `CURVES`.
        place: Along the frame, 0 to 1.
    """
    if name not in CURVES[:2]:
        return round(place, 4)
    curve = seen.costs(1, 1)
    right, alarms = _shares(curve)
    along = right if name == "precision-recall" else alarms
    # Of equal places the lowest threshold on ROC finds most at no further alarm; on
    # precision-recall the highest has fewest false alarms.
    near = np.abs(along - place)
    ties = np.flatnonzero(near <= near.min() + 1e-9)
    found = curve.thresholds[ties[-1] if name == "ROC" else ties[0]]
    return 1.0 if found is None else found


def _shares(curve: CostCurve) -> tuple[np.ndarray, np.ndarray]:
    """Share of the positives that are found, and of the negatives that are alarms."""
    misses, alarms = np.array(curve.false_negatives), np.array(curve.false_positives)
    return 1 - misses / misses[0], alarms / alarms[-1]


def _rates(seen: Exploration, name: str, costs: CostCurve) -> Curve:
    """Precision over recall, or ROC."""
    found, alarms = _shares(costs)
    positives, negatives = costs.false_negatives[0], costs.false_positives[-1]
    calls = found * positives + alarms * negatives
    precision = np.where(calls, found * positives / np.maximum(calls, 1), 1.0)
    best = int(np.argmin(costs.costs))
    area, average = seen.areas()
    label = seen.predicted.labels[seen.predicted.positive]
    if name == "ROC":
        x, y, axes = alarms, found, ("share of the others called so", "recall")
        guess = (np.array([0, 1]), np.array([0, 1]))
        caption = f"ROC of {label}: area {area:.3f}; guessing (dashed) has 0.5."
    else:
        share = positives / (positives + negatives)
        x, y, axes = found, precision, ("recall", "precision")
        guess = (np.array([0, 1]), np.array([share, share]))
        caption = (
            f"Precision and recall of {label}: average precision {average:.3f}; "
            f"guessing (dashed) has {share:.3f}."
        )
    body = line(*guess, 'stroke="currentColor" stroke-dasharray="4 4" opacity=".6"')
    body += line(x, y, f'stroke="{FOR}" stroke-width="2.5"') + diamond(x[best], y[best])
    place = place_of(seen, name)
    positive = seen.predicted.positive
    hits, called = seen.confusion[positive, positive], seen.confusion[:, positive].sum()
    height = hits / positives if name == "ROC" else hits / called if called else 1.0
    return Curve(body, axes, (place, float(height)), caption)


def _cost(seen: Exploration, name: str, costs: CostCurve) -> Curve:
    """Mean cost over the threshold."""
    thresholds = np.array([1.0 if t is None else t for t in costs.thresholds])
    # The first is "never"; a cost holds down to the next threshold, as a step.
    xs = np.repeat(thresholds, 2)[1:]
    ys = np.repeat(costs.costs, 2)[:-1]
    top = max(max(costs.costs), 1e-9)
    best = int(np.argmin(costs.costs))
    body = line(
        np.append(xs, 0),
        np.append(ys, costs.costs[-1]) / top,
        f'stroke="{FOR}" stroke-width="2.5"',
    )
    body += diamond(thresholds[best], costs.costs[best] / top)
    at = np.flatnonzero(thresholds >= seen.threshold)
    now = costs.costs[at[-1]] if len(at) else costs.costs[0]
    caption = f"Now {now:.3f} per text."
    axes = ("threshold", "mean cost per text")
    return Curve(body, axes, (seen.threshold, now / top), caption, top)


def _cheapest(costs: CostCurve) -> str:
    """Say where the cheapest threshold is, and what to think of it."""
    at = "never" if costs.threshold is None else f"{costs.threshold:.3f}"
    said = f" ◆ Cheapest on these texts: {at}, {costs.cost:.3f} per text"
    if costs.expected_threshold is not None:
        said += f" ({costs.expected_threshold:.3f} if probabilities were calibrated)"
    return f"{said}; it was chosen on the texts that judge it, which flatters it."
