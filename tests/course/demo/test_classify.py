"""The Classify page. Alone: pytest tests/course/demo/test_classify.py."""

from pathlib import Path

import pytest
from demo_runs import ACCURACY, MAJORITY

from course.demo.classify import (
    classify_text,
    measurement_of,
    open_page,
    render_measurement,
    render_truncation,
)
from course.demo.models import LoadedModels
from course.errors import CourseError
from course.runs import Run


def make(name="first", **info):
    return Run(Path(name), {"labels": ["a", "b"], "metrics": {}, **info})


def test_the_answer_is_that_of_the_model(first_run):
    models = LoadedModels()
    answer = classify_text(models, "A warm, witty film.", first_run)
    prediction = models.get(first_run).predict(["A warm, witty film."])
    probabilities = answer["probabilities"]
    assert answer["label"] == prediction.labels[0] == next(iter(probabilities))
    assert answer["confidence"] == max(probabilities.values())
    assert set(probabilities) == {"negative", "positive"}
    assert sum(probabilities.values()) == pytest.approx(1, abs=1e-6)  # fp32
    assert sorted(probabilities.values(), reverse=True) == [*probabilities.values()]


def test_a_cut_text_is_said_to_be_cut(first_run):
    models = LoadedModels()
    short, long = (
        classify_text(models, "film " * words, first_run) for words in (62, 63)
    )
    # 64 tokens, two of which the tokenizer adds itself.
    assert render_truncation(short) == ""
    assert "its first 64 tokens only" in render_truncation(long)


def test_a_bad_text_is_refused_before_a_model_is_loaded(first_run):
    with pytest.raises(CourseError, match="at most 10,000"):
        classify_text(None, "x" * 1_000_000, first_run)


def test_the_accuracy_stands_beside_the_commonest_label():
    majority = {"majority": {"metrics": {"accuracy": MAJORITY}}}
    table = render_measurement(
        make(metrics={"accuracy": ACCURACY}, baselines=majority, measured_on="test")
    )
    assert "on 1,500 test texts it was not trained on" in table
    assert "first</th><td>0.835</td><td>0.816 to 0.853" in table
    assert "always the commonest label</th><td>0.500</td><td>0.475 to 0.525" in table
    assert "TF-IDF" not in table


def test_an_accuracy_alone_is_shown_without_interval():
    table = render_measurement(make(metrics={"accuracy": {"value": 0.5}}))
    assert "the test texts" in table
    assert "<td>0.500</td><td>-</td>" in table


def test_what_was_not_measured_is_said():
    assert "was not measured" in render_measurement(make())


def test_names_are_escaped():
    metrics = {"accuracy": ACCURACY}
    table = render_measurement(make("<b>x", metrics=metrics, measured_on="<i>"))
    assert "&lt;b&gt;x" in table
    assert "<i>" not in table


@pytest.mark.parametrize("name", [None, "gone"])
def test_without_a_model_there_is_no_measurement(places, name):
    assert measurement_of(name) == ""


def test_another_model_clears_the_answer(first_run):
    *_, measured, label, truncation = open_page(first_run, "")
    assert "0.835" in measured
    assert label is None
    assert not truncation.visible
