"""The Classify page: labels with confidence, and how far to trust them.

Left out: reasons, which are the Explain page's.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from course.demo.controls import (
    INSTANT,
    MODEL_WORK,
    Controls,
    build_controls,
    in_one_line,
    on_question,
    refresh,
)
from course.demo.models import LoadedModels, check_text, find_run
from course.errors import CourseError
from course.runs import Run

SHOWN_LABELS = 5
BASELINES = {  # as run.json names them, and as the page does
    "tfidf_logistic_regression": "TF-IDF, logistic regression",
    "majority": "always the commonest label",
}


@dataclass(frozen=True)
class ClassifyPage:
    """What other pages connect to."""

    controls: Controls
    why: gr.Button


def classify_text(models: LoadedModels, text: str, name: str) -> dict[str, Any]:
    """Ask one model about one text.

    Args:
        models: The loaded models.
        text: 1 to `TEXT_LIMIT` characters.
        name: A name in `list_models()`.

    Returns:
        `label`; `confidence`, its probability; `probabilities`, label to probability,
        largest first; `truncated`, whether the text was cut; `max_length`, the tokens
        that the model reads at most.

    Raises:
        CourseError: If the text or the name will not do.
    """
    text = check_text(text)
    classifier = models.get(name)
    prediction = classifier.predict([text])
    pairs = zip(classifier.labels, prediction.probabilities[0].tolist(), strict=True)
    probabilities = dict(sorted(pairs, key=lambda pair: -pair[1]))
    label = prediction.labels[0]
    return {
        "label": label,
        "confidence": probabilities[label],
        "probabilities": probabilities,
        "truncated": bool(prediction.truncated[0]),
        "max_length": classifier.max_length,
    }


def render_truncation(answer: dict[str, Any]) -> str:
    """Return the line that says a text was cut, as HTML; empty if it was not.

    Example:
        >>> render_truncation({"truncated": True, "max_length": 64})
        '<p>The text was cut: the model read its first 64 tokens only.</p>'
    """
    if not answer["truncated"]:
        return ""
    tokens = answer["max_length"]
    return f"<p>The text was cut: the model read its first {tokens} tokens only.</p>"


def render_measurement(run: Run) -> str:
    """Return the accuracy of a run beside its baselines, as an HTML table.

    Args:
        run: The run; one without metrics gives a line that says so.
    """
    if "accuracy" not in run.metrics:
        return "<p>How often this model is right was not measured.</p>"
    body = _row(run.name, run.metrics["accuracy"], "model")
    for name, title in BASELINES.items():
        baseline = run.info.get("baselines", {}).get(name)
        if baseline:
            body += _row(title, baseline["metrics"]["accuracy"], "baseline")
    n = run.metrics["accuracy"].get("n")
    split = run.info.get("measured_on", "test")
    texts = html.escape(f"{n:,} {split} texts" if n else f"the {split} texts")
    columns = "".join(
        f'<th scope="col">{name}</th>' for name in ("", "accuracy", "95 % interval")
    )
    return (
        f"<table><caption>How often it is right, on {texts} it was not trained on"
        f"</caption><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(title: str, metric: dict[str, float], kind: str) -> str:
    interval = "-"
    if metric.get("low") is not None:
        interval = f"{metric['low']:.3f} to {metric['high']:.3f}"
    return (
        f'<tr class="{kind}"><th scope="row">{html.escape(title)}</th>'
        f"<td>{metric['value']:.3f}</td><td>{interval}</td></tr>"
    )


def measurement_of(name: str | None) -> str:
    """Return `render_measurement` of a model by name; empty if there is none."""
    try:
        return render_measurement(find_run(name)) if name else ""
    except CourseError:
        return ""  # the notice above the menu says what is wrong


def make_endpoint(models: LoadedModels) -> Callable[..., dict[str, Any]]:
    """Return the function that programs call as `/classify`.

    Args:
        models: The loaded models.
    """

    @in_one_line
    def classify(text: str, model: str = "sentiment") -> dict[str, Any]:
        """Label a text, with the probability of each label.

        Args:
            text: The text, at most 10,000 characters.
            model: A shipped adapter (sentiment, spam, topic) or the name of a run.

        Returns:
            label, confidence, probabilities (label to probability, largest first),
            truncated (whether the text was cut), max_length (tokens the model reads).
        """
        return classify_text(models, text, model)

    return classify


def make_show(models: LoadedModels) -> Callable[..., tuple[dict[str, float], gr.HTML]]:
    """Return the handler behind the page's button: text and model to an answer.

    Args:
        models: The loaded models.
    """

    @in_one_line
    def show(text: str, name: str) -> tuple[dict[str, float], gr.HTML]:
        answer = classify_text(models, text, name)
        line = render_truncation(answer)
        return answer["probabilities"], gr.HTML(line, visible=bool(line))

    return show


def open_page(name: str | None, text: str | None) -> list[Any]:
    """Return what the page shows for a model: controls, measurement, no answer.

    Args:
        name: The model, or None for the first.
        text: What stands in the text box.
    """
    choice = refresh(name, text)
    # An old answer belongs to the old model.
    cleared = [None, gr.HTML("", visible=False)]
    return [*choice.updates, measurement_of(choice.name), *cleared]


def build_page(demo: gr.Blocks, models: LoadedModels) -> ClassifyPage:
    """Lay out the page and connect it.

    Args:
        demo: The whole demo, inside which this is called.
        models: The loaded models.
    """
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            controls = build_controls()
            button = gr.Button("Classify", variant="primary")
            controls.examples.render()
        with gr.Column(min_width=280):
            label = gr.Label(
                label="Answer", num_top_classes=SHOWN_LABELS, elem_classes="answer"
            )
            truncation = gr.HTML(visible=False, elem_classes="hint")
            why = gr.Button("Why this answer?")
            first = measurement_of(controls.model.value)
            measured = gr.HTML(first, elem_classes="measured")

    answer, question = [label, truncation], [controls.text, controls.model]
    on_question(controls, button, make_show(models), question, answer)
    current = [controls.model, controls.text]
    opened = [*controls.refreshed(), measured, *answer]
    controls.model.input(open_page, current, opened, **INSTANT)
    demo.load(open_page, current, opened, **INSTANT)
    gr.api(make_endpoint(models), api_name="classify", **MODEL_WORK)
    return ClassifyPage(controls, why)
