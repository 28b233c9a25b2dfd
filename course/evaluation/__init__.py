"""Evaluation of runs: on their own test split, on a user's file, against each other.

The measures themselves are functions of arrays: see `course.evaluation.classification`,
`course.evaluation.thresholds` and `course.evaluation.calibration`; those that one asks
for by name here are handed on, and loaded then.
"""

import importlib
from typing import Any

_HOMES = {
    "Evaluation": "classification",
    "compare_runs": "of_runs",
    "evaluate_predictions": "classification",
    "evaluate_run": "of_runs",
    "own_split": "of_runs",
    "precision_recall_curve": "thresholds",
    "roc_curve": "thresholds",
    "slices": "of_runs",
    "threshold_by_cost": "thresholds",
    "wilson": "shares",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Load what is asked for: not everybody waits for the libraries of all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
