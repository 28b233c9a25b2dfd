"""The Evaluate page: how good a model is on labelled texts, and where it goes wrong.

All that is shown follows from one `course.evaluation.exploration.Exploration`, as in
the notebooks' lab: a cell of the matrix, a slice or a text is picked in the picture
itself, and the threshold moves all of it. Left out: predicting, which
`course.demo.predicting` does, and programs, see `course.demo.evaluation_api`.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, PRIVATE, choices, in_one_line
from course.demo.evaluation_api import make_endpoint
from course.demo.evaluation_layout import CSV, Parts, build_question, build_view
from course.demo.evaluation_picture import (
    Selection,
    cheapest,
    draw,
    picked_text,
)
from course.demo.live import build_drawing, picked_name, value_of
from course.demo.measured import measurement_of
from course.demo.messages import Say
from course.demo.models import list_models
from course.demo.predicting import Measured, PredictedTexts, Step
from course.demo.work import streamed
from course.errors import CourseError
from course.views.drawing import Drawing
from course.views.shown import escape

# A group of its own: the model's line must not wait for thousands of texts. What is
# predicted here comes in pieces that leave a processor free now and then.
EVALUATION_WORK = {"concurrency_id": "evaluation", "concurrency_limit": 1}


@dataclass(frozen=True)
class EvaluatePage:
    """What other pages connect to.

    Attributes:
        model: The menu of models.
        opened: What `open_page` answers for, in its order.
        why: Pressed to have a picked text explained.
        picked: Model and text that are to be explained then.
    """

    model: gr.Dropdown
    opened: list[gr.components.Component]
    why: gr.Button
    picked: list[gr.components.Component]


def open_page(say: Say, name: str | None) -> list[Any]:
    """Return what the page shows for a model: the menu, and nothing measured yet.

    Args:
        say: The demo's words.
        name: The chosen model; None or a gone one chooses the first.
    """
    models = list_models()
    name = name if name in models else next(iter(models), None)
    # An old picture belongs to the old model.
    hidden = gr.Column(visible=False)
    return [
        gr.Dropdown(choices=choices(models, say), value=name),
        *["", Selection(), hidden, gr.skip(), gr.skip()],
        *[gr.Button(interactive=False), value_of(None), ""],
    ]


def _say_step(step: Step, say: Say) -> str:
    name = "evaluate.predicting" if step.done else "evaluate.reading"
    values = {"done": f"{step.done:,}"} if step.done else {}
    line = say(name, total=f"{step.total:,}", **values)
    return f'<p role="status">{escape(line)}</p>'


def _found(measured: Measured, say: Say, picture: Drawing) -> list[Any]:
    two_labels = gr.update(visible=measured.predicted.positive is not None)
    table = measurement_of(measured.run.name, say) if measured.own else ""
    panel, why = gr.Column(visible=True), gr.Button(interactive=False)
    state = ["", Selection(measured.key), panel, two_labels, two_labels]
    return [*state, why, value_of(picture), table]


def make_measure(known: PredictedTexts, say: Say) -> Callable[..., Iterator[list[Any]]]:
    """Return the handler behind the page's button, which tells how far it is.

    Args:
        known: What is predicted already.
        say: The demo's words.
    """

    @streamed
    def measure(
        name: str, source: str, csv: str, threshold: float, *view: Any
    ) -> Iterator[list[Any]]:
        if source == CSV and not (isinstance(csv, str) and csv.strip()):
            raise gr.Error(escape(say("evaluate.no_csv")), print_exception=False)
        begun = f'<p role="status">{escape(say("evaluate.loading"))}</p>'
        yield [begun, *[gr.skip()] * 7]
        last = None
        try:
            for step in known.steps(name, csv if source == CSV else ""):
                last = step.measured
                yield [_say_step(step, say), *[gr.skip()] * 7]
        except CourseError:
            yield ["", *[gr.skip()] * 7]
            raise
        yield _found(last, say, draw(last, Selection(last.key), threshold, *view))

    return measure


def make_redraw(known: PredictedTexts, say: Say) -> Callable[..., Any]:
    """Return the handler that draws a selection again under another threshold.

    Args:
        known: What is predicted already.
        say: The demo's words.
    """

    @in_one_line
    def redraw(selection: Selection, *view: Any) -> Any:
        measured = known.find(selection.key)
        if measured is None:
            return gr.skip()
        return value_of(draw(measured, selection, *view))

    return redraw


def make_pick(known: PredictedTexts, say: Say) -> Callable[..., list[Any]]:
    """Return the handler that selects a cell, a slice or a text of the picture.

    Args:
        known: What is predicted already.
        say: The demo's words.
    """

    @in_one_line
    def pick(event: gr.EventData, selection: Selection, *view: Any) -> list[Any]:
        measured = known.find(selection.key)
        if measured is None:  # so long ago that others' results took its place
            raise gr.Error(escape(say("evaluate.gone")), print_exception=False)
        selection = selection.after(picked_name(event), measured)
        picture = value_of(draw(measured, selection, *view))
        name, text = picked_text(measured, selection)
        return [selection, picture, gr.Button(interactive=bool(text)), name, text]

    return pick


def build_page(blocks: gr.Blocks, context: Context) -> EvaluatePage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            question = build_question(context)
        with gr.Column(min_width=280):
            view = build_view(context.say)
    picture = build_drawing()
    return _connect(blocks, context, Parts(**question, **view, picture=picture))


def _connect(blocks: gr.Blocks, context: Context, parts: Parts) -> EvaluatePage:
    say, known = context.say, PredictedTexts(context.models)
    selection, name, text = gr.State(Selection()), gr.State(""), gr.State("")
    shown = [parts.status, selection, parts.panel, parts.threshold, parts.cheapest]
    shown += [parts.why, parts.picture, parts.measured]
    asked = [parts.model, parts.source, parts.csv.text, *parts.view]
    work = {**PRIVATE, **EVALUATION_WORK, "show_progress": "hidden"}
    begun = parts.run.click(make_measure(known, say), asked, shown, **work)
    parts.stop.click(lambda: "", None, parts.status, cancels=[begun], **INSTANT)

    seen = [selection, *parts.view]
    for control in parts.view:
        control.change(
            make_redraw(known, say),
            seen,
            parts.picture,
            trigger_mode="always_last",
            **INSTANT,
        )
    picked = [selection, parts.picture, parts.why, name, text]
    parts.picture.select(make_pick(known, say), seen, picked, **INSTANT)

    @in_one_line
    def use_cheapest(selection: Selection, *costs: Any) -> Any:
        measured = known.find(selection.key)
        return gr.skip() if measured is None else cheapest(measured, selection, *costs)

    asked = [selection, *parts.costs]
    parts.cheapest.click(use_cheapest, asked, parts.threshold, **INSTANT)
    opened, show_model = [parts.model, *shown], functools.partial(open_page, say)
    parts.model.input(show_model, parts.model, opened, cancels=[begun], **INSTANT)
    blocks.load(show_model, parts.model, opened, **INSTANT)
    gr.api(make_endpoint(known), api_name="evaluate", **EVALUATION_WORK)
    return EvaluatePage(parts.model, opened, parts.why, [name, text])
