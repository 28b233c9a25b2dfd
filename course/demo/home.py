"""The Home page: what this is, a guided walk through the others, and how it is doing.

Each step of the walk opens a page with a text that shows what the page is for. Left
out: opening it, which is for whoever knows all pages (`course.demo.pages`).
"""

import os
import sys
from dataclasses import dataclass

import gradio as gr
import psutil

import course
from course.demo.context import Context
from course.demo.controls import INSTANT
from course.demo.models import list_models
from course.views.shown import escape

MODEL = "sentiment"


@dataclass(frozen=True)
class Step:
    """One step of the walk.

    Attributes:
        name: In the catalog, "home.<name>" is its button, "home.<name>_hint" its line.
        page: The page that it opens.
        text: What stands in the page's text box then; English, as the models are.
    """

    name: str
    page: str
    text: str


SENTENCE = "A warm, witty film that stays with you for days."
WALK = (
    Step("classify", "classify", SENTENCE),
    Step("why", "explain", SENTENCE),
    Step("edit", "explain", SENTENCE.replace("warm", "cold")),
    Step("compare", "compare", "Not the disaster I was promised."),
    Step("feedback", "classify", "I expected to hate it, and I was wrong."),
)


@dataclass(frozen=True)
class HomePage:
    """What other pages connect to.

    Attributes:
        steps: Name of a step to its button.
        health: The table, and what `render_health` is for.
    """

    steps: dict[str, gr.Button]
    health: gr.HTML


def walk_model() -> str | None:
    """Return the model that the walk asks: the shipped one, else the first, else None.

    Example:
        >>> walk_model() in {None, *list_models()}
        True
    """
    models = list_models()
    return MODEL if MODEL in models else next(iter(models), None)


def health(context: Context) -> dict[str, str]:
    """Return how the demo is doing: what it says of a thing, by the thing's name.

    Args:
        context: The demo's own things.

    Example:
        >>> health(Context())["version"]
        '0.1.0'
    """
    say, loaded = context.say, context.models.loaded()
    waiting = say("home.after_first")  # measured when the first model is loaded
    threads = precision = waiting
    if loaded and "torch" in sys.modules:
        threads = str(sys.modules["torch"].get_num_threads())
        precision = ", ".join(sorted({model.precision for model in loaded.values()}))
    memory = psutil.Process(os.getpid()).memory_info().rss / 1e6
    log = "home.log_off" if context.log is None else "home.log_on"
    return {
        "version": course.__version__,
        "offered": str(len(list_models())),
        "loaded": ", ".join(loaded) or say("home.none"),
        "threads": threads,
        "precision": precision,
        "memory": f"{memory:,.0f} MB",
        "log": say(log),
    }


def render_health(context: Context) -> str:
    """Return `health` as an HTML table.

    Args:
        context: The demo's own things.
    """
    say = context.say
    rows = "".join(
        f'<tr><th scope="row">{escape(say(f"home.{name}"))}</th>'
        f"<td>{escape(value)}</td></tr>"
        for name, value in health(context).items()
    )
    caption = escape(say("home.health"))
    return f"<table><caption>{caption}</caption><tbody>{rows}</tbody></table>"


def build_page(blocks: gr.Blocks, context: Context) -> HomePage:
    """Lay out the page and connect what is its own.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say = context.say
    buttons = {}
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280, scale=3):
            gr.HTML(
                f"<p>{escape(say('home.what'))}</p><h2>{escape(say('home.walk'))}</h2>",
                elem_classes="what",
            )
            for number, step in enumerate(WALK, start=1):
                with gr.Group(elem_classes="step"):
                    title = f"{number}. {say(f'home.{step.name}')}"
                    buttons[step.name] = gr.Button(title)
                    hint = escape(say(f"home.{step.name}_hint"))
                    gr.HTML(f"<p>{hint}</p>")
        with gr.Column(min_width=280, scale=2):
            table = gr.HTML(elem_classes="measured")
    blocks.load(lambda: render_health(context), None, table, **INSTANT)
    return HomePage(buttons, table)
