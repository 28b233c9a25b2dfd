"""From one page to another. Alone: pytest tests/course/demo/test_connections.py."""

import gradio as gr
import pytest
from demo_runs import make_run

from course.demo import home
from course.demo.controls import choices
from course.demo.messages import Say
from course.demo.models import list_models
from course.demo.pages import build_demo


@pytest.fixture
def demo(first_run):
    return build_demo()


def after(demo, block, event="click"):
    """What an event of a component runs."""
    return [fn for fn in demo.fns.values() if (block._id, event) in fn.targets]


def button(demo, text):
    [found] = [
        block
        for block in demo.blocks.values()
        if isinstance(block, gr.Button) and block.value == text
    ]
    return found


def test_why_takes_model_and_text_to_explain(demo):
    [opening] = after(demo, button(demo, "Why this answer?"))
    tabs, model, text, *_ = opening.fn("first", "A text of the visitor's own.")
    assert tabs.selected == "explain"
    assert (model.value, text) == ("first", "A text of the visitor's own.")
    [showing] = [fn for fn in demo.fns.values() if fn.trigger_after == opening._id]
    assert showing.concurrency_id == "model"


@pytest.mark.parametrize("step", home.WALK, ids=lambda step: step.name)
def test_each_step_of_the_walk_opens_its_page_with_its_text(demo, step):
    number = home.WALK.index(step) + 1
    pressed = button(demo, f"{number}. {Say()(f'home.{step.name}')}")
    [opening] = after(demo, pressed)
    tabs, *filled = opening.fn()
    assert tabs.selected == step.page
    assert step.text in filled
    assert len(filled) + 1 == len(opening.outputs)
    texts = [
        block
        for block, value in zip(opening.outputs[1:], filled, strict=True)
        if isinstance(value, str) and value == step.text
    ]
    assert isinstance(texts[0], gr.Textbox)


def test_what_was_trained_is_offered_on_the_other_pages(demo, places, tiny_model_dir):
    [offering] = [
        fn
        for fn in demo.fns.values()
        if any(name == "change" for _, name in fn.targets)
        and fn.outputs
        and all(isinstance(block, gr.Dropdown) for block in fn.outputs)
    ]
    make_run(places / "runs" / "fresh", tiny_model_dir)
    updates = offering.fn()
    lines = choices(list_models(), Say())
    assert "fresh" in {name for _, name in lines}
    assert [update.choices for update in updates] == [lines] * len(updates)
