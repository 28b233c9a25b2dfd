"""Search spaces. Alone: pytest tests/course/hyperparameters/test_space.py."""

import json
import math

import optuna
import pytest
from optuna.distributions import FloatDistribution, IntDistribution

from course.errors import CourseError
from course.finetuning.configuration import FinetuningConfig
from course.hyperparameters.space import DEFAULT_SPACE, LORA_SPACE, Space


def draw(space: Space, n: int = 200) -> list[dict]:
    sampler = optuna.samplers.RandomSampler(seed=0)
    study = optuna.create_study(sampler=sampler)
    return [space.suggest(study.ask()) for _ in range(n)]


def test_list_is_choices_and_tuple_is_range():
    space = Space({"a": ["x", None, 2], "b": (1, 4), "c": (1, 4.0), "d": (1, 8, "log")})
    assert space["a"].choices == ("x", None, 2)
    assert space["b"] == IntDistribution(1, 4)
    assert space["c"] == FloatDistribution(1, 4.0)
    assert space["d"] == IntDistribution(1, 8, log=True)


def test_draws_stay_in_range_and_a_log_range_spreads_over_its_decades():
    values = [p["rate"] for p in draw(Space({"rate": (1e-5, 1e-1, "log")}))]
    assert min(values) >= 1e-5
    assert max(values) <= 1e-1
    # Half of the draws below the geometric middle, within 4 standard deviations.
    below = sum(value < 1e-3 for value in values)
    assert abs(below - 100) < 4 * math.sqrt(50)


@pytest.mark.parametrize("space", [DEFAULT_SPACE, LORA_SPACE])
def test_json_makes_an_equal_space(space):
    again = Space(json.loads(json.dumps(space.to_json())))
    assert dict(again) == dict(space)


def test_range_of_floats_stays_one_after_json():
    again = Space(json.loads(json.dumps(Space({"a": (0.0, 1.0)}).to_json())))
    assert isinstance(again["a"], FloatDistribution)


def test_optuna_distribution_is_taken_as_it_is():
    given = FloatDistribution(0.0, 1.0, step=0.25)
    assert Space({"a": given})["a"] == given
    assert Space(Space({"a": given}).to_json())["a"] == given


def test_or_replaces_and_adds():
    space = Space({"a": [1], "b": [2]}) | {"b": [3], "c": (0, 1)}
    assert list(space) == ["a", "b", "c"]
    assert space["b"].choices == (3,)


def test_grid_has_every_combination_once():
    space = Space({"a": [1, 2], "b": (0.0, 1.0), "c": (1e-4, 1e-2, "log"), "d": (1, 2)})
    grid = space.grid(points=3)
    assert len(grid) == 2 * 3 * 3 * 2
    assert len({tuple(point.items()) for point in grid}) == len(grid)
    assert sorted({point["b"] for point in grid}) == [0.0, 0.5, 1.0]
    assert sorted({point["c"] for point in grid}) == [1e-4, 1e-3, 1e-2]


def test_grid_over_whole_numbers_has_whole_numbers():
    values = [point["a"] for point in Space({"a": (1, 10)}).grid(points=4)]
    assert values == [1, 4, 7, 10]
    assert {type(value) for value in values} == {int}
    assert len(Space({"a": (1, 2)}).grid(points=5)) == 2


def test_grid_points_lie_inside_ranges_that_rounding_would_leave():
    (low, high) = (0.12345649, 0.87654351)  # six digits of each lie outside
    values = [point["a"] for point in Space({"a": (low, high)}).grid(points=4)]
    assert (values[0], values[-1]) == (low, high)


def test_default_spaces_fit_the_configuration():
    DEFAULT_SPACE.check(FinetuningConfig())
    LORA_SPACE.check(FinetuningConfig(method="lora"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "search space is empty"),
        ({"a": []}, "choices of a are"),
        ({"a": [[1, 2]]}, "choices of a are"),
        ({"a": (2, 1)}, "smaller first"),
        ({"a": (1, 1)}, "smaller first"),
        ({"a": (0.0, math.inf)}, "smaller first"),
        ({"a": (math.nan, 1.0)}, "smaller first"),
        ({"a": ("x", "y")}, "smaller first"),
        ({"a": (0, 1, "log")}, "must begin above 0"),
        ({"a": (-1e-3, 1e-3, "log")}, "must begin above 0"),
        ({"a": (1, 2, "linear")}, r'\(low, high, "log"\) is expected'),
        ({"a": (1,)}, r'\(low, high, "log"\) is expected'),
        ({"a": 3}, "a list of choices or a range"),
        ({"a": {"low": 0}}, "a list of choices or a range"),
        ({"a": {"low": 0, "high": 1, "base": 10}}, "a list of choices or a range"),
        ({"a": {"low": 0.0, "high": 1.0, "step": -1}}, "step of a is"),
    ],
)
def test_wrong_values_are_refused(values, message):
    with pytest.raises(CourseError, match=message):
        Space(values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learning_rat": [1e-3]}, "Did you mean 'learning_rate'"),
        ({"seed": [0, 1]}, "Unknown hyperparameter 'seed'"),
        ({"learning_rate": (-1e-3, 1e-3)}, "learning_rate is -0.001; above 0"),
        ({"hidden_dropout_prob": (0.0, 1.5)}, "hidden_dropout_prob is 1.5"),
        ({"lr_scheduler_type": ["linear", "stairs"]}, "'stairs'"),
        ({"r": [4, "8"]}, "r is '8'"),
    ],
)
def test_space_that_does_not_fit_the_configuration_is_refused(values, message):
    with pytest.raises(CourseError, match=message):
        Space(values).check(FinetuningConfig())


def test_too_large_or_too_coarse_grid_is_refused():
    with pytest.raises(CourseError, match="The grid has 1,000,000 points"):
        Space({name: (0.0, 1.0) for name in "abcdef"}).grid(points=10)
    with pytest.raises(CourseError, match="at least 2 are needed"):
        Space({"a": (0.0, 1.0)}).grid(points=1)
