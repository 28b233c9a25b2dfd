"""The Explain page: which words speak for an answer, and which against it.

The picture is the one that notebooks show (`course.views.explanation`). Left out: how
the numbers come about, which is `course.explanation`'s.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import gradio as gr

from course.demo.controls import (
    INSTANT,
    MODEL_WORK,
    build_controls,
    in_one_line,
    on_question,
    refresh,
)
from course.demo.models import LoadedModels, check_text, find_run
from course.errors import CourseError, unknown_name

if TYPE_CHECKING:
    import shap

Method = Literal["partition", "exact", "lime", "integrated_gradients"]
TITLES = {
    "partition": "partition: Shapley values, phrase by phrase",
    "exact": "exact: Shapley values, every choice of words",
    "lime": "LIME: a line through randomly masked texts",
    "integrated_gradients": "integrated gradients: from masked to whole text",
}
EXACT_WORDS = 12
# Near enough to what the method counts: words and marks, "can't" and "..." being one.
WORD = re.compile(r"\w+(?:['’-]\w+)*|([^\w\s])\1*")  # noqa: RUF001
PREDICTED = ""  # value of the target menu's first line


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
    show: Callable[..., str]
    inputs: list[gr.components.Component]
    picture: gr.HTML


def count_words(text: str) -> int:
    """Return the number of words and punctuation marks of a text.

    Example:
        >>> count_words("It can't be well-made... can it?")
        8
    """
    return sum(1 for _ in WORD.finditer(text))


def method_choices(text: str) -> list[tuple[str, str]]:
    """Return the methods; one for which the text is too long says so.

    Args:
        text: What stands in the text box.

    Example:
        >>> method_choices("word " * 30)[1]
        ('exact: for 12 words at most, here are 30', 'exact')
    """
    titles = dict(TITLES)
    words = count_words(text)
    if words > EXACT_WORDS:
        titles["exact"] = f"exact: for {EXACT_WORDS} words at most, here are {words}"
    return [(title, method) for method, title in titles.items()]


def target_choices(name: str | None) -> gr.Dropdown:
    """Return the labels that a model's answer can be explained for.

    Args:
        name: A name in `list_models()`; None or a gone one gives the first line alone.
    """
    try:
        labels = find_run(name).labels if name else []
    except CourseError:
        labels = []
    lines = [("the one it answers", PREDICTED), *((label, label) for label in labels)]
    return gr.Dropdown(choices=lines, value=PREDICTED)


def explain_text(
    models: LoadedModels, text: str, name: str, method: str, target: str
) -> "shap.Explanation":
    """Explain what one model says of one text.

    Args:
        models: The loaded models.
        text: 1 to `TEXT_LIMIT` characters.
        name: A name in `list_models()`.
        method: One of `Method`.
        target: A label of the model, or `PREDICTED`.

    Raises:
        CourseError: If one of them will not do, or the text is too long for `exact`.
    """
    text = check_text(text)
    if method not in get_args(Method):
        raise unknown_name("method", str(method), TITLES)
    classifier = models.get(name)
    if target and target not in classifier.labels:
        raise unknown_name("label", str(target), classifier.labels)
    from course.explanation import explain  # brings in shap: seconds

    return explain(classifier, text, method, target=target or None)


def render_effort(report: Any) -> str:
    """Return what an explanation cost and whether it is all there, as HTML.

    Args:
        report: The `ExplanationReport`; the picture says what is missing.
    """
    verdict = "complete" if report.complete else "not complete"
    known = f" and {report.cache_hits:,} remembered ones" if report.cache_hits else ""
    return (
        f'<p class="hint">{report.evaluations:,} evaluations of the model{known}, '
        f"{report.seconds:.2f} s; {verdict}.</p>"
    )


def make_endpoint(models: LoadedModels) -> Callable[..., dict[str, Any]]:
    """Return the function that programs call as `/explain`.

    Args:
        models: The loaded models.
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

        return to_json(explain_text(models, text, model, method, target))

    return explain


def make_show(models: LoadedModels) -> Callable[..., str]:
    """Return the handler behind the page's button: text and choices to a picture.

    Args:
        models: The loaded models.
    """

    @in_one_line
    def show(text: str, name: str, method: str, target: str) -> str:
        from course.views.explanation import render_explanation

        explanation = explain_text(models, text, name, method, target)
        return render_explanation(explanation) + render_effort(explanation.report)

    return show


def open_page(name: str | None, text: str | None, brought: bool = False) -> list[Any]:
    """Return what the page shows for a model: controls, methods, labels, no picture.

    Args:
        name: The model, or None for the first.
        text: What stands in the text box.
        brought: As for `refresh`.
    """
    choice = refresh(name, text, brought)
    method = gr.Radio(choices=method_choices(choice.text))
    # An old picture belongs to the old model.
    return [*choice.updates, method, target_choices(choice.name), ""]


def build_page(demo: gr.Blocks, models: LoadedModels) -> ExplainPage:
    """Lay out the page and connect it.

    Args:
        demo: The whole demo, inside which this is called.
        models: The loaded models.
    """
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            controls = build_controls()
            controls.examples.render()
        with gr.Column(min_width=280):
            methods = method_choices(controls.text.value)
            method = gr.Radio(methods, value="partition", label="Method")
            target = gr.Dropdown(
                [("the one it answers", PREDICTED)],
                value=PREDICTED,
                label="Label to explain",
                filterable=False,
            )
            button = gr.Button("Explain", variant="primary")
    picture = gr.HTML(elem_classes="picture")

    show, inputs = make_show(models), [controls.text, controls.model, method, target]
    on_question(controls, button, show, inputs, [picture])
    controls.text.change(
        lambda text: gr.Radio(choices=method_choices(text)),
        controls.text,
        method,
        trigger_mode="always_last",
        **INSTANT,
    )
    current = [controls.model, controls.text]
    opened = [*controls.refreshed(), method, target, picture]
    controls.model.input(open_page, current, opened, **INSTANT)
    demo.load(open_page, current, opened, **INSTANT)
    gr.api(make_endpoint(models), api_name="explain", **MODEL_WORK)
    return ExplainPage(opened, show, inputs, picture)
