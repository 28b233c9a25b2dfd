"""The curves of a training: found, read while they grow, smoothed, replayed, compared.

Early stopping needs no second training to be understood: what it would have done with
another patience follows from the history. Left out: drawing.

Source of early stopping with patience: Prechelt 1998.
"""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from course.errors import CourseError, unknown_name
from course.runs import ADAPTERS, PARTIAL, run_names, runs_dir, shipped
from course.runs.claims import is_claimed
from course.runs.files import read_history, read_info

AXES = ("step", "epoch", "seconds")
METRICS = ("accuracy", "f1_macro", "loss")


@dataclass(frozen=True)
class Curves:
    """What a training has recorded so far.

    Attributes:
        name: Name of the run.
        task: What it was trained on, None if that is not known.
        state: `complete`, `training` (by some process, now) or `stopped` (resumable).
        config: The options, named as in `FinetuningConfig`.
        history: The records of `history.jsonl`.

    Example:
        >>> Curves("mine", "spam", config={"metric_for_best_model": "loss"}).metric
        'loss'
    """

    name: str
    task: str | None = None
    state: str = "complete"
    config: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def metric(self) -> str:
        """What early stopping looks at: `accuracy`, `f1_macro` or `loss`."""
        metric = self.config.get("metric_for_best_model")
        return metric if metric in METRICS else METRICS[0]


class EarlyStop(NamedTuple):
    """What early stopping makes of a history; steps, or None where there is none."""

    best_step: int | None
    stopped_at: int | None


def read_curves(name: str | Path) -> Curves:
    """Read the curves of a run, also of one in progress, stopped or killed.

    Args:
        name: A run's name or path, or the name of a shipped adapter.

    Raises:
        CourseError: If there is no such run, or its files are damaged.

    Example:
        >>> read_curves("sentiment").task
        'sentiment'
    """
    for folder in _folders(str(name)):
        # Unlike Path.is_file, this is no error for a name that is too long.
        if os.path.isfile(folder / "run.json") and not folder.name.endswith(PARTIAL):
            info = read_info(folder)
            return Curves(
                folder.name,
                info["task"],
                config=info["config"],
                history=read_history(folder),
            )
        if os.path.isfile(folder / "plan.json"):
            plan = _read_plan(folder)
            return Curves(
                folder.name.removesuffix(PARTIAL),
                plan.get("task"),
                "training" if is_claimed(folder) else "stopped",
                plan["config"],
                read_history(folder),
            )
    raise unknown_name("run", str(name), [*run_names(), *partial_names(), *shipped()])


def _folders(name: str) -> list[Path]:
    """Where a run of this name or path may lie; it loses its ending when it is done."""
    path = Path(name.removesuffix("/").removesuffix(PARTIAL)).expanduser()
    if not path.name:
        return []
    partial = path.with_name(path.name + PARTIAL)
    if path.is_absolute() or len(path.parts) > 1:
        return [path, partial]
    return [runs_dir() / path, runs_dir() / partial, ADAPTERS / path]


def _read_plan(folder: Path) -> dict[str, Any]:
    try:
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except ValueError:
        plan = None
    if not isinstance(plan, dict) or not isinstance(plan.get("config"), dict):
        raise CourseError(
            f"{folder / 'plan.json'} is damaged: remove that folder and train again."
        )
    return plan


def partial_names() -> list[str]:
    """Return the names of the runs in progress, stopped or killed, newest first."""
    plans = sorted(
        runs_dir().glob(f"*{PARTIAL}/plan.json"), key=lambda plan: plan.stat().st_mtime
    )
    return [plan.parent.name.removesuffix(PARTIAL) for plan in plans[::-1]]


def curve_names(task: str | None) -> list[str]:
    """Return the names of a task's runs with curves, newest first, shipped ones last.

    Args:
        task: Name of the task.

    Example:
        >>> "spam" in curve_names("spam")
        True
    """
    names = []
    for name in dict.fromkeys([*run_names(), *partial_names(), *shipped()]):
        try:
            curves = read_curves(name)
        except CourseError:
            continue  # `course doctor` names the damaged ones
        if curves.task == task and curves.history:
            names.append(name)
    return names


def number(value: Any) -> float | None:
    """Return a finite number as it is, and None for all else a history may hold.

    Example:
        >>> number(0.5), number(float("nan")), number("0.5")
        (0.5, None, None)
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None


def points(
    history: Sequence[dict[str, Any]], name: str, axis: str = "step"
) -> list[tuple[float, float]]:
    """Return the points of one curve, (place on the axis, value).

    Args:
        history: Records of a training.
        name: What is drawn, such as `loss` or `eval_loss`.
        axis: One of `AXES`.

    Example:
        >>> points([{"step": 1, "loss": 0.7}, {"step": 2, "eval_loss": 0.6}], "loss")
        [(1, 0.7)]
    """
    pairs = [(number(r.get(axis)), number(r.get(name))) for r in history if name in r]
    return [(x, y) for x, y in pairs if x is not None and y is not None]


def smooth(values: Sequence[float], smoothing: float) -> list[float]:
    """Return the running average that forgets by a factor at each value.

    The first values count as fully as later ones: the weights are scaled to sum to 1,
    so that a curve does not begin near zero.

    Args:
        values: Shape (n,).
        smoothing: Factor, 0 (nothing changes) to below 1.

    Example:
        >>> smooth([4.0, 1.0], 0.5)
        [4.0, 2.0]
    """
    averaged, total, weight = [], 0.0, 0.0
    for value in values:
        total = smoothing * total + (1 - smoothing) * value
        weight = smoothing * weight + (1 - smoothing)
        averaged.append(total / weight)
    return averaged


def replay_early_stopping(
    history: Sequence[dict[str, Any]], metric: str = "accuracy", patience: int = 1
) -> EarlyStop:
    """Tell where early stopping would have ended a training, and what it had kept.

    Args:
        history: Records of a training.
        metric: `accuracy`, `f1_macro` or `loss`; of the last, less is better.
        patience: Evaluations in a row without a better one before it stops, from 1.

    Returns:
        The best evaluated step until then, and the step at which it would have stopped,
        None if it would not.

    Example:
        >>> scores = (0.7, 0.8, 0.8, 0.9)
        >>> history = [{"step": i, "eval_accuracy": s} for i, s in enumerate(scores)]
        >>> replay_early_stopping(history, patience=1)
        EarlyStop(best_step=1, stopped_at=2)
        >>> replay_early_stopping(history, patience=2)
        EarlyStop(best_step=3, stopped_at=None)
    """
    best, best_step, waited = None, None, 0
    for record in history:
        if f"eval_{metric}" not in record:
            continue
        value = number(record[f"eval_{metric}"])
        sign = -1 if metric == "loss" else 1
        if value is not None and (best is None or sign * value > sign * best):
            best, best_step, waited = value, record.get("step"), 0
            continue
        waited += 1
        if waited >= patience:
            return EarlyStop(best_step, record.get("step"))
    return EarlyStop(best_step, None)


def differing_options(configs: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return the options in which configurations differ: name -> value of each.

    Args:
        configs: Of at least one run; an option that one lacks is None there.

    Example:
        >>> differing_options([{"r": 8, "seed": 0}, {"r": 4, "seed": 0}])
        {'r': [8, 4]}
    """
    names = dict.fromkeys(name for config in configs for name in config)
    rows = {name: [config.get(name) for config in configs] for name in names}
    return {name: row for name, row in rows.items() if row != row[:1] * len(row)}
