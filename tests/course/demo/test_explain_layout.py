"""The Explain page's layout. Alone: pytest tests/course/demo/test_explain_layout.py."""

import gradio as gr

from course.demo.explain_layout import build_edit, build_question, build_trust
from course.demo.messages import Say


def test_each_part_begins_and_stops_something_of_its_own(first_run):
    say = Say("de")
    with gr.Blocks(analytics_enabled=False):
        _, method, target, words = build_question(say)
        edited, began, edit = build_edit(say, "Ein Text.")
        trust = build_trust(say)
    parts = [words, edit, trust]
    assert [part.start.value for part in parts] == [
        *("Erklären", "Beide vergleichen", "Messen")
    ]
    assert {part.stop.value for part in parts} == {"Anhalten"}
    assert edited.value == began.value == "Ein Text."
    assert (method.value, target.value) == ("partition", "")


def test_no_state_holds_a_connection_open(first_run):
    with gr.Blocks(analytics_enabled=False) as blocks:
        build_edit(Say(), "A text.")
    assert not any(isinstance(block, gr.State) for block in blocks.blocks.values())
