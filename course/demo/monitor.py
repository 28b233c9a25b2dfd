"""The Monitor page: what a model was asked of late, and whether that is what it knows.

The picture is `course.views.monitoring`'s. It is drawn anew every few seconds while the
page is the one that is looked at. Left out: taking rows away (`course.demo.log_rows`).
"""

import html
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, MODEL_WORK, PRIVATE, choices, in_one_line
from course.demo.log_rows import build_rows
from course.demo.messages import Say
from course.demo.models import find_run, list_models
from course.demo.references import References, other_tasks
from course.errors import CourseError

REFRESH = 10  # seconds between pictures
WINDOWS = {"hour": 3_600, "day": 86_400, "week": 604_800, "month": 30 * 86_400}


@dataclass(frozen=True)
class MonitorPage:
    """What the demo connects to.

    Attributes:
        timer: Draws anew while it is active; it is not until `follow_tabs`.
        current: Model and window.
        picture: Where the picture is.
        draw: From `current` to the picture, with what is known.
        prepare: The same, after the reference was found, which may ask the model.
    """

    timer: gr.Timer
    current: list[gr.components.Component]
    picture: gr.HTML
    draw: Callable[..., str]
    prepare: Callable[..., str]


def model_choices(context: Context) -> list[tuple[str, str]]:
    """Return the models that there are, and those of the log that are gone.

    Args:
        context: The demo's own things.
    """
    models = list_models()
    logged = context.log.models() if context.log else []
    gone = [(name, name) for name in logged if name not in models]
    return [*choices(models, context.say), *gone]


def _words(say: Say) -> Callable[..., str]:
    return lambda name, **values: say(f"monitor.{name}", **values)


def _section(drawing: Any, notes: Sequence[str], say: Say) -> str:
    """The sentence first, then notes, the picture and the table."""
    lines = "".join(f'<p class="hint">{html.escape(note)}</p>' for note in notes)
    summary, title = html.escape(drawing.summary), html.escape(say("monitor.as_table"))
    return (
        f'<section aria-label="{summary}"><div class="notice"><p>{summary}</p></div>'
        f'{lines}<div style="margin:1rem 0">{drawing.picture}</div>'
        f'<div class="measured" style="overflow-x:auto" tabindex="0" role="group" '
        f'aria-label="{title}">'
        f"{drawing.table}</div></section>"
    )


def render_window(
    context: Context, references: References, name: str | None, window: str
) -> str:
    """Return the picture of a window of the log, or what to do while it is empty.

    Args:
        context: The demo's own things.
        references: What is known of the models.
        name: A model's name.
        window: A key of `WINDOWS`.
    """
    from course.monitoring.drift import Window, compare_windows, window_of
    from course.views.monitoring import draw_monitoring

    say, log = context.say, context.log
    if log is None:
        return f'<div class="notice"><p>{html.escape(say("monitor.no_log"))}</p></div>'
    now = time.time()
    start = now - WINDOWS.get(window, WINDOWS["day"])
    rows = log.predictions(str(name), since=start)
    if not rows:
        return f'<div class="notice"><p>{html.escape(say("monitor.empty"))}</p></div>'
    known = references.known(name)
    reference = known if isinstance(known, Window) else None
    live = window_of(rows)
    judged = [row.right for row in rows if row.right is not None]
    drift = compare_windows(reference, live, judged, _measured(name))
    times = [row.time for row in rows]
    drawing = draw_monitoring(times, live, reference, drift, start, now, _words(say))
    notes = [say("monitor.lost", n=log.lost)] if log.lost else []
    if isinstance(known, str):
        notes.append(say("monitor.no_reference", why=known))
    return _section(drawing, notes, say)


def _measured(name: str | None) -> dict[str, Any] | None:
    try:
        return find_run(name or "").metrics.get("accuracy")
    except CourseError:
        return None


def make_simulate(context: Context, references: References) -> Callable[..., str]:
    """Return the handler that shows what drift would look like; nothing is logged.

    Args:
        context: The demo's own things.
        references: What is known of the models.
    """

    @in_one_line
    def simulate(name: str, task: str) -> str:
        from course.monitoring.drift import Window, compare_windows
        from course.views.monitoring import draw_monitoring

        live = references.simulate(name, task)
        known = references.find(name)
        reference = known if isinstance(known, Window) else None
        drift, say = compare_windows(reference, live), context.say
        end = time.time()
        times = [end - 3_600 * (i + 0.5) / len(live) for i in range(len(live))]
        window = (end - 3_600, end)
        drawing = draw_monitoring(times, live, reference, drift, *window, _words(say))
        return _section(drawing, [say("monitor.simulated", task=task)], say)

    return simulate


def build_page(blocks: gr.Blocks, context: Context) -> MonitorPage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.

    Returns:
        What `follow_tabs` needs.
    """
    say, references = context.say, References(context.models)
    names = model_choices(context)
    first = names[0][1] if names else None
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            model = gr.Dropdown(
                names, value=first, label=say("monitor.model"), filterable=False
            )
        with gr.Column(min_width=280):
            windows = [(say(f"monitor.{name}"), name) for name in WINDOWS]
            window = gr.Radio(windows, value="day", label=say("monitor.window"))
    picture = gr.HTML("")
    with gr.Accordion(say("monitor.simulate_title"), open=False):
        gr.HTML(f'<p class="hint">{html.escape(say("monitor.simulate_info"))}</p>')
        tasks = other_tasks(first)
        task = gr.Dropdown(
            tasks, value=tasks[0], label=say("monitor.task"), filterable=False
        )
        simulate = gr.Button(say("monitor.simulate"), size="sm")
        simulated = gr.HTML("")
    with gr.Accordion(say("monitor.rows_title"), open=False):
        deleted = build_rows(context)
    timer = gr.Timer(REFRESH, active=False)

    def draw(name: str | None, chosen: str) -> str:
        return render_window(context, references, name, chosen)

    @in_one_line
    def prepare(name: str | None, chosen: str) -> str:
        if context.log is not None and references.known(name) is None:
            references.find(name)
        return draw(name, chosen)

    current = [model, window]
    page = MonitorPage(timer, current, picture, draw, prepare)
    blocks.load(
        lambda: gr.Dropdown(choices=model_choices(context)), None, model, **INSTANT
    )
    blocks.load(draw, current, picture, **INSTANT)
    window.input(draw, current, picture, **INSTANT)
    timer.tick(draw, current, picture, **INSTANT)
    deleted.then(draw, current, picture, **INSTANT)
    _prepare_after(model.input(draw, current, picture, **INSTANT), page)
    model.input(
        lambda name: gr.Dropdown(choices=other_tasks(name), value=other_tasks(name)[0]),
        model,
        task,
        **INSTANT,
    )
    show = make_simulate(context, references)
    work = {**PRIVATE, **MODEL_WORK, "show_progress_on": simulated}
    simulate.click(show, [model, task], simulated, **work)
    return page


def _prepare_after(event: gr.events.Dependency, page: MonitorPage) -> None:
    quiet = {**PRIVATE, **MODEL_WORK, "show_progress": "hidden"}
    event.then(page.prepare, page.current, page.picture, **quiet)


def follow_tabs(tabs: gr.Tabs, page: MonitorPage, context: Context) -> None:
    """Draw while the page's tab is the chosen one, and rest otherwise.

    Args:
        tabs: The demo's tabs, of which one is called as "monitor.tab" says.
        page: From `build_page`.
        context: The demo's own things.
    """
    model = page.current[0]

    def choose(event: gr.SelectData) -> list[Any]:
        chosen = event.value == context.say("monitor.tab")
        models = gr.Dropdown(choices=model_choices(context)) if chosen else gr.skip()
        return [gr.Timer(active=chosen), models]

    selected = tabs.select(choose, None, [page.timer, model], **INSTANT)
    # Only an active timer goes on: the others have nothing to show.
    drawn = selected.then(page.draw, page.current, page.picture, **INSTANT)
    _prepare_after(drawn, page)
