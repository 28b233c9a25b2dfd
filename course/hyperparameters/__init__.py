"""Search hyperparameters: which values train the best model within a budget of trials.

`search("sentiment")` fine-tunes trial after trial, each a run directory, scores them on
the validation split, and ends the bad ones early. The test split stays unseen, for the
one model chosen in the end. A search that was stopped or killed continues when it is
called with the same name. Left out: the final training with the best values.

Sources: Bergstra and Bengio 2012 (random search), Akiba et al. 2019 (Optuna).
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import optuna

from course.errors import CourseError, Stopped, unknown_name
from course.hyperparameters.config import SearchConfig
from course.hyperparameters.progress import SearchProgress
from course.hyperparameters.results import Search, read_search
from course.hyperparameters.samplers import PRUNERS, SAMPLERS
from course.hyperparameters.space import DEFAULT_SPACE, LORA_SPACE, Space
from course.hyperparameters.storage import Storage, open_storage
from course.hyperparameters.study import begin_study, quiet_optuna
from course.hyperparameters.trials import Evaluate, Report, run_trials
from course.hyperparameters.workers import (
    load_function,
    name_function,
    run_workers,
)
from course.runs import runs_dir

__all__ = [
    "DEFAULT_SPACE",
    "LORA_SPACE",
    "PRUNERS",
    "SAMPLERS",
    "Report",
    "Search",
    "SearchConfig",
    "SearchStopped",
    "Space",
    "open_search",
    "search",
    "search_names",
]

OnTrial = Callable[[dict[str, Any]], None]


class SearchStopped(Stopped):
    """A search was ended by Ctrl-C; its finished trials are kept."""


def search(
    task: str,
    space: Space | None = None,
    config: SearchConfig | None = None,
    *,
    storage: str | Path | None = None,
    name: str | None = None,
    workers: int = 1,
    evaluate: Evaluate | None = None,
    text_column: str = "text",
    label_column: str = "label",
    on_trial: OnTrial | None = None,
    stop: threading.Event | None = None,
    progress: bool = True,
) -> Search:
    """Search for the hyperparameters that train best, or continue a search.

    Args:
        task: A name in `TASKS`, or the path of a csv, tsv or jsonl file.
        space: What varies; default `DEFAULT_SPACE`, or `LORA_SPACE` for that method.
        config: Sampler, budget, seeds and the rest.
        storage: Where the trials are kept: None for a file among the runs, a path for
            a file, or the URL of a database, for workers on other machines as well.
        name: Name of the search; default task, sampler and time. With the name of an
            earlier one it continues until there are `n_trials` in total.
        workers: Processes on this machine, from 1; they share its threads.
        evaluate: Takes values, a seed and a `Report`, and returns the metric; default
            is to fine-tune. For several workers it must be a module's function.
        text_column: Column of a file that holds the text.
        label_column: Column of a file that holds the label.
        on_trial: Called with the record of each trial that ends, as in `Search.trials`.
        stop: Set it from another thread to end soon; nothing is lost.
        progress: Whether to show a progress line on standard error.

    Returns:
        The state of the search when this call ended.

    Raises:
        CourseError: If an option or a hyperparameter is wrong, the storage cannot be
            reached, the name belongs to a different search, or every trial failed.
        SearchStopped: At Ctrl-C; the same call continues.

    Example:
        >>> from course.hyperparameters.practice import (
        ...     PRACTICE_SPACE, practice_training
        ... )
        >>> found = search(  # `search("sentiment")` would train for some minutes
        ...     "practice", PRACTICE_SPACE, SearchConfig("random", n_trials=3),
        ...     evaluate=practice_training, progress=False,
        ... )
        >>> [trial["state"] for trial in found.trials]
        ['complete', 'complete', 'complete']
    """
    config = config or SearchConfig()
    config.check()
    if type(workers) is not int or workers < 1:
        raise CourseError(f"workers is {workers!r}; at least 1 is expected.")
    is_lora = config.fixed.get("method") == "lora"
    space = space or (LORA_SPACE if is_lora else DEFAULT_SPACE)
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    job = {
        "name": name or f"{Path(task).stem}-{config.sampler}-{moment}",
        "task": task,
        "space": space.to_json(),
        "config": config.to_json(),
        "columns": [text_column, label_column],
        "storage": None if storage is None else str(storage),
        "evaluate": name_function(evaluate) if evaluate and workers > 1 else None,
    }
    stop = stop or threading.Event()
    with quiet_optuna(), _plain_storage_errors(job["name"]):
        evaluate = evaluate or _fine_tuning(job)
        opened = open_storage(storage, job["name"])
        study = begin_study(job, opened, getattr(evaluate, "fingerprint", None))
        with SearchProgress(study, on_trial, shown=progress) as bar:
            error = None
            try:
                if workers == 1:
                    error = _work(job, study, evaluate, opened, stop, bar.poll)
                else:
                    run_workers(job, workers, opened.folder, bar.poll, stop)
            except KeyboardInterrupt:
                raise SearchStopped(_how_to_continue(read_search(study))) from None
        return _checked(read_search(study), error)


def open_search(name: str, storage: str | Path | None = None) -> Search:
    """Return the state of a search, running or ended, without running anything.

    Args:
        name: Name of the search.
        storage: As for `search`.

    Raises:
        CourseError: If there is none of this name, or its storage cannot be read.

    Example:
        >>> open_search("no-such-search")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: Unknown search 'no-such-search'. ...
    """
    if storage is None and name not in search_names():
        raise unknown_name("search", name, search_names())
    with quiet_optuna(), _plain_storage_errors(name):
        opened = open_storage(storage, name)
        try:
            study = optuna.load_study(study_name=name, storage=opened.optuna)
            return read_search(study)
        except KeyError as error:
            known = optuna.get_all_study_names(opened.optuna)
            raise unknown_name("search", name, known) from error


def search_names() -> list[str]:
    """Return the names of the searches that are kept among the runs, newest first.

    Example:
        >>> isinstance(search_names(), list)
        True
    """
    files = (runs_dir() / "searches").glob("*/journal.log")
    newest_first = sorted(files, key=lambda file: -file.stat().st_mtime)
    return [file.parent.name for file in newest_first]


def work(job: dict[str, Any], stop: threading.Event) -> None:
    """Run trials of a search in a process that `search` has started for it.

    Args:
        job: What `search` sends: name, task, space, config, columns and storage.
        stop: Set it to end soon.

    Raises:
        CourseError: If the storage or the data cannot be reached.
    """
    with quiet_optuna(), _plain_storage_errors(job["name"]):
        own = job["evaluate"] and load_function(job["evaluate"])
        evaluate = own or _fine_tuning(job)
        storage = open_storage(job["storage"], job["name"])
        study = begin_study(job, storage, getattr(evaluate, "fingerprint", None))
        _work(job, study, evaluate, storage, stop)


# --- Inside a search ------------------------------------------------------------------


def _fine_tuning(job: dict[str, Any]) -> Evaluate:
    """Return what trains a trial, once its options and the data have been checked."""
    from course.hyperparameters.finetuning import FinetuningTrial

    config = SearchConfig.from_json(job["config"])
    start = config.finetuning(job["task"])
    Space(job["space"]).check(start)
    return FinetuningTrial(job["task"], start, config.metric, *job["columns"])


def _work(
    job: dict[str, Any],
    study: optuna.Study,
    evaluate: Evaluate,
    storage: Storage,
    stop: threading.Event,
    poll: Callable[[], None] = lambda: None,
) -> Exception | None:
    """Run trials in this process."""
    return run_trials(
        study,
        Space(job["space"]),
        SearchConfig.from_json(job["config"]),
        evaluate,
        storage,
        stop,
        lambda trial: poll(),
    )


def _checked(found: Search, error: Exception | None) -> Search:
    """Return a search, unless all of its trials have failed."""
    states = {trial["state"] for trial in found.trials}
    if states == {"fail"}:
        raise CourseError(
            f"All {len(found.trials)} trials of search {found.name!r} failed, the last "
            f"with: {found.trials[-1]['error']}"
        ) from error
    return found


def _how_to_continue(found: Search) -> str:
    ended = sum(trial["state"] != "running" for trial in found.trials)
    return (
        f"Stopped after {ended} of {found.config['n_trials']} trials, which are kept: "
        f"call the search again with the name {found.name!r} to continue."
    )


@contextlib.contextmanager
def _plain_storage_errors(name: str) -> Iterator[None]:
    """Say in one line that the storage failed in the midst of a search."""
    try:
        yield
    except (optuna.exceptions.StorageInternalError, OSError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CourseError(
            f"The storage of search {name!r} failed ({reason}): make it reachable and "
            "writable again, then call the search again with this name."
        ) from error
