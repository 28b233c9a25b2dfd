"""Probabilities are counted and compared. pytest tests/course/views/test_scores.py."""

import re

import pytest

from course.evaluation.exploration import Exploration
from course.evaluation.predicted import load_predicted, predicted_from_table
from course.views.scores import draw_calibration, draw_scores

TABLE = {"text": [*"abcd"], "label": ["n", "n", "y", "y"], "y": [0.1, 0.4, 0.35, 0.8]}


def seen(threshold=0.5, **choice):
    return Exploration(predicted_from_table(TABLE), threshold, **choice)


def test_scores_part_right_and_wrong():
    html = draw_scores(seen(cell=["y", "n"]), "scores", None).body
    links = re.findall(r'<rect data-link="([^"]*)" ([^x]*)', html)
    assert sorted(link for link, _ in links) == ["cell-0-0"] * 2 + [
        "cell-1-0",
        "cell-1-1",
    ]
    # The picked cell stands out, what is wrong is dashed.
    assert all(("opacity" in style) == (link != "cell-1-0") for link, style in links)
    assert all(("dash" in style) == (link == "cell-1-0") for link, style in links)


def test_calibration_counts_tenths():
    curve = draw_calibration(seen(0.38), "calibration", None)
    assert re.findall(r'font-size="9">(\d+)<', curve.body) == ["1", "1", "1", "1"]
    assert curve.axes == ("probability of y", "share of y")
    # 0.35 and 0.4 came true in 1 and 0 of 1: at 0.38 the line between is at 0.4.
    assert curve.knob == (0.38, pytest.approx(0.4))


def test_of_several_labels_the_most_probable_counts():
    topic = Exploration(load_predicted("topic"))
    scores = draw_scores(topic, "scores", None)
    assert scores.knob is None
    assert "↑ right" in scores.body
    assert draw_calibration(topic, "calibration", None).axes == ("confidence", "right")


def test_heights_go_with_the_root_of_the_count():
    texts = {"text": [*"abcdef"], "label": ["y"] * 5 + ["n"]}
    table = {**texts, "y": [0.9] * 4 + [0.1, 0.1]}
    curve = draw_scores(Exploration(predicted_from_table(table)), "scores", None)
    tall = [float(x) for x in re.findall(r'<rect[^>]* height="([\d.]+)"', curve.body)]
    assert tall == pytest.approx([49.5, 99, 49.5])  # one, four, one text
    assert "tallest bar is 4 texts" in curve.caption
