"""Slices hold the texts that their names say. pytest tests/.../test_text_slices.py."""

import pytest

from course.errors import CourseError
from course.evaluation.predicted import predicted_from_table
from course.evaluation.text_slices import check_choice, slice_names, text_slices

TEXTS = ["Win 100 NOW!", "see www.x.org ?", "I do n't know, but you do", "", "no", "ok"]


def slices():
    table = {"text": TEXTS, "label": ["y", "n"] * 3, "y": [0.5] * 6}
    return text_slices(predicted_from_table(table))


def test_every_name_has_a_slice():
    assert list(slices()) == slice_names(["n", "y"])


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("label n", [1, 3, 5]),
        ("digit", [0]),
        ("link", [1]),
        ("question mark", [1]),
        ("exclamation mark", [0]),
        ("capitals", [0]),
        ("negation", [2, 4]),
        ("contrast", [2]),
    ],
)
def test_a_slice_holds_what_its_name_says(name, rows):
    assert slices()[name].nonzero()[0].tolist() == rows


def test_lengths_part_the_texts():
    found = slices()
    together = sum(found[name].astype(int) for name in ("short", "medium", "long"))
    assert together.tolist() == [1] * 6
    assert found["short"][3]
    assert found["long"][2]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("threshold", float("nan"), "from 0 to 1"),
        ("cell", ["a"], "1 names"),
        ("cell", ["a", "c"], "Unknown label 'c'"),
        ("slice", "digits", "Did you mean 'digit'"),
        ("row", 3, "0 to 2, or -1"),
        ("row", -2, "or -1 for none"),
        ("metric", "recall", "Unknown metric"),
        ("cost_false_positive", -1.0, "from 0 is expected"),
        ("cost_false_negative", float("inf"), "from 0 is expected"),
    ],
)
def test_a_wrong_choice_is_refused_in_one_line(name, value, message):
    with pytest.raises(CourseError, match=message):
        check_choice(name, value, ["a", "b"], 3)


def test_a_right_choice_is_let_through():
    for name, value in [("threshold", 1), ("cell", ["a", "b"]), ("row", 2)]:
        assert check_choice(name, value, ["a", "b"], 3) is None
    assert check_choice("row", 10**6, ["a", "b"]) is None  # not known how many
