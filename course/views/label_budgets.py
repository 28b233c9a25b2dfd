"""Draw learning curves: accuracy by number of labels, each point with its interval.

Lines are named at their right end and also differ by their dashes, so that no colour is
needed to tell them apart. Labels grow by a factor of ten from one place to the next.
Left out: measuring, which is `course.finetuning.label_budgets`'.
"""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.errors import CourseError
from course.views.chart import Chart, span, ticks
from course.views.drawing import Drawing
from course.views.shown import escape

if TYPE_CHECKING:
    from course.finetuning.label_budgets import Row

# Okabe and Ito's colours, and dashes, in the order in which the methods come.
_STYLES = (
    ("#0072b2", "6 3"),
    ("#009e73", "2 3"),
    ("#e69f00", "8 3 2 3"),
    ("#d55e00", "none"),
    ("#cc79a7", "1 3"),
)
_WIDTH, _HEIGHT = 640, 320
_NAMES = 0.5  # room for the names at the right, in steps from budget to budget
_LEAST_GAP = 14  # between two names


def draw_label_budgets(rows: "Sequence[Row]") -> Drawing:
    """Draw the curves of some ways to learn.

    Args:
        rows: One for each method and number of labels; at most five methods, each
            measured at all numbers of labels.

    Returns:
        A `Drawing`: the picture, a sentence with the best of the fewest and of the most
        labels, and the table.

    Raises:
        CourseError: If there is no row, a method lacks a point, or there are more than
            five methods.
    """
    budgets = sorted({row.labels for row in rows})
    methods = list(dict.fromkeys(row.method for row in rows))
    points = {(row.method, row.labels): row.accuracy for row in rows}
    complete = len(points) == len(budgets) * len(methods) == len(rows)
    if not rows or not complete or len(methods) > len(_STYLES):
        raise CourseError(
            f"{len(rows)} rows of {len(methods)} methods came; one for each method and "
            f"number of labels is needed, of 1 to {len(_STYLES)} methods."
        )
    ends = [end for x in points.values() for end in (x.low, x.high)]
    reach = (-0.15, len(budgets) - 1 + _NAMES)
    chart = Chart(_WIDTH, _HEIGHT, reach, span(ends))
    best = {k: max(methods, key=lambda m: points[m, k].value) for k in budgets}
    first, last = budgets[0], budgets[-1]
    summary = (
        f"With {first:,} labels {best[first]} is best at "
        f"{points[best[first], first].value:.3f}, with {last:,} {best[last]} at "
        f"{points[best[last], last].value:.3f}; bars are 95 % intervals."
    )
    parts = [_axes(chart, budgets)]
    heights = _apart([chart.y(points[m, last].value) for m in methods])
    for number, method in enumerate(methods):
        colour, dashes = _STYLES[number]
        line = [(float(i), points[method, k].value) for i, k in enumerate(budgets)]
        parts.append(chart.line(line, colour, f"stroke-dasharray:{dashes}"))
        shift = 4 * (number - (len(methods) - 1) / 2)  # bars stand side by side
        for i, k in enumerate(budgets):
            x, accuracy = chart.x(i) + shift, points[method, k]
            parts.append(
                f'<path d="M{x:.1f} {chart.y(accuracy.low):.1f}V'
                f'{chart.y(accuracy.high):.1f}" style="stroke:{colour};'
                'stroke-width:2"/>'
            )
        parts.append(
            f'<text x="{chart.x(len(budgets) - 1) + 18:.1f}" y="{heights[number]:.1f}"'
            f">{escape(method)}</text>"
        )
    table = _table(methods, budgets, points)
    return Drawing(chart.svg(parts, summary), summary, table)


def _axes(chart: Chart, budgets: list[int]) -> str:
    """Lines of equal accuracy, and the numbers of labels."""
    right = chart.x(len(budgets) - 1) + 10
    parts = [
        f'<path d="M{chart.left} {chart.y(value):.1f}H{right:.1f}" style="stroke:'
        f'currentColor;stroke-opacity:.18"/><text x="{chart.left - 6}" '
        f'y="{chart.y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
        for value in ticks(*chart.y_range, 6)
    ]
    for i, k in enumerate(budgets):
        parts.append(
            f'<text x="{chart.x(i):.1f}" y="{chart.floor + 15}" '
            f'text-anchor="middle">{k:,} labels</text>'
        )
    return "".join(parts)


def _apart(heights: list[float]) -> list[float]:
    """Move names that would lie on one another; their order stays."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = [height + 4 for height in heights]
    for above, below in itertools.pairwise(order):
        placed[below] = max(placed[below], placed[above] + _LEAST_GAP)
    return placed


def _table(methods: list[str], budgets: list[int], points: dict) -> str:
    head = "".join(f'<th scope="col">{k:,} labels</th>' for k in budgets)
    body = "".join(
        f'<tr><th scope="row">{escape(method)}</th>'
        + "".join(f"<td>{points[method, k]}</td>" for k in budgets)
        + "</tr>"
        for method in methods
    )
    return f'<table><tr><th scope="col">method</th>{head}</tr>{body}</table>'
