"""One line on standard error that tells how a search goes, and who wants to hear of it.

It follows the storage, so that it shows the trials of all workers. Left out: figures.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import optuna
from optuna.trial import TrialState
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from course.hyperparameters.results import trial_record
from course.hyperparameters.storage import is_abandoned

__all__ = ["SearchProgress"]


class SearchProgress:
    """A progress line over the trials of a study; use it as a context manager.

    Args:
        study: The study to follow; its attributes say how many trials there will be.
        on_trial: Called with the record of each trial that ends from now on.
        shown: False shows nothing.
    """

    def __init__(
        self,
        study: optuna.Study,
        on_trial: Callable[[dict[str, Any]], None] | None = None,
        shown: bool = True,
    ) -> None:
        """Note which trials have ended before."""
        self._study = study
        self._on_trial = on_trial
        self._seen = {trial.number for trial in self._ended()}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[best]}"),
            console=Console(stderr=True),
            disable=not shown,
        )
        total = study.user_attrs["config"]["n_trials"]
        self._task = self._progress.add_task(study.study_name, total=total, best="")

    def __enter__(self) -> Self:
        """Show the line."""
        self._progress.start()
        self._show()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the line as it is."""
        self._progress.stop()

    def poll(self) -> None:
        """Look for trials that have ended, show them and hand them on."""
        fresh = [t for t in self._ended() if t.number not in self._seen]
        for trial in fresh:
            self._seen.add(trial.number)
            if self._on_trial:
                self._on_trial(trial_record(trial))
        if fresh:
            self._show()

    def _ended(self) -> list[optuna.trial.FrozenTrial]:
        trials = self._study.get_trials(deepcopy=False)
        return [t for t in trials if t.state.is_finished() and not is_abandoned(t)]

    def _show(self) -> None:
        metric = self._study.user_attrs["config"]["metric"]
        finished = self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        best = f"best {metric} {self._study.best_value:.4f}" if finished else ""
        self._progress.update(self._task, completed=len(self._seen), best=best)
