"""Predictions come from a table or a run, and the shipped ones are the model's.

pytest tests/course/evaluation/test_predicted.py
"""

import json

import numpy as np
import pandas as pd
import pytest

from course.errors import CourseError
from course.evaluation import evaluate_predictions
from course.evaluation.predicted import (
    SHIPPED,
    is_quick,
    load_predicted,
    predicted_from_table,
)
from course.inference import Classifier
from course.runs import open_run, shipped

TABLE = {"text": ["a", "b", "c"], "label": ["ham", "spam", "ham"]}


def test_every_adapter_has_its_logits_and_no_text():
    logits = json.loads(SHIPPED.read_text("utf-8"))
    assert sorted(logits) == shipped()
    assert SHIPPED.stat().st_size < 60_000


@pytest.mark.parametrize("name", shipped())
def test_the_shipped_predictions_give_the_numbers_of_the_card(name):
    predicted, run = load_predicted(name), open_run(name)
    measured = evaluate_predictions(
        predicted.probabilities, predicted.references, predicted.labels
    )
    assert measured.metrics["accuracy"].value == run.metrics["accuracy"]["value"]
    assert len(predicted) == run.metrics["accuracy"]["n"]


def test_the_shipped_logits_are_what_the_model_says():
    predicted = load_predicted("spam")
    live = Classifier("spam", precision="fp32").predict(predicted.texts[:6])
    # The shipped ones are of bf16, which has 8 bits of precision.
    assert predicted.probabilities[:6] == pytest.approx(live.probabilities, abs=0.03)


def test_a_run_is_predicted_by_its_model(tiny_model_dir, monkeypatch):
    texts = ["good", "bad"]
    monkeypatch.setattr(
        "course.evaluation.predicted.own_split",
        lambda run, split: (texts, np.array([1, 0])),
    )
    assert not is_quick(tiny_model_dir)
    predicted = load_predicted(tiny_model_dir)
    live = Classifier(tiny_model_dir).predict(texts).probabilities
    assert predicted.probabilities == pytest.approx(live, abs=1e-6)
    assert predicted.labels[predicted.positive] == "positive"


def test_a_dataframe_and_one_column_are_enough():
    predicted = predicted_from_table(pd.DataFrame({**TABLE, "ham": [0.9, 0.2, 0.4]}))
    assert predicted.labels == ["spam", "ham"]
    assert predicted.probabilities[:, 1].tolist() == [0.9, 0.2, 0.4]
    assert predicted.references.tolist() == [1, 0, 1]


def test_the_positive_label_can_be_chosen():
    table = {**TABLE, "spam": [0.1, 0.2, 0.3]}
    assert predicted_from_table(table).positive == 1
    assert predicted_from_table(table, "ham").positive == 0
    with pytest.raises(CourseError, match="Unknown label 'eggs'"):
        predicted_from_table(table, "eggs")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"text": ["a"]}, "no column 'label'"),
        (TABLE, "have no column of their own"),
        ({**TABLE, "spam": [0.1, 0.2, 3.0]}, "'spam' does not hold a probability"),
        ({**TABLE, "spam": [0.1, 0.2]}, "'spam' does not hold a probability"),
        ({**TABLE, "spam": ["x", "y", "z"]}, "holds no numbers"),
        ({**TABLE, "spam": [0.1] * 3, "ham": [0.1] * 3}, "do not sum to 1"),
        ({"text": [], "label": []}, "no column of their own"),
    ],
)
def test_an_unusable_table_is_refused_in_one_line(table, message):
    with pytest.raises(CourseError, match=message) as caught:
        predicted_from_table(table)
    assert "\n" not in str(caught.value)
