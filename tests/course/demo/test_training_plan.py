"""From a form to a training's plan.

Alone: pytest tests/course/demo/test_training_plan.py.
"""

import math

import pytest

from course.demo import training_plan
from course.demo.training_job import csv_of
from course.demo.training_plan import check_rows, make_plan
from course.errors import CourseError
from course.finetuning import configuration
from course.tables import read_table


def csv_with(counts, text="text {i} of {label}"):
    rows = [
        f'"{text.format(i=i, label=label)}",{label}'
        for label, n in counts.items()
        for i in range(n)
    ]
    return "\n".join(["text,label", *rows])


CSV = csv_with({"good": 8, "bad": 9})


def plan(csv=None, **changes):
    form = {"task": "spam", "wish": "", "preset": "quick", "method": "full"}
    form |= {"epochs": 2, "seconds": 60} | changes
    return make_plan(csv, **form)


def test_names_and_rates_are_those_of_finetuning():
    assert set(training_plan.PRESETS) < set(configuration.PRESETS)
    assert set(training_plan.METHODS) == set(configuration.METHODS)
    rate = training_plan.LEARNING_RATES["full"]
    assert rate == configuration.FinetuningConfig().learning_rate


def test_a_task_of_the_kit(places):
    made = plan(method="lora")
    assert made["task"] == "spam"
    assert made["name"].startswith("spam-")
    assert made["changes"] == {
        "method": "lora",
        "learning_rate": 1e-3,
        "num_train_epochs": 2,
        "max_seconds": 60,
    }
    configuration.preset(made["preset"], made["task"], **made["changes"]).check()


@pytest.mark.parametrize(
    ("value", "epochs", "seconds"),
    [(10**400, 20, 300), (-5, 1, 10), (math.inf, 20, 300)],
)
def test_numbers_are_held_within_their_bounds(places, value, epochs, seconds):
    changes = plan(epochs=value, seconds=value)["changes"]
    assert changes["num_train_epochs"] == epochs
    assert changes["max_seconds"] == seconds


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "/etc/passwd"}, "Unknown task"),
        ({"task": ["spam"]}, "Unknown task"),
        ({"preset": "best"}, "Unknown preset 'best'"),
        ({"method": "x" * 1_000}, "Unknown method 'x"),
        ({"epochs": math.nan}, "epochs is no number"),
        ({"seconds": "60"}, "seconds is no number"),
    ],
)
def test_a_form_that_will_not_do(places, changes, message):
    with pytest.raises(CourseError, match=message) as caught:
        plan(**changes)
    assert len(str(caught.value)) < 300


def test_a_csv_is_written_down_as_it_can_be_read_again(places):
    hostile = 'text {i}, "{label}"\nand a line'.replace('"', '""')
    made = plan(csv_with({"gut; ja": 8, "01": 8}, hostile), wish="../My films!")
    assert made["name"].startswith("my-films-")
    assert made["task"] == str(csv_of(made["name"]))
    assert csv_of(made["name"]).parent.parent == places / "runs"
    table = read_table(made["task"])
    assert len(table) == 16
    assert set(table["label"]) == {"gut; ja", "01"}
    assert table["text"][0] == 'text 0, "gut; ja"\nand a line'


def test_a_small_csv_gets_small_batches(places):
    assert plan(CSV)["changes"]["per_device_train_batch_size"] == 8
    large = plan(csv_with({"good": 500, "bad": 500}))
    assert "per_device_train_batch_size" not in large["changes"]


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("", "csv is empty"),
        ("text\na", "no column 'label'"),
        (csv_with({"good": 20}), "has 1 label; 2 to 50"),
        (csv_with({f"l{i}": 8 for i in range(51)}), "has 51 labels"),
        (csv_with({"good": 8, "bad": 7}), "Too few different texts of bad: at least 8"),
        (csv_with({"good": 8, "bad": 8}, "{label}"), "different texts of bad, good"),
        (csv_with({"good": 8, "bad": 8}, "text {i}"), "different texts of bad, good"),
        (csv_with({"good": 8, "b" * 61: 8}), "has 61 characters, at most 60"),
        (csv_with({"good": 2_500, "bad": 2_501}), "more than 5,000 rows"),
    ],
)
def test_a_csv_that_cannot_be_learnt_from_leaves_nothing(places, csv, message):
    with pytest.raises(CourseError, match=message):
        plan(csv)
    assert list((places / "runs").iterdir()) == []


def test_a_csv_of_the_right_size_will_do():
    assert len(check_rows(CSV)) == 17
