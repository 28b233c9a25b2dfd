"""Draw a training: its losses large, its other curves small, other runs over them.

The step that early stopping would keep has a star, the step at which it would stop a
line that can be dragged. Each validation point can be chosen: how much patience does it
take to see it? Left out: reading and training.
"""

from collections.abc import Sequence
from typing import Any

from course.runs.curves import Curves, number, points, replay_early_stopping, smooth
from course.views.chart import Chart, span
from course.views.drawing import Drawing
from course.views.explanation import visible
from course.views.shown import escape
from course.views.training_small import draw_small
from course.views.training_words import (
    OTHERS,
    TRAIN,
    VALIDATION,
    differences,
    evaluations,
    legend,
    record_at,
    say_evaluation,
    say_stop,
    summary,
    table,
)

MOST_PATIENCE = 10
KEY = 0.01  # of the picture's width: what an arrow key moves a handle
_WIDTH, _HEADROOM = 480, 32  # room for the handle above the curves


def draw_training(
    curves: Curves,
    others: Sequence[Curves] = (),
    *,
    axis: str = "step",
    smoothing: float = 0.0,
    patience: int = 1,
    status: str = "",
) -> Drawing:
    """Draw the curves of a training.

    Args:
        curves: Of the training; its history may be empty yet.
        others: Runs to compare with.
        axis: What goes to the right, one of `course.runs.curves.AXES`.
        smoothing: Of the training loss, 0 to below 1; the raw one stays behind.
        patience: Of early stopping, from 1.
        status: What happens now, a few words for the sentence; default what the run's
            state says.

    Example:
        >>> history = [{"step": 1, "loss": 0.7}, {"step": 2, "eval_loss": 0.6}]
        >>> draw_training(Curves("mine", history=history)).summary
        'mine (complete): step 2, training loss 0.700, validation loss 0.600.'
    """
    chart = _main_chart(curves, others, axis)
    parts = [chart.frame(axis)]
    for place, other in enumerate(others):
        parts.append(_other(chart, other, place, axis, smoothing))
    parts += _losses(chart, curves, axis, smoothing)
    parts.append(_early_stop(chart, curves, axis, patience))
    if not curves.history:
        parts.append(_nothing_yet(chart, status or curves.state))
    label = f"Training and validation loss of {curves.name}"
    main = chart.svg(parts, label, 'data-track=""')
    picture = (
        f"{legend(curves, others, smoothing)}"
        f'<div style="max-width:40em">{main}</div>'
        f"{draw_small(curves, others, axis, chart.x_range)}"
        f"{differences([curves, *others])}"
    )
    sentence = summary(curves, patience, status or curves.state)
    return Drawing(picture, sentence, table(curves, patience))


def _nothing_yet(chart: Chart, status: str) -> str:
    words = {"new": "Press Start to train.", "loading": "Loading …"}
    return (
        f'<text x="{chart.width / 2}" y="{chart.height / 2}" text-anchor="middle">'
        f"{escape(words.get(status, 'Nothing is recorded yet.'))}</text>"
    )


def patience_at(
    share: float,
    curves: Curves,
    others: Sequence[Curves] = (),
    axis: str = "step",
    now: int = 1,
) -> int:
    """Return the patience whose stopping line is nearest to a place of the picture.

    Args:
        share: Place, 0 (left edge of the chart) to 1. One step of an arrow key beside
            the present line means the next line on that side.
        curves: As for `draw_training`.
        others: As for `draw_training`.
        axis: As for `draw_training`.
        now: The present patience.
    """
    chart = _main_chart(curves, others, axis)
    places = {
        patience: _stop_share(chart, curves, axis, patience)
        for patience in range(1, MOST_PATIENCE + 1)
    }
    way = share - places[now]
    if abs(abs(way) - KEY) < 1e-4:  # the page rounds to so much
        there = {p: x for p, x in places.items() if (x - places[now]) * way > 0}
        share, places = places[now], there or {now: share}
    return min(places, key=lambda patience: abs(places[patience] - share))


def patience_for(curves: Curves, step: int) -> int:
    """Return the least patience with which early stopping reaches a step.

    Args:
        curves: Of the training.
        step: Of an evaluation.
    """
    for patience in range(1, MOST_PATIENCE):
        stopped_at = replay_early_stopping(
            curves.history, curves.metric, patience
        ).stopped_at
        if stopped_at is None or stopped_at >= step:
            return patience
    return MOST_PATIENCE


def _main_chart(curves: Curves, others: Sequence[Curves], axis: str) -> Chart:
    """The frame that all losses fit in, and the rest of a training that goes on."""
    values, ends = [], [_end(curves, axis)]
    for one in (curves, *others):
        for name in ("loss", "eval_loss"):
            values += [y for _, y in points(one.history, name, axis)]
        ends.append(max((number(r.get(axis)) or 0 for r in one.history), default=0))
    x_range = (0, max(ends) or 1)
    return Chart(_WIDTH, 290, x_range, span(values, zero=True), top=_HEADROOM)


def _end(curves: Curves, axis: str) -> float:
    """Where a training in progress will end, 0 for others."""
    epochs = number(curves.config.get("num_train_epochs"))
    last = curves.history[-1] if curves.history else {}
    done, place = number(last.get("epoch")), number(last.get(axis))
    if curves.state == "complete" or not (epochs and done and place):
        return 0
    return place * epochs / done


def _losses(chart: Chart, curves: Curves, axis: str, smoothing: float) -> list[str]:
    """Both losses, the raw one faint behind the smoothed one, and the evaluations."""
    train = points(curves.history, "loss", axis)
    parts = []
    if smoothing:
        parts.append(chart.line(train, TRAIN, "stroke-opacity:.35;stroke-width:1"))
    parts.append(chart.line(_smoothed(train, smoothing), TRAIN))
    validation = points(curves.history, "eval_loss", axis)
    parts.append(chart.line(validation, VALIDATION, "stroke-dasharray:6 3"))
    for record in evaluations(curves):
        x, y = number(record.get(axis)), number(record.get("eval_loss"))
        step = record["step"]
        if x is None or y is None:
            continue
        parts.append(
            f'<rect data-pick="eval-{step}" data-say="{escape(_told(record, curves))}" '
            f'x="{chart.x(x) - 5:.1f}" y="{chart.y(y) - 5:.1f}" width="10" height="10" '
            f'style="fill:{VALIDATION}"/>'
        )
    return parts


def _told(record: dict[str, Any], curves: Curves) -> str:
    """An evaluation, and how much patience leads to it."""
    patience = patience_for(curves, record["step"])
    return f"{say_evaluation(record, curves)}; patience {patience} gets here"


def _other(chart: Chart, other: Curves, place: int, axis: str, smoothing: float) -> str:
    """The losses of a run that is compared."""
    colour, sign = OTHERS[place % len(OTHERS)]
    train = _smoothed(points(other.history, "loss", axis), smoothing)
    parts = [chart.line(train, colour, "stroke-width:1;stroke-opacity:.7")]
    validation = points(other.history, "eval_loss", axis)
    parts.append(chart.line(validation, colour, "stroke-dasharray:6 3"))
    for record in evaluations(other):
        x, y = number(record.get(axis)), number(record.get("eval_loss"))
        if x is None or y is None:
            continue
        said = f"{visible(other.name)}: {say_evaluation(record, other)}"
        parts.append(
            f'<text data-link="other-{place}-{record["step"]}" data-say="'
            f'{escape(said)}" x="{chart.x(x):.1f}" y="{chart.y(y) + 4:.1f}" '
            f'text-anchor="middle" style="fill:{colour}">{sign}</text>'
        )
    return "".join(parts)


def _early_stop(chart: Chart, curves: Curves, axis: str, patience: int) -> str:
    """The star at what is kept, and the line where it stops, to be dragged."""
    found = replay_early_stopping(curves.history, curves.metric, patience)
    if found.best_step is None:
        return ""
    parts = []
    kept = record_at(curves, found.best_step)
    x, y = number(kept.get(axis)), number(kept.get("eval_loss"))
    if x is not None and y is not None:
        parts.append(
            f'<text x="{chart.x(x):.1f}" y="{chart.y(y) - 9:.1f}" font-size="20" '
            'text-anchor="middle" aria-hidden="true">★</text>'
        )
    share = _stop_share(chart, curves, axis, patience)
    place, said = share * chart.width, say_stop(found.stopped_at, patience)
    anchor = "end" if share > 0.5 else "start"
    offset = -12 if share > 0.5 else 12
    parts.append(
        f'<g data-drag="patience" data-axis="x" data-value="{share:.4f}" '
        f'data-say="Early stopping" data-text="{said}" style="cursor:ew-resize">'
        f'<path d="M{place:.1f} 12V{chart.floor}" style="stroke:currentColor;'
        'stroke-width:2;stroke-dasharray:2 3"/>'
        f'<path d="M{place:.1f} 12V{chart.floor}" style="stroke:transparent;'
        'stroke-width:24"/>'
        f'<circle cx="{place:.1f}" cy="12" r="8" '
        'style="fill:currentColor"/>'
        f'<text x="{place + offset:.1f}" y="16" text-anchor="{anchor}">'
        f"{said}</text></g>"
    )
    return "".join(parts)


def _stop_share(chart: Chart, curves: Curves, axis: str, patience: int) -> float:
    """Place of the stopping line; without a stop, at the end."""
    found = replay_early_stopping(curves.history, curves.metric, patience)
    at = None
    if found.stopped_at is not None:
        at = number(record_at(curves, found.stopped_at).get(axis))
    return chart.x(chart.x_range[1] if at is None else at) / chart.width


def _smoothed(
    pairs: list[tuple[float, float]], smoothing: float
) -> list[tuple[float, float]]:
    values = smooth([y for _, y in pairs], smoothing)
    return [(x, y) for (x, _), y in zip(pairs, values, strict=True)]
