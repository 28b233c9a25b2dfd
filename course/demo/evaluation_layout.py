"""What stands on the Evaluate page, in the order of the Tab key.

Left out: what happens when it is used, which is `course.demo.evaluate`'s.
"""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, choices
from course.demo.csv_input import CsvInput, build_csv_input
from course.demo.evaluation_picture import CURVE_NAMES
from course.demo.messages import Say
from course.demo.models import list_models
from course.views.shown import escape

OWN, CSV = "own", "csv"  # what a model is measured on


@dataclass(frozen=True)
class Parts:
    """The page's components, each named for what it is."""

    model: gr.Dropdown
    source: gr.Radio
    csv: CsvInput
    run: gr.Button
    stop: gr.Button
    status: gr.HTML
    panel: gr.Column
    threshold: gr.Slider
    curve: gr.Dropdown
    costs: tuple[gr.Number, gr.Number]
    cheapest: gr.Button
    why: gr.Button
    picture: gr.HTML
    measured: gr.HTML

    @property
    def view(self) -> list[gr.components.Component]:
        """What a picture depends on, beside the selection."""
        return [self.threshold, self.curve, *self.costs]


def build_question(context: Context) -> dict[str, Any]:
    """Lay out what is to be measured, and the buttons.

    Args:
        context: The demo's own things.

    Returns:
        Fields of `Parts`.
    """
    say, models = context.say, list_models()
    parts: dict[str, Any] = {
        "model": gr.Dropdown(
            choices(models, say),
            value=next(iter(models), None),
            label=say("controls.model"),
            filterable=False,
            interactive=True,
        ),
        "source": gr.Radio(
            [(say("evaluate.own"), OWN), (say("evaluate.csv"), CSV)],
            value=OWN,
            label=say("evaluate.texts"),
        ),
    }
    with gr.Column(visible=False) as box:
        parts["csv"] = build_csv_input(context, say("evaluate.csv_label"))
        gr.HTML(f"<p>{escape(say('evaluate.csv_hint'))}</p>", elem_classes="hint")
    parts["source"].input(
        lambda source: gr.Column(visible=source == CSV),
        parts["source"],
        box,
        **INSTANT,
    )
    with gr.Row():
        parts["run"] = gr.Button(say("evaluate.button"), variant="primary")
        parts["stop"] = gr.Button(say("evaluate.stop"))
    parts["status"] = gr.HTML(elem_classes="hint")
    parts["measured"] = gr.HTML(elem_classes="measured")
    return parts


def build_view(say: Say) -> dict[str, Any]:
    """Lay out how the answers are looked at: threshold, curve and costs.

    Args:
        say: The demo's words.

    Returns:
        Fields of `Parts`.
    """
    parts: dict[str, Any] = {}
    with gr.Column(visible=False) as parts["panel"]:
        parts["threshold"] = gr.Slider(
            *(0, 1, 0.5),
            step=0.005,
            label=say("evaluate.threshold"),
            info=say("evaluate.threshold_info"),
        )
        parts["curve"] = gr.Dropdown(
            list(CURVE_NAMES), label=say("evaluate.curve"), filterable=False
        )
        with gr.Row():
            parts["costs"] = tuple(
                gr.Number(1, minimum=0, maximum=1e9, label=say(f"evaluate.{name}"))
                for name in ("cost_alarm", "cost_miss")
            )
        parts["cheapest"] = gr.Button(say("evaluate.cheapest"))
        parts["why"] = gr.Button(say("evaluate.why"), interactive=False)
        gr.HTML(f"<p>{escape(say('evaluate.pick_hint'))}</p>", elem_classes="hint")
    return parts
