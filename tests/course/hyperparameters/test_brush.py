"""What a brush selects. Alone: pytest tests/course/hyperparameters/test_brush.py."""

import dataclasses

import pytest

from course.errors import CourseError
from course.hyperparameters.axes import Axis, axes_of
from course.hyperparameters.brush import check_brush, moved, selected
from course.hyperparameters.recorded import recorded_search

LOG = Axis("learning_rate", 1e-5, 1e-1, log=True)
WHOLE = Axis("num_train_epochs", 1, 3, step=1)
CHOICES = Axis("r", choices=(4, 8, 16))


def numbers(*brush_and_top):
    return {trial["number"] for trial in selected(recorded_search(), *brush_and_top)}


def test_both_ends_count_and_axes_are_joined_by_and():
    expected = {
        trial["number"]
        for trial in recorded_search().trials
        if 1e-4 <= trial["params"]["learning_rate"] <= 1e-3
        and trial["params"]["lr_scheduler_type"] in ("linear", "cosine")
        and trial["params"]["num_train_epochs"] == 2
    }
    brush = {
        "learning_rate": (1e-4, 1e-3),
        "num_train_epochs": (2, 2),
        "lr_scheduler_type": ("linear", "cosine"),
    }
    assert 0 < len(expected) < 24
    assert numbers(brush) == expected


@pytest.mark.parametrize(("top", "count"), [(1, 1), (10, 3), (50, 12), (100, 24)])
def test_top_counts_the_best_and_rounds_up(top, count):
    trials = selected(recorded_search(), {}, top)
    assert len(trials) == count
    worst = trials[-1]["value"]
    rest = [t for t in recorded_search().trials if t not in trials]
    assert all(trial["value"] <= worst for trial in rest)


def test_top_counts_among_all_trials_not_among_the_brushed():
    low = {"learning_rate": (1e-5, 5e-5)}
    assert numbers(low, 100)
    assert not numbers(low, 10)


def test_the_best_are_the_lowest_when_lower_is_better():
    lower = dataclasses.replace(recorded_search(), direction="minimize")
    (best,) = selected(lower, {}, 1)
    assert best["value"] == min(trial["value"] for trial in lower.trials)


def test_no_trial_no_selection():
    assert selected(dataclasses.replace(recorded_search(), trials=[]), {}) == []


def test_a_brush_in_order_of_the_axes_without_whole_axes():
    brush = {"value": (0.6, 0.7), "num_train_epochs": (1, 3), "r": [8, 8]}
    assert check_brush([CHOICES, WHOLE, Axis("value", 0.5, 0.8)], brush) == {
        "r": (8, 8),
        "value": (0.6, 0.7),
    }


@pytest.mark.parametrize(
    ("brush", "message"),
    [
        ({"rank": (4, 8)}, "Unknown axis 'rank'.*Known: learning_rate, r"),
        ({"r": (8, 4)}, "brush of r is .*two of 4, 8, 16"),
        ({"r": (4, 5)}, "two of 4, 8, 16"),
        ({"r": 4}, "brush of r is 4;"),
        ({"learning_rate": (1e-6, 1e-3)}, "two numbers from 1e-05 to 0.1"),
        ({"learning_rate": (1e-3, 1e-4)}, "no later on the axis"),
        ({"learning_rate": ("a", 1e-3)}, "two numbers"),
        ({"learning_rate": (float("nan"), 1e-3)}, "two numbers"),
        ("learning_rate", "a dictionary"),
    ],
)
def test_a_wrong_brush_is_told_in_one_line(brush, message):
    with pytest.raises(CourseError, match=message) as error:
        check_brush([LOG, CHOICES], brush)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("axis", "ends", "is_low", "share", "expected"),
    [
        (LOG, (1e-5, 1e-1), True, 0.5, (1e-3, 1e-1)),
        (LOG, (1e-3, 1e-1), False, 0.25, (1e-3, 1e-3)),  # stops at the other
        (LOG, (1e-5, 1e-3), True, 0.9, (1e-3, 1e-3)),
        (WHOLE, (1, 3), True, 0.4, (2, 3)),
        (WHOLE, (1, 3), True, 0.2, (1, 3)),
        (WHOLE, (2, 3), True, 0.1, (1, 3)),
        (CHOICES, (4, 16), False, 0.7, (4, 8)),
        (CHOICES, (4, 8), False, 1.0, (4, 16)),
        (CHOICES, (8, 8), False, 0.0, (8, 8)),
    ],
)
def test_a_moved_handle(axis, ends, is_low, share, expected):
    assert moved(axis, ends, is_low, share) == expected


@pytest.mark.parametrize("is_low", [True, False])
def test_keys_go_from_one_end_of_every_recorded_axis_to_the_other(is_low):
    """An arrow key must never be stuck: each press changes the end, or it is there."""
    for axis in axes_of(recorded_search()):
        ends = axis.ends
        goal = axis.ends[is_low]
        for _ in range(101):
            now = ends[not is_low]
            if now == goal:
                break
            step = axis.key_step if is_low else -axis.key_step
            ends = moved(axis, ends, is_low, axis.edge(now, is_low) + step)
            assert ends[not is_low] != now, f"{axis.name} is stuck at {now}"
        assert ends[not is_low] == goal
