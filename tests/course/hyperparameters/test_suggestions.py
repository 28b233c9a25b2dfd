"""Next points and their reasons.

Alone: pytest tests/course/hyperparameters/test_suggestions.py.
"""

import dataclasses
import math
import uuid

import pytest

from course.errors import CourseError
from course.hyperparameters import SearchConfig, search
from course.hyperparameters.asking import ask_next, next_seed
from course.hyperparameters.practice import PRACTICE_SPACE, practice_training
from course.hyperparameters.recorded import recorded_search
from course.hyperparameters.samplers import make_sampler
from course.hyperparameters.suggestions import EXPLAINED, suggest_next
from course.hyperparameters.trials import shuffled_grid


def first(found, count):
    return dataclasses.replace(found, trials=found.trials[:count])


def practised(sampler, n_trials, **options):
    config = SearchConfig(sampler, n_trials=n_trials, pruner="none", **options)
    return search(
        *("practice", PRACTICE_SPACE, config),
        evaluate=practice_training,
        name=f"practice-{uuid.uuid4()}",  # two of one second have one default name
        progress=False,
    )


def nearly(params):
    return pytest.approx(params) if isinstance(params, float) else params


@pytest.mark.parametrize("count", [0, 4, 5, 11, 23])
@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_the_next_point_is_what_the_real_search_ran_next(sampler, count):
    found = recorded_search(sampler)
    suggestion = suggest_next(first(found, count), sampler)
    assert suggestion.params == found.trials[count]["params"]


@pytest.fixture(scope="module")
def genetic():
    return practised("genetic", 21)


@pytest.mark.parametrize("count", [3, 8, 13, 16, 20])
def test_the_next_point_of_a_genetic_search_is_what_it_ran_next(count, genetic):
    suggestion = suggest_next(first(genetic, count), "genetic")
    assert suggestion.params == genetic.trials[count]["params"]
    assert suggestion.is_modelled == (count >= 8)
    assert "no generations" not in suggestion.reason


def test_the_next_point_of_a_grid_is_what_it_ran_next():
    found = practised("grid", 12)
    suggestion = suggest_next(first(found, 7), "grid")
    assert suggestion.params == found.trials[7]["params"]
    assert (suggestion.done, suggestion.size) == (7, 27)
    assert all(len(values) == 3 for values in suggestion.grid.values())


@pytest.mark.parametrize("sampler", EXPLAINED)
def test_asking_leaves_the_search_as_it_is_and_answers_alike(sampler):
    found = recorded_search()
    before = dataclasses.asdict(found)
    assert suggest_next(found, sampler) == suggest_next(found, sampler)
    assert dataclasses.asdict(found) == before


def test_tpe_took_the_candidate_with_the_best_ratio_of_its_densities():
    suggestion = suggest_next(recorded_search(), "tpe")
    best = suggestion.candidates[0]
    assert best["params"] == suggestion.params
    ratios = [candidate["log_ratio"] for candidate in suggestion.candidates]
    assert ratios == sorted(ratios, reverse=True)
    assert len(ratios) == 24
    assert f"{math.exp(ratios[0]):,.0f} times" in suggestion.reason


def test_tpe_calls_a_tenth_good():
    found = recorded_search()
    best = sorted(found.trials, key=lambda trial: -trial["value"])[:3]
    suggestion = suggest_next(found, "tpe")
    assert set(suggestion.good) == {trial["number"] for trial in best}


def test_tpe_densities_sum_to_one_and_follow_their_trials():
    found = recorded_search()
    densities = suggest_next(found, "tpe").densities
    assert set(densities) == set(found.space)
    for pair in densities.values():
        assert math.isclose(sum(pair["good"]), 1)
        assert math.isclose(sum(pair["other"]), 1)
    # Two of the three good trials are linear, and each choice has a prior of its own.
    linear, cosine, constant = densities["lr_scheduler_type"]["good"]
    assert linear > max(cosine, constant)


@pytest.mark.parametrize("sampler", ["tpe", "genetic"])
def test_too_few_trials_are_a_random_draw(sampler):
    suggestion = suggest_next(first(recorded_search(), 3), sampler)
    assert not suggestion.is_modelled
    assert "this draw is random" in suggestion.reason


def test_genetic_values_come_from_the_parents_or_are_mutations():
    found = recorded_search()
    suggestion = suggest_next(found, "genetic")
    by_number = {trial["number"]: trial["params"] for trial in found.trials}
    assert suggestion.is_modelled
    assert "The trials had no generations" in suggestion.reason
    best = sorted(found.trials, key=lambda trial: -trial["value"])[:8]
    worst = min(trial["value"] for trial in best)
    values = {trial["number"]: trial["value"] for trial in found.trials}
    assert all(values[number] >= worst for number in suggestion.parents)
    for name, number in suggestion.origin.items():
        if number is None:
            assert name in suggestion.reason
            continue
        assert number in suggestion.parents
        assert by_number[number][name] == nearly(suggestion.params[name])


def test_a_copied_parent_is_the_one_trial_that_is_like_the_child():
    """One child in ten is no crossing; among seeds there is one."""
    found = practised("random", 16)
    for seed in range(60):
        found.config["seed"] = seed
        suggestion = suggest_next(found, "genetic")
        if len(suggestion.parents) == 1:
            break
    assert f"copies trial {suggestion.parents[0]}" in suggestion.reason
    assert set(suggestion.origin.values()) <= {suggestion.parents[0], None}


def test_a_grid_that_is_used_up():
    found = practised("random", 2, grid_points=2)
    config = SearchConfig.from_json(found.config)
    done = [
        {**found.trials[0], "number": number, "params": point}
        for number, point in enumerate(shuffled_grid(PRACTICE_SPACE, config))
    ]
    with pytest.raises(CourseError, match="All 8 points of the grid have been tried"):
        suggest_next(dataclasses.replace(found, trials=done), "grid")


def test_pruned_and_failed_trials_keep_their_places():
    found = recorded_search()
    trials = [dict(trial) for trial in found.trials]
    trials[1] |= {"state": "pruned", "intermediate_values": {"1": 0.5, "2": 0.55}}
    trials[2] |= {"state": "fail", "value": None, "params": {}}
    mixed = dataclasses.replace(found, trials=trials)
    assert 2 not in suggest_next(mixed, "tpe").good
    own = ask_next(mixed, make_sampler("tpe", 0))
    assert suggest_next(mixed, "tpe").params == own


def test_the_seed_depends_on_search_and_trial():
    found = recorded_search()
    other = dataclasses.replace(found, config=found.config | {"seed": 1})
    assert len({next_seed(s) for s in (found, other, first(found, 9))}) == 3


def test_an_unknown_sampler():
    with pytest.raises(
        CourseError, match=r"Unknown sampler 'gp'.*Known: genetic, grid"
    ):
        suggest_next(recorded_search(), "gp")
