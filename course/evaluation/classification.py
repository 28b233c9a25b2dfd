"""Scores of a classifier's predictions: each with n, a 95 % interval and a baseline.

Shares get Wilson's interval, everything else a seeded bootstrap over the texts, done on
counts so that a thousand resamples take a fraction of a second. What is undefined
follows scikit-learn, which the tests compare with: precision of a label never predicted
is 0, and averages run over the labels that occur. Left out: several labels per text.

Sources: Manning et al. 2008, chapter 8 (F1); Matthews 1975; Hanley and McNeil 1982
(ROC AUC).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from course.errors import CourseError, unknown_name
from course.evaluation.calibration import binned_gaps
from course.evaluation.confusion import (
    SCORES,
    average_scores,
    confusion_matrix,
    label_scores,
    resample_confusion,
)
from course.evaluation.intervals import Interval, percentile_interval, wilson
from course.evaluation.probabilities import check_probabilities
from course.evaluation.resampling import resample_counts
from course.evaluation.thresholds import ranking_areas

N_RESAMPLES = 1000


@dataclass(frozen=True)
class Evaluation:
    """What a classifier is worth on some texts.

    Attributes:
        n: Number of texts.
        labels: Label names in the order of their numbers.
        metrics: Interval by name. `f1`, `precision` and `recall` are the positive
            label's; `_macro` is the plain mean over labels.
        per_class: By label name: intervals `precision`, `recall`, `f1`, and `support`.
        confusion: Shape (k, k), counts; row = right label, column = predicted label.
        majority: The commonest label and its share, which saying it always would score.
        omitted: Metrics that these texts do not define, each with the reason.
        truncated: Texts longer than the model reads, of which it saw only the start.
    """

    n: int
    labels: list[str]
    metrics: dict[str, Interval]
    per_class: dict[str, dict[str, Interval | int]]
    confusion: np.ndarray
    majority: tuple[str, float]
    omitted: dict[str, str] = field(default_factory=dict)
    truncated: int = 0

    def to_dict(self) -> dict:
        """Return plain JSON data."""
        per_class = {
            label: {
                name: value.to_dict() if isinstance(value, Interval) else value
                for name, value in row.items()
            }
            for label, row in self.per_class.items()
        }
        return {
            "n": self.n,
            "metrics": {name: value.to_dict() for name, value in self.metrics.items()},
            "confusion": self.confusion.tolist(),
            "labels": self.labels,
            "per_class": per_class,
            "majority": dict(zip(("label", "value"), self.majority, strict=True)),
            "omitted": self.omitted,
            "truncated": self.truncated,
        }

    def __str__(self) -> str:
        """Return a line per metric, and the majority's share to compare with."""
        lines = [f"{name:27} {value}" for name, value in self.metrics.items()]
        lines.append(f"{'always ' + self.majority[0]:27} {self.majority[1]:.3f}")
        lines += [f"{name:27} left out: {why}" for name, why in self.omitted.items()]
        if self.truncated:
            lines.append(f"{self.truncated} of {self.n} texts were truncated")
        return "\n".join(lines)


def evaluate_predictions(
    probabilities: np.ndarray,
    references: np.ndarray,
    labels: Sequence[str],
    positive_label: str | None = None,
    seed: int = 0,
    truncated: int = 0,
) -> Evaluation:
    """Measure predictions against the right labels.

    Args:
        probabilities: Shape (n, k), rows sum to 1; the largest is the prediction.
        references: Right label numbers, shape (n,), 0 to k - 1.
        labels: The k label names.
        positive_label: The label that `f1`, `precision`, `recall` and, of two labels,
            the ROC AUC are about. Without one, the second of two labels for the AUC.
        seed: Seed of the bootstrap.
        truncated: How many texts were cut, for the record.

    Raises:
        CourseError: If a shape, a label number or the positive label does not fit.

    Example:
        >>> probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]] * 20)
        >>> result = evaluate_predictions(probabilities, [0, 1, 1] * 20, ["no", "yes"])
        >>> print(result.metrics["accuracy"], result.confusion.tolist())
        0.667 [0.541, 0.773], n=60 [[20, 0], [20, 20]]
    """
    probabilities, references = check_probabilities(probabilities, references)
    labels, n = list(labels), len(references)
    k = probabilities.shape[1]
    if len(labels) != k:
        raise CourseError(
            f"{len(labels)} label names came for {k} columns of probabilities: "
            "give one name for each column."
        )
    if positive_label is not None and positive_label not in labels:
        raise unknown_name("label", positive_label, labels)
    confusion = confusion_matrix(probabilities.argmax(axis=1), references, k)
    resampled = resample_confusion(confusion, N_RESAMPLES, seed)
    per_class = _per_class(confusion, resampled, labels)

    accuracy = wilson(int(confusion.trace()), n)
    metrics = {"accuracy": accuracy}
    if positive_label is not None:
        metrics |= {name: per_class[positive_label][name] for name in SCORES}
    point, many = average_scores(confusion[None]), average_scores(resampled)
    for name, value in point.items():
        metrics[name] = percentile_interval(value[0], many[name], n)
    metrics["f1_micro"] = accuracy  # the same number where each text has one label
    positive = labels.index(positive_label) if positive_label else 1
    metrics |= _from_probabilities(probabilities, references, positive, seed)
    omitted = _undefined(metrics, len(np.unique(references)))
    commonest = int(confusion.sum(axis=1).argmax())
    return Evaluation(
        n=n,
        labels=labels,
        metrics={name: metrics[name] for name in metrics if name not in omitted},
        per_class=per_class,
        confusion=confusion,
        majority=(labels[commonest], float(confusion[commonest].sum() / n)),
        omitted=omitted,
        truncated=int(truncated),
    )


def _per_class(
    confusion: np.ndarray, resampled: np.ndarray, labels: list[str]
) -> dict[str, dict[str, Interval | int]]:
    f1, many = label_scores(confusion[None])["f1"][0], label_scores(resampled)["f1"]
    rows = {}
    for i, label in enumerate(labels):
        hits, n = int(confusion[i, i]), int(confusion.sum())
        support, predicted = int(confusion[i].sum()), int(confusion[:, i].sum())
        value = 0.0 if np.isnan(f1[i]) else f1[i]
        rows[label] = {
            "precision": _share(hits, predicted),
            "recall": _share(hits, support),
            "f1": percentile_interval(value, many[:, i], n),
            "support": support,
        }
    return rows


def _share(hits: int, n: int) -> Interval:
    return wilson(hits, n) if n else Interval(0.0, np.nan, np.nan, 0)


def _from_probabilities(
    probabilities: np.ndarray, references: np.ndarray, positive: int, seed: int
) -> dict[str, Interval]:
    """ROC AUC and average precision (one label against the rest), log loss, ECE."""
    n, k = probabilities.shape
    tiny = np.finfo(np.float64).eps  # as scikit-learn clips
    losses = -np.log(np.clip(probabilities[np.arange(n), references], tiny, 1))
    correct = probabilities.argmax(axis=1) == references
    gaps = binned_gaps(probabilities.max(axis=1), correct)
    against_rest = [positive] if k == 2 else range(k)

    def measure(counts: np.ndarray) -> np.ndarray:
        areas = [
            ranking_areas(probabilities[:, i], references == i, counts)
            for i in against_rest
        ]
        defined = (~np.isnan(areas)).sum(axis=0)  # nan where a label is not drawn
        means = np.nansum(areas, axis=0) / np.where(defined, defined, np.nan)
        error = np.abs(counts.T @ gaps).sum(axis=1) / n
        return np.stack([*means, losses @ counts / n, error])

    value = measure(np.ones((n, 1)))[:, 0]
    blocks = [measure(counts) for counts in resample_counts(n, N_RESAMPLES, seed)]
    names = ("roc_auc", "average_precision", "log_loss", "expected_calibration_error")
    many = np.concatenate(blocks, axis=1)
    return {
        name: percentile_interval(value[i], many[i], n) for i, name in enumerate(names)
    }


def _undefined(metrics: dict[str, Interval], n_labels: int) -> dict[str, str]:
    """Say why each metric that these texts do not define is left out."""
    if metrics["accuracy"].n == 1:
        why = "one text gives no interval"
        return {name: why for name in metrics if name not in ("accuracy", "f1_micro")}
    omitted = {
        name: "the positive label does not occur or was never predicted"
        for name in SCORES
        if name in metrics and np.isnan(metrics[name].low)
    }
    if n_labels == 1:
        why = "the texts have one label only: add texts of another"
        names = ("roc_auc", "average_precision", "matthews_correlation")
        omitted |= dict.fromkeys(names, why)
    return omitted
