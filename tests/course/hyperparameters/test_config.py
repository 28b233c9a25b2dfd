"""Options of a search. Alone: pytest tests/course/hyperparameters/test_config.py."""

import json

import pytest

from course.errors import CourseError
from course.hyperparameters.config import METRICS, SearchConfig, identity


def test_json_makes_an_equal_configuration():
    config = SearchConfig(sampler="gp", seeds=(0, 7), fixed={"method": "lora"})
    assert SearchConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


@pytest.mark.parametrize("metric", METRICS)
def test_metrics_know_which_way_is_better(metric):
    better = "minimize" if metric == "eval_loss" else "maximize"
    assert SearchConfig(metric=metric).better == better
    assert SearchConfig(metric=metric, direction="maximize").better == "maximize"


def test_budget_may_change_and_nothing_else():
    first = identity(SearchConfig(n_trials=5, max_seconds=1.0).to_json())
    assert first == identity(SearchConfig(n_trials=9).to_json())
    assert first != identity(SearchConfig(seed=1).to_json())


def test_fine_tuning_starts_from_preset_and_fixed_options():
    config = SearchConfig(fixed={"method": "head"}, max_train_samples=50)
    start = config.finetuning("sentiment")
    assert (start.method, start.max_train_samples) == ("head", 50)
    assert start.num_train_epochs == 2.0  # the quick preset's


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sampler": "anneal"}, "Unknown sampler 'anneal'"),
        ({"pruner": "mean"}, "Unknown pruner 'mean'"),
        ({"direction": "up"}, "Unknown direction 'up'"),
        ({"n_trials": 0}, "n_trials is 0; a whole number of at least 1"),
        ({"n_trials": 2.5}, "n_trials is 2.5"),
        ({"n_trials": True}, "n_trials is True"),
        ({"seeds": ()}, r"seeds is \(\)"),
        ({"seeds": (1, 1)}, "none twice"),
        ({"seeds": (-1,)}, "a seed is -1"),
        ({"seed": -1}, "seed is -1"),
        ({"population_size": 1}, "population_size is 1"),
        ({"grid_points": 1}, "grid_points is 1"),
        ({"max_seconds": 0}, "max_seconds is 0"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(CourseError, match=message):
        SearchConfig(**options).check()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric": "accuracy"}, "Unknown metric 'accuracy'"),
        ({"preset": "fast"}, "Unknown preset 'fast'"),
        ({"fixed": {"epochs": 3}}, "Unknown option 'epochs'"),
        ({"fixed": {"learning_rate": -1}}, "learning_rate is -1"),
    ],
)
def test_wrong_options_of_fine_tuning_are_refused(options, message):
    with pytest.raises(CourseError, match=message):
        SearchConfig(**options).finetuning("sentiment")
