"""A complete run directory around the tiny model of conftest.py.

The weights are random, so its numbers say nothing; their form is that of a real run.
"""

import json
import shutil
from pathlib import Path
from typing import Any

METRICS = {
    "accuracy": {"value": 0.8, "low": 0.706, "high": 0.867, "n": 100},
    "f1": {"value": 0.81, "low": 0.72, "high": 0.88, "n": 100},
    "f1_macro": {"value": 0.8, "low": 0.71, "high": 0.87, "n": 100},
    "expected_calibration_error": {"value": 0.05, "low": None, "high": None, "n": 100},
}
BASELINE = {"value": 0.5, "low": 0.404, "high": 0.596, "n": 100}
# One line of each kind that a training logs.
HISTORY = (
    {"step": 1, "epoch": 0.1, "loss": 0.7, "learning_rate": 1e-4, "grad_norm": 2.0}
    | {"examples_per_second": 100.0, "seconds": 0.5},
    {"step": 10, "epoch": 1.0, "eval_loss": 0.6, "eval_accuracy": 0.75, "seconds": 4.0},
)


def tiny_info() -> dict[str, Any]:
    """What `run.json` of the tiny run says; the caller may change it."""
    return {
        "format": 1,
        "task": "sentiment",
        "labels": ["negative", "positive"],
        "model": "minilm",
        "method": "full",
        "config": {
            "learning_rate": 1e-4,
            "num_train_epochs": 1.0,
            "per_device_train_batch_size": 32,
            "max_length": 64,
            "seed": 0,
        },
        "seed": 0,
        "steps": 10,
        "best_step": 10,
        "seconds": 4.0,
        "parameters": 1_000_000,
        "trainable_parameters": 1_000_000,
        "data": {"train": 320, "validation": 40, "test": 100}
        | {"truncated_train": 3, "truncated_validation": 0, "truncated_test": 1},
        "hardware": {"device": "cpu", "precision": "fp32", "threads": 1},
        "versions": {"python": "3.11.0"},
        "created": "2026-01-01T00:00:00+00:00",
        "measured_on": "test",
        "metrics": json.loads(json.dumps(METRICS)),
        "confusion": [[40, 10], [10, 40]],
        "inference_seconds": 0.1,
        "bytes": 4_000_000,
        "baselines": {
            "majority": {"metrics": {"accuracy": BASELINE}, "seconds": 0.0, "bytes": 0}
        },
        "peak_memory_bytes": 500_000_000,
    }


def make_tiny_run(folder: Path, model_dir: Path) -> Path:
    """Make a run directory of a model's folder.

    Args:
        folder: The directory to make; its name is the run's.
        model_dir: What `tiny_model_dir` gives.

    Returns:
        `folder`.
    """
    shutil.copytree(model_dir, folder)
    lines = "".join(json.dumps(record) + "\n" for record in HISTORY)
    (folder / "history.jsonl").write_text(lines, encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(tiny_info()), encoding="utf-8")
    return folder
