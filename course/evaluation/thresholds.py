"""Thresholds: what a binary classifier's score is worth at every cut.

ROC and precision-recall curves as plain data, the areas under them with resamples, and
the threshold that costs least when a false alarm and a miss cost differently. Left out:
costs that differ from text to text.

Sources: Fawcett 2006 (ROC), Davis and Goadrich 2006 (precision-recall), Elkan 2001
(thresholds from costs).
"""

from dataclasses import asdict, dataclass

import numpy as np

from course.errors import CourseError
from course.evaluation.resampling import common_length


def roc_curve(probabilities: np.ndarray, references: np.ndarray) -> dict:
    """Return the ROC curve: how many misses are saved by how many false alarms.

    Args:
        probabilities: Probability or score of the positive class, shape (n,).
        references: Whether a text is positive, shape (n,), bool or 0 and 1.

    Returns:
        Lists of equal length `false_positive_rate`, `true_positive_rate` and
        `thresholds` (positive from the threshold up; None stands for "never"), and
        `area`, 0.5 for guessing and 1 for a perfect order.

    Raises:
        CourseError: If a shape does not fit or one class is missing.

    Example:
        >>> roc_curve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])["area"]
        0.75
    """
    from sklearn import metrics

    scores, truth = _check_binary(probabilities, references)
    false_rate, true_rate, thresholds = metrics.roc_curve(truth, scores)
    return {
        "false_positive_rate": false_rate.tolist(),
        "true_positive_rate": true_rate.tolist(),
        "thresholds": [None, *thresholds[1:].tolist()],
        "area": float(metrics.auc(false_rate, true_rate)),
    }


def precision_recall_curve(probabilities: np.ndarray, references: np.ndarray) -> dict:
    """Return the precision-recall curve, which rare positives cannot flatter.

    Args:
        probabilities: Probability or score of the positive class, shape (n,).
        references: Whether a text is positive, shape (n,), bool or 0 and 1.

    Returns:
        Lists of equal length `precision`, `recall` and `thresholds` (None stands for
        "never"), `average_precision`, and `share`, the positives' share of the texts:
        the precision of guessing.

    Raises:
        CourseError: If a shape does not fit or one class is missing.

    Example:
        >>> curve = precision_recall_curve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
        >>> round(curve["average_precision"], 3)
        0.833
    """
    from sklearn import metrics

    scores, truth = _check_binary(probabilities, references)
    precision, recall, thresholds = metrics.precision_recall_curve(truth, scores)
    return {
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "thresholds": [*thresholds.tolist(), None],
        "average_precision": float(metrics.average_precision_score(truth, scores)),
        "share": float(truth.mean()),
    }


@dataclass(frozen=True)
class CostCurve:
    """What each threshold costs.

    Attributes:
        threshold: The cheapest; a text is called positive from it up. None: never.
        cost: Mean cost per text at that threshold.
        expected_threshold: Where it would be for perfectly calibrated probabilities.
        thresholds: All that differ in a decision, falling; the first is None, "never".
        costs: Mean cost per text at each of them.
        false_positives: False alarms at each of them.
        false_negatives: Misses at each of them.
    """

    threshold: float | None
    cost: float
    expected_threshold: float | None
    thresholds: list[float | None]
    costs: list[float]
    false_positives: list[int]
    false_negatives: list[int]

    def to_dict(self) -> dict:
        """Return plain JSON data."""
        return asdict(self)


def threshold_by_cost(
    probabilities: np.ndarray,
    references: np.ndarray,
    cost_false_positive: float,
    cost_false_negative: float,
) -> CostCurve:
    """Find the threshold with the lowest cost on these texts.

    Choose it on validation texts and report the cost on the test split: the lowest of
    many costs on the texts it was chosen by is too good to be true.

    Args:
        probabilities: Probability or score of the positive class, shape (n,).
        references: Whether a text is positive, shape (n,), bool or 0 and 1.
        cost_false_positive: Cost of a false alarm, 0 or more, in any unit.
        cost_false_negative: Cost of a miss, 0 or more, in the same unit.

    Returns:
        The cheapest threshold and the whole curve; of equals, the highest threshold.

    Raises:
        CourseError: If a cost is negative, a shape does not fit or a class is missing.

    Example:
        >>> best = threshold_by_cost([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1], 1, 5)
        >>> best.threshold, best.cost
        (0.4, 0.25)
    """
    costs = (cost_false_positive, cost_false_negative)
    if not all(0 <= cost < np.inf for cost in costs):  # false for nan too
        raise CourseError(
            f"Costs {costs[0]} and {costs[1]} came; numbers from 0 are expected: "
            "a saving on one side is a cost on the other."
        )
    scores, truth = _check_binary(probabilities, references)
    order = np.argsort(-scores, kind="stable")
    # Equal scores are called positive together: keep the last of each group.
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    found = np.append(0, np.cumsum(truth[order])[last])
    alarms = np.append(0, last + 1) - found
    misses = truth.sum() - found
    mean_costs = (alarms * costs[0] + misses * costs[1]) / len(scores)
    thresholds = [None, *scores[order][last].tolist()]
    best = int(mean_costs.argmin())
    expected = costs[0] / sum(costs) if sum(costs) else None
    return CostCurve(
        thresholds[best],
        float(mean_costs[best]),
        expected,
        thresholds,
        mean_costs.tolist(),
        alarms.tolist(),
        misses.tolist(),
    )


def ranking_areas(
    scores: np.ndarray, truth: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return ROC AUC and average precision of many resamples at once.

    Both are sums over the positives of what lies below (or above) each of them, so one
    sort serves all resamples. Equal scores count half, as in scikit-learn.

    Args:
        scores: Score of the positive class, shape (n,).
        truth: Whether a text is positive, shape (n,), bool.
        counts: How often each text is drawn, shape (n, resamples), as from
            `course.evaluation.resampling.resample_counts`.

    Returns:
        Both of shape (resamples,); nan where a resample lacks a class.

    Example:
        >>> once = np.ones((4, 1))
        >>> truth = np.array([False, False, True, True])
        >>> area, _ = ranking_areas(np.array([0.1, 0.4, 0.35, 0.8]), truth, once)
        >>> area.tolist()
        [0.75]
    """
    positives, negatives = scores[truth], scores[~truth]
    drawn = counts[truth]
    found_below, alarms_below = (
        _below(positives, drawn),
        _below(negatives, counts[~truth]),
    )
    lowest = np.searchsorted(np.sort(negatives), positives, "left")
    highest = np.searchsorted(np.sort(negatives), positives, "right")
    own = np.searchsorted(np.sort(positives), positives, "left")
    n_positives, n_negatives = found_below[-1], alarms_below[-1]
    beaten = drawn * (alarms_below[lowest] + alarms_below[highest]) / 2
    found = n_positives - found_below[own]  # positives at this score or above
    alarms = n_negatives - alarms_below[lowest]
    # A text that was not drawn may have nothing at or above it: 0 / 0, times 0.
    precision = drawn * found / np.maximum(found + alarms, 1)
    with np.errstate(invalid="ignore"):
        area = beaten.sum(axis=0) / (n_positives * n_negatives)
        average_precision = precision.sum(axis=0) / n_positives
    one_class = (n_positives == 0) | (n_negatives == 0)
    return area, np.where(one_class, np.nan, average_precision)


def _below(scores: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """How many are drawn below each place in sorted order, shape (n + 1, resamples)."""
    sums = np.zeros((len(scores) + 1, counts.shape[1]))
    np.cumsum(counts[np.argsort(scores, kind="stable")], axis=0, out=sums[1:])
    return sums


def _check_binary(
    probabilities: np.ndarray, references: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    scores = np.asarray(probabilities, dtype=np.float64)
    truth = np.asarray(references)
    common_length((scores, truth))
    if scores.ndim != 1 or truth.ndim != 1 or not np.isfinite(scores).all():
        raise CourseError(
            f"probabilities {scores.shape} and references {truth.shape} came; two "
            "lists of numbers are expected: pass the positive class's column."
        )
    if not np.isin(truth, (0, 1)).all() or len(np.unique(truth)) != 2:
        raise CourseError(
            f"references hold {', '.join(map(str, np.unique(truth)[:5]))}; both 0 and "
            "1 are needed, 1 for the positive class: add texts of the other."
        )
    return scores, truth.astype(bool)
