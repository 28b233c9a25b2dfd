"""Slices with their intervals. Alone: pytest tests/course/views/test_slices.py."""

import re

from course.evaluation.exploration import Exploration
from course.evaluation.predicted import predicted_from_table
from course.views.slices import draw_slices

TABLE = {"text": [*"ab1?"], "label": ["n", "n", "y", "y"], "y": [0.1, 0.6, 0.4, 0.8]}


def drawn(metric="accuracy", **choice):
    seen = Exploration(predicted_from_table(TABLE), **choice)
    return draw_slices(seen, seen.slices(metric), metric)


def test_only_slices_that_hold_a_text_are_drawn():
    names = re.findall('data-pick="slice:([^"]*)"', drawn())
    assert names == ["", "label n", "label y", "short", "digit", "question mark"]
    assert "In no text: medium, long, link" in drawn()


def test_each_has_number_and_interval_on_a_scale_that_is_told():
    html = drawn()
    assert "label n, n=2" in html
    assert "0.500 [0.095, 0.905]" in html
    # From the lowest end, of one wrong text, to the highest, of one right.
    assert "from 0.00 to 1.00" in html
    assert "left:9.5%;width:81.1%" in html


def test_a_cell_makes_them_shares():
    html = drawn(cell=["n", "y"])
    assert "share in the picked cell" in html
    assert re.search("all 4 texts.*?0.250", html)


def test_a_slice_without_an_interval_says_why():
    html = drawn("f1")
    assert html.count("one label only") == 4
    assert "nan" not in html


def test_the_picked_slice_is_marked_and_all_texts_are_no_slice():
    pressed = re.findall(r'slice:([^"]*)" aria-(\w+)="true"', drawn(slice_name="digit"))
    assert pressed == [("digit", "pressed")]
    assert re.findall(r'slice:([^"]*)" aria-(\w+)="true"', drawn()) == [("", "current")]
