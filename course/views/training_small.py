"""The small charts beside a training's losses: rate, gradients, speed, score.

Left out: the losses, which are `course.views.training`'s.
"""

from collections.abc import Sequence

from course.runs.curves import Curves, points
from course.views.chart import Chart, span
from course.views.shown import escape
from course.views.training_words import OTHERS, TRAIN, VALIDATION

SMALL = {
    "learning_rate": "learning rate",
    "grad_norm": "gradient norm",
    "examples_per_second": "examples per second",
}


def draw_small(
    curves: Curves, others: Sequence[Curves], axis: str, x_range: tuple[float, float]
) -> str:
    """Return the small charts as HTML, as many beside each other as there is room for.

    Args:
        curves: Of the training; on top.
        others: Runs to compare with.
        axis: What goes to the right, one of `course.runs.curves.AXES`.
        x_range: Where that begins and ends.
    """
    # What early stopping looks at, where that is no loss: accuracy at least.
    metric = "accuracy" if curves.metric == "loss" else curves.metric
    figures = "".join(
        f'<figure style="margin:0"><figcaption>'
        f"{escape(title)}</figcaption>{_chart(curves, others, axis, x_range, name)}"
        "</figure>"
        for name, title in {**SMALL, f"eval_{metric}": f"validation {metric}"}.items()
    )
    # A grid keeps them alike also where the last one stands alone on its line.
    grid = "display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr))"
    return f'<div style="{grid};gap:.4em 1em">{figures}</div>'


def _chart(
    curves: Curves,
    others: Sequence[Curves],
    axis: str,
    x_range: tuple[float, float],
    name: str,
) -> str:
    lines = [
        (points(other.history, name, axis), OTHERS[place % len(OTHERS)][0])
        for place, other in enumerate(others)
    ]
    lines.append((points(curves.history, name, axis), TRAIN))
    values = [y for line, _ in lines for _, y in line]
    y_range = span(values, zero=not name.startswith("eval_"))
    chart = Chart(200, 110, x_range, y_range, left=50)
    parts = [chart.frame(axis), *(chart.line(line, colour) for line, colour in lines)]
    if name == "learning_rate":
        parts += [
            _change(chart, axis, x, rate)
            for x, rate in points(curves.history, "learning_rate_set", axis)
        ]
    return chart.svg(parts, f"{name} by {axis}")


def _change(chart: Chart, axis: str, place: float, rate: float) -> str:
    """The mark of a change by hand: the curve alone does not tell why it bends."""
    x = chart.x(place)
    return (
        f'<path d="M{x:.1f} {chart.floor}V{chart.top}" style="stroke:{VALIDATION};'
        f'stroke-width:2"/><path data-link="set-{place:g}" data-say="learning rate set '
        f'to {rate:g} at {axis} {place:g}" d="M{x:.1f} {chart.floor - 12}l7 12h-14z" '
        f'style="fill:{VALIDATION}"/>'
    )
