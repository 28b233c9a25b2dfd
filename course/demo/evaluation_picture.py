"""The Evaluate page's picture: what is selected in it, and how a click selects.

The drawing is the notebooks' (`course.views.evaluation`). Left out: how its parts come
to life, see `course.demo.live`, and when it is drawn, see `course.demo.evaluate`.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from course.demo.models import TEXT_LIMIT
from course.demo.predicting import Measured
from course.errors import CourseError
from course.views.drawing import Drawing

# Of `course.views.curves`, whose import takes a moment; a test holds them together.
CURVE_NAMES = ("precision-recall", "ROC", "scores", "calibration", "cost")
MOST_COST = 1e9
_HANDLE = re.compile(r'\sdata-drag="[^"]*"')
_CELL = re.compile(r"cell:(\d{1,4}):(\d{1,4})")
_ROW = re.compile(r"row:(\d{1,9})")


@dataclass(frozen=True)
class Selection:
    """What a visitor looks at.

    Attributes:
        key: Of the `Measured`; "" before there is one.
        cell: Right and predicted label; empty for all.
        slice_name: A slice, as in `course.evaluation.text_slices`; "" for all texts.
        row: Number of the text that is shown whole; -1 for none.
    """

    key: str = ""
    cell: tuple[str, ...] = ()
    slice_name: str = ""
    row: int = -1

    def after(self, pick: str, measured: Measured) -> "Selection":
        """Return the selection after a part was picked; a selected one is let go.

        Args:
            pick: Name of the part: "cell:0:1", "slice:short" or "row:7".
            measured: What is looked at.

        Raises:
            CourseError: If there is no such part.
        """
        labels, n = measured.predicted.labels, len(measured.predicted)
        kind, _, name = pick.partition(":")
        if kind == "slice" and name in ("", *measured.slices):
            again = name == self.slice_name
            return replace(self, slice_name="" if again else name, row=-1)
        if (found := _ROW.fullmatch(pick)) and int(found[1]) < n:
            row = int(found[1])
            return replace(self, row=-1 if row == self.row else row)
        found = _CELL.fullmatch(pick)
        if not found or max(map(int, found.groups())) >= len(labels):
            raise CourseError("There is no such part in the picture: pick another.")
        cell = tuple(labels[int(number)] for number in found.groups())
        return replace(self, cell=() if cell == self.cell else cell, row=-1)


def as_number(value: Any, low: float, high: float, name: str) -> float:
    """Return a number that came from a page, within its bounds.

    Args:
        value: What came.
        low: Least.
        high: Most.
        name: What it is, for the error.

    Raises:
        CourseError: If it is no number.

    Example:
        >>> as_number(3, 0, 1, "threshold")
        1.0
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or value != value:  # a NaN, which is not even itself
        raise CourseError(
            f"{name} is no number; one from {low:g} to {high:g} is expected."
        )
    return float(min(max(value, low), high))


def explore(measured: Measured, selection: Selection, threshold: Any) -> Any:
    """Return the `Exploration` of a selection.

    Args:
        measured: What is looked at.
        selection: Of it.
        threshold: From which probability the positive label is predicted, 0 to 1.
    """
    from course.evaluation.exploration import Exploration

    return Exploration(
        measured.predicted,
        as_number(threshold, 0, 1, "threshold"),
        selection.cell,
        selection.slice_name,
        measured.slices,
    )


def draw(
    measured: Measured,
    selection: Selection,
    threshold: Any,
    curve: str,
    cost_alarm: Any,
    cost_miss: Any,
) -> Drawing:
    """Return the picture; the page's slider does what its handle would.

    Args:
        measured: What is looked at.
        selection: Of it.
        threshold: As for `explore`.
        curve: One of `CURVE_NAMES`.
        cost_alarm: Cost of a false alarm, from 0.
        cost_miss: Cost of a miss, from 0, in the same unit.

    Raises:
        CourseError: If there is no such curve, or a number is none.
    """
    from course.views.evaluation import draw_evaluation

    costs = tuple(
        as_number(cost, 0, MOST_COST, "a cost") for cost in (cost_alarm, cost_miss)
    )
    seen = explore(measured, selection, threshold)
    drawing = draw_evaluation(seen, curve, "accuracy", costs, selection.row)
    # On a phone its tables fit in; what would be dragged there is the page's slider.
    picture = f'<div style="font-size:min(1em,3.4vw)">{drawing.picture}</div>'
    return replace(drawing, picture=_HANDLE.sub("", picture))


def picked_text(measured: Measured, selection: Selection) -> tuple[str, str]:
    """Return the model and the picked text, as much as the Explain page takes.

    Args:
        measured: What is looked at.
        selection: Of it; without a text both are "".
    """
    if selection.row < 0:
        return "", ""
    return measured.run.name, measured.predicted.texts[selection.row][:TEXT_LIMIT]


def cheapest(
    measured: Measured, selection: Selection, cost_alarm: Any, cost_miss: Any
) -> float:
    """Return the threshold that costs least on the slice; 1 where that is "never".

    Args:
        measured: What is looked at.
        selection: Of it.
        cost_alarm: As for `draw`.
        cost_miss: As for `draw`.

    Raises:
        CourseError: If there are not two labels there, or a cost is no number.
    """
    costs = (
        as_number(cost, 0, MOST_COST, "a cost") for cost in (cost_alarm, cost_miss)
    )
    best = explore(measured, selection, 0.5).costs(*costs)
    return 1.0 if best.threshold is None else best.threshold
