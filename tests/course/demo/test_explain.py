"""The Explain page. Alone: pytest tests/course/demo/test_explain.py."""

from types import SimpleNamespace
from typing import get_args

import pytest

from course import explanation
from course.demo.explain import (
    EXACT_WORDS,
    TITLES,
    Method,
    count_words,
    explain_text,
    method_choices,
    open_page,
    render_effort,
    target_choices,
)
from course.demo.models import LoadedModels
from course.errors import CourseError
from course.explanation import shapley
from course.explanation.masking import read_text

TEXT = "A warm, witty film."


@pytest.fixture
def models(first_run):
    return LoadedModels()


def test_the_methods_are_those_of_the_explanations():
    assert get_args(Method) == explanation.METHODS == tuple(TITLES)
    assert EXACT_WORDS == shapley.EXACT_PLAYERS


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


@pytest.mark.parametrize(
    "text",
    [TEXT, "It can't be well-made... can it?", "Wow!!! 10/10 :-)", "", "naïve café"],
)
def test_words_are_counted_as_the_explanation_does(models, text):
    assert count_words(text) == len(read_text(models.get("first"), text).players)


def test_the_menu_says_when_a_text_is_too_long_for_exact():
    assert dict(method_choices("film " * 12))[TITLES["exact"]] == "exact"
    choices = method_choices("film " * 13)
    assert ("exact: for 12 words at most, here are 13", "exact") in choices
    assert [method for _, method in choices] == [*TITLES]


def test_targets_are_the_labels_of_the_model(first_run):
    menu = target_choices(first_run)
    assert [value for _, value in menu.choices] == ["", "negative", "positive"]
    assert [value for _, value in target_choices("gone").choices] == [""]
    assert [value for _, value in target_choices(None).choices] == [""]


def test_effort_says_what_was_done_and_whether_it_sufficed():
    report = SimpleNamespace(evaluations=1234, cache_hits=0, seconds=0.5, complete=True)
    assert "1,234 evaluations of the model, 0.50 s; complete." in render_effort(report)
    report.cache_hits, report.complete = 56, False
    assert "and 56 remembered ones, 0.50 s; not complete." in render_effort(report)


def test_another_model_clears_the_picture(first_run):
    *_, method, target, picture = open_page(first_run, "film " * 13, brought=True)
    assert method.choices[1][0] == "exact: for 12 words at most, here are 13"
    assert target.value == picture == ""
