"""Five ways to choose the next trial, and three to end a bad one early.

All of them are Optuna's, seeded so that trial number 7 of a search draws the same point
whether the search ran through, was killed and continued, or shared its trials among
workers (given the same results of the trials before). Left out: several objectives.

Sources: Bergstra et al. 2011 (TPE), Snoek et al. 2012 (Gaussian process), Deb et al.
2002 (NSGA-II), Golovin et al. 2017 (median rule), Li et al. 2018 (Hyperband).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from optuna import Study
from optuna.pruners import BasePruner, HyperbandPruner, MedianPruner, NopPruner
from optuna.samplers import (
    BaseSampler,
    GPSampler,
    NSGAIISampler,
    RandomSampler,
    TPESampler,
)
from optuna.trial import FrozenTrial, TrialState

from course.errors import unknown_name

__all__ = ["PRUNERS", "SAMPLERS", "make_pruner", "make_sampler"]

# What each is, in the words of a table's row.
SAMPLERS = {
    "tpe": "Bayesian: densities of the good and of the other trials",
    "gp": "Bayesian: a Gaussian process predicts value and uncertainty",
    "genetic": "a population: parents are crossed and mutated",
    "random": "independent draws",
    "grid": "evenly spaced values, in random order",
}
PRUNERS = {
    "median": "ends a trial below the median of the earlier ones",
    "hyperband": "gives many trials little time and few much",
    "none": "lets every trial run to its end",
}


class _SeededByTrial(BaseSampler):
    """Another sampler, made anew for every trial from the search's seed and its number.

    Optuna's samplers keep their random state in the process, so that a restarted one
    would draw its first points again. They keep nothing else that matters: what they
    know of earlier trials is in the storage.
    """

    def __init__(self, make: Callable[[int], BaseSampler], seed: int) -> None:
        self._make = make
        self._seed = seed
        self._sampler = make(seed)

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        state = np.random.SeedSequence([self._seed, trial.number]).generate_state(1)
        self._sampler = self._make(int(state[0]))
        self._sampler.before_trial(study, trial)

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> Any:
        return self._sampler.infer_relative_search_space(study, trial)

    def sample_relative(self, study: Study, trial: FrozenTrial, space: Any) -> Any:
        return self._sampler.sample_relative(study, trial, space)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, name: str, distribution: Any
    ) -> Any:
        return self._sampler.sample_independent(study, trial, name, distribution)

    def after_trial(
        self, study: Study, trial: FrozenTrial, state: TrialState, values: Any
    ) -> None:
        self._sampler.after_trial(study, trial, state, values)


def make_sampler(
    name: str, seed: int = 0, n_startup_trials: int = 5, population_size: int = 8
) -> BaseSampler:
    """Return a sampler whose draws depend on the seed and a trial's number alone.

    Args:
        name: A name in `SAMPLERS`. `grid` stands for a queue of points that the search
            fills; Optuna's own grid sampler can run a point twice with several workers.
            `genetic` is NSGA-II, which with one objective ranks parents by its value.
        seed: From 0.
        n_startup_trials: Random trials before a Bayesian sampler begins to model.
        population_size: Trials in a generation of the genetic sampler, from 2.

    Raises:
        CourseError: If the name is unknown.

    Example:
        >>> make_sampler("anneal")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: Unknown sampler 'anneal'. Known: genetic, gp, ...
    """
    makers: dict[str, Callable[[int], BaseSampler]] = {
        "tpe": lambda seed: TPESampler(seed=seed, n_startup_trials=n_startup_trials),
        "gp": lambda seed: GPSampler(
            seed=seed,
            n_startup_trials=n_startup_trials,
            warn_independent_sampling=False,  # the first trials are meant to be random
        ),
        "genetic": lambda seed: NSGAIISampler(
            seed=seed, population_size=population_size
        ),
        "random": lambda seed: RandomSampler(seed=seed),
        "grid": lambda seed: RandomSampler(seed=seed),
    }
    if name not in makers:
        raise unknown_name("sampler", name, SAMPLERS)
    return _SeededByTrial(makers[name], seed)


def make_pruner(name: str, n_startup_trials: int = 5) -> BasePruner:
    """Return the rule by which a trial is ended early.

    Args:
        name: A name in `PRUNERS`.
        n_startup_trials: Trials that must have ended before `median` ends another.

    Raises:
        CourseError: If the name is unknown.

    Example:
        >>> type(make_pruner("none")).__name__
        'NopPruner'
    """
    makers: dict[str, Callable[[], BasePruner]] = {
        "median": lambda: MedianPruner(n_startup_trials=n_startup_trials),
        "hyperband": lambda: HyperbandPruner(reduction_factor=3),
        "none": NopPruner,
    }
    if name not in makers:
        raise unknown_name("pruner", name, PRUNERS)
    return makers[name]()
