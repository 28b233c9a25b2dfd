"""What a training's picture says, in signs, words and tables.

Left out: the picture, which is `course.views.training`'s.
"""

from collections.abc import Sequence
from typing import Any

from course.runs.curves import (
    Curves,
    differing_options,
    number,
    points,
    replay_early_stopping,
)
from course.views.explanation import visible
from course.views.shown import escape

TRAIN, VALIDATION = "#0072b2", "#d55e00"  # Okabe-Ito blue and red
# Colour and sign of each run that is compared, again from the first after the last.
OTHERS = (("#009e73", "▲"), ("#cc79a7", "◆"), ("#e69f00", "●"), ("#56b4e9", "▼"))


def legend(curves: Curves, others: Sequence[Curves], smoothing: float) -> str:
    """Which line is which, with the sign of each."""
    smoothed = f", smoothed {smoothing:g}" if smoothing else ""
    entries = [
        (TRAIN, "━", f"training loss{smoothed}"),
        (VALIDATION, "■", "validation loss"),
        ("currentColor", "★", "kept by early stopping"),
    ]
    for place, other in enumerate(others):
        entries.append((*OTHERS[place % len(OTHERS)], visible(other.name)))
    return "".join(
        f'<span style="margin-right:1.2em;white-space:nowrap"><span style="color:'
        f'{colour}" aria-hidden="true">{sign}</span> {escape(words)}</span> '
        for colour, sign, words in entries
    )


def evaluations(curves: Curves) -> list[dict[str, Any]]:
    """Return the records of evaluations that tell their step."""
    return [
        record
        for record in curves.history
        if "eval_loss" in record and number(record.get("step")) is not None
    ]


def record_at(curves: Curves, step: int | None) -> dict[str, Any]:
    """Return the evaluation at a step, {} if there is none."""
    return next((r for r in evaluations(curves) if r["step"] == step), {})


def score(record: dict[str, Any], metric: str) -> str:
    """Return a metric of an evaluation in words.

    Example:
        >>> score({"eval_accuracy": 0.75}, "accuracy")
        'accuracy 75.0%'
    """
    value = number(record.get(f"eval_{metric}"))
    if value is None:
        return f"{metric} unknown"
    return f"{metric} {value:.3f}" if metric == "loss" else f"{metric} {value:.1%}"


def say_evaluation(record: dict[str, Any], curves: Curves, metric: str = "") -> str:
    """Return an evaluation in words.

    Args:
        record: Of the history.
        curves: Whose it is.
        metric: What else than the loss; default what early stopping looks at.
    """
    metric = metric or ("accuracy" if curves.metric == "loss" else curves.metric)
    loss = score(record, "loss")
    return f"step {record['step']:g}: validation {loss}, {score(record, metric)}"


def say_stop(stopped_at: float | None, patience: int) -> str:
    """Return what early stopping does.

    Example:
        >>> say_stop(None, 2)
        'patience 2: no stop'
    """
    end = "no stop" if stopped_at is None else f"stop at step {stopped_at:g}"
    return f"patience {patience}: {end}"


def summary(curves: Curves, patience: int, status: str) -> str:
    """Return the sentence about a training.

    Args:
        curves: Of the training.
        patience: Of early stopping.
        status: What happens now.
    """
    name = visible(curves.name)
    if not curves.history:
        return f"{name} ({status}): nothing is recorded yet."
    parts = [f"step {number(curves.history[-1].get('step')) or 0:g}"]
    for field, title in (("loss", "training"), ("eval_loss", "validation")):
        if pairs := points(curves.history, field):
            parts.append(f"{title} loss {pairs[-1][1]:.3f}")
    sentence = f"{name} ({status}): {', '.join(parts)}."
    found = replay_early_stopping(curves.history, curves.metric, patience)
    if found.best_step is None:
        return sentence
    kept = score(record_at(curves, found.best_step), curves.metric)
    kept = f"step {found.best_step:g} ({kept})"
    if found.stopped_at is None:
        return f"{sentence} With patience {patience} nothing stops it; best is {kept}."
    sentence += f" With patience {patience} it stops at step {found.stopped_at:g} and "
    sentence += f"keeps {kept}"
    best = replay_early_stopping(curves.history, curves.metric, len(curves.history))
    if best.best_step == found.best_step:
        return f"{sentence}, the best of all."
    missed = score(record_at(curves, best.best_step), curves.metric)
    return f"{sentence}; it misses step {best.best_step:g} ({missed})."


def table(curves: Curves, patience: int) -> str:
    """Return the evaluations as a table, with what early stopping does at each."""
    metric = "accuracy" if curves.metric == "loss" else curves.metric
    found = replay_early_stopping(curves.history, curves.metric, patience)
    losses = dict(points(curves.history, "loss"))
    rows = []
    for record in evaluations(curves):
        step = record["step"]
        before = [loss for place, loss in losses.items() if place <= step]
        marks = ["kept"] * (step == found.best_step)
        marks += ["stops here"] * (step == found.stopped_at)
        cells = [
            f"{number(record.get('epoch')) or 0:g}",
            f"{before[-1]:.3f}" if before else "",
            score(record, "loss").removeprefix("loss "),
            score(record, metric).removeprefix(f"{metric} "),
            ", ".join(marks),
        ]
        rows.append(_row(f"{step:g}", cells))
    heads = ("step", "epoch", "training loss", "validation loss")
    return _whole([*heads, f"validation {metric}", "early stopping"], rows)


def differences(runs: Sequence[Curves]) -> str:
    """Return what several runs differ in, and how they did; "" for one run."""
    if len(runs) < 2:
        return ""
    options = differing_options([run.config for run in runs])
    rows = [
        _row(name, [_value(value) for value in values])
        for name, values in options.items()
    ]
    if any(map(_changes, runs)):
        rows.append(_row("learning rate set to", [_changes(run) for run in runs]))
    rows += [
        _row("best validation score", [_best(run) for run in runs]),
        _row("seconds", [f"{_last(run, 'seconds'):,.0f}" for run in runs]),
        _row("steps", [f"{_last(run, 'step'):,g}" for run in runs]),
    ]
    heads = ["what differs", *(visible(run.name) for run in runs)]
    return (
        f'<div style="overflow-x:auto;overflow-wrap:normal">{_whole(heads, rows)}</div>'
    )


def _best(run: Curves) -> str:
    step = replay_early_stopping(run.history, run.metric, len(run.history) + 1)
    return score(record_at(run, step.best_step), run.metric)


def _changes(run: Curves) -> str:
    """Changes of the learning rate by hand: the configuration does not tell them."""
    changes = points(run.history, "learning_rate_set")
    return ", ".join(f"{rate:g} at step {step:g}" for step, rate in changes)


def _last(run: Curves, field: str) -> float:
    return max((number(r.get(field)) or 0 for r in run.history), default=0)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return visible(", ".join(map(str, value)))
    return f"{value:g}" if number(value) is not None else visible(str(value))


def _row(head: str, cells: Sequence[str]) -> str:
    inner = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(head)}</th>{inner}</tr>'


def _whole(heads: Sequence[str], rows: Sequence[str]) -> str:
    inner = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return f"<table><tr>{inner}</tr>{''.join(rows)}</table>"
