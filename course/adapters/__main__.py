"""Train the shipped adapters again: `make adapters`, or with names only some of them.

Each is an ordinary run of `course.finetuning` with the options below, copied here
without its TensorBoard events. The test split is measured once, at the end, and the
numbers stand in its `run.json`; `tests/course/test_adapters.py` holds them.
"""

import shutil
import sys
from pathlib import Path

from course.errors import unknown_name
from course.finetuning import finetune
from course.finetuning.configuration import preset
from course.runs import PARTIAL, runs_dir

ADAPTERS = {
    "sentiment": preset(
        "default",
        "sentiment",
        method="lora",
        learning_rate=1e-3,
        attention_probs_dropout_prob=0.1,
    ),
    # With weighted labels and 1e-3 its validation scores jump; this is calmer.
    "spam": preset(
        "default",
        "spam",
        method="lora",
        learning_rate=5e-4,
        num_train_epochs=5.0,
        class_weights=None,
        metric_for_best_model="loss",
    ),
    "topic": preset(
        "default",
        "topic",
        method="lora",
        learning_rate=1e-3,
        attention_probs_dropout_prob=0.1,
    ),
}


def make(name: str) -> Path:
    """Train one adapter and put it in its folder here.

    Args:
        name: A key of `ADAPTERS`; also the task's name.

    Returns:
        The folder.
    """
    run_name = f"adapter-{name}"
    for leftover in (runs_dir() / run_name, runs_dir() / f"{run_name}{PARTIAL}"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
    run = finetune(name, ADAPTERS[name], name=run_name)
    folder = Path(__file__).parent / name
    fresh = folder.with_name(f".{name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(run.path, fresh, ignore=shutil.ignore_patterns("tensorboard"))
    # Its card and run directory speak of it by its name here.
    card = (fresh / "README.md").read_text(encoding="utf-8")
    (fresh / "README.md").write_text(card.replace(run_name, name), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    shutil.rmtree(run.path)
    return folder


def main(names: list[str]) -> None:
    """Make the named adapters, or all of them."""
    for name in names:
        if name not in ADAPTERS:
            raise unknown_name("adapter", name, ADAPTERS)
    for name in names or ADAPTERS:
        print(make(name))


if __name__ == "__main__":
    main(sys.argv[1:])
