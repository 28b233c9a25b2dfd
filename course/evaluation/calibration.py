"""Calibration: does a probability of 0.8 come true eight times out of ten?

Reliability bins, expected calibration error, Brier score, and temperature scaling,
which mends the probabilities without changing one prediction. Left out: Platt and
isotonic scaling, which can change predictions too.

Sources: Guo et al. 2017 (expected calibration error, eq. 3; temperature scaling, sec.
4.2), Naeini et al. 2015 (bins), Brier 1950.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from course.errors import CourseError
from course.evaluation.intervals import Interval, bootstrap_totals, wilson
from course.evaluation.probabilities import check_probabilities, softmax

N_BINS = 15  # as in Guo et al.
# Temperatures outside are no better than these: softmax is uniform or one-hot there.
MIN_TEMPERATURE, MAX_TEMPERATURE = 0.01, 100.0


@dataclass(frozen=True)
class ReliabilityBin:
    """The predictions whose confidence lies in one range.

    Attributes:
        low: Lower edge of the confidence, excluded, 0 to 1.
        high: Upper edge of the confidence, included, 0 to 1.
        n: Number of predictions in the bin.
        confidence: Their mean confidence; None in an empty bin.
        accuracy: Share of them that are right (Wilson); None in an empty bin.
    """

    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: Interval | None

    def to_dict(self) -> dict:
        """Return plain JSON data."""
        accuracy = self.accuracy and self.accuracy.to_dict()
        return {**asdict(self), "accuracy": accuracy}


def reliability_bins(
    probabilities: np.ndarray,
    references: np.ndarray,
    n_bins: int = N_BINS,
    strategy: Literal["uniform", "quantile"] = "uniform",
) -> list[ReliabilityBin]:
    """Sort predictions into bins of confidence and count how many are right.

    Args:
        probabilities: Shape (n, k), rows sum to 1. The confidence is a row's largest.
        references: Right label numbers, shape (n,).
        n_bins: Number of bins, at least 1.
        strategy: "uniform" for bins of equal width, "quantile" for bins of about equal
            numbers of predictions (equal confidences stay together, so there can be
            fewer bins).

    Returns:
        The bins from low confidence to high.

    Raises:
        CourseError: If a shape or a name does not fit.

    Example:
        >>> bins = reliability_bins([[0.9, 0.1], [0.8, 0.2]], [0, 1], n_bins=1)
        >>> round(bins[0].confidence, 2), bins[0].accuracy.value
        (0.85, 0.5)
    """
    confidences, correct = _confidences(probabilities, references)
    edges = _bin_edges(confidences, n_bins, strategy)
    members = _bin_numbers(confidences, edges)
    bins = []
    for number, (low, high) in enumerate(pairwise(edges)):
        inside = members == number
        n = int(inside.sum())
        confidence = float(confidences[inside].mean()) if n else None
        accuracy = wilson(int(correct[inside].sum()), n) if n else None
        bins.append(ReliabilityBin(float(low), float(high), n, confidence, accuracy))
    return bins


def expected_calibration_error(
    probabilities: np.ndarray,
    references: np.ndarray,
    n_bins: int = N_BINS,
    strategy: Literal["uniform", "quantile"] = "uniform",
    n_resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Return the mean distance of accuracy from confidence, weighed by the bins' sizes.

    It is never negative, so chance alone makes it positive: on few texts even a perfect
    model shows some error, and the interval tends to lie above the value.

    Args:
        probabilities: Shape (n, k), rows sum to 1.
        references: Right label numbers, shape (n,).
        n_bins: Number of bins, at least 1.
        strategy: "uniform" (equal width) or "quantile" (equal mass).
        n_resamples: Number of bootstrap resamples; the bins stay where they are.
        seed: Seed of the bootstrap.

    Returns:
        Interval of the error, 0 to 1.

    Raises:
        CourseError: If a shape or a name does not fit.

    Example:
        >>> error = expected_calibration_error([[0.9, 0.1], [0.7, 0.3]], [0, 1])
        >>> round(error.value, 3)  # |0.9 - 1| and |0.7 - 0|, each half of the texts
        0.4
    """
    confidences, correct = _confidences(probabilities, references)
    gaps = binned_gaps(confidences, correct, n_bins, strategy)
    return bootstrap_totals(
        lambda totals: np.abs(totals).sum(axis=1) / len(gaps), gaps, n_resamples, seed
    )


def binned_gaps(
    confidences: np.ndarray,
    correct: np.ndarray,
    n_bins: int = N_BINS,
    strategy: Literal["uniform", "quantile"] = "uniform",
) -> np.ndarray:
    """Return what each text adds to the calibration error's sums.

    Args:
        confidences: Shape (n,), 0 to 1.
        correct: Whether the prediction is right, shape (n,).
        n_bins: Number of bins.
        strategy: "uniform" (equal width) or "quantile" (equal mass).

    Returns:
        Shape (n, bins): confidence less correctness in the text's bin, 0 elsewhere. The
        error is the sum over bins of |sum over texts|, divided by n.

    Example:
        >>> binned_gaps(np.array([0.2, 0.9]), np.array([0, 1]), n_bins=2).round(1)
        array([[ 0.2,  0. ],
               [ 0. , -0.1]])
    """
    edges = _bin_edges(confidences, n_bins, strategy)
    gaps = np.zeros((len(confidences), len(edges) - 1))
    rows = np.arange(len(confidences))
    gaps[rows, _bin_numbers(confidences, edges)] = confidences - correct
    return gaps


def brier_score(probabilities: np.ndarray, references: np.ndarray) -> float:
    """Return the mean squared distance of the probabilities from the truth.

    Args:
        probabilities: Shape (n, k), rows sum to 1.
        references: Right label numbers, shape (n,).

    Returns:
        0 (certain and right) to 1 for two labels, where one label's distance is taken,
        and to 2 for more, where the labels' distances are added; so does scikit-learn.

    Example:
        >>> round(brier_score([[0.9, 0.1], [0.2, 0.8]], [0, 1]), 3)
        0.025
    """
    probabilities, references = check_probabilities(probabilities, references)
    truth = np.eye(probabilities.shape[1])[references]
    distances = ((probabilities - truth) ** 2).sum(axis=1)
    return float(distances.mean() / (2 if probabilities.shape[1] == 2 else 1))


def fit_temperature(logits: np.ndarray, references: np.ndarray) -> float:
    """Find the temperature that makes the right labels most likely.

    Fit it on validation texts: on texts that trained the model it comes out too low.

    Args:
        logits: Shape (n, k).
        references: Right label numbers, shape (n,).

    Returns:
        Temperature for `softmax`, 0.01 to 100. An end of the range means that there is
        no best one: 0.01 if every prediction is right, 100 if they are no better than
        chance.

    Example:
        >>> logits = np.array([[np.log(81), 0.0]] * 10)  # says 0.988, right 9 of 10
        >>> round(fit_temperature(logits, [0] * 9 + [1]), 3)
        2.0
    """
    logits = np.asarray(logits, dtype=np.float64)
    _, references = check_probabilities(softmax(logits), references)
    chosen = logits[np.arange(len(logits)), references]

    def slope(inverse: float) -> float:
        """Slope of the mean loss; it rises with the inverse, so one root at most."""
        expected = (softmax(logits, 1 / inverse) * logits).sum(axis=1)
        return float((expected - chosen).mean())

    low, high = 1 / MAX_TEMPERATURE, 1 / MIN_TEMPERATURE
    if slope(high) <= 0:
        return MIN_TEMPERATURE
    if slope(low) >= 0:
        return MAX_TEMPERATURE
    for _ in range(60):  # halve the range on a log scale, down to rounding
        middle = (low * high) ** 0.5
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return 1 / low


def _confidences(
    probabilities: np.ndarray, references: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    probabilities, references = check_probabilities(probabilities, references)
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == references


def _bin_edges(confidences: np.ndarray, n_bins: int, strategy: str) -> np.ndarray:
    if n_bins < 1 or strategy not in ("uniform", "quantile"):
        raise CourseError(
            f"{n_bins} bins by {strategy!r} came; at least 1 bin, by 'uniform' or "
            "'quantile', is expected: change one of them."
        )
    shares = np.linspace(0, 1, n_bins + 1)
    if strategy == "uniform":
        return shares
    edges = np.unique(np.quantile(confidences, shares))
    return edges if len(edges) > 1 else np.array([0.0, edges[0]])


def _bin_numbers(confidences: np.ndarray, edges: np.ndarray) -> np.ndarray:
    # A value on an edge belongs to the bin below it, and the lowest to the first bin.
    return np.clip(np.searchsorted(edges, confidences) - 1, 0, len(edges) - 2)
