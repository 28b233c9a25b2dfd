"""Matrix and scores of the slice. Alone: pytest tests/course/views/test_matrix.py."""

import re

from course.evaluation.exploration import Exploration
from course.evaluation.predicted import predicted_from_table
from course.views.matrix import draw_matrix, draw_metrics

TABLE = {"text": [*"abc?"], "label": ["n", "n", "n", "y"], "y": [0.1, 0.2, 0.6, 0.8]}


def seen(**choice):
    return Exploration(predicted_from_table(TABLE), **choice)


def test_every_cell_tells_its_number_and_what_it_means():
    told = re.findall('data-say="([^"]*)"', draw_matrix(seen()))
    assert told == [
        "2 texts labelled n, predicted n: right, 66.7% of the row",
        "1 text labelled n, predicted y: false alarm, 33.3% of the row",
        "0 texts labelled y, predicted n: miss, 0.0% of the row",
        "1 text labelled y, predicted y: right, 100.0% of the row",
    ]


def test_wrong_cells_are_dashed_and_the_picked_one_is_marked():
    html = draw_matrix(seen(cell=["n", "y"]))
    assert html.count("1px dashed") == html.count("1px solid") == 2
    assert re.findall('data-pick="([^"]*)"[^>]*pressed="true"', html) == ["cell:0:1"]


def test_scores_stand_beside_the_constant_answer():
    html = draw_metrics(seen())
    assert "always n" in html
    assert "<td>0.750 [0.301, 0.954], n=4</td><td>0.750</td>" in html  # accuracy
    assert "n=1</td><td>0.000</td>" in html  # recall
    assert "n=2</td><td>not defined</td>" in html  # precision of never saying y
    assert "in question mark" in draw_metrics(seen(slice_name="question mark"))
