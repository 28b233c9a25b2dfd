"""Samplers and pruners. Alone: pytest tests/course/hyperparameters/test_samplers.py."""

import optuna
import pytest

from course.errors import CourseError
from course.hyperparameters.samplers import PRUNERS, SAMPLERS, make_pruner, make_sampler
from course.hyperparameters.space import Space
from course.hyperparameters.study import quiet_optuna

SPACE = Space({"x": (-1.0, 1.0), "k": [1, 2, 3]})


def score(params: dict) -> float:
    return -((params["x"] - 0.3) ** 2) - 0.1 * (params["k"] != 2)


def points(name: str, seed: int, breaks: tuple[int, ...] = (), n: int = 14) -> list:
    """The points of a study whose sampler is made anew before some of its trials."""
    storage = optuna.storages.InMemoryStorage()
    study = None
    for number in range(n):
        if study is None or number in breaks:
            study = optuna.create_study(
                storage=storage,
                study_name="s",
                load_if_exists=True,
                direction="maximize",
                sampler=make_sampler(name, seed),
            )
        trial = study.ask()
        study.tell(trial, score(SPACE.suggest(trial)))
    return [trial.params for trial in study.trials]


@pytest.mark.parametrize("name", SAMPLERS)
def test_restarted_sampler_draws_what_it_would_have_drawn(name):
    assert points(name, seed=3) == points(name, seed=3, breaks=(4, 9))


@pytest.mark.parametrize("name", SAMPLERS)
def test_seeds_and_trials_draw_different_points(name):
    drawn = points(name, seed=0, n=4) + points(name, seed=1, n=4)
    assert len({point["x"] for point in drawn}) == 8


def test_genetic_children_inherit_from_the_population():
    # With every trial after the first eight a child, choices that lose die out.
    drawn = points("genetic", seed=0, n=60)
    share = sum(point["k"] == 2 for point in drawn[30:]) / 30
    assert share > 0.6  # a third by chance


def test_median_pruner_ends_the_worse_half():
    with quiet_optuna():
        pruner = make_pruner("median", n_startup_trials=2)
        study = optuna.create_study(direction="maximize", pruner=pruner)
        for value in (0.8, 0.9, 0.5):
            trial = study.ask()
            trial.report(value, 1)
            pruned = trial.should_prune()
            study.tell(trial, value)
    assert pruned


@pytest.mark.parametrize("name", PRUNERS)
def test_pruner_never_ends_the_only_trial(name):
    study = optuna.create_study(pruner=make_pruner(name))
    trial = study.ask()
    trial.report(1.0, 1)
    assert not trial.should_prune()


def test_unknown_names_are_refused():
    with pytest.raises(CourseError, match=r"Unknown sampler 'tpf'. Did you mean 'tpe'"):
        make_sampler("tpf")
    with pytest.raises(CourseError, match="Unknown pruner 'mean'"):
        make_pruner("mean")
