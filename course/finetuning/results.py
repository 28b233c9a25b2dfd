"""From a trained model to a complete run directory: saved, measured and described.

Here the test split is looked at, once. Left out: training, and reading runs again,
which is `course.runs`'.
"""

import json
import platform
import shutil
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import DatasetDict

from course import hardware
from course.data import TASKS
from course.evaluation import evaluate_predictions
from course.finetuning import baselines
from course.finetuning.configuration import FinetuningConfig
from course.finetuning.model_card import write_model_card
from course.finetuning.recording import Recorder
from course.finetuning.training import CourseTrainer
from course.inference import Classifier
from course.runs import FORMAT, Run, open_run

LIBRARIES = ("torch", "transformers", "peft", "datasets", "scikit-learn", "numpy")


def save_model(
    model: Any, tokenizer: Any, folder: Path, config: FinetuningConfig
) -> None:
    """Write the weights and the tokenizer, without a path of this machine in them."""
    if config.method == "lora":
        # Base models are named as the kit names them, wherever they lie.
        for adapter in model.peft_config.values():
            adapter.base_model_name_or_path = config.model
        # peft would look that name up to see whether the vocabulary has grown.
        model.save_pretrained(folder, save_embedding_layers=False)
    else:
        model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)  # peft's empty card


def describe(
    plan: dict[str, Any],
    config: FinetuningConfig,
    dataset: DatasetDict,
    trainer: CourseTrainer,
    recorder: Recorder,
    truncated: dict[str, int],
) -> dict[str, Any]:
    """Return what `run.json` says besides the metrics."""
    trainable = [p.numel() for p in trainer.model.parameters() if p.requires_grad]
    return {
        "format": FORMAT,
        "task": plan["task"],
        "source": plan["source"],
        "columns": plan["columns"],
        "labels": plan["labels"],
        "model": plan["config"]["model"],
        "method": config.method,
        "config": plan["config"],
        "seed": config.seed,
        "steps": trainer.state.global_step,
        "best_step": trainer.state.best_global_step or trainer.state.global_step,
        "seconds": round(recorder.seconds, 2),
        "parameters": sum(p.numel() for p in trainer.model.parameters()),
        "trainable_parameters": sum(trainable),
        "data": {
            "fingerprint": plan["fingerprint"],
            **{split: len(rows) for split, rows in dataset.items()},
            "train": len(trainer.train_dataset),
            "truncated_train": truncated["train"],
            "truncated_validation": truncated["validation"],
        },
        "hardware": {
            "device": hardware.device().type,
            "precision": hardware.precision(),
            "threads": torch.get_num_threads(),
        },
        "versions": {
            "python": platform.python_version(),
            **{library: version(library) for library in LIBRARIES},
        },
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def measure(
    info: dict[str, Any], folder: Path, dataset: DatasetDict, plan: dict[str, Any]
) -> None:
    """Add the metrics of model and baselines to `info`: the one look at the test."""
    split = plan["measured_on"]
    task = TASKS.get(plan["task"])
    positive_label = task.positive_label if task else None
    start = time.perf_counter()
    classifier = Classifier(Run(folder, info))
    predictions = classifier.predict(list(dataset[split]["text"]))
    seconds = time.perf_counter() - start
    evaluation = evaluate_predictions(
        predictions.probabilities,
        np.asarray(dataset[split]["label"]),
        info["labels"],
        positive_label=positive_label,
        seed=info["seed"],
    ).to_dict()
    info["measured_on"] = split
    info["metrics"] = evaluation["metrics"]
    info["confusion"] = evaluation["confusion"]
    info["data"][f"truncated_{split}"] = int(predictions.truncated.sum())
    info["inference_seconds"] = round(seconds, 2)
    info["bytes"] = sum(f.stat().st_size for f in folder.glob("*.safetensors"))
    if plan["baselines"]:
        info["baselines"] = baselines.measure(
            dataset, split, positive_label, info["seed"]
        )
    info["peak_memory_bytes"] = hardware.peak_memory()


def complete(folder: Path, name: str, info: dict[str, Any]) -> Run:
    """Write the last files, give the directory its name, and tidy it.

    In this order, because a kill may come between any two steps: before the name is
    given the run can be resumed, and after it the run is complete.

    Args:
        folder: The partial directory.
        name: Name of the run.
        info: What goes into `run.json`.

    Returns:
        The complete `Run`.
    """
    write_model_card(folder, name, info)
    write_json(folder / "run.json", info)
    folder = folder.rename(folder.with_name(name))
    for checkpoint in folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint)
    (folder / "plan.json").unlink()
    return open_run(folder)


def write_json(file: Path, data: dict[str, Any]) -> None:
    """Write JSON by way of a temporary name, so that no half of it can be read."""
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)
