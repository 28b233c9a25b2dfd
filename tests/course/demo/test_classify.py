"""The Classify page. Alone: pytest tests/course/demo/test_classify.py."""

from types import SimpleNamespace

import pytest

from course.demo.classify import make_show, open_page, render_truncation
from course.demo.context import Context
from course.demo.messages import Say
from course.demo.models import LoadedModels, classify_text
from course.errors import CourseError

SAY = Say()


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
    assert render_truncation(short, SAY) == ""
    assert "its first 64 tokens only" in render_truncation(long, SAY)


def test_a_bad_text_is_refused_before_a_model_is_loaded(first_run):
    with pytest.raises(CourseError, match="at most 10,000"):
        classify_text(None, "x" * 1_000_000, first_run)


def test_another_model_clears_the_answer(first_run):
    *_, measured, label, truncation, prediction = open_page(SAY, first_run, "")
    assert "0.835" in measured
    assert not label.visible
    assert prediction == ""
    assert not truncation.visible


def test_an_answer_is_kept_with_how_long_it_took(first_run):
    kept = []

    class Log:
        def add_prediction(self, *answer, **more):
            kept.append((answer, more))
            return "id 1"

    show = make_show(Context(log=Log()))
    request = SimpleNamespace(session_hash="ana")
    shown, line, prediction = show("A joy.", first_run, False, request)
    probabilities = {
        row["label"]: row["confidence"] for row in shown.value["confidences"]
    }
    ((model, label, confidence, same), more) = kept[0]
    assert prediction == "id 1"
    assert model == first_run
    assert same == pytest.approx(probabilities)
    assert probabilities[label] == confidence
    assert more["milliseconds"] > 0
    assert (more["text"], more["session"]) == (None, "ana")
    assert not line.visible


def test_without_a_log_there_is_nothing_to_judge(first_run):
    *_, prediction = make_show(Context())("A joy.", first_run, True, None)
    assert prediction == ""
