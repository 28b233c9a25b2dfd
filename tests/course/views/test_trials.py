"""Trials in words. Alone: pytest tests/course/views/test_trials.py."""

import pytest

from course.views.trials import said, shown_value


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-05, "1e-05"), (0.123456, "0.1235"), (3, "3"), (None, "None"), ("", "")],
)
def test_values_as_a_learner_would_type_them(value, text):
    assert shown_value(value) == text


def test_a_trial_in_one_line():
    trial = {"number": 7, "value": 0.75, "params": {"r": 4, "lora_dropout": 0.1}}
    assert said(trial) == "trial 7: 0.7500 with r 4, lora_dropout 0.1"
