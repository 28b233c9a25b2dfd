"""How the Explain page is laid out: a question, an edit, and what to trust.

Each part has a button that begins its work, one that stops it, and a place for what
comes of it. Left out: what the buttons do.
"""

import re
from dataclasses import dataclass
from typing import get_args

import gradio as gr

from course.demo.controls import Controls, build_controls
from course.demo.explanations import PREDICTED, Method
from course.demo.messages import Say
from course.demo.models import find_run
from course.errors import CourseError
from course.views.shown import escape

EXACT_WORDS = 12
# Near enough to what the method counts: words and marks, "can't" and "..." being one.
WORD = re.compile(r"\w+(?:['’-]\w+)*|([^\w\s])\1*")  # noqa: RUF001


def count_words(text: str) -> int:
    """Return the number of words and punctuation marks of a text.

    Example:
        >>> count_words("It can't be well-made... can it?")
        8
    """
    return sum(1 for _ in WORD.finditer(text))


def method_choices(text: str, say: Say) -> list[tuple[str, str]]:
    """Return the methods; one for which the text is too long says so.

    Args:
        text: What stands in the text box.
        say: The demo's words.

    Example:
        >>> method_choices("word " * 30, Say())[1]
        ('exact: for 12 words at most, here are 30', 'exact')
    """
    titles = {method: say(f"explain.{method}") for method in get_args(Method)}
    words = count_words(text)
    if words > EXACT_WORDS:
        titles["exact"] = say("explain.too_long", most=EXACT_WORDS, words=words)
    return [(title, method) for method, title in titles.items()]


def target_choices(name: str | None, say: Say) -> gr.Dropdown:
    """Return the labels that a model's answer can be explained for.

    Args:
        name: A name in `list_models()`; None or a gone one gives the first line alone.
        say: The demo's words.
    """
    try:
        labels = find_run(name).labels if name else []
    except CourseError:
        labels = []
    first = say("explain.predicted"), PREDICTED
    lines = [first, *((label, label) for label in labels)]
    return gr.Dropdown(choices=lines, value=PREDICTED)


@dataclass(frozen=True)
class Part:
    """A part of the page: two buttons, and where is drawn what the first asks for."""

    start: gr.Button
    stop: gr.Button
    picture: gr.HTML


def _build_part(say: Say, start: str, variant: str = "secondary") -> Part:
    with gr.Row():
        begin = gr.Button(say(start), variant=variant, min_width=120)
        stop = gr.Button(say("work.stop"), min_width=80)
    return Part(begin, stop, gr.HTML(elem_classes="picture", render=False))


def build_question(say: Say) -> tuple[Controls, gr.Radio, gr.Dropdown, Part]:
    """Lay out model, text, method and label, and the picture below them.

    Args:
        say: The demo's words.
    """
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            controls = build_controls(say)
            controls.examples.render()
        with gr.Column(min_width=280):
            methods = method_choices(controls.text.value, say)
            method = gr.Radio(methods, value="partition", label=say("explain.method"))
            target = gr.Dropdown(
                [(say("explain.predicted"), PREDICTED)],
                value=PREDICTED,
                label=say("explain.target"),
                filterable=False,
            )
            words = _build_part(say, "explain.button", "primary")
    words.picture.render()
    return controls, method, target, words


def build_edit(say: Say, text: str) -> tuple[gr.Textbox, gr.Textbox, Part]:
    """Lay out the text to be edited, and the comparison below it.

    Args:
        say: The demo's words.
        text: What the edit begins with.

    Returns:
        The box; the text with which the edit in it began; the part.
    """
    with gr.Accordion(say("explain.edit_title"), open=False):
        edited = gr.Textbox(
            text,
            label=say("explain.edited"),
            info=say("explain.edit_hint"),
            lines=3,
            max_lines=10,
            html_attributes=gr.InputHTMLAttributes(spellcheck=False),
        )
        part = _build_part(say, "explain.compare")
        part.picture.render()
    # Not `gr.State`, for which each open page would hold a connection.
    return edited, gr.Textbox(text, visible=False), part


def build_trust(say: Say) -> Part:
    """Lay out the measuring of an explanation.

    Args:
        say: The demo's words.
    """
    with gr.Accordion(say("explain.trust_title"), open=False):
        gr.HTML(f"<p>{escape(say('explain.trust_hint'))}</p>", elem_classes="hint")
        part = _build_part(say, "explain.measure_button")
        part.picture.render()
    return part
