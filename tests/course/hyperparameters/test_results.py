"""What a search found, as data.

pytest tests/course/hyperparameters/test_results.py
"""

import json

import pytest

from course.hyperparameters.config import SearchConfig
from course.hyperparameters.practice import PRACTICE_SPACE, practice_training
from course.hyperparameters.results import Search, best_so_far, read_search
from course.hyperparameters.study import new_study, quiet_optuna
from course.hyperparameters.trials import run_trials


def found(trials: list[dict], direction: str = "maximize", n: int = 4) -> Search:
    return Search("s", "t", direction, {"n_trials": n}, {}, trials, {})


def trial(number: int, state: str, value: float | None) -> dict:
    return {"number": number, "state": state, "value": value, "params": {}}


TRIALS = [
    trial(0, "fail", None),
    trial(1, "complete", 0.7),
    trial(2, "pruned", 0.9),
    trial(4, "complete", 0.8),
    trial(5, "running", None),
]


def study_of(n_trials: int, evaluate=practice_training, **options):
    config = SearchConfig(sampler="random", n_trials=n_trials, **options)
    with quiet_optuna():
        study = new_study(config, "practice")
        run_trials(study, PRACTICE_SPACE, config, evaluate)
    study.set_user_attr("task", "practice")
    study.set_user_attr("space", PRACTICE_SPACE.to_json())
    study.set_user_attr("config", config.to_json())
    return study


@pytest.fixture(scope="module")
def practice() -> Search:
    return read_search(study_of(40, pruner="none", seeds=(0, 1)))


def test_best_is_the_best_finished_trial():
    assert found(TRIALS).best["number"] == 4  # the pruned one was never finished
    assert found(TRIALS, "minimize").best["number"] == 1
    assert found(TRIALS[:1]).best is None


def test_history_carries_the_best_over_pruned_and_failed_trials():
    assert [(r["number"], r["value"], r["best"]) for r in found(TRIALS).history] == [
        (0, None, None),
        (1, 0.7, 0.7),
        (2, None, 0.7),
        (4, 0.8, 0.8),
    ]


@pytest.mark.parametrize(
    ("direction", "curve"),
    [("maximize", [1, 3, 3, 3]), ("minimize", [1, 1, 1, 0])],
)
def test_best_so_far(direction, curve):
    assert best_so_far([1, 3, None, 0], direction) == curve


def test_search_is_complete_when_enough_trials_have_ended():
    assert found(TRIALS, n=4).is_complete
    assert not found(TRIALS, n=5).is_complete


def test_trial_tells_seeds_and_intermediate_values(practice):
    first = practice.trials[0]
    assert set(first["seed_values"]) == {"0", "1"}
    assert first["value"] == pytest.approx(sum(first["seed_values"].values()) / 2)
    assert list(first["intermediate_values"]) == ["1", "2", "3", "4"]
    assert first["intermediate_values"]["4"] == first["seed_values"]["0"]
    assert first["seconds"] >= 0


def test_importance_finds_what_matters_and_what_does_not(practice):
    shares = practice.importance
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    assert shares["learning_rate"] > 0.7
    assert shares["weight_decay"] < 0.15


def test_importance_needs_trials_that_differ():
    assert read_search(study_of(3)).importance == {}
    assert read_search(study_of(4, pruner="none")).importance != {}
    equal = study_of(6, evaluate=lambda params, seed, report: 0.5)
    assert read_search(equal).importance == {}


def test_parallel_coordinates_have_one_value_per_finished_trial(practice):
    columns = practice.parallel_coordinates()
    names = [dimension["name"] for dimension in columns["dimensions"]]
    assert names == list(PRACTICE_SPACE)
    assert columns["dimensions"][0]["log"] is True
    assert columns["dimensions"][1]["log"] is False
    lengths = {len(dimension["values"]) for dimension in columns["dimensions"]}
    assert lengths == {40} == {len(columns["values"])} | {len(columns["numbers"])}


def test_json_is_plain(practice):
    text = json.dumps(practice.to_json(), allow_nan=False)
    again = json.loads(text)
    assert again["best"] == practice.best
    assert again["complete"] is True
    assert again["metric"] == "eval_accuracy"
    assert len(again["trials"]) == 40
