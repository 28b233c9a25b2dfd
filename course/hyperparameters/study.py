"""A search's study in its storage: begun once, and continued only as what it is.

Task, space, options and the fingerprint of the data are kept with the study. Whoever
comes back with others would mix trials that cannot be compared, and is told so. Left
out: where the study is kept.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import optuna

from course.errors import CourseError
from course.hyperparameters.config import SearchConfig, identity
from course.hyperparameters.samplers import make_pruner, make_sampler
from course.hyperparameters.storage import Storage
from course.runs import runs_dir

__all__ = ["begin_study", "new_study", "quiet_optuna"]


@contextlib.contextmanager
def quiet_optuna() -> Iterator[None]:
    """Keep Optuna from logging every trial; the kit shows its own progress."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)


def new_study(
    config: SearchConfig,
    name: str | None = None,
    storage: optuna.storages.BaseStorage | None = None,
) -> optuna.Study:
    """Return a study with the search's sampler and pruner; one of this name is opened.

    Args:
        config: The search's options.
        name: Name of the study.
        storage: An open storage; None keeps the study in memory.
    """
    sampler = make_sampler(
        config.sampler, config.seed, config.n_startup_trials, config.population_size
    )
    return optuna.create_study(
        storage=storage,
        study_name=name,
        direction=config.better,
        sampler=sampler,
        pruner=make_pruner(config.pruner, config.n_startup_trials),
        load_if_exists=True,
    )


def begin_study(
    job: dict[str, Any], storage: Storage, data: str | None = None
) -> optuna.Study:
    """Open the study of a search, or begin it.

    Args:
        job: `name`, `task`, `columns`, and `space` and `config` as JSON.
        storage: The open storage.
        data: Fingerprint of the data, if there are any.

    Returns:
        The study; its attributes tell what is searched.

    Raises:
        CourseError: If there is a different search, or runs of one, with this name.
    """
    facts = {key: job[key] for key in ("task", "columns", "space", "config")}
    facts["data"] = data
    with storage.claim_lock():
        config = SearchConfig.from_json(job["config"])
        study = new_study(config, job["name"], storage.optuna)
        before = study.user_attrs
        if before:
            _check_same(job["name"], before, facts)
        elif data is not None:
            _check_no_runs(job["name"])
        for key, value in facts.items():
            if key not in before or before[key] != value:
                study.set_user_attr(key, value)
    return study


def _check_same(name: str, before: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise for the first thing in which two searches of one name differ."""
    for key in ("task", "columns", "data"):
        _check_equal(name, key, before.get(key), now[key])
    for key, strip in (("space", dict), ("config", identity)):
        old, new = strip(before.get(key, {})), strip(now[key])
        for field in sorted(old.keys() | new.keys()):
            _check_equal(name, field, old.get(field), new.get(field))


def _check_equal(name: str, what: str, old: Any, new: Any) -> None:
    if old != new:
        raise CourseError(
            f"The search {name!r} was begun with {what} {old!r}, not {new!r}: continue "
            "it with what it was begun with, or choose another name."
        )


def _check_no_runs(name: str) -> None:
    """Raise if there are runs that a new search of this name would collide with."""
    runs = sorted(runs_dir().glob(f"{name}-trial-*"))
    if runs:
        raise CourseError(
            f"There are {len(runs)} runs of an earlier search {name!r} "
            f"({runs[0].name}, ...), whose trials are gone: choose another name, or "
            "remove them."
        )
