"""Fine-tune an encoder on a labelled task, and record everything in a run directory.

`finetune("sentiment", preset("default", "sentiment"))` trains with transformers'
`Trainer` (and peft), keeps the step that did best on the validation split, measures
once on the test split beside two baselines, and returns the `Run`. A stopped run
continues with `resume`. Left out: generation, and tasks with a label for each token.

Sources: Devlin et al. 2019 (fine-tuning), Wang et al. 2020 (MiniLM), Hu et al. 2022
(LoRA).
"""

import json
import shutil
import threading
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from datasets import DatasetDict
from transformers import EarlyStoppingCallback, TrainerCallback

from course import hardware
from course.data import TASKS, fingerprint, label_names, load_task
from course.errors import CourseError, Stopped
from course.finetuning.configuration import PRESETS, FinetuningConfig, preset
from course.finetuning.preparation import make_trainer
from course.finetuning.progress import TrainingProgress
from course.finetuning.recording import Recorder, rewind_history
from course.finetuning.results import (
    complete,
    describe,
    measure,
    save_model,
    write_json,
)
from course.finetuning.steering import Steering
from course.finetuning.stopping import Stopper, ctrl_c_sets, one_line_when_disk_is_full
from course.finetuning.training import CourseTrainer, latest_checkpoint, quiet
from course.runs import FORMAT, PARTIAL, Run, open_run, run_names, runs_dir
from course.runs.claims import claim

__all__ = [
    "PRESETS",
    "FinetuningConfig",
    "Interrupted",
    "Steering",
    "finetune",
    "preset",
    "resume",
]

OnLog = Callable[[dict[str, Any]], None]


class Interrupted(Stopped):
    """Training was stopped on request; `resume` continues it."""


@dataclass(frozen=True)
class _Watch:
    """Who follows a training, and who may steer and stop it."""

    stop: threading.Event
    on_log: OnLog | None
    callbacks: tuple[TrainerCallback, ...]
    progress: bool
    steering: Steering


def finetune(
    task: str,
    config: FinetuningConfig | None = None,
    *,
    name: str | None = None,
    dataset: DatasetDict | None = None,
    text_column: str = "text",
    label_column: str = "label",
    baselines: bool = True,
    test: bool = True,
    stop: threading.Event | None = None,
    on_log: OnLog | None = None,
    callbacks: tuple[TrainerCallback, ...] = (),
    progress: bool = True,
    steering: Steering | None = None,
) -> Run:
    """Fine-tune on a task and return the finished run.

    Args:
        task: A name in `TASKS`, or the path of a csv, tsv or jsonl file.
        config: Options; default `preset("default", task)`.
        name: Name of the run directory; default task, method and time.
        dataset: The task's splits, if they are loaded already.
        text_column: Column of a file that holds the text.
        label_column: Column of a file that holds the label.
        baselines: Whether to measure the two baselines as well.
        test: Whether to measure on the test split (else on validation): whoever
            compares runs to choose one must not look at the test split.
        stop: Set it from another thread to stop at the next step, resumably.
        on_log: Called with each record of `history.jsonl` as it is written.
        callbacks: Further callbacks of `Trainer`.
        progress: Whether to show a progress line on standard error.
        steering: Pauses it or changes its learning rate from another thread.

    Returns:
        The `Run`; its directory is complete.

    Raises:
        CourseError: If the task, an option or the name is wrong.
        Interrupted: If it was stopped; `resume(name)` continues.

    Example:
        run = finetune("spam", preset("quick", "spam"))
        print(run.metrics["f1"])  # value, low, high and n
    """
    config = config or preset("default", task)
    config.check()
    if dataset is None:
        dataset = load_task(task, config.seed, text_column, label_column)
    task_name = task if task in TASKS else Path(task).name
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    name = name or f"{Path(task_name).stem}-{config.method}-{moment}"
    folder = _new_folder(name)
    plan = {
        "format": FORMAT,
        "task": task_name,
        "source": task if task in TASKS else str(Path(task).absolute()),
        "columns": [text_column, label_column],
        "labels": label_names(dataset),
        "config": asdict(config),
        "fingerprint": fingerprint(dataset),
        "baselines": baselines,
        "measured_on": "test" if test else "validation",
    }
    write_json(folder / "plan.json", plan)
    stop, steering = stop or threading.Event(), steering or Steering()
    watch = _Watch(stop, on_log, callbacks, progress, steering)
    return _train(folder, plan, dataset, watch)


def resume(
    name: str,
    *,
    dataset: DatasetDict | None = None,
    stop: threading.Event | None = None,
    on_log: OnLog | None = None,
    callbacks: tuple[TrainerCallback, ...] = (),
    progress: bool = True,
    steering: Steering | None = None,
) -> Run:
    """Continue a run that was stopped or killed, to the result it would have had.

    Args:
        name: Name of the run.
        dataset: Its data, if it was trained on a `dataset` given directly.
        stop: As for `finetune`.
        on_log: As for `finetune`.
        callbacks: As for `finetune`.
        progress: As for `finetune`.
        steering: As for `finetune`.

    Returns:
        The `Run`; its directory is complete.

    Raises:
        CourseError: If there is no such stopped run, or its data have changed.
        Interrupted: If it was stopped again.
    """
    name = str(name).removesuffix(PARTIAL)
    folder = runs_dir() / f"{name}{PARTIAL}"
    if not (folder / "plan.json").is_file():
        state = "is complete" if name in run_names() else "does not exist"
        raise CourseError(
            f"The run {name!r} {state}; only a stopped one can be resumed: "
            "'course runs' lists them."
        )
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    if dataset is None:
        dataset = load_task(plan["source"], plan["config"]["seed"], *plan["columns"])
    if fingerprint(dataset) != plan["fingerprint"]:
        raise CourseError(
            f"The data of {name!r} have changed since it began: restore "
            f"{plan['source']}, or train anew."
        )
    stop, steering = stop or threading.Event(), steering or Steering()
    watch = _Watch(stop, on_log, callbacks, progress, steering)
    return _train(folder, plan, dataset, watch)


def _new_folder(name: str) -> Path:
    """Make the partial directory of a new run, and nothing over an old one."""
    if not name or name != Path(name).name or name.startswith("."):
        raise CourseError(
            f"{name!r} is not a run's name: use letters, digits, '-' and '_'."
        )
    folder = runs_dir() / f"{name}{PARTIAL}"
    for taken, remedy in (
        (runs_dir() / name, "choose another name"),
        (folder, f"continue it with 'course train --resume {name}'"),
    ):
        if taken.exists():
            raise CourseError(f"There is a run {taken.name!r} already: {remedy}.")
    folder.mkdir(parents=True)
    return folder


def _train(
    folder: Path, plan: dict[str, Any], dataset: DatasetDict, watch: _Watch
) -> Run:
    """Train in the partial directory, measure, and give it its name."""
    name = folder.name.removesuffix(PARTIAL)
    config = FinetuningConfig(**_as_tuples(plan["config"]))
    hardware.apply_threads()
    with (
        one_line_when_disk_is_full(name),
        ctrl_c_sets(watch.stop),
        warnings.catch_warnings(),
    ):
        # transformers and peft warn of a name that they themselves still use.
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        config = _after_first_stage(name, plan, config, watch)
        with TrainingProgress(name, watch.progress) as bar:
            with claim(folder):
                info = _train_and_measure(folder, plan, dataset, config, watch, bar)
            return complete(folder, name, info)


def _train_and_measure(
    folder: Path,
    plan: dict[str, Any],
    dataset: DatasetDict,
    config: FinetuningConfig,
    watch: _Watch,
    bar: TrainingProgress,
) -> dict[str, Any]:
    """Return what goes into `run.json`; the model is saved."""
    try:
        prepared = make_trainer(folder, plan, dataset, config)
    except CourseError:
        if latest_checkpoint(folder) is None:
            shutil.rmtree(folder)  # nothing was begun that could be resumed
        raise
    trainer, tokenizer, truncated = prepared
    recorder = _run_trainer(trainer, folder, config, watch, bar)
    bar.say("measuring")
    save_model(trainer.model, tokenizer, folder, config)
    info = describe(plan, config, dataset, trainer, recorder, truncated)
    measure(info, folder, dataset, plan)
    return info


def _after_first_stage(
    name: str, plan: dict[str, Any], config: FinetuningConfig, watch: _Watch
) -> FinetuningConfig:
    """Train the first stage, if there is one, and start from its result."""
    if config.first_stage is None:
        return config
    first = f"{name}-first-stage"
    followers = {"stop": watch.stop, "progress": watch.progress}
    followers |= {"steering": watch.steering}
    if first in run_names():
        run = open_run(runs_dir() / first)
    elif (runs_dir() / f"{first}{PARTIAL}").is_dir():
        run = resume(first, **followers)
    else:
        stage = preset("default", config.first_stage, seed=config.seed)
        run = finetune(
            config.first_stage,
            # No longer inputs than the second stage has: time grows with the length.
            replace(stage, model=config.model, max_length=config.max_length),
            name=first,
            baselines=False,
            test=False,
            **followers,
        )
    return replace(config, model=str(run.path))


def _run_trainer(
    trainer: CourseTrainer,
    folder: Path,
    config: FinetuningConfig,
    watch: _Watch,
    bar: TrainingProgress,
) -> Recorder:
    """Train to the end, from the last checkpoint if there is one."""

    def on_log(record: dict[str, Any]) -> None:
        bar.record(record)
        if watch.on_log:
            watch.on_log(record)

    checkpoint = latest_checkpoint(folder)
    step = int(checkpoint.name.rsplit("-", 1)[1]) if checkpoint else 0
    per_step = config.per_device_train_batch_size * config.gradient_accumulation_steps
    recorder = Recorder(folder, per_step, on_log, rewind_history(folder, step))
    stopper = Stopper(watch.stop, config.max_seconds, recorder)
    quiet(trainer)
    steering = watch.steering.attach(watch.stop, recorder)
    # A pause comes before the look whether to stop: both can be wanted at once.
    for callback in (recorder, steering, stopper, bar, *watch.callbacks):
        trainer.add_callback(callback)
    if config.early_stopping_patience:
        trainer.add_callback(EarlyStoppingCallback(config.early_stopping_patience))
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    if stopper.interrupted:
        name = folder.name.removesuffix(PARTIAL)
        raise Interrupted(
            f"Stopped at step {trainer.state.global_step} of "
            f"{trainer.state.max_steps}; nothing is lost: continue with "
            f"'course train --resume {name}'."
        )
    return recorder


def _as_tuples(config: dict[str, Any]) -> dict[str, Any]:
    """Undo what JSON did to tuples."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in config.items()}
