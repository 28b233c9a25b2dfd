"""Explanations, kept. Alone: pytest tests/course/demo/test_explanations.py."""

import os
import time
from typing import get_args

import pytest

from course import explanation
from course.demo.explanations import Explanations, Method, explain_text
from course.demo.models import LoadedModels
from course.errors import CourseError

TEXT = "A warm, witty film."
QUESTION = (TEXT, "first", "exact", "negative")


@pytest.fixture
def models(first_run):
    return LoadedModels()


def test_the_methods_are_those_of_the_explanations():
    assert get_args(Method) == explanation.METHODS


@pytest.mark.parametrize("method", explanation.METHODS)
def test_every_method_explains(models, method):
    found = explain_text(models, TEXT, "first", method, "negative")
    assert found.report.method == method
    assert found.report.target == "negative"
    assert len(found.values) == 6


def test_without_a_target_the_answer_is_explained(models):
    found = explain_text(models, TEXT, "first", "exact", "")
    (label,) = models.get("first").predict([TEXT]).labels
    assert found.report.target == label


@pytest.mark.parametrize(
    ("text", "method", "target", "message"),
    [
        ("", "partition", "", "empty"),
        (TEXT, "shap", "", "Unknown method 'shap'"),
        (TEXT, ["exact"], "", "Unknown method"),
        (TEXT, "partition", "good", "Unknown label 'good'.* Known: negative, positive"),
        ("good " * 13, "exact", "", "12"),
    ],
)
def test_what_will_not_do(models, text, method, target, message):
    with pytest.raises(CourseError, match=message):
        explain_text(models, text, "first", method, target)
    assert Explanations(models).known(text, "first", method, target) is None


def test_the_same_question_is_answered_at_once(models):
    found = Explanations(models)
    assert found.known(*QUESTION) is None
    first = found.get(*QUESTION)
    start = time.perf_counter()
    assert found.get(*QUESTION) is first
    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize("place", range(4))
def test_another_question_is_another_explanation(models, place):
    found = Explanations(models)
    found.get(*QUESTION)
    other = [*QUESTION]
    other[place] = ("Another text.", "gone", "lime", "positive")[place]
    assert found.known(*other) is None


def test_the_answered_label_is_known_by_its_name_too(models):
    found = Explanations(models)
    first = found.get(TEXT, "first", "exact", "")
    assert found.known(TEXT, "first", "exact", first.report.target) is first


def test_a_run_trained_again_is_another_model(models, places):
    found = Explanations(models)
    found.get(*QUESTION)
    os.utime(places / "runs" / "first", (1, 1))
    assert found.known(*QUESTION) is None


def test_the_one_not_asked_for_longest_goes_first(models):
    found = Explanations(models, size=2)
    for text in ("one", "two"):
        found.get(text, "first", "exact", "negative")
    found.known("one", "first", "exact", "negative")
    found.get("three", "first", "exact", "negative")
    kept = [found.known(t, "first", "exact", "negative") for t in ("one", "two")]
    assert [each is None for each in kept] == [False, True]
