"""Run directories for the demo's tests: small and random, but complete."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

ACCURACY = {"value": 0.8354, "low": 0.8158, "high": 0.8532, "n": 1500}
MAJORITY = {"value": 0.5, "low": 0.4748, "high": 0.5252, "n": 1500}


def make_run(folder: Path, model_dir: Path, changed: int = 0, **info: Any) -> Path:
    """Make a run directory from a Hugging Face folder.

    Args:
        folder: Where; its name is the run's.
        model_dir: The model, as the fixture `tiny_model_dir` gives it.
        changed: When it was written, in seconds since 1970; 0 for now.
        info: What `run.json` says otherwise.
    """
    shutil.copytree(model_dir, folder)
    info = {
        "format": 1,
        "task": "sentiment",
        "labels": ["negative", "positive"],
        "model": "minilm",
        "method": "full",
        "config": {"max_length": 64},
        "metrics": {"accuracy": ACCURACY},
        "measured_on": "test",
        "baselines": {"majority": {"metrics": {"accuracy": MAJORITY}}},
        **info,
    }
    (folder / "run.json").write_text(json.dumps(info), encoding="utf-8")
    if changed:
        os.utime(folder, (changed, changed))
    return folder
