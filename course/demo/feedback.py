"""Right or wrong? The bar below an answer, and what is kept of a question.

A page that answers builds the bar, calls `record` in its handler, and gives the id that
comes back to `FeedbackBar.prediction`; the bar does the rest. A text is kept only while
its author's tick is in the box. Left out: what is made of it (the Monitor page).
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, in_one_line


@dataclass(frozen=True)
class FeedbackBar:
    """What a page connects to.

    Attributes:
        consent: Whether the text may be kept; an input of the page's handler.
        prediction: Id of the answer that is shown; an output of the page's handler.
            "" hides the bar.
    """

    consent: gr.Checkbox
    prediction: gr.Textbox


def record(
    context: Context,
    request: gr.Request | None,
    answer: dict[str, Any],
    text: str,
    consent: bool,
) -> str:
    """Keep an answer in the log; nobody waits for the disk.

    Args:
        context: The demo's own things.
        request: Whose question it was, so that they can take it back.
        answer: With `model`, `label`, `confidence`, `probabilities` and
            `milliseconds`.
        text: What was asked.
        consent: Whether the text itself may be kept.

    Returns:
        The prediction's id; "" if the demo keeps no log.
    """
    if context.log is None:
        return ""
    return context.log.add_prediction(
        answer["model"],
        answer["label"],
        answer["confidence"],
        answer["probabilities"],
        length=len(text),
        milliseconds=answer["milliseconds"],
        text=text if consent is True else None,
        session=request.session_hash if request else None,
    )


def make_judge(context: Context) -> Callable[..., list[Any]]:
    """Return the handler that keeps what a visitor says of an answer.

    Args:
        context: The demo's own things, with a log.

    Returns:
        From an id, whether it was right, and the right label or None, to the menu of
        labels and a line of thanks; an answer means that the feedback is on the disk.
    """
    say, log = context.say, context.log

    @in_one_line
    def judge(id: str, right: bool, label: str | None = None) -> list[Any]:
        log.add_feedback(id, right, label)
        thanks = say("feedback.thanks_right" if right else "feedback.thanks_wrong")
        if label is not None:
            thanks = say("feedback.thanks_label", label=label)
        row = log.prediction(id)
        known = row.probabilities if row else ()
        others = [name for name in known if name != row.label]
        menu = gr.Radio(choices=others, value=label, visible=not right)
        return [menu, f'<p role="status">{html.escape(thanks)}</p>']

    return judge


def build_feedback(context: Context) -> FeedbackBar:
    """Lay out the bar and connect it; without a log nothing of it is seen.

    Args:
        context: The demo's own things.

    Returns:
        What the page connects to.
    """
    say, kept = context.say, context.log is not None
    # In the page, though not to be seen: a change of `gr.State` goes unnoticed there
    # when an event without a queue made it.
    prediction = gr.Textbox("", visible="hidden", label=say("feedback.question"))
    with gr.Column(visible=False) as bar:
        gr.HTML(f'<p class="hint">{html.escape(say("feedback.question"))}</p>')
        with gr.Row():
            right = gr.Button(say("feedback.right"), size="sm", min_width=100)
            wrong = gr.Button(say("feedback.wrong"), size="sm", min_width=100)
        label = gr.Radio([], label=say("feedback.label"), visible=False)
    thanks = gr.HTML("", elem_classes="hint")
    consent = gr.Checkbox(
        label=say("feedback.consent"), info=say("feedback.kept"), visible=kept
    )
    if not kept:
        return FeedbackBar(consent, prediction)

    def open_bar(id: str) -> list[Any]:
        return [gr.Column(visible=bool(id)), gr.Radio(visible=False, value=None), ""]

    judge = make_judge(context)
    said = [label, thanks]
    prediction.change(open_bar, prediction, [bar, *said], **INSTANT)
    right.click(lambda id: judge(id, True), prediction, said, **INSTANT)
    wrong.click(lambda id: judge(id, False), prediction, said, **INSTANT)
    label.input(
        lambda id, name: judge(id, False, name), [prediction, label], said, **INSTANT
    )
    return FeedbackBar(consent, prediction)
