"""What programs get as `/evaluate`: measures of a model with intervals and baselines.

Left out: the page, see `course.demo.evaluate`.
"""

from collections.abc import Callable
from typing import Any

from course.demo.controls import in_one_line
from course.demo.predicting import Measured, PredictedTexts


def report(measured: Measured) -> dict[str, Any]:
    """Measure the answers of a model.

    Args:
        measured: What it answered.

    Returns:
        `n`, `labels`, `metrics` and `baselines` (by name, then by metric: value, low
        and high), and `confusion` (row: right label, column: predicted).
    """
    import numpy as np

    from course.evaluation import evaluate_predictions
    from course.tasks import TASKS

    predicted, task = measured.predicted, TASKS.get(measured.run.task)
    positive = task.positive_label if task else None

    def measure(probabilities: np.ndarray) -> dict[str, Any]:
        return evaluate_predictions(
            probabilities, predicted.references, predicted.labels, positive
        ).to_dict()

    # On its own test split, a run says what it was compared with when it was trained.
    info = measured.run.info if measured.own else {}
    recorded = info.get("baselines", {}) if info.get("measured_on") == "test" else {}
    baselines = {name: value["metrics"] for name, value in recorded.items()}
    if not baselines:
        k = len(predicted.labels)
        shares = np.bincount(predicted.references, minlength=k) / len(predicted)
        always = measure(np.tile(shares, (len(predicted), 1)))
        baselines = {"majority": always["metrics"]}
    found = measure(predicted.probabilities)
    names = ("n", "labels", "metrics", "confusion")
    return {name: found[name] for name in names} | {"baselines": baselines}


def make_endpoint(known: PredictedTexts) -> Callable[..., dict[str, Any]]:
    """Return the function that programs call as `/evaluate`.

    Args:
        known: What is predicted already.
    """

    @in_one_line
    def evaluate(model: str, csv: str = "") -> dict[str, Any]:
        """Measure how often a model is right, with 95 % intervals and baselines.

        Args:
            model: A shipped adapter (sentiment, spam, topic) or the name of a run.
            csv: Columns text and label, the latter with the model's label names, at
                most 5,000 rows and 1 MB; empty for the model's own test split.

        Returns:
            n, labels, metrics (each with value, low and high), confusion (a row for
            each right label, a column for each predicted one), and baselines, by name,
            with the same metrics.
        """
        return report(known.measure(model, csv))

    return evaluate
