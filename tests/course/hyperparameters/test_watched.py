"""Watched samplers. Alone: pytest tests/course/hyperparameters/test_watched.py.

What they see is tested with what is made of it, in `test_suggestions.py`.
"""

import numpy as np
import optuna
import pytest
from optuna.distributions import (
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import NSGAIISampler, TPESampler

from course.hyperparameters.study import quiet_optuna
from course.hyperparameters.watched import (
    POINTS,
    WatchedCrossover,
    WatchedTPE,
    places_of,
)


def values_of(sampler):
    with quiet_optuna():
        study = optuna.create_study(sampler=sampler)
        study.optimize(
            lambda trial: (
                trial.suggest_float("x", 1e-3, 1, log=True)
                + trial.suggest_int("n", 1, 4)
                + len(trial.suggest_categorical("c", ["a", "bb"]))
            ),
            n_trials=30,
        )
    return [trial.params for trial in study.trials]


def test_watching_changes_nothing():
    watched = WatchedTPE(seed=0, n_startup_trials=5)
    assert values_of(watched) == values_of(TPESampler(seed=0, n_startup_trials=5))
    crossover = WatchedCrossover(0.5)
    plain = NSGAIISampler(seed=0, population_size=8)
    seen = NSGAIISampler(seed=0, population_size=8, crossover=crossover)
    assert values_of(seen) == values_of(plain)
    assert crossover.rows.shape == (2, 2)  # the choices are crossed elsewhere


def test_a_margin_is_the_joint_density_summed_over_the_others():
    sampler = WatchedTPE(seed=0, n_startup_trials=5)
    values_of(sampler)
    mixture = sampler.seen["below"]
    order = sampler.seen["names"]
    xs = places_of(FloatDistribution(1e-3, 1, log=True))
    joint = np.zeros(len(xs))
    for c in (0, 1):
        for n in (1, 2, 3, 4):
            row = {"x": np.array(xs), "c": np.full(len(xs), c)}
            row["n"] = np.full(len(xs), n)
            points = np.array([row[name] for name in order], dtype=float).T
            joint += np.exp(mixture.log_pdf(points))
    margin = sampler.marginal("below", "x", FloatDistribution(1e-3, 1, log=True))
    assert np.allclose(margin, joint / joint.sum())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (CategoricalDistribution(("a", None)), ["a", None]),
        (IntDistribution(2, 8, step=2), [2, 4, 6, 8]),
        (FloatDistribution(0, 1, step=0.5), [0, 0.5, 1]),
    ],
)
def test_few_values_are_all_looked_at(values, expected):
    assert places_of(values) == expected


def test_many_values_are_looked_at_evenly_and_within_the_range():
    places = places_of(FloatDistribution(1e-5, 1e-1, log=True))
    assert len(places) == len(places_of(IntDistribution(0, 1000))) == POINTS
    assert (places[0], places[-1]) == (1e-5, 1e-1)
    assert np.allclose(np.diff(np.log(places)), np.log(1e4) / (POINTS - 1))
