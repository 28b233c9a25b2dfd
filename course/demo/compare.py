"""The Compare page: two to four models on one text, and on many.

One text shows answers, time and size; many show where models disagree, and which is
better where right labels are known. Left out: measuring one model thoroughly, which is
the Evaluate page's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.compare_work import SAMPLE, SOURCES, CompareWork
from course.demo.comparing import MOST_MODELS
from course.demo.context import Context
from course.demo.controls import INSTANT, MODEL_WORK, PRIVATE, choices, examples_for
from course.demo.csv_input import CsvInput, build_csv_input
from course.demo.messages import Say
from course.demo.models import list_models
from course.demo.work import connect_stop


@dataclass(frozen=True)
class ComparePage:
    """What other pages connect to."""

    models: gr.Dropdown
    text: gr.Textbox


@dataclass(frozen=True)
class _Many:
    """Where the texts come from on which models may disagree."""

    source: gr.Radio
    sample: gr.Slider
    csv: CsvInput
    box: gr.Column


def first_choice() -> list[str]:
    """Return the models that are chosen first: two with the same labels, if any are."""
    runs = list_models()
    for run in runs.values():
        same = [name for name in runs if set(runs[name].labels) == set(run.labels)]
        if len(same) > 1:
            return same[:2]
    return list(runs)[:2]


def refreshed(say: Say, names: list[str] | None) -> gr.Dropdown:
    """Return the menu with the models that there are now; a choice that is there stays.

    Args:
        say: The demo's words.
        names: The chosen models.
    """
    models = list_models()
    kept = [name for name in names or [] if name in models]
    value = kept if len(kept) > 1 else first_choice()
    return gr.Dropdown(choices=choices(models, say), value=value)


def build_page(blocks: gr.Blocks, context: Context) -> ComparePage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say, work = context.say, CompareWork(context)
    models, text = _build_question(say)
    begin, stop = _build_buttons(say, "compare.button", "primary")
    one = gr.HTML(elem_classes="picture")
    with gr.Accordion(say("compare.many_title"), open=False):
        many = _build_many(context)
        find, stop_find = _build_buttons(say, "compare.find")
        found = gr.HTML(elem_classes="picture")

    asked = [begin.click, text.submit]
    _connect(work, asked, work.one_text, [models, text], one, stop)
    inputs = [models, many.source, many.sample, many.csv.text]
    _connect(work, [find.click], work.many_texts, inputs, found, stop_find)
    many.source.change(
        lambda source: [
            gr.Slider(visible=source == "test_split"),
            gr.Column(visible=source != "test_split"),
        ],
        many.source,
        [many.sample, many.box],
        **INSTANT,
    )
    blocks.load(lambda names: refreshed(say, names), models, models, **INSTANT)
    return ComparePage(models, text)


def _build_question(say: Say) -> tuple[gr.Dropdown, gr.Textbox]:
    runs, chosen = list_models(), first_choice()
    models = gr.Dropdown(
        choices(runs, say),
        value=chosen,
        multiselect=True,
        max_choices=MOST_MODELS,
        label=say("compare.models", most=MOST_MODELS),
    )
    first = runs.get(chosen[0]) if chosen else None
    text = gr.Textbox(
        examples_for(first)[0],
        label=say("controls.text"),
        lines=3,
        max_lines=10,
        placeholder=say("controls.placeholder"),
        html_attributes=gr.InputHTMLAttributes(spellcheck=False),
    )
    return models, text


def _build_buttons(
    say: Say, start: str, variant: str = "secondary"
) -> tuple[gr.Button, gr.Button]:
    with gr.Row():
        begin = gr.Button(say(start), variant=variant, min_width=120)
        stop = gr.Button(say("work.stop"), min_width=80)
    return begin, stop


def _build_many(context: Context) -> _Many:
    say = context.say
    names = [(say(f"compare.{source}"), source) for source in SOURCES]
    source = gr.Radio(names, value=SOURCES[0], label=say("compare.source"))
    least, most, first = SAMPLE
    sample = gr.Slider(
        least, most, value=first, step=10, label=say("compare.sample"), buttons=[]
    )
    with gr.Column(visible=False) as box:
        csv = build_csv_input(context, say("compare.csv_label"))
    return _Many(source, sample, csv, box)


def _connect(
    work: CompareWork,
    triggers: list[Callable[..., Any]],
    handler: Callable[..., Any],
    inputs: list[gr.components.Component],
    output: gr.HTML,
    stop: gr.Button,
) -> None:
    """Let one of several events begin the work, and a button end it."""
    shown = {"show_progress": "minimal", **PRIVATE, **MODEL_WORK}
    events = [trigger(handler, inputs, output, **shown) for trigger in triggers]
    connect_stop(work.say, stop, work.sessions, events, output)
