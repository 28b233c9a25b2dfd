"""The pages of the demo, put together: `build_demo` gives the whole of it.

Left out: what leads from one page to another (`connections.py`), and starting it, which
is `course.demo.launch`'s.
"""

import gradio as gr

from course.demo import (
    about,
    classify,
    compare,
    evaluate,
    explain,
    generate,
    home,
    monitor,
    tokenize,
    train,
)
from course.demo.connections import connect_pages
from course.demo.context import Context

# In the order of their tabs; the last one lists what the others offer to programs.
PAGES = {
    "home": home,
    "classify": classify,
    "explain": explain,
    "compare": compare,
    "generate": generate,
    "tokenize": tokenize,
    "evaluate": evaluate,
    "train": train,
    "monitor": monitor,
    "about": about,
}
QUEUE = 64  # questions that wait: a class that presses its buttons at once
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
    button_primary_background_fill_hover_dark="*primary_800",
    button_cancel_background_fill="#b91c1c",
    button_cancel_background_fill_dark="#b91c1c",
    button_cancel_background_fill_hover="#991b1b",
    button_cancel_background_fill_hover_dark="#991b1b",
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
.measured { --rule: color-mix(in srgb, currentColor 22%, transparent); }
.measured :is(th, td) { padding: 0.35rem 0.8rem 0.35rem 0 !important;
                        border: solid var(--rule) !important;
                        border-width: 0 0 1px !important;
                        text-align: left; font-weight: 400; }
.measured thead th { color: var(--body-text-color-subdued); }
.measured td { font-variant-numeric: tabular-nums; white-space: nowrap; }
.measured tr.model :is(th, td) { font-weight: 600; }
.what p { margin: 0; }
.wide { overflow-x: auto; }
.wide td { white-space: normal; min-width: 8rem; vertical-align: top; }
.wide pre { margin: 0.3rem 0; padding: 0.6rem 1rem; font-size: 0.85rem;
            background: var(--background-fill-secondary); }
.about p { margin: 0.3rem 0; max-width: 46rem; }
.about h2, .what h2 { margin: 1rem 0 0.3rem; font-size: 1.2rem; }
.step button { justify-content: flex-start; padding: 0.5rem 1rem; font-size: 1rem; }
.step p { margin: 0; padding: 0 1rem 0.6rem; color: var(--body-text-color); }
footer .divider { display: none; }
"""


def build_demo(context: Context | None = None, training: bool = True) -> gr.Blocks:
    """Build the demo; no model is loaded before somebody asks for one.

    Args:
        context: Models, log and words; default no model loaded, no log, English.
        training: Whether there is a page on which visitors train models.

    Returns:
        The `gr.Blocks`, to be started by `course.demo.launch.serve`.

    Example:
        >>> build_demo().title
        'LLM teaching kit'
    """
    context = Context() if context is None else context
    say = context.say
    with gr.Blocks(
        title=say("home.title"),
        analytics_enabled=False,
        delete_cache=(3600, 3600),  # seconds between rounds, and a file's life
    ) as demo:
        lead = f"<h1>{say('home.title')}</h1><p>{say('home.lead')}</p>"
        gr.HTML(lead, elem_classes="lead")
        with gr.Tabs() as tabs:
            pages = {}
            for name, module in PAGES.items():
                if name == "train" and not training:
                    continue
                with gr.Tab(say(f"{name}.tab"), id=name):
                    pages[name] = module.build_page(demo, context)
        connect_pages(context, tabs, pages)
    # No REST shortcut past the queue, and no endless queue: a class may ask at once.
    demo.queue(max_size=QUEUE, default_concurrency_limit=1, api_open=False)
    return demo
