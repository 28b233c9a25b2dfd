"""All parts of an exploration in one picture.

pytest tests/course/views/test_evaluation.py
"""

import re

import pytest

from course.evaluation.exploration import Exploration
from course.evaluation.predicted import load_predicted, predicted_from_table
from course.views.curves import CURVES
from course.views.evaluation import MOST_ROWS, draw_evaluation, summarise

HOSTILE = [
    "<script>alert(1)</script>",
    "\ud83d broken",
    'x" onload="y',
    "\u202eback",
    "",
]


@pytest.fixture(scope="module")
def sentiment():
    return load_predicted("sentiment")


def picks(html):
    return re.findall(r'data-pick="([^"]*)" (?:[^>]*?)aria-pressed="(\w+)"', html)


def test_cells_slices_and_texts_can_be_picked(sentiment):
    picture = draw_evaluation(Exploration(sentiment)).picture
    names = [name for name, _ in picks(picture)]
    assert names[:4] == ["cell:0:0", "cell:0:1", "cell:1:0", "cell:1:1"]
    assert "slice:negation" in names
    assert "slice:link" not in names  # no text has one
    assert sum(name.startswith("row:") for name in names) == MOST_ROWS
    assert "In no text: link, capitals." in picture
    assert "190 more" in picture


def test_what_is_picked_is_marked(sentiment):
    cell = ["positive", "negative"]
    seen = Exploration(sentiment, cell=cell, slice_name="negation")
    row = seen.errors()[0]["row"]
    drawing = draw_evaluation(seen, row=row)
    pressed = [name for name, state in picks(drawing.picture) if state == "true"]
    assert pressed == ["cell:1:0", "slice:negation", f"row:{row}"]
    assert "share in the picked cell" in drawing.picture
    assert f"selected: {len(seen.selection)} texts labelled positive" in drawing.summary
    assert f"text {row} is positive and was called negative" in drawing.summary


def test_the_summary_has_interval_number_and_baseline(sentiment):
    assert summarise(Exploration(sentiment)) == (
        "sentiment at threshold 0.500: accuracy 0.842 [0.821, 0.861], n=1280; always "
        "saying negative has 0.500; 202 texts wrong."
    )
    empty = Exploration(sentiment, slice_name="link")
    assert summarise(empty) == "Slice link: no text of sentiment is in it."
    assert "No text is in this slice" in draw_evaluation(empty).picture


def test_the_table_has_the_same_facts(sentiment):
    table = draw_evaluation(Exploration(sentiment)).table
    for fact in (
        "0.842 [0.821, 0.861], n=1280",
        "always negative: 0.500",
        "slice long",
    ):
        assert fact in table
    assert "labelled negative, predicted positive</th><td>97" in table


def test_the_chosen_text_is_shown_whole_with_all_probabilities():
    long = "word " * 100 + "end"
    table = {"text": [long, "b"], "label": ["n", "y"], "y": [0.25, 0.75]}
    picture = draw_evaluation(Exploration(predicted_from_table(table)), row=0).picture
    assert long in picture
    assert "n ✓" in picture
    assert "0.750" in picture


@pytest.mark.parametrize("curve", CURVES)
def test_hostile_texts_and_labels_do_no_harm(curve):
    label = "<script>\ud83d"
    table = {"text": HOSTILE, "label": ["ok", label, "ok", label, "ok"]}
    seen = Exploration(
        predicted_from_table({**table, label: [0.9, 0.1, 0.2, 0.8, 0.7]})
    )
    for row in range(-1, 5):
        drawing = draw_evaluation(seen, curve, row=row)
        page = drawing.html()
        page.encode("utf-8")
        assert "<script" not in page
        assert 'onload="' not in page
        assert "\\ud83d" in page


def test_several_labels_have_all_parts_but_the_threshold():
    drawing = draw_evaluation(Exploration(load_predicted("topic")), "calibration")
    assert len(re.findall('data-pick="cell:', drawing.picture)) == 25
    assert "data-drag" not in drawing.picture
    assert "f1 (mean)" in drawing.picture
    assert "threshold" not in drawing.summary
