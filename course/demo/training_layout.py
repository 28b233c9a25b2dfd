"""What stands on the Train page, in the order of the Tab key.

Left out: what happens when it is used, which is `course.demo.train`'s.
"""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT
from course.demo.csv_input import CsvInput, build_csv_input
from course.demo.live import build_drawing
from course.demo.messages import Say
from course.demo.training_job import KEPT_RUNS
from course.demo.training_plan import EPOCHS, LEAST_TEXTS, METHODS, PRESETS, SECONDS
from course.views.shown import escape

TASK, CSV = "task", "csv"  # what is trained on


@dataclass(frozen=True)
class Parts:
    """The page's components, each named for what it is."""

    source: gr.Radio
    task: gr.Dropdown
    csv: CsvInput
    wish: gr.Textbox
    preset: gr.Radio
    method: gr.Radio
    epochs: gr.Slider
    seconds: gr.Slider
    keep: gr.Checkbox
    start: gr.Button
    stop: gr.Button
    status: gr.HTML
    picture: gr.HTML
    measured: gr.HTML

    @property
    def plan(self) -> list[gr.components.Component]:
        """What `course.demo.training_plan.make_plan` asks for, after the csv."""
        options = [self.preset, self.method, self.epochs, self.seconds]
        return [self.task, self.wish, *options]


def _hint(text: str) -> None:
    gr.HTML(f"<p>{escape(text)}</p>", elem_classes="hint")


def build_question(context: Context) -> dict[str, Any]:
    """Lay out what is trained on, and how.

    Args:
        context: The demo's own things.

    Returns:
        Fields of `Parts`.
    """
    from course.tasks import TASKS

    say = context.say
    sources = [(say("train.task"), TASK), (say("train.csv"), CSV)]
    source = gr.Radio(sources, value=TASK, label=say("train.source"))
    with gr.Column() as of_task:
        task = gr.Dropdown(list(TASKS), label=say("train.which"), filterable=False)
    with gr.Column(visible=False) as of_csv:
        csv = build_csv_input(context, say("train.csv_label"))
        _hint(say("train.csv_hint", least=LEAST_TEXTS))

    def show_one(value: str) -> list[gr.Column]:
        return [gr.Column(visible=value == name) for name in (TASK, CSV)]

    source.input(show_one, source, [of_task, of_csv], **INSTANT)
    wish = gr.Textbox(label=say("train.name"), max_lines=1, max_length=40)
    return {"source": source, "task": task, "csv": csv, "wish": wish} | _ways(say)


def _ways(say: Say) -> dict[str, Any]:
    def named(names: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(say(f"train.{name}"), name) for name in names]

    return {
        "preset": gr.Radio(named(PRESETS), value="quick", label=say("train.preset")),
        "method": gr.Radio(named(METHODS), value="full", label=say("train.method")),
        "epochs": gr.Slider(*EPOCHS, 2, step=1, label=say("train.epochs")),
        "seconds": gr.Slider(*SECONDS, 120, step=10, label=say("train.seconds")),
    }


def build_options(say: Say) -> dict[str, Any]:
    """Lay out the buttons, and what is shown while it trains.

    Args:
        say: The demo's words.

    Returns:
        Fields of `Parts`.
    """
    keep = gr.Checkbox(False, label=say("train.keep"))
    with gr.Row():
        start = gr.Button(say("train.button"), variant="primary")
        stop = gr.Button(say("train.stop"), interactive=False)
    status = gr.HTML(elem_classes="hint")
    picture = build_drawing()
    measured = gr.HTML(elem_classes="measured")
    _hint(say("train.kept", most=KEPT_RUNS))
    return {"keep": keep, "start": start, "stop": stop, "status": status} | {
        "picture": picture,
        "measured": measured,
    }
