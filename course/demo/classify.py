"""The Classify page: labels with confidence, and how far to trust them.

Left out: many texts at once (`classify_many.py`), and reasons, which are the Explain
page's.
"""

import functools
import html
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.batching import MOST_AT_ONCE, batched
from course.demo.classify_many import build_many
from course.demo.context import Context
from course.demo.controls import (
    INSTANT,
    Controls,
    build_controls,
    in_one_line,
    on_question,
    refresh,
)
from course.demo.feedback import build_feedback, record
from course.demo.measured import measurement_of
from course.demo.messages import Say
from course.demo.models import classify_text, classify_texts

SHOWN_LABELS = 5


@dataclass(frozen=True)
class ClassifyPage:
    """What other pages connect to."""

    controls: Controls
    why: gr.Button


def render_truncation(answer: dict[str, Any], say: Say) -> str:
    """Return the line that says a text was cut, as HTML; empty if it was not.

    Example:
        >>> render_truncation({"truncated": True, "max_length": 64}, Say())
        '<p>The text was cut: the model read its first 64 tokens only.</p>'
    """
    if not answer["truncated"]:
        return ""
    line = say("classify.truncated", tokens=answer["max_length"])
    return f"<p>{html.escape(line)}</p>"


def make_endpoint(context: Context) -> Callable[..., Any]:
    """Return the function that programs call as `/classify`.

    Args:
        context: The demo's own things.
    """

    def classify(text: str, model: str = "sentiment") -> dict[str, Any]:
        """Label a text, with the probability of each label.

        Args:
            text: The text, at most 10,000 characters.
            model: A shipped adapter (sentiment, spam, topic) or the name of a run.

        Returns:
            label, confidence, probabilities (label to probability, largest first),
            truncated (whether the text was cut), max_length (tokens the model reads).
        """

    return batched(functools.partial(classify_texts, context.models), classify)


def make_show(context: Context) -> Callable[..., tuple[gr.Label, gr.HTML, str]]:
    """Return the handler behind the page's button.

    Args:
        context: The demo's own things.

    Returns:
        From text, model and consent to the probabilities, the line that says that the
        text was cut, and the id by which feedback is given.
    """

    @in_one_line
    def show(
        text: str, name: str, consent: bool, request: gr.Request
    ) -> tuple[gr.Label, gr.HTML, str]:
        start = time.perf_counter()
        answer = classify_text(context.models, text, name)
        milliseconds = 1000 * (time.perf_counter() - start)
        line = render_truncation(answer, context.say)
        kept = {**answer, "model": name, "milliseconds": milliseconds}
        prediction = record(context, request, kept, text, consent)
        shown = gr.Label(answer["probabilities"], visible=True)
        return shown, gr.HTML(line, visible=bool(line)), prediction

    return show


def open_page(say: Say, name: str | None, text: str | None) -> list[Any]:
    """Return what the page shows for a model: controls, measurement, no answer.

    Args:
        say: The demo's words.
        name: The model, or None for the first.
        text: What stands in the text box.
    """
    choice = refresh(say, name, text)
    # An old answer belongs to the old model.
    cleared = [gr.Label(None, visible=False), gr.HTML("", visible=False), ""]
    return [*choice.updates, measurement_of(choice.name, say), *cleared]


def build_page(blocks: gr.Blocks, context: Context) -> ClassifyPage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say = context.say
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            controls = build_controls(say)
            button = gr.Button(say("classify.button"), variant="primary")
            controls.examples.render()
        with gr.Column(min_width=280):
            label = gr.Label(
                label=say("classify.answer"),
                visible=False,  # empty, it is nothing that could be read out
                num_top_classes=SHOWN_LABELS,
                elem_classes="answer",
            )
            truncation = gr.HTML(visible=False, elem_classes="hint")
            feedback = build_feedback(context)
            why = gr.Button(say("classify.why"))
            first = measurement_of(controls.model.value, say)
            measured = gr.HTML(first, elem_classes="measured")

    build_many(context, controls.model)

    answer = [label, truncation, feedback.prediction]
    question = [controls.text, controls.model, feedback.consent]
    on_question(controls, button, make_show(context), question, answer)
    current = [controls.model, controls.text]
    opened = [*controls.refreshed(), measured, *answer]
    show_model = functools.partial(open_page, say)
    controls.model.input(show_model, current, opened, **INSTANT)
    blocks.load(show_model, current, opened, **INSTANT)
    gr.api(
        make_endpoint(context),
        api_name="classify",
        # They all wait for one thread, which asks the model once for all of them.
        concurrency_id="classify",
        concurrency_limit=MOST_AT_ONCE,
    )
    return ClassifyPage(controls, why)
