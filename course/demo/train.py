"""The Train page: fine-tune on a csv or a task of the kit, and watch it learn.

One training at a time, in a process of its own (`course.demo.training_job`); its run is
then in the menus of every page. It ends with its visitor's page unless they ask for it
to go on. Left out: steering it, which `TrainingLab` in a notebook can.
"""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, PRIVATE, without_folders
from course.demo.live import value_of
from course.demo.measured import measurement_of
from course.demo.messages import Say
from course.demo.training_job import OneTraining, TrainingJob, check_room, csv_of
from course.demo.training_layout import CSV, Parts, build_options, build_question
from course.demo.training_plan import make_plan
from course.demo.training_process import LOADING, MEASURING, STOPPING
from course.demo.work import streamed
from course.views.drawing import Drawing
from course.views.shown import escape

# Whoever comes second is told so at once and does not wait in a line; the work itself
# is one process, whatever this limit.
TRAINING_WORK = {"concurrency_id": "training", "concurrency_limit": 8}
LOOK = 0.3  # seconds between two looks; a closed page is noticed as soon
PATIENCE = 10  # nothing stops early here, so its line is left out
_STOPPING_LINE = re.compile(r'<g data-drag="patience".*?</g>', re.DOTALL)


@dataclass(frozen=True)
class TrainPage:
    """What other pages connect to.

    Attributes:
        trained: Name of the newest run that was trained here; it changes when there is
            another, which is then in `list_models()`.
        opened: What `open_page` answers for, in its order.
    """

    trained: gr.State
    opened: list[gr.components.Component]


def _line(text: str) -> str:
    return f'<p role="status">{escape(text)}</p>'


def say_stage(job: TrainingJob, say: Say) -> str:
    """Return what a training does now, as HTML.

    Args:
        job: The training.
        say: The demo's words.
    """
    if job.stage in (LOADING, STOPPING, MEASURING):
        return _line(say(f"train.{job.stage}"))
    step = job.history[-1]["step"] if job.history else 0
    return _line(say("train.training", step=f"{step:,}"))


def draw(job: TrainingJob) -> Drawing:
    """Return the curves of a training; they are looked at here, not steered.

    Args:
        job: The training.
    """
    from course.views.training import draw_training

    status = "" if job.run else job.stage
    drawing = draw_training(job.curves, patience=PATIENCE, status=status)
    picture = _STOPPING_LINE.sub("", drawing.picture)
    picture = picture.replace(' data-pick="eval-', ' data-link="eval-')
    return replace(drawing, picture=picture)


def make_train(one: OneTraining, say: Say) -> Callable[..., Iterator[list[Any]]]:
    """Return the handler behind the page's button, which lasts as long as the training.

    Args:
        one: The server's training.
        say: The demo's words.
    """

    @streamed
    def train(
        request: gr.Request, source: str, csv: str, keep: bool, *options: Any
    ) -> Iterator[list[Any]]:
        if one.is_busy:
            raise gr.Error(escape(say("train.busy")), print_exception=False)
        check_room()
        plan = make_plan((csv or "") if source == CSV else None, *options)
        job = TrainingJob(plan, str(request.session_hash), bool(keep))
        if not one.begin(job):  # somebody was faster
            csv_of(job.name).unlink(missing_ok=True)
            raise gr.Error(escape(say("train.busy")), print_exception=False)
        try:
            yield from _follow(job, say)
        finally:
            # Gradio closes the generator when the page is closed.
            if not (job.ended.is_set() or job.keep):
                job.kill()

    return train


def _follow(job: TrainingJob, say: Say) -> Iterator[list[Any]]:
    """Show how a training goes, until its end."""
    running = [gr.Button(interactive=False), gr.Button(interactive=True)]
    yield [say_stage(job, say), value_of(None), "", gr.skip(), *running]
    while not job.ended.is_set():
        if not job.changed.wait(LOOK):
            yield [gr.skip()] * 6
            continue
        job.changed.clear()
        picture = value_of(draw(job)) if job.history else gr.skip()
        yield [say_stage(job, say), picture, *[gr.skip()] * 4]
    idle = [gr.Button(interactive=True), gr.Button(interactive=False)]
    if not job.run:
        yield [_line(without_folders(job.error)), *[gr.skip()] * 3, *idle]
        return
    done = _line(say("train.done", run=job.run))
    yield [done, value_of(draw(job)), measurement_of(job.run, say), job.run, *idle]


def open_page(one: OneTraining, say: Say) -> list[Any]:
    """Return what the page shows when it is loaded: whether a training goes on.

    Args:
        one: The server's training.
        say: The demo's words.
    """
    return [_line(say("train.busy")) if one.is_busy else "", value_of(None)]


def build_page(blocks: gr.Blocks, context: Context) -> TrainPage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say = context.say
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            question = build_question(context)
        with gr.Column(min_width=280):
            options = build_options(say)
    return _connect(blocks, say, Parts(**question, **options))


def _connect(blocks: gr.Blocks, say: Say, parts: Parts) -> TrainPage:
    one, trained = OneTraining(), gr.State("")
    asked = [parts.source, parts.csv.text, parts.keep, *parts.plan]
    shown = [parts.status, parts.picture, parts.measured, trained]
    shown += [parts.start, parts.stop]
    work = {**PRIVATE, **TRAINING_WORK, "show_progress": "hidden"}
    parts.start.click(make_train(one, say), asked, shown, **work)

    def stop(request: gr.Request) -> None:
        if job := one.of(str(request.session_hash)):
            job.stop()

    def set_keep(keep: bool, request: gr.Request) -> None:
        if job := one.of(str(request.session_hash)):
            job.keep = bool(keep)

    parts.stop.click(stop, None, None, **INSTANT)
    parts.keep.input(set_keep, parts.keep, None, **INSTANT)
    opened = [parts.status, parts.picture]
    blocks.load(functools.partial(open_page, one, say), None, opened, **INSTANT)
    return TrainPage(trained, opened)
