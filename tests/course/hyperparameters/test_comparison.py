"""Samplers at equal budgets.

pytest tests/course/hyperparameters/test_comparison.py
"""

import itertools
import math

import pytest

from course.errors import CourseError
from course.hyperparameters.comparison import compare_samplers
from course.hyperparameters.config import SearchConfig
from course.hyperparameters.samplers import SAMPLERS
from course.hyperparameters.space import Space

QUADRATIC = Space({"x": (-1.0, 1.0), "y": (-1.0, 1.0)})


def quadratic(params: dict, seed: int, report) -> float:
    return (params["x"] - 0.3) ** 2 + (params["y"] + 0.2) ** 2


def compare(samplers, **options):
    config = SearchConfig(pruner="none", metric="loss", direction="minimize")
    return compare_samplers(quadratic, QUADRATIC, samplers, config=config, **options)


@pytest.fixture(scope="module")
def result() -> dict:
    return compare(tuple(SAMPLERS), n_trials=12, seeds=(0, 1))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_has_the_same_budget(result, sampler):
    row = result["samplers"][sampler]
    assert [len(curve) for curve in row["curves"]] == [12, 12]
    for curve in row["curves"]:
        assert all(a >= b for a, b in itertools.pairwise(curve))
    assert row["final"] == [curve[-1] for curve in row["curves"]]
    assert row["mean"][-1] == pytest.approx(sum(row["final"]) / 2)


@pytest.mark.parametrize("sampler", ["tpe", "gp"])
def test_bayesian_samplers_beat_random_draws(sampler):
    # Random's expected best of 20 is about 0.06 on this square.
    final = {
        name: sum(row["final"]) / len(row["final"])
        for name, row in compare(
            ("random", sampler), n_trials=20, seeds=range(3 if sampler == "gp" else 16)
        )["samplers"].items()
    }
    assert final[sampler] < 0.75 * final["random"]


def test_same_seed_gives_the_same_curves():
    first = compare(["tpe"], n_trials=8, seeds=[5])
    assert first == compare(["tpe"], n_trials=8, seeds=[5])


def test_grid_that_ends_early_keeps_its_best():
    row = compare(["grid"], n_trials=12, seeds=[0])["samplers"]["grid"]
    best = 0.3**2 + 0.2**2  # of the grid's points, (0, 0) is the nearest
    assert len(row["mean"]) == 12
    assert math.isclose(row["final"][0], best)


def test_error_of_every_trial_is_raised():
    def broken(params, seed, report):
        raise CourseError("The disk is full: free some space.")

    with pytest.raises(CourseError, match="The disk is full"):
        compare_samplers(broken, QUADRATIC, ["random"], n_trials=4, seeds=[0])


def test_unknown_sampler_is_refused():
    with pytest.raises(CourseError, match="Unknown sampler 'annealing'"):
        compare_samplers(quadratic, QUADRATIC, ["annealing"])
