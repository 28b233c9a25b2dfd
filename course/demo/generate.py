"""The Generate page: a model writes, and each token shows what it was drawn from.

SmolLM2 is always there; models among the runs that read its tokens are offered too.
Left out: the writing and its limits (`course.demo.writing`).
"""

import functools
import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, MODEL_WORK, PRIVATE
from course.demo.live import build_drawing, picked_name, value_of
from course.demo.messages import Say
from course.demo.work import streamed
from course.demo.writing import MOST_NEW, Settings, Writing, write
from course.demo.written import draw_step, draw_writing
from course.generation.local_models import SHIPPED, local_models

STATE_SECONDS = 1800  # that a text is remembered for picking its tokens
EXAMPLES = {
    False: [
        "Once upon a time, in a small village, there lived a",
        "The three most important ingredients of a good soup are",
        "def fibonacci(n):\n",
    ],
    True: [
        "What is the capital of Germany?",
        "Write two sentences about the sea.",
        "Explain to a child what a computer is.",
    ],
}


@dataclass(frozen=True)
class GeneratePage:
    """What other pages connect to."""

    prompt: gr.Textbox


@streamed
def generate(
    prompt: str,
    max_new_tokens: int = 60,
    temperature: float = 0.8,
    top_k: int = 50,
    top_p: float = 0.95,
    seed: int = 0,
    chat: bool = False,
    model: str = SHIPPED,
) -> Iterator[str]:
    """Have a language model continue a text or answer a message.

    The answer is streamed: each event holds the text so far. Cancelling, or closing the
    connection, ends the work.

    Args:
        prompt: The text, at most 10,000 characters; the last 256 tokens are read.
        max_new_tokens: 1 to 200.
        temperature: 0 (always the likeliest token) to 2.
        top_k: How many of the likeliest tokens stay; 0 for all.
        top_p: 0 to 1: the share of the probability that stays.
        seed: A whole number from 0; the same one draws the same text.
        chat: Whether to answer the prompt as a chat message, not to continue it.
        model: smollm2, which is SmolLM2-135M-Instruct, or another that the page offers.

    Returns:
        What was written so far, without the prompt; after 30 seconds it ends as it is.
    """
    settings = Settings.check(
        max_new_tokens=max_new_tokens,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
    )
    for writing in write(prompt, chat, settings, model):
        yield writing.text()


def make_show(say: Say) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """Return the handler behind the button: prompt and settings to text and state.

    Args:
        say: The demo's words.
    """

    @streamed
    def show(
        prompt: str, chat: bool, model: str, *values: float
    ) -> Iterator[tuple[Any, ...]]:
        names = ("max_new_tokens", "temperature", "top_k", "top_p", "seed")
        settings = Settings.check(**dict(zip(names, values, strict=True)))
        for writing in write(prompt, chat, settings, model):
            if not writing.ended:
                yield value_of(draw_writing(writing, say)), {}, writing
        yield *show_pick(say, writing, 0), writing

    return show


def show_pick(say: Say, writing: Writing | None, number: int) -> tuple[Any, Any]:
    """Return a finished text with one token picked, and what that was drawn from.

    Args:
        say: The demo's words.
        writing: The text; None, or one that is still empty, shows nothing.
        number: The token's place, from 0.
    """
    if writing is None or not 0 <= number < len(writing.steps):
        return gr.skip(), gr.skip()
    text = draw_writing(writing, say, number)
    return value_of(text), value_of(draw_step(writing, number, say))


def stop_writing(say: Say, writing: Writing | None) -> tuple[Any, Any]:
    """Return what was written until somebody pressed Stop.

    Args:
        say: The demo's words.
        writing: The text, if there is one.
    """
    if writing is not None and not writing.ended:
        writing.ended = "stopped"  # which ends the work as well
    return show_pick(say, writing, 0)


def _build_settings(say: Say) -> list[gr.components.Component]:
    """Lay out the settings, in the order in which `Settings` has them."""
    usual = Settings()
    lines = [
        ("max_new_tokens", 1, MOST_NEW, 1),
        ("temperature", 0, 2, 0.05),
        ("top_k", 0, 200, 1),
        ("top_p", 0, 1, 0.01),
    ]
    sliders = [
        gr.Slider(
            *(least, most, getattr(usual, name)),
            step=step,
            label=name,
            info=say(f"generate.{name}"),
        )
        for name, least, most, step in lines
    ]
    seed = gr.Number(
        usual.seed, label="seed", info=say("generate.seed"), precision=0, minimum=0
    )
    return [*sliders, seed]


def change_examples(chat: bool, prompt: str) -> tuple[Any, Any]:
    """Return the examples of a way of writing, and a prompt that suits it.

    Args:
        chat: The way that was chosen.
        prompt: What stands in the box; a text of the user's own stays.
    """
    examples = EXAMPLES[bool(chat)]
    known = prompt in EXAMPLES[not chat] or not prompt.strip()
    samples = gr.Dataset(samples=[[sample] for sample in examples])
    return examples[0] if known else gr.skip(), samples


def _build_controls(say: Say) -> tuple[gr.components.Component, ...]:
    """Lay out the prompt, what to do with it, the buttons and the examples."""
    prompt = gr.Textbox(
        EXAMPLES[False][0],
        label=say("generate.prompt"),
        lines=4,
        max_lines=10,
        placeholder=say("controls.placeholder"),
        html_attributes=gr.InputHTMLAttributes(spellcheck=False),
    )
    ways = [(say("generate.continue"), False), (say("generate.chat"), True)]
    chat = gr.Radio(ways, value=False, label=say("generate.way"))
    with gr.Row():
        button = gr.Button(say("generate.button"), variant="primary")
        stop = gr.Button(say("generate.stop"))
    examples = gr.Dataset(
        components=[prompt],
        samples=[[sample] for sample in EXAMPLES[False]],
        label=say("controls.examples"),
        layout="gallery",
    )
    return prompt, chat, button, stop, examples


def build_page(blocks: gr.Blocks, context: Context) -> GeneratePage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say = context.say
    model = gr.Dropdown(
        local_models(), value=SHIPPED, label=say("controls.model"), filterable=False
    )
    gr.HTML(f'<p class="hint">{html.escape(say("generate.model"))}</p>')
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            prompt, chat, button, stop, examples = _build_controls(say)
        with gr.Column(min_width=280):
            settings = _build_settings(say)
    text, cut = build_drawing(), build_drawing()
    state = gr.State(time_to_live=STATE_SECONDS)

    shown = [text, cut]
    event = gr.on(
        [button.click, prompt.submit],
        make_show(say),
        [prompt, chat, model, *settings],
        [*shown, state],
        **{**PRIVATE, **MODEL_WORK, "show_progress": "hidden"},
    )
    end = functools.partial(stop_writing, say)
    stop.click(end, state, shown, cancels=[event], **INSTANT)

    def show_picked(writing: Writing | None, event: gr.EventData) -> tuple[Any, Any]:
        name = picked_name(event)
        return show_pick(say, writing, int(name) if name.isdecimal() else -1)

    text.select(show_picked, state, shown, **INSTANT)
    examples.click(lambda sample: sample[0], examples, prompt, **INSTANT)
    chat.input(change_examples, [chat, prompt], [prompt, examples], **INSTANT)
    blocks.load(lambda: gr.Dropdown(choices=local_models()), None, model, **INSTANT)
    gr.api(generate, api_name="generate", **MODEL_WORK)
    return GeneratePage(prompt)
