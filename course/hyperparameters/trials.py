"""The loop of one worker: take a trial, try its values with every seed, record it.

`run_trials` goes on until the budget is spent, alone or beside other workers on the
same storage. What a trial does is a function: a fine-tuning
(`course.hyperparameters.finetuning`), or anything cheap that a lesson or a test puts in
its place. Left out: setting the study up, and starting several workers.
"""

import contextlib
import math
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.trial import FrozenTrial, TrialState

from course.errors import CourseError
from course.hyperparameters.config import SearchConfig
from course.hyperparameters.results import trial_record
from course.hyperparameters.space import Space
from course.hyperparameters.storage import Storage, abandon, is_abandoned, requeue

__all__ = ["Evaluate", "Report", "run_trials", "shuffled_grid"]

# When the first trials all fail, so will the rest.
GIVE_UP_AFTER = 3


class Report:
    """A running trial, as the function that does its work sees it.

    Call it as `report(step, value)` with an intermediate value; when it returns True
    the trial should end as soon as it can, and what it returns then does not count.

    Attributes:
        name: Name for a run directory, different for every trial and seed.
        is_retry: Whether a worker that was killed or stopped began this trial before,
            under the same `name`.
        is_pruned: Whether the pruner has ended the trial.
        ended_early: Whether the trial was told to end.
    """

    def __init__(
        self, trial: optuna.Trial, seed: int, is_first_seed: bool, stop: threading.Event
    ) -> None:
        """Wrap a trial while it runs with one of its seeds."""
        number = trial.user_attrs.get("run_number", trial.number)
        self._trial = trial
        self._is_first_seed = is_first_seed
        self._stop = stop
        self.name = f"{trial.study.study_name}-trial-{number}-seed-{seed}"
        self.is_retry = "run_number" in trial.user_attrs
        self.is_pruned = False
        self.ended_early = False

    def __call__(self, step: int, value: float) -> bool:
        """Record an intermediate value; True tells to end the trial.

        Args:
            step: Whole number from 1; trials are compared at equal steps.
            value: The metric so far.
        """
        # The first seed decides who survives, later ones how good the survivors are.
        if self._is_first_seed and math.isfinite(value):
            self._trial.report(value, step)
            self.is_pruned = self.is_pruned or self._trial.should_prune()
        return self.should_end()

    def should_end(self) -> bool:
        """Whether to end now: the trial was pruned or the search is being stopped."""
        self.ended_early |= self.is_pruned or self._stop.is_set()
        return self.ended_early

    def add_run(self, path: Path) -> None:
        """Record the run directory of this seed.

        Args:
            path: Where it is.
        """
        runs = [*self._trial.user_attrs.get("runs", []), str(path)]
        self._trial.set_user_attr("runs", runs)


# Takes values, a seed and the report; returns the metric.
Evaluate = Callable[[dict[str, Any], int, Report], float]


class _Stopped(Exception):  # noqa: N818 - no error: someone asked for it
    """The search was stopped in the midst of a trial."""


def run_trials(
    study: optuna.Study,
    space: Space,
    config: SearchConfig,
    evaluate: Evaluate,
    storage: Storage | None = None,
    stop: threading.Event | None = None,
    on_trial: Callable[[dict[str, Any]], None] | None = None,
) -> Exception | None:
    """Run trials until the study has as many as the configuration says.

    Args:
        study: An Optuna study with the search's sampler and pruner.
        space: What varies.
        config: The search's options.
        evaluate: Does the work of a trial with one seed and returns the metric.
        storage: The storage that the study shares with other workers; None if it is in
            memory.
        stop: Set it from another thread to end; the running trial is queued again.
        on_trial: Called with the record of each trial that this worker ended.

    Returns:
        The last error that ended a trial of this worker, None if there was none.
    """
    worker = _Worker(study, space, config, evaluate, storage, stop or threading.Event())
    start = time.monotonic()
    with storage.worker() if storage else contextlib.nullcontext("") as worker.name:
        while not worker.stop.is_set() and not _is_hopeless(study):
            if config.max_seconds and time.monotonic() - start >= config.max_seconds:
                break
            trial = worker.run_next()
            if trial is None:
                break
            if on_trial and not is_abandoned(trial):
                on_trial(trial_record(trial))
    return worker.last_error


class _Worker:
    """Takes trials under the claim lock and runs them outside of it."""

    def __init__(
        self,
        study: optuna.Study,
        space: Space,
        config: SearchConfig,
        evaluate: Evaluate,
        storage: Storage | None,
        stop: threading.Event,
    ) -> None:
        self.study, self.space, self.config = study, space, config
        self.evaluate, self.storage, self.stop = evaluate, storage, stop
        self.name = ""
        self.last_error: Exception | None = None
        self.claim = storage.claim_lock() if storage else None
        self.grid = shuffled_grid(space, config) if config.sampler == "grid" else None
        self.budget = config.n_trials
        if self.grid is not None:
            self.budget = min(self.budget, len(self.grid))

    def run_next(self) -> FrozenTrial | None:
        """Run one trial more, or None if the budget is spent."""
        self.number: int | None = None
        self.was_stopped = False
        try:
            if self.claim:
                self.claim.acquire()
            if self.storage:
                requeue(self.study, self.storage)
            if self.grid is not None:
                _queue_grid(self.study, self.grid[: self.budget])
            if _taken(self.study) >= self.budget:
                return None
            self.study.optimize(self.objective, n_trials=1, catch=(Exception,))
            return self._trial()
        finally:
            self.release_claim()
            if self.was_stopped:
                abandon(self.study, self._trial())

    def objective(self, trial: optuna.Trial) -> float:
        """Run one trial; what it returns or raises, Optuna records."""
        self.number = trial.number
        try:
            trial.set_user_attr("worker", self.name)
            self.release_claim()  # from now on it is plain whose trial this is
            return self._mean_over_seeds(trial)
        except optuna.TrialPruned:
            raise
        except (_Stopped, KeyboardInterrupt):
            self.was_stopped = True
            raise
        except Exception as error:
            # Whatever a trial raises is its result; the search goes on with the next.
            trial.set_user_attr("error", _in_one_line(error))
            self.last_error = error
            raise

    def _mean_over_seeds(self, trial: optuna.Trial) -> float:
        params = self.space.suggest(trial)
        values: dict[str, float] = {}
        for seed in self.config.seeds:
            if values and self.stop.is_set():
                raise _Stopped
            report = Report(trial, seed, not values, self.stop)
            value = self.evaluate(params, seed, report)
            if report.is_pruned:
                raise optuna.TrialPruned
            if report.ended_early:
                raise _Stopped
            if not math.isfinite(value):
                raise CourseError(f"{self.config.metric} is {value} with seed {seed}.")
            values[str(seed)] = float(value)
            trial.set_user_attr("seed_values", values)
        return statistics.fmean(values.values())

    def release_claim(self) -> None:
        if self.claim and self.claim.is_locked:
            self.claim.release()

    def _trial(self) -> FrozenTrial:
        return self.study.get_trials(deepcopy=False)[self.number]


def _taken(study: optuna.Study) -> int:
    """Return how many trials run or have ended by themselves."""
    trials = study.get_trials(deepcopy=False)
    return sum(t.state != TrialState.WAITING and not is_abandoned(t) for t in trials)


def _is_hopeless(study: optuna.Study) -> bool:
    """Whether the first trials have all failed."""
    trials = study.get_trials(deepcopy=False)
    ended = [t for t in trials if t.state.is_finished() and not is_abandoned(t)]
    failed = [t for t in ended if t.state == TrialState.FAIL]
    return len(ended) == len(failed) >= GIVE_UP_AFTER


def shuffled_grid(space: Space, config: SearchConfig) -> list[dict[str, Any]]:
    """Return the grid in an order in which its first part already spans the space.

    Args:
        space: What varies.
        config: Its `grid_points` and its seed.
    """
    grid = space.grid(config.grid_points)
    order = np.random.default_rng(config.seed).permutation(len(grid))
    return [grid[number] for number in order]


def _queue_grid(study: optuna.Study, points: list[dict[str, Any]]) -> None:
    """Queue the points that are not in the study yet.

    A queued trial is taken by one worker alone, so no point runs twice.
    """
    present = {
        trial.user_attrs.get("grid_point")
        for trial in study.get_trials(deepcopy=False)
        if not is_abandoned(trial)
    }
    for number, point in enumerate(points):
        if number not in present:
            study.enqueue_trial(point, user_attrs={"grid_point": number})


def _in_one_line(error: Exception) -> str:
    first = (str(error).splitlines() or [""])[0]
    kind = "" if isinstance(error, CourseError) else f"{type(error).__name__}: "
    return f"{kind}{first}"
