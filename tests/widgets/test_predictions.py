"""Predictions of one source at a time. pytest tests/widgets/test_predictions.py."""

import threading

import pytest

from course.errors import CourseError
from widgets.predictions import TABLE, Predictions

TEXTS = {"text": ["hi", "win"], "label": ["ham", "spam"], "spam": [0.1, 0.9]}


def test_a_table_is_there_at_once_and_can_be_come_back_to():
    source = Predictions(TEXTS, print, "ham")
    assert (source.name, source.predicted.positive) == (TABLE, 0)
    source.find("spam")
    assert (len(source.predicted), source.predicted.positive) == (676, 1)
    source.find(TABLE)
    assert source.predicted.texts == ["hi", "win"]
    assert list(source.slices)[:2] == ["label ham", "label spam"]


def test_without_a_table_its_name_is_unknown():
    source = Predictions("spam", print)
    with pytest.raises(CourseError, match="Unknown run"):
        source.check(TABLE)


def test_what_cannot_be_found_leaves_no_predictions():
    source = Predictions(TEXTS, print)
    with pytest.raises(CourseError, match="Unknown label 'ham'"):
        source.find("sentiment", "ham")
    assert source.predicted is None


def test_a_model_predicts_beside_and_a_newer_choice_wins(tiny_model_dir, monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    go, called = threading.Event(), []

    def slow(run, label):
        go.wait(10)
        raise CourseError("too late")

    monkeypatch.setattr("widgets.predictions.load_predicted", slow)
    source = Predictions(tiny_model_dir, lambda: called.append(1))
    assert source.labels == ["negative", "positive"]
    source.begin()
    assert source.work.is_running
    monkeypatch.undo()
    source.find("spam")
    go.set()
    assert source.work.wait(10)
    assert (called, source.problem, len(source.predicted)) == ([], "", 676)
