"""What the pages share: choosing a model, writing a text, saying what went wrong.

Left out: what a page does with the text.
"""

import functools
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.messages import Say
from course.demo.models import list_models
from course.errors import CourseError
from course.runs import Run

# Work on models stands in one line: two passes at once take longer than one by one.
MODEL_WORK = {"concurrency_id": "model", "concurrency_limit": 1}
PRIVATE = {"api_visibility": "private"}  # the page's own, not for programs
INSTANT = {**PRIVATE, "queue": False, "show_progress": "hidden"}  # waits for nobody

# Three texts for each task, short enough for the page to show them whole.
EXAMPLES = {
    "sentiment": [
        "A warm, witty film that stays with you for days.",
        "Two hours of noise and not one idea worth keeping.",
        "The actors try hard, but the story never comes alive.",
    ],
    "reviews": [
        "I expected little and came out smiling. A perfect ending.",
        "Dull from the first minute. I want my evening back.",
        "Gorgeous to look at, yet I never cared about anyone.",
    ],
    "spam": [
        "WINNER! You get a free prize. Call 0900 123 456 to claim.",
        "Ten minutes late, could you order me a coffee please?",
        "Free tonight? Text me before 8 if you need a lift. Mum",
    ],
    "topic": [
        "The central bank raised rates to slow down inflation.",
        "The striker scored twice to send his team to the final.",
        "The new phone sends photos twice as fast as the old one.",
    ],
    "complaints": [
        "They keep calling about a debt that I paid two years ago.",
        "My mortgage payment was posted late and I paid the fee.",
        "My credit report lists an account that I never opened.",
    ],
}
OTHER_EXAMPLES = [
    "Two days late, and nobody answered my messages.",
    "It arrived on time and works exactly as described.",
    "Please send me the opening hours of your office.",
]
PATHS = re.compile(r"(?<![\w.])(?:/|[A-Za-z]:\\)(?:[^/\\\s'\"]+[/\\])+")


def without_folders(message: str) -> str:
    """Return an error's text in one line, without the folders of this machine.

    Args:
        message: What a `CourseError` says.

    Example:
        >>> without_folders("The model in /home/ana/runs/first is damaged.")
        'The model in first is damaged.'
    """
    return PATHS.sub("", " ".join(message.split()))


def as_gradio_error(error: CourseError) -> gr.Error:
    """Return an error's one line, as HTML, which pages and programs can be shown."""
    line = html.escape(without_folders(str(error)), quote=False)
    return gr.Error(line, print_exception=False)


def in_one_line(function: Callable[..., Any]) -> Callable[..., Any]:
    """Show a `CourseError` of a handler as one line on the page and to programs."""

    @functools.wraps(function)
    def handler(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except CourseError as error:
            raise as_gradio_error(error) from error

    return handler


def examples_for(run: Run | None) -> list[str]:
    """Return three texts that suit a model.

    Args:
        run: The model; None if there is none yet.

    Example:
        >>> len(examples_for(None))
        3
    """
    return EXAMPLES.get(run.task if run else None, OTHER_EXAMPLES)


def is_example(text: str) -> bool:
    """Whether a text is blank or one of the examples: replacing it loses nothing."""
    known = [*OTHER_EXAMPLES, *(text for texts in EXAMPLES.values() for text in texts)]
    return not text.strip() or text in known


def choices(models: dict[str, Run], say: Say) -> list[tuple[str, str]]:
    """Return what the model menu shows, and the name behind each line.

    Args:
        models: As `list_models` gives them.
        say: The demo's words.
    """
    return [(f"{name} ({_origin(run, say)})", name) for name, run in models.items()]


def _origin(run: Run, say: Say) -> str:
    if run.path.parent.name == "adapters":
        return say("controls.from_kit")
    if run.task:
        return say("controls.your_run", task=run.task)
    return say("controls.your_model")


@dataclass(frozen=True)
class Controls:
    """The left side of a page: which model, which text."""

    model: gr.Dropdown
    text: gr.Textbox
    examples: gr.Dataset
    notice: gr.HTML

    def refreshed(self) -> list[gr.components.Component]:
        """The components that `Choice.updates` are for, in that order."""
        return [self.model, self.text, self.examples, self.notice]


def _no_model(say: Say) -> str:
    return f"<p>{html.escape(say('controls.no_model'))}</p>"


def build_controls(say: Say) -> Controls:
    """Lay out the menu of models and the text box.

    Args:
        say: The demo's words.

    Returns:
        The controls; the page calls `examples.render()` where they are to stand.
    """
    models = list_models()
    name = next(iter(models), None)
    examples = examples_for(models.get(name))
    notice = gr.HTML(_no_model(say), visible=not models, elem_classes="notice")
    model = gr.Dropdown(
        choices(models, say),
        value=name,
        label=say("controls.model"),
        filterable=False,
        interactive=True,
    )
    text = gr.Textbox(
        examples[0],
        label=say("controls.text"),
        lines=4,
        max_lines=10,
        placeholder=say("controls.placeholder"),
        html_attributes=gr.InputHTMLAttributes(spellcheck=False),
    )
    samples = gr.Dataset(
        components=[text],
        samples=[[sample] for sample in examples],
        type="values",
        label=say("controls.examples"),
        layout="gallery",
        render=False,
    )
    return Controls(model, text, samples, notice)


@dataclass(frozen=True)
class Choice:
    """What is chosen after a page is loaded or another model picked.

    Attributes:
        name: The model; None if there is none.
        text: What stands in the text box.
        updates: Of a page's model, text, examples and notice.
    """

    name: str | None
    text: str
    updates: list[Any]


def refresh(
    say: Say, name: str | None, text: str | None, brought: bool = False
) -> Choice:
    """Bring a page's controls up to date with the models that there are now.

    Args:
        say: The demo's words.
        name: The chosen model; None or a gone one chooses the first.
        text: What stands in the text box; a text of the user's own stays.
        brought: Whether the text comes from another page; then any text stays.
    """
    models = list_models()
    if name not in models:
        name = next(iter(models), None)
    examples = examples_for(models.get(name))
    text = text or ""
    replaced = not brought and is_example(text) and text not in examples
    if replaced:
        text = examples[0]
    updates = [
        gr.Dropdown(choices=choices(models, say), value=name),
        text if replaced or brought else gr.skip(),  # somebody may be typing
        gr.Dataset(samples=[[sample] for sample in examples]),
        gr.HTML(_no_model(say), visible=not models),
    ]
    return Choice(name, text, updates)


def on_question(
    controls: Controls,
    button: gr.Button,
    answer: Callable[..., Any],
    inputs: list[gr.components.Component],
    outputs: list[gr.components.Component],
) -> None:
    """Answer when the button is pressed, Shift+Enter is, or an example is chosen.

    Args:
        controls: The page's controls.
        button: The page's button.
        answer: From the values of `inputs` to those of `outputs`; asks a model.
        inputs: What is asked.
        outputs: Where the answer goes.
    """
    work = {**PRIVATE, **MODEL_WORK, "show_progress_on": outputs[0]}
    gr.on([button.click, controls.text.submit], answer, inputs, outputs, **work)
    controls.examples.click(
        lambda sample: sample[0], controls.examples, controls.text, **INSTANT
    ).then(answer, inputs, outputs, **work)
