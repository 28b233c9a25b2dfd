"""All parts of an exploration follow from one selection, and agree.

pytest tests/course/evaluation/test_exploration.py
"""

import numpy as np
import pytest
from sklearn import metrics

from course.errors import CourseError
from course.evaluation.exploration import Exploration
from course.evaluation.intervals import wilson
from course.evaluation.predicted import Predicted, load_predicted, predicted_from_table

# Texts with a question mark are 1 and 3. At 0.5: hit, miss, right, false alarm, hit.
TABLE = {
    "text": ["win", "call?", "hi", "free?", "prize"],
    "label": ["spam", "spam", "ham", "ham", "spam"],
    "spam": [0.9, 0.2, 0.1, 0.6, 0.7],
}


@pytest.fixture
def predicted():
    return predicted_from_table(TABLE)


def test_the_threshold_decides(predicted):
    assert Exploration(predicted).confusion.tolist() == [[1, 1], [1, 2]]
    assert Exploration(predicted, 0.65).confusion.tolist() == [[2, 0], [1, 2]]
    assert Exploration(predicted, 0.0).confusion.tolist() == [[0, 2], [0, 3]]
    # From the threshold on, the threshold itself with it.
    assert Exploration(predicted, 0.2).predictions.tolist() == [1, 1, 0, 1, 1]


def test_the_selection_is_in_cell_and_slice(predicted):
    assert Exploration(predicted).selection == [0, 1, 2, 3, 4]
    assert Exploration(predicted, cell=["spam", "ham"]).selection == [1]
    assert Exploration(predicted, cell=["spam", "spam"]).selection == [0, 4]
    both = Exploration(predicted, cell=["spam", "ham"], slice_name="question mark")
    assert both.selection == [1]
    assert both.confusion.tolist() == [[0, 1], [1, 0]]  # the slice's, whatever the cell
    assert Exploration(predicted, 0.1, cell=["spam", "ham"]).selection == []
    hits = Exploration(predicted, 0.1, cell=["spam", "spam"], slice_name="short")
    assert hits.selection == [0, 1, 4]
    part = Exploration(predicted, 0.3, cell=["spam", "spam"], slice_name="label ham")
    assert part.selection == part.errors() == []
    assert Exploration(predicted, slice_name="question mark").selection == [1, 3]


def test_metrics_are_of_the_slice_and_have_a_constant_beside(predicted):
    whole = Exploration(predicted)
    assert whole.metrics["accuracy"] == wilson(3, 5)
    assert whole.metrics["recall"] == wilson(2, 3)
    assert whole.baseline["accuracy"] == wilson(3, 5)  # always spam
    assert whole.baseline["f1"].value == pytest.approx(0.75)
    part = Exploration(predicted, slice_name="question mark")
    assert part.metrics["accuracy"] == wilson(0, 2)
    assert part.baseline["accuracy"] == wilson(1, 2)
    assert Exploration(predicted, slice_name="link").metrics == {}


@pytest.mark.parametrize("name", ["sentiment", "topic"])
def test_f1_is_scikit_learns(name):
    seen = Exploration(load_predicted(name), 0.3)
    average = "macro" if seen.predicted.positive is None else "binary"
    f1 = metrics.f1_score(seen.predicted.references, seen.predictions, average=average)
    found = seen.metrics["f1"]
    assert found.value == pytest.approx(f1)
    assert found.low < found.value < found.high
    assert found.n == len(seen.predicted)


def test_slices_are_measured_whatever_slice_is_picked(predicted):
    alone = Exploration(predicted).slices()
    assert alone["question mark"] == (2, wilson(0, 2))
    assert alone["link"] == (0, "no text")
    assert Exploration(predicted, slice_name="question mark").slices() == alone
    assert Exploration(predicted).slices("f1")["label ham"] == (2, "one label only")
    assert Exploration(predicted).slices("f1")["question mark"][1].value == 0


def test_with_a_cell_slices_are_shares_of_it(predicted):
    shares = Exploration(predicted, cell=["spam", "ham"]).slices()
    assert shares["question mark"] == (2, wilson(1, 2))
    assert shares["label spam"] == (3, wilson(1, 3))


def test_errors_go_from_the_surest_and_right_ones_from_the_least_sure(predicted):
    errors = Exploration(predicted).errors()
    assert [error["row"] for error in errors] == [1, 3]
    assert errors[0] == {
        "row": 1,
        "text": "call?",
        "label": "spam",
        "predicted": "ham",
        "probability": pytest.approx(0.8),
    }
    right = Exploration(predicted, cell=["spam", "spam"]).errors()
    assert [error["row"] for error in right] == [4, 0]


def test_areas_and_costs_are_of_the_slice():
    seen = Exploration(load_predicted("sentiment"), slice_name="negation")
    truth = seen.predicted.references[seen.in_slice] == 1
    scores = seen.scores[seen.in_slice]
    area, precision = seen.areas()
    assert area == pytest.approx(metrics.roc_auc_score(truth, scores))
    assert precision == pytest.approx(metrics.average_precision_score(truth, scores))
    assert len(seen.costs(1, 1).costs) <= seen.in_slice.sum() + 1


def test_the_other_label_can_be_looked_for():
    seen = Exploration(predicted_from_table(TABLE, "ham"), 0.35)
    assert seen.scores.tolist() == pytest.approx([0.1, 0.8, 0.9, 0.4, 0.3])
    assert seen.confusion.tolist() == [[2, 0], [1, 2]]


def test_without_two_labels_there_is_no_threshold():
    probabilities = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
    three = Predicted("x", ["a", "b"], np.array([0, 1]), probabilities, [*"abc"], None)
    seen = Exploration(three)
    assert seen.predictions.tolist() == [0, 2]
    assert "needs two labels; there are 3" in seen.why_no_curve()
    with pytest.raises(CourseError, match="needs two labels"):
        seen.costs(1, 1)


def test_a_slice_of_one_label_has_no_curve(predicted):
    with pytest.raises(CourseError, match="one label only"):
        Exploration(predicted, slice_name="label ham").costs(1, 1)


def test_an_unknown_part_is_refused(predicted):
    with pytest.raises(CourseError, match="Unknown label"):
        Exploration(predicted, cell=["spam", "eggs"])
    with pytest.raises(CourseError, match="Unknown slice"):
        Exploration(predicted, slice_name="short ones")
    with pytest.raises(CourseError, match="Unknown metric"):
        Exploration(predicted).slices("recall")
