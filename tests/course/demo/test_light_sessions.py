"""Light sessions. Alone: pytest tests/course/demo/test_light_sessions.py."""

from types import SimpleNamespace

import gradio as gr

from course.demo.light_sessions import lighten


def test_a_session_begins_without_descriptions_and_gets_those_it_needs():
    with gr.Blocks() as demo:
        box = gr.Textbox("old")
        state = gr.State([])
    demo.app = SimpleNamespace()
    sessions = lighten(demo)
    assert demo.app.state_holder is demo.state_holder is sessions
    session = sessions["ana"]
    assert session.config_values == {}
    assert set(demo.blocks) >= {box._id, state._id}  # the demo stays whole
    assert session[box._id] is box
    session[state._id].append(1)
    assert sessions["ana"][state._id] == [1]
    assert sessions["eva"][state._id] == []
