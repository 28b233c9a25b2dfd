"""What the Explain page does. Alone: pytest tests/course/demo/test_explain_work.py."""

import re
from types import SimpleNamespace

import gradio as gr
import pytest

from course.demo.context import Context
from course.demo.explain_work import ExplainWork, edit_and_study
from course.demo.explanations import Explanations
from course.errors import CourseError

TEXT = "A warm, witty film."
QUESTION = (TEXT, "first", "exact", "negative")
REQUEST = SimpleNamespace(session_hash="one")


@pytest.fixture
def work(first_run):
    context = Context()
    return ExplainWork(context, Explanations(context.models))


def test_only_what_was_explained_before_is_shown_at_once(work):
    assert work.known(*QUESTION) == gr.skip()
    *_, drawn = work.show(*QUESTION, REQUEST)
    assert "From the cache" not in drawn
    assert "From the cache" in work.known(*QUESTION)
    (again,) = work.show(*QUESTION, REQUEST)
    assert again == work.known(*QUESTION)


def test_an_edit_is_explained_beside_the_text(work):
    edited = "A warm, dull film."
    found, answers = edit_and_study(work.explanations, TEXT, edited, QUESTION[1:])
    assert found.edits == {3: "dull"}
    assert found.text == edited
    classifier = work.explanations.models.get("first")
    said = classifier.predict([TEXT, edited])
    assert [label for label, _ in answers] == said.labels
    before, after = said.probabilities[:, classifier.labels.index("negative")]
    assert found.before.report.prediction == pytest.approx(before, abs=0.01)  # bf16
    assert found.explanations[0].report.prediction == pytest.approx(after, abs=0.01)


def test_a_comparison_says_what_changed(work):
    edited = "A <i>warm</i>, witty film."
    *_, drawn = work.compare(TEXT, edited, *QUESTION[1:], REQUEST)
    assert re.search(r"<s>warm</s> <b>.*warm.*</b>", drawn)
    assert "<i>" not in drawn
    assert "probability of “negative”" in drawn


def test_exact_gives_way_for_an_edit_that_is_too_long(work):
    *_, drawn = work.compare(TEXT, TEXT + " good" * 9, *QUESTION[1:], REQUEST)
    assert "partition stands in for it" in drawn


@pytest.mark.parametrize("edited", [TEXT, f"  {TEXT}\n"])
def test_the_same_text_is_no_edit(work, edited):
    (line,) = work.compare(TEXT, edited, *QUESTION[1:], REQUEST)
    assert "The edited text is the same" in line


def test_a_measurement_tells_both_measures(work):
    *_, drawn = work.measure(*QUESTION, REQUEST)
    assert "comprehensiveness (more is better)" in drawn
    assert drawn.count("chance</td>") == 2
    assert "<svg" in drawn


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda work: work.show("", *QUESTION[1:], REQUEST), "text is empty"),
        (lambda work: work.compare(TEXT, "", *QUESTION[1:], REQUEST), "text is empty"),
        (
            lambda work: work.compare(TEXT, "x" * 10_001, *QUESTION[1:], REQUEST),
            "at most 10,000",
        ),
        (
            lambda work: work.measure(TEXT, "../x", "exact", "", REQUEST),
            "Unknown model",
        ),
        (lambda work: work.show(7, *QUESTION[1:], REQUEST), "int came where a text"),
    ],
)
def test_mistakes_are_one_line(work, call, message):
    with pytest.raises(gr.Error, match=message):
        list(call(work))


def test_a_text_without_words_has_none_to_edit(work):
    with pytest.raises(CourseError, match="no word that could be edited"):
        edit_and_study(work.explanations, "\u200b", "a", QUESTION[1:])
