"""A drawing in the demo, alive. Alone: pytest tests/course/demo/test_live.py."""

from types import SimpleNamespace

import gradio as gr
import pytest
from demo_page import serve_page

from course.demo.live import build_drawing, picked_name, value_of
from course.views.drawing import Drawing

FIRST = Drawing(
    '<p><span data-pick="a" data-link="x" data-say="One">1</span> '
    '<span data-link="x" data-say="Uno">I</span></p>',
    "There are 2.",
    "<table><tr><td>in the table</td></tr></table>",
)


def test_nothing_is_shown_of_no_drawing():
    assert value_of(None) == {}


@pytest.mark.parametrize("data", [None, [], {}, "a"])
def test_an_event_without_a_name_picks_nothing(data):
    assert picked_name(SimpleNamespace(_data=data)) == ""


@pytest.fixture(scope="module")
def address():
    def build(blocks, context):
        place, button = build_drawing(FIRST), gr.Button("Nothing")

        def show(event: gr.EventData):
            name = picked_name(event)
            return value_of(Drawing(f'<b data-pick="{name}">!</b>', f"Picked {name}."))

        place.select(show, None, place)
        button.click(lambda: value_of(None), None, place)

    with serve_page(build) as address:
        yield address


def test_marks_are_lit_told_and_picked(address, browser):
    page, wrong = browser.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    page.goto(address)
    one = page.get_by_role("button", name="One")
    one.hover()
    page.get_by_text("One · Uno").wait_for()
    page.get_by_text("As a table").click()
    assert page.get_by_text("in the table").is_visible()
    one.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Picked a.").first.wait_for()
    assert not page.get_by_text("As a table").is_visible()
    assert page.evaluate("document.activeElement.dataset.pick") == "a"
    page.get_by_role("button", name="Nothing").click()
    page.get_by_text("Picked a.").first.wait_for(state="hidden")
    page.close()
    assert wrong == []
