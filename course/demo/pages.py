"""The pages of the demo, put together: `build_demo` gives the whole of it.

Left out: starting it, which is `course.demo.launch`'s.
"""

from typing import Any

import gradio as gr

from course.demo import classify, explain
from course.demo.controls import INSTANT, MODEL_WORK, PRIVATE
from course.demo.models import LoadedModels

TITLE = "LLM teaching kit"
LEAD = "Ask a trained model about a text, and ask it why."

# Fonts of the reader's own system: none is fetched, all are familiar.
THEME = gr.themes.Default(
    primary_hue="teal",
    secondary_hue="teal",
    neutral_hue="slate",
    text_size="lg",
    radius_size="md",
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
).set(  # the default colours are too pale to read easily
    body_text_color_subdued="*neutral_500",
    button_primary_background_fill="*primary_700",
    button_primary_background_fill_dark="*primary_700",
    button_primary_background_fill_hover="*primary_800",
    button_primary_background_fill_hover_dark="*primary_600",
)
CSS = """
.gradio-container { width: 100%; max-width: 70rem !important; margin: 0 auto; }
.lead h1 { margin: 0; font-size: 1.6rem; }
.lead p { margin: 0.2rem 0 0.6rem; color: var(--body-text-color-subdued); }
.page { gap: 1.5rem; }
.html-container { padding: 0 !important; }
.notice p { margin: 0; padding: 0.6rem 1rem; border-left: 4px solid var(--color-accent);
            background: var(--block-background-fill); }
.hint { color: var(--body-text-color-subdued); }
.answer * { font-family: inherit !important; }
.gallery-item { text-align: left !important; }
button[role="tab"][aria-selected="true"] { color: var(--body-text-color) !important;
                                           font-weight: 600; }
.measured table { width: 100%; border-collapse: collapse; border: 0 !important;
                  font-size: 0.9rem; }
.measured caption { text-align: left; padding-bottom: 0.4rem;
                    color: var(--body-text-color-subdued); }
.measured tr { border: 0 !important; }
.measured :is(th, td) { padding: 0.35rem 0.8rem 0.35rem 0 !important;
                        border: solid var(--border-color-primary) !important;
                        border-width: 0 0 1px !important;
                        text-align: left; font-weight: 400; }
.measured thead th { color: var(--body-text-color-subdued); }
.measured td { font-variant-numeric: tabular-nums; white-space: nowrap; }
.measured tr.model :is(th, td) { font-weight: 600; }
footer .divider { display: none; }
"""


def build_demo(models: LoadedModels | None = None) -> gr.Blocks:
    """Build the demo; no model is loaded before somebody asks for one.

    Args:
        models: The loaded models; default none yet.

    Returns:
        The `gr.Blocks`, to be started by `course.demo.launch.serve`.

    Example:
        >>> build_demo().title
        'LLM teaching kit'
    """
    models = LoadedModels() if models is None else models
    with gr.Blocks(
        title=TITLE,
        analytics_enabled=False,
        delete_cache=(3600, 3600),  # seconds between rounds, and a file's life
    ) as demo:
        gr.HTML(f"<h1>{TITLE}</h1><p>{LEAD}</p>", elem_classes="lead")
        with gr.Tabs() as tabs:
            with gr.Tab("Classify", id="classify"):
                asked = classify.build_page(demo, models)
            with gr.Tab("Explain", id="explain"):
                reasons = explain.build_page(demo, models)
        _connect(tabs, asked, reasons)
    # No REST shortcut past the queue, and no endless queue.
    demo.queue(max_size=16, default_concurrency_limit=1, api_open=False)
    return demo


def _connect(
    tabs: gr.Tabs, asked: classify.ClassifyPage, reasons: explain.ExplainPage
) -> None:
    """Let "Why this answer?" take the model and the text to the Explain page."""

    def open_explain(name: str | None, text: str) -> list[Any]:
        opened = explain.open_page(name, text, brought=True)
        return [gr.Tabs(selected="explain"), *opened]

    current = [asked.controls.model, asked.controls.text]
    asked.why.click(open_explain, current, [tabs, *reasons.opened], **INSTANT).then(
        reasons.show, reasons.inputs, reasons.picture, **PRIVATE, **MODEL_WORK
    )
