"""The bar below an answer. Alone: pytest tests/course/demo/test_feedback.py."""

from types import SimpleNamespace

import gradio as gr
import pytest

from course.demo.context import Context
from course.demo.feedback import build_feedback, make_judge, record
from course.monitoring import PredictionLog

ANSWER = {
    "model": "spam",
    "label": "ham",
    "confidence": 0.75,
    "probabilities": {"ham": 0.75, "spam": 0.25},
    "milliseconds": 7.5,
}
ANA = SimpleNamespace(session_hash="ana")


@pytest.fixture
def context(tmp_path):
    context = Context(log=PredictionLog(tmp_path / "log.sqlite"))
    yield context
    context.log.close()


@pytest.mark.parametrize(
    ("consent", "kept"), [(True, "Hi!"), (False, None), ("1", None)]
)
def test_the_text_is_kept_with_consent_alone(context, consent, kept):
    id = record(context, ANA, ANSWER, "Hi!", consent)
    (row,) = context.log.of_session("ana")
    assert (row.id, row.label, row.length, row.text) == (id, "ham", 3, kept)


def test_without_a_log_nothing_is_kept_or_seen():
    assert record(Context(), ANA, ANSWER, "Hi!", True) == ""
    with gr.Blocks() as blocks:
        bar = build_feedback(Context())
    assert not bar.consent.visible
    assert len(blocks.fns) == 0


def test_thanks_come_after_the_row_is_there(context):
    id, judge = record(context, None, ANSWER, "Hi!", False), make_judge(context)
    menu, thanks = judge(id, False)
    assert "kept as wrong" in thanks
    assert (menu.visible, [name for name, _ in menu.choices]) == (True, ["spam"])
    menu, thanks = judge(id, False, "spam")
    assert "would have been: spam" in thanks
    assert context.log.feedback()[0].label == "spam"
    menu, _ = judge(id, True)
    assert not menu.visible
    assert context.log.feedback()[0].right is True


@pytest.mark.parametrize(("id", "label"), [("forged", None), (None, "<script>")])
def test_what_is_not_in_the_log_cannot_be_judged(context, id, label):
    id = id or record(context, None, ANSWER, "Hi!", False)
    with pytest.raises(gr.Error) as caught:
        make_judge(context)(id, False, label)
    assert "<script>" not in str(caught.value)
    assert context.log.feedback() == []


def test_consent_is_not_given_by_default_and_events_are_private(context):
    with gr.Blocks() as blocks:
        bar = build_feedback(context)
    assert bar.consent.value is False
    assert {fn.api_visibility for fn in blocks.fns.values()} == {"private"}
