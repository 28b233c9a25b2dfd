"""Where values stand. Alone: pytest tests/course/hyperparameters/test_axes.py."""

import dataclasses

import pytest

from course.hyperparameters.axes import RESULT, Axis, axes_of, finished, value_of
from course.hyperparameters.recorded import recorded_search

LOG = Axis("learning_rate", 1e-5, 1e-1, log=True)
WHOLE = Axis("num_train_epochs", 1, 3, step=1)
CHOICES = Axis("lr_scheduler_type", choices=("linear", "cosine", None))


@pytest.mark.parametrize(
    ("axis", "value", "share"),
    [
        (LOG, 1e-5, 0),
        (LOG, 1e-4, 0.25),
        (LOG, 1e-1, 1),
        (LOG, 1.0, 1),  # beyond the end
        (WHOLE, 2, 0.5),
        (CHOICES, "linear", 0.1667),
        (CHOICES, None, 0.8333),
        (Axis("value", 0.7, 0.7), 0.7, 0.5),
    ],
)
def test_share_of_a_value(axis, value, share):
    assert axis.share(value) == share


def test_equal_factors_have_equal_lengths_on_a_log_axis():
    shares = [LOG.share(10.0**power) for power in range(-5, 0)]
    assert shares == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize("axis", [LOG, WHOLE, CHOICES])
def test_value_at_the_share_of_a_value_is_that_value(axis):
    assert [axis.value(axis.share(value)) for value in axis.values] == axis.values


def test_whole_numbers_and_choices_are_all_listed_and_ranges_at_every_fiftieth():
    assert WHOLE.values == [1, 2, 3]
    assert CHOICES.values == ["linear", "cosine", None]
    assert len(LOG.values) == 51
    assert (LOG.values[0], LOG.values[-1]) == LOG.ends == (1e-5, 1e-1)


def test_beyond_the_ends_stand_the_ends():
    assert [axis.value(-0.01) for axis in (LOG, CHOICES)] == [1e-5, "linear"]
    assert [axis.value(1.01) for axis in (LOG, CHOICES)] == [1e-1, None]


def test_a_choice_is_let_in_with_its_whole_place():
    assert CHOICES.edge("cosine", True) == 0.3333
    assert CHOICES.edge("cosine", False) == 0.6667
    assert CHOICES.at_edge(0.3, True) == "cosine"
    assert CHOICES.at_edge(0.7, False) == "cosine"
    assert CHOICES.at_edge(0.0, False) == "linear"  # an empty brush is none


def test_results_that_are_close_are_told_apart():
    axis = Axis("value", 0.99990, 0.99995)
    assert axis.value(0.5) == pytest.approx(0.999925, abs=1e-8)


def test_keys_step_from_value_to_value():
    assert WHOLE.key_step == 0.5
    assert CHOICES.key_step == pytest.approx(1 / 3)
    assert LOG.key_step == 0.01
    factors = Axis("batch", 1, 8, log=True, step=1)
    assert factors.key_step == pytest.approx(1 / 3, abs=1e-4)


def test_finished_are_best_first_in_either_direction():
    found = recorded_search()
    values = [trial["value"] for trial in finished(found)]
    assert values == sorted(values, reverse=True)
    lower = dataclasses.replace(found, direction="minimize")
    assert [trial["value"] for trial in finished(lower)] == sorted(values)
    assert finished(found)[0]["number"] == found.best["number"]


def test_axes_are_the_space_and_the_result():
    found = recorded_search()
    axes = axes_of(found)
    assert [axis.name for axis in axes] == [*found.space, RESULT]
    assert [axis.log for axis in axes] == [True] + [False] * 5
    assert axes[1].step == 1
    assert axes[4].step is None
    assert axes[-1].high == found.best["value"]


def test_axes_of_a_search_without_results():
    empty = dataclasses.replace(recorded_search(), trials=[])
    assert axes_of(empty)[-1].ends == (0.0, 1.0)


def test_value_of_takes_result_and_hyperparameters():
    trial = {"value": 0.5, "params": {"r": 4}}
    assert (value_of(trial, RESULT), value_of(trial, "r")) == (0.5, 4)
