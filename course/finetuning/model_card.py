"""The model card: a run's README, made from `run.json` alone.

Follows the questions of Mitchell et al. 2019 ("Model Cards for Model Reporting"): what
it is, what it was trained on, how well it does and beside what, what it should not be
used for. Every number in it stands in `run.json`.
"""

from pathlib import Path
from typing import Any

from course.errors import one_line
from course.tasks import TASKS


def _interval(metric: dict[str, Any]) -> str:
    if metric.get("value") is None:
        return "-"
    if metric.get("low") is None:
        return f"{metric['value']:.3f}"
    return f"{metric['value']:.3f} [{metric['low']:.3f}, {metric['high']:.3f}]"


def _table(info: dict[str, Any]) -> str:
    """Return the metrics of the model and its baselines as a Markdown table."""
    columns = {"this model": info["metrics"]} | {
        name.replace("_", " "): baseline["metrics"]
        for name, baseline in info.get("baselines", {}).items()
    }
    chosen = [
        name
        for name in ("accuracy", "f1", "f1_macro", "expected_calibration_error")
        if name in info["metrics"]
    ]
    lines = [
        "| metric | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for name in chosen:
        cells = [
            _interval(metrics[name]) if name in metrics else "-"
            for metrics in columns.values()
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def model_card(name: str, info: dict[str, Any]) -> str:
    """Write the model card of a run.

    Args:
        name: Name of the run.
        info: Contents of `run.json`.

    Returns:
        Markdown, with the front matter that model hubs read.
    """
    task = TASKS.get(info["task"])
    title = task.title if task else f"Texts of {one_line(info['task'])}"
    labels = ", ".join(one_line(label) for label in info["labels"])
    options = {
        key: info["config"][key]
        for key in (
            "learning_rate",
            "num_train_epochs",
            "per_device_train_batch_size",
            "max_length",
            "seed",
        )
    }
    data = info["data"]
    return f"""---
library_name: transformers
pipeline_tag: text-classification
base_model: {info["model"]}
---

# {name}

{title}. Labels: {labels}.

## How it was made

Base model `{info["model"]}`, method `{info["method"]}`, {info["seconds"]:.0f} s of
training on {info["hardware"]["threads"]} thread(s) in {info["hardware"]["precision"]}.
Trained on {data["train"]} texts, the step chosen on {data["validation"]} others.
{data["truncated_train"]} training texts were longer than {options["max_length"]} tokens
and were cut.

{", ".join(f"`{key}={value}`" for key, value in options.items())}

## How well it does

On the {info["measured_on"]} split, n = {info["metrics"]["accuracy"]["n"]}, with 95 %
intervals:

{_table(info)}

## What it is not for

It has learnt from one source of texts ({title.split(":")[0]}) and will be wrong, and
confident, on others. It was made for learning and teaching; do not let it decide about
people. The data's licences are listed in the kit's `DATA_LICENSES.md`.
"""


def write_model_card(folder: Path, name: str, info: dict[str, Any]) -> None:
    """Write `README.md` into a run directory."""
    (folder / "README.md").write_text(model_card(name, info), encoding="utf-8")
