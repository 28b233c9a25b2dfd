"""Ask a sampler for one trial more than a search had.

The trials are put into a new study in memory, so that the search itself does not
change. Left out: why a sampler answers what it does
(`course.hyperparameters.suggestions`).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import optuna
from optuna.samplers import BaseSampler, NSGAIISampler
from optuna.trial import TrialState

from course.hyperparameters.config import SearchConfig
from course.hyperparameters.results import Search
from course.hyperparameters.space import Space

__all__ = ["Suggestion", "ask_next", "next_seed"]


@dataclass(frozen=True)
class Suggestion:
    """The next point of a sampler, and what it was chosen from.

    Attributes:
        sampler: A name in `EXPLAINED`.
        params: Name to value.
        reason: Why, in one or two sentences.
        is_modelled: Whether the trials' results had a say.
        good: Numbers of the trials that TPE counts as good.
        densities: Of TPE: name -> `good` and `other`, shares of the two groups'
            densities at `course.hyperparameters.watched.places_of`; each sums to 1.
        candidates: Of TPE: what it drew from the good ones, with `log_ratio`, the
            logarithm of good over other density at the whole point; best first.
        parents: Of the genetic search: numbers of the trials crossed, or copied.
        origin: Of the genetic search: name -> parent's number; None if mutated.
        done: Of the grid: how many of its points a finished trial has.
        size: Of the grid: how many points it has.
        grid: Of the grid: name -> its values on that axis.
    """

    sampler: str
    params: dict[str, Any]
    reason: str
    is_modelled: bool = False
    good: tuple[int, ...] = ()
    densities: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    parents: tuple[int, ...] = ()
    origin: dict[str, int | None] = field(default_factory=dict)
    done: int = 0
    size: int = 0
    grid: dict[str, list[Any]] = field(default_factory=dict)


def ask_next(search: Search, sampler: BaseSampler) -> dict[str, Any]:
    """Return the values that a sampler would try after the trials of a search.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        sampler: One of Optuna's.

    Example:
        >>> from optuna.samplers import RandomSampler
        >>> from course.hyperparameters.recorded import recorded_search
        >>> found = recorded_search()
        >>> sorted(ask_next(found, RandomSampler(0))) == sorted(found.space)
        True
    """
    space = Space(search.space)
    config = SearchConfig.from_json(search.config)
    study = _study(search, space, config, sampler)
    if isinstance(sampler, NSGAIISampler):
        _recall_parents(study, sampler)
    return space.suggest(study.ask())


def _recall_parents(study: optuna.Study, sampler: NSGAIISampler) -> None:
    """Let the sampler choose the parents of each generation, in order, as it once did.

    It keeps them in the study, and draws otherwise from those that it has to choose
    first than from those that it finds there.
    """
    count = len(study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)))
    for generation in range(1, -(-count // sampler.population_size)):
        sampler.get_parent_population(study, generation)


def _study(
    search: Search, space: Space, config: SearchConfig, sampler: BaseSampler
) -> optuna.Study:
    """Put the trials that ended into a new study in memory, in order.

    The genetic sampler needs each trial's generation. Only its own trials had one, so
    the finished trials are counted off here as generations of its population's size.
    """
    study = optuna.create_study(sampler=sampler, direction=search.direction)
    states = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED}
    count = 0
    for trial in search.trials:
        state = states.get(trial["state"], TrialState.FAIL)
        attributes = {}
        if state == TrialState.COMPLETE:
            key = NSGAIISampler._get_generation_key()
            attributes[key] = count // config.population_size
            count += 1
        known = {
            name: trial["params"][name] for name in space if name in trial["params"]
        }
        study.add_trial(
            optuna.trial.create_trial(
                state=state,
                value=trial["value"] if state == TrialState.COMPLETE else None,
                params=known,
                distributions={name: space[name] for name in known},
                system_attrs=attributes,
                intermediate_values={
                    int(step): value
                    for step, value in trial.get("intermediate_values", {}).items()
                },
            )
        )
    return study


def next_seed(search: Search) -> int:
    """Return the seed that the search's sampler has for its next trial.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
    """
    sequence = np.random.SeedSequence([search.config["seed"], len(search.trials)])
    return int(sequence.generate_state(1)[0])
