"""The measures as `evaluate.Metric`: `load_metric("accuracy").compute(...)`, offline.

`evaluate.load` fetches a script from the hub and runs it. The classes here answer to
the same names with the same keys, and need no network. Values differ from the hub's in
two places: with several references BLEU's brevity penalty takes the closest length (as
Papineni et al. define it) instead of the shortest, and ROUGE is the mean over the texts
instead of a random resampling's median. Left out: intervals, which this interface has
no place for; `course.evaluation` and `course.evaluation.overlap` give them.
"""

import os
from collections.abc import Sequence
from typing import Any

import evaluate
import numpy as np
from datasets import Features, List, Value
from sklearn import metrics as sklearn_metrics

from course.errors import CourseError, unknown_name
from course.evaluation import calibration
from course.evaluation.metric_interface import NUMBER, NUMBERS, CourseMetric
from course.evaluation.text_metrics import Bleu, Chrf, Rouge, Sacrebleu, SpanF1

HUB = "hub:"


class LabelMetric(CourseMetric):
    """A score of predicted label numbers that scikit-learn computes.

    A subclass names the function; its options are `compute`'s.
    """

    inputs = NUMBERS
    function: str

    def _compute(self, predictions: list, references: list, **options: Any) -> dict:
        compute = getattr(sklearn_metrics, self.function)
        score = compute(references, predictions, **options)
        # With average=None there is one value for each label.
        return {self.name: float(score) if np.ndim(score) == 0 else score}


class Accuracy(LabelMetric):
    """Share of predictions that are right; `{"accuracy": 0 to 1}`.

    `compute(predictions=, references=, normalize=True, sample_weight=None)`.
    """

    function = "accuracy_score"


class F1(LabelMetric):
    """Harmonic mean of precision and recall; `{"f1": 0 to 1}`.

    `compute(predictions=, references=, labels=None, pos_label=1, average="binary")`.
    """

    function = "f1_score"


class Precision(LabelMetric):
    """Share of the predicted that are right; `{"precision": 0 to 1}`.

    Options as of `f1`, and `zero_division`.
    """

    function = "precision_score"


class Recall(LabelMetric):
    """Share of the right ones that were predicted; `{"recall": 0 to 1}`.

    Options as of `f1`, and `zero_division`.
    """

    function = "recall_score"


class MatthewsCorrelation(LabelMetric):
    """Correlation of prediction and reference; `{"matthews_correlation": -1 to 1}`."""

    function = "matthews_corrcoef"


class ExpectedCalibrationError(CourseMetric):
    """Mean distance of accuracy from confidence, 0 to 1, with the class's name as key.

    The predictions are rows of probabilities. `compute(..., n_bins=15,
    strategy="uniform")`.
    """

    inputs = Features({"predictions": List(Value("float64")), "references": NUMBER})

    def _compute(self, predictions: list, references: list, **kwargs: Any) -> dict:
        error = calibration.expected_calibration_error(
            np.asarray(predictions), np.asarray(references), n_resamples=1, **kwargs
        )
        return {"expected_calibration_error": error.value}


METRICS: dict[str, type[CourseMetric]] = {
    "accuracy": Accuracy,
    "bleu": Bleu,
    "chrf": Chrf,
    "expected_calibration_error": ExpectedCalibrationError,
    "f1": F1,
    "matthews_correlation": MatthewsCorrelation,
    "precision": Precision,
    "recall": Recall,
    "rouge": Rouge,
    "sacrebleu": Sacrebleu,
    "seqeval": SpanF1,
    "span_f1": SpanF1,
}


def load_metric(name: str, **kwargs: Any) -> evaluate.EvaluationModule:
    """Load a metric by name, where tutorials write `evaluate.load(name)`.

    Args:
        name: A name in `METRICS`, or "hub:" and a name on the hub, which is fetched and
            **run**; the latter only with `COURSE_ONLINE=1`.
        **kwargs: As for `evaluate.load`.

    Returns:
        A fresh metric with `add`, `add_batch` and `compute`.

    Raises:
        CourseError: If the name is unknown, or the hub is asked for while offline.

    Example:
        >>> load_metric("accuracy").compute(predictions=[0, 1], references=[0, 0])
        {'accuracy': 0.5}
    """
    if name.startswith(HUB):
        if os.environ.get("COURSE_ONLINE") != "1":
            raise CourseError(
                f"{name} is on the hub and look-ups are off: set COURSE_ONLINE=1, or "
                f"use one of {', '.join(METRICS)}."
            )
        return evaluate.load(name.removeprefix(HUB), **kwargs)
    if name not in METRICS:
        raise unknown_name("metric", name, METRICS)
    return METRICS[name](**kwargs)


def combine(
    names: Sequence[str | evaluate.EvaluationModule], force_prefix: bool = False
) -> evaluate.CombinedEvaluations:
    """Join metrics that read the same predictions, where tutorials use `evaluate`'s.

    Args:
        names: Names for `load_metric`, or metrics.
        force_prefix: Whether every key starts with its metric's name.

    Example:
        >>> both = combine(["accuracy", "f1"])
        >>> both.compute(predictions=[0, 1, 1], references=[0, 1, 1])
        {'accuracy': 1.0, 'f1': 1.0}
    """
    loaded = [load_metric(name) if isinstance(name, str) else name for name in names]
    return evaluate.combine(loaded, force_prefix=force_prefix)
