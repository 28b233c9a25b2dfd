"""The Explain page: which words speak for an answer, and which against it.

Below the explanation a visitor can edit a word and lay both texts side by side, and
measure whether the words found matter more than random ones. All three tell how far
they are, can be stopped, and end when the page is closed. Left out: how the numbers
come about, which is `course.explanation`'s.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import (
    INSTANT,
    MODEL_WORK,
    PRIVATE,
    in_one_line,
    refresh,
)
from course.demo.explain_layout import (
    Part,
    build_edit,
    build_question,
    build_trust,
    method_choices,
    target_choices,
)
from course.demo.explain_work import ExplainWork
from course.demo.explanations import PREDICTED, Explanations, Method
from course.demo.messages import Say
from course.demo.work import connect_stop


@dataclass(frozen=True)
class ExplainPage:
    """What other pages connect to.

    Attributes:
        opened: What `open_page` answers for, in its order.
        show: From the values of `inputs` to that of `picture`; asks the model.
        inputs: Text, model, method and target.
        picture: Where the explanation is drawn.
    """

    opened: list[gr.components.Component]
    show: Callable[..., Iterator[str]]
    inputs: list[gr.components.Component]
    picture: gr.HTML


def make_endpoint(explanations: Explanations) -> Callable[..., dict[str, Any]]:
    """Return the function that programs call as `/explain`.

    Args:
        explanations: Of the demo's models.
    """

    @in_one_line
    def explain(
        text: str,
        model: str = "sentiment",
        method: Method = "partition",
        target: str = PREDICTED,
    ) -> dict[str, Any]:
        """Say which words of a text speak for a label, and which against it.

        Args:
            text: The text, at most 10,000 characters; at most 12 words for "exact".
            model: A shipped adapter (sentiment, spam, topic) or the name of a run.
            method: partition, exact, lime or integrated_gradients.
            target: The label to explain; empty for the one that the model answers.

        Returns:
            tokens and values (of equal length, in log-odds of the target), base_value,
            prediction (probability of the target), target, method, evaluations,
            complete, seconds, truncated, note, and what else was measured.
        """
        from course.explanation import to_json

        return to_json(explanations.get(text, model, method, target))

    return explain


def open_page(
    say: Say, name: str | None, text: str | None, brought: bool = False
) -> list[Any]:
    """Return what the page shows for a model: controls, methods, labels, no picture.

    Args:
        say: The demo's words.
        name: The model, or None for the first.
        text: What stands in the text box.
        brought: As for `refresh`.
    """
    choice = refresh(say, name, text, brought)
    method = gr.Radio(choices=method_choices(choice.text, say))
    # Old pictures belong to the old model; an edit begins with the text.
    edit = [choice.text, choice.text]
    cleared = ["", "", ""]
    return [
        *choice.updates,
        method,
        target_choices(choice.name, say),
        *edit,
        *cleared,
    ]


def _edit_started(text: str, began: str) -> list[Any]:
    """Let an edit begin with the text that is explained, unless it has begun."""
    return [gr.skip(), gr.skip()] if text == began else [text, text]


def build_page(blocks: gr.Blocks, context: Context) -> ExplainPage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say = context.say
    controls, method, target, words = build_question(say)
    edited, began, edit = build_edit(say, controls.text.value)
    trust = build_trust(say)
    explanations = Explanations(context.models)
    work = ExplainWork(context, explanations)
    inputs = [controls.text, controls.model, method, target]

    asked = [words.start.click, controls.text.submit]
    asked.append(
        controls.examples.click(
            lambda sample: sample[0], controls.examples, controls.text, **INSTANT
        ).then
    )
    _connect_words(work, asked, inputs, words, [edited, began])
    compared = [controls.text, edited, *inputs[1:]]
    _connect(work, [edit.start.click, edited.submit], work.compare, compared, edit)
    _connect(work, [trust.start.click], work.measure, inputs, trust)
    controls.text.change(
        lambda text: gr.Radio(choices=method_choices(text, say)),
        controls.text,
        method,
        trigger_mode="always_last",
        **INSTANT,
    )
    current = [controls.model, controls.text]
    pictures = [part.picture for part in (words, edit, trust)]
    opened = [*controls.refreshed(), method, target, edited, began, *pictures]
    show_model = functools.partial(open_page, say)
    controls.model.input(show_model, current, opened, **INSTANT)
    blocks.load(show_model, current, opened, **INSTANT)
    gr.api(make_endpoint(explanations), api_name="explain", **MODEL_WORK)
    return ExplainPage(opened, work.show, inputs, words.picture)


def _connect(
    work: ExplainWork,
    triggers: list[Callable[..., Any]],
    handler: Callable[..., Any],
    inputs: list[gr.components.Component],
    part: Part,
) -> None:
    """Let one of several events begin a part's work, and its button end it."""
    events = [
        trigger(
            handler,
            inputs,
            part.picture,
            show_progress="minimal",
            **PRIVATE,
            **MODEL_WORK,
        )
        for trigger in triggers
    ]
    connect_stop(work.say, part.stop, work.sessions, events, part.picture)


def _connect_words(
    work: ExplainWork,
    triggers: list[Callable[..., Any]],
    inputs: list[gr.components.Component],
    part: Part,
    edit: list[gr.components.Component],
) -> None:
    """Show at once what is known; ask the model, in its line, for what is not."""
    known = [
        trigger(work.known, inputs, part.picture, **INSTANT) for trigger in triggers
    ]
    for event in known:
        event.then(_edit_started, [inputs[0], edit[1]], edit, **INSTANT)
    _connect(work, [event.then for event in known], work.show, inputs, part)
