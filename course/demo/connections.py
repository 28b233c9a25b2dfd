"""What leads from one page of the demo to another, with the text it is about.

Home's walk opens pages, Classify and Evaluate have an answer explained, what Train made
can be asked elsewhere, and Home and Monitor are brought up to date when they are looked
at. Left out: the pages themselves.
"""

from collections.abc import Callable
from typing import Any

import gradio as gr

from course.demo import explain, home, monitor
from course.demo.context import Context
from course.demo.controls import INSTANT, MODEL_WORK, PRIVATE, choices
from course.demo.models import list_models


def connect_pages(context: Context, tabs: gr.Tabs, pages: dict[str, Any]) -> None:
    """Lead from one page to another.

    Args:
        context: The demo's own things.
        tabs: All pages.
        pages: What their `build_page` gave, by name.
    """
    asked, measured = pages["classify"], pages["evaluate"]
    explain_from = _explainer(context, tabs, pages["explain"])
    explain_from(asked.why.click, [asked.controls.model, asked.controls.text])
    explain_from(measured.why.click, measured.picked)
    monitor.follow_tabs(tabs, pages["monitor"], context)
    health = pages["home"].health
    tabs.select(lambda: home.render_health(context), None, health, **INSTANT)
    if "train" in pages:
        _offer_trained(context, pages)
    _connect_walk(tabs, pages, explain_from)


def _offer_trained(context: Context, pages: dict[str, Any]) -> None:
    """Put a model that was trained here into the other pages' menus."""
    menus = [
        pages["classify"].controls.model,
        pages["explain"].opened[0],
        pages["compare"].models,
        pages["evaluate"].model,
    ]

    def offer() -> list[gr.Dropdown]:
        lines = choices(list_models(), context.say)
        return [gr.Dropdown(choices=lines) for _ in menus]

    pages["train"].trained.change(offer, None, menus, **INSTANT)


def _explainer(
    context: Context, tabs: gr.Tabs, reasons: explain.ExplainPage
) -> Callable[..., None]:
    """Return what connects an event to the Explain page."""

    def open_explain(name: str | None, text: str) -> list[Any]:
        opened = explain.open_page(context.say, name, text, brought=True)
        return [gr.Tabs(selected="explain"), *opened]

    def explain_from(
        event: Callable[..., Any],
        inputs: list[gr.components.Component] | None,
        question: Callable[[], tuple[str | None, str]] | None = None,
    ) -> None:
        """Explain the values of `inputs`, or what `question` gives, when it happens."""

        def opened(*values: Any) -> list[Any]:
            return open_explain(*(question() if question else values))

        event(opened, inputs, [tabs, *reasons.opened], **INSTANT).then(
            reasons.show, reasons.inputs, reasons.picture, **PRIVATE, **MODEL_WORK
        )

    return explain_from


def _connect_walk(
    tabs: gr.Tabs, pages: dict[str, Any], explain_from: Callable[..., None]
) -> None:
    """Let the steps of Home's walk open the pages that they are about."""
    controls = pages["classify"].controls
    boxes = {
        "classify": [controls.text, controls.model],
        "compare": [pages["compare"].text],  # which models is for the page to say
    }
    for step in home.WALK:
        click = pages["home"].steps[step.name].click
        if step.page == "explain":
            explain_from(click, None, lambda text=step.text: (home.walk_model(), text))
        else:
            filled = [tabs, *boxes[step.page]]
            click(_opener(step, len(filled)), None, filled, **INSTANT)


def _opener(step: home.Step, outputs: int) -> Callable[[], list[Any]]:
    """Return what opens a page with a text, which waits there to be asked about."""

    def opened() -> list[Any]:
        return [gr.Tabs(selected=step.page), step.text, home.walk_model()][:outputs]

    return opened
