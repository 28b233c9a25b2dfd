"""The Monitor page. Alone: pytest tests/course/demo/test_monitor.py."""

from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest

from course.demo import monitor
from course.demo.context import Context
from course.demo.messages import catalog
from course.demo.models import LoadedModels
from course.demo.references import References
from course.monitoring import PredictionLog
from course.monitoring.drift import Window
from course.views.monitoring_words import WORDS


@pytest.fixture
def context(tmp_path, first_run):
    context = Context(log=PredictionLog(tmp_path / "log.sqlite"))
    yield context
    context.log.close()


def fill(context, n, model="first", label="negative"):
    for _ in range(n):
        context.log.add_prediction(model, label, 0.9, {label: 0.9}, 30, 5.0)


def render(context, known=None, name="first", window="day"):
    references = SimpleNamespace(known=lambda name: known)
    return monitor.render_window(context, references, name, window)


def test_the_page_and_the_picture_use_the_same_words():
    said = catalog("en")
    assert {name: said[f"monitor.{name}"] for name in WORDS} == WORDS


def test_without_predictions_it_says_what_to_do(context):
    assert "Ask it on the Classify page" in render(context)
    assert "keeps no log" in render(Context())
    fill(context, 1)
    assert "Ask it on the Classify page" in render(context, name="other")


def test_a_window_is_drawn_beside_its_reference(context):
    fill(context, 40)
    reference = Window(np.full(200, 0.9), np.full(200, 30), ["negative"] * 200)
    assert "not distinguishable" in render(context, reference)
    reference = Window(np.full(200, 0.6), np.full(200, 30), ["negative"] * 200)
    assert "Alarm: confidence of 40" in render(context, reference, window="no such")


def test_feedback_stands_beside_the_measured_accuracy(context):
    fill(context, 20)
    for row in context.log.predictions():
        context.log.add_feedback(row.id, right=False)
    drawn = render(context)
    assert "Alarm: accuracy of 20" in drawn
    assert "0.835 [0.816, 0.853], n=1500" in drawn


def test_why_there_is_no_reference_is_escaped(context):
    fill(context, 1, label="<b>")
    drawn = render(context, "gone <b>")
    assert "gone &lt;b&gt;" in drawn
    assert "<b>" not in drawn


def test_models_of_the_log_that_are_gone_can_be_chosen(context):
    fill(context, 1, "gone")
    names = [name for _, name in monitor.model_choices(context)]
    assert names == ["first", "gone"]


def test_simulating_draws_an_alarm_and_logs_nothing(context, monkeypatch):
    references = References(LoadedModels())
    other = Window(np.full(60, 0.5), np.full(60, 300), ["negative"] * 60)
    own = Window(np.full(200, 0.9), np.full(200, 30), ["negative"] * 200)
    monkeypatch.setattr(references, "simulate", lambda name, task: other)
    monkeypatch.setattr(references, "find", lambda name: own)
    drawn = monitor.make_simulate(context, references)("first", "spam")
    assert "Alarm: confidence, length" in drawn
    assert "texts of the task spam" in drawn
    assert context.log.predictions() == []


def test_nothing_is_offered_to_programs_and_the_timer_rests(context):
    with gr.Blocks() as blocks:
        with gr.Tabs() as tabs, gr.Tab("Monitor"):
            page = monitor.build_page(blocks, context)
        monitor.follow_tabs(tabs, page, context)
    assert not page.timer.active
    assert {fn.api_visibility for fn in blocks.fns.values()} == {"private"}
