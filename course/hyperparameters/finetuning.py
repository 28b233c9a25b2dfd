"""A trial of a search that fine-tunes, and is scored on the validation split alone.

Each seed of a trial is a run directory like any other. A trial that a killed worker
left is continued from its last checkpoint. Left out: the choice of values.
"""

import dataclasses
import math
import shutil
import threading
from collections.abc import Callable
from typing import Any

from course.data import fingerprint, load_task
from course.finetuning import Interrupted, finetune, resume
from course.finetuning.configuration import FinetuningConfig
from course.hyperparameters.trials import Report
from course.runs import PARTIAL, Run, open_run, runs_dir

__all__ = ["FinetuningTrial"]


class FinetuningTrial:
    """Fine-tunes with a trial's values; an `Evaluate` for `run_trials`.

    The data are split once for all seeds: a split that changed with the seed would put
    test texts of the final training into a trial's training data.

    Args:
        task: A name in `TASKS`, or the path of a file.
        config: The options that a trial starts from.
        metric: A validation metric of the history, such as `eval_accuracy`.
        text_column: Column of a file that holds the text.
        label_column: Column of a file that holds the label.
    """

    def __init__(
        self,
        task: str,
        config: FinetuningConfig,
        metric: str,
        text_column: str = "text",
        label_column: str = "label",
    ) -> None:
        """Load the data, once for all trials."""
        self.task = task
        self.metric = metric
        # The step that a run keeps is the best by the metric that the search looks at.
        self.config = dataclasses.replace(
            config, metric_for_best_model=metric.removeprefix("eval_")
        )
        self.columns = {"text_column": text_column, "label_column": label_column}
        self.dataset = load_task(task, config.seed, text_column, label_column)
        self.fingerprint = fingerprint(self.dataset)

    def __call__(self, params: dict[str, Any], seed: int, report: Report) -> float:
        """Train with a trial's values and one seed, and return the best evaluation.

        Args:
            params: Fields of `FinetuningConfig`.
            seed: Seed of head, order and dropout.
            report: Takes the evaluations and tells when to end.

        Returns:
            The metric; NaN if the trial was ended early.
        """
        stop = threading.Event()
        on_log = self._listener(report, stop)
        try:
            run = self._train(params, seed, report, stop, on_log)
        except Interrupted as interrupted:
            report.add_run(runs_dir() / f"{report.name}{PARTIAL}")
            if not report.ended_early:
                raise KeyboardInterrupt from interrupted  # Ctrl-C during the training
            if report.is_pruned:
                _drop_checkpoints(report.name)
            return math.nan
        report.add_run(run.path)
        values = [row[self.metric] for row in run.history() if self.metric in row]
        return min(values) if self.metric == "eval_loss" else max(values)

    def _listener(
        self, report: Report, stop: threading.Event
    ) -> Callable[[dict[str, Any]], None]:
        """Return a function that hands evaluations on and stops the training."""
        half_epochs = 0

        def on_log(record: dict[str, Any]) -> None:
            nonlocal half_epochs
            # Trials have different batch sizes: they are compared at equal epochs.
            passed = int(2 * record["epoch"] + 0.05)
            if self.metric in record and passed > half_epochs:
                half_epochs = passed
                report(passed, record[self.metric])
            if report.should_end():
                stop.set()

        return on_log

    def _train(
        self,
        params: dict[str, Any],
        seed: int,
        report: Report,
        stop: threading.Event,
        on_log: Callable[[dict[str, Any]], None],
    ) -> Run:
        watch = {"stop": stop, "on_log": on_log, "progress": False}
        complete = runs_dir() / report.name
        partial = runs_dir() / f"{report.name}{PARTIAL}"
        if report.is_retry and complete.is_dir():
            return open_run(complete)
        if report.is_retry and (partial / "plan.json").is_file():
            return resume(report.name, dataset=self.dataset, **watch)
        if report.is_retry:
            # Killed in its first or its last moment: there is nothing to continue.
            shutil.rmtree(partial, ignore_errors=True)
        return finetune(
            self.task,
            dataclasses.replace(self.config, **params, seed=seed),
            name=report.name,
            dataset=self.dataset,
            **self.columns,
            baselines=False,
            test=False,
            **watch,
        )


def _drop_checkpoints(name: str) -> None:
    """Free the space of a pruned run; its options and its history stay."""
    for folder in (runs_dir() / f"{name}{PARTIAL}").glob("checkpoint-*"):
        shutil.rmtree(folder)
