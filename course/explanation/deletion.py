"""Take words away, the most telling first, and see how soon the answer gives way.

If a method is right about which words matter, masking them in its order makes the
probability of the answer fall sooner than masking them in any order. So its curve is
drawn against those of random orders, and the area below it, the mean probability on
the way, against theirs: lower is better. The idea is Samek et al.'s (2017, "Evaluating
the Visualization of What a Deep Neural Network Has Learned", section III). Left out:
what only the highest words would keep, and ERASER's measures, which are
`course.explanation.faithfulness`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shap

from course.errors import CourseError
from course.explanation import load_classifier
from course.explanation.faithfulness import ranking
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import read_text
from course.inference import Classifier
from course.runs import Run

BAND = (0.05, 0.5, 0.95)  # quantiles of random orders: 90 % lie between the outer two
MOST_STEPS = 20  # of a curve


@dataclass(frozen=True)
class DeletionCurve:
    """How the probability of the explained label falls as words are masked.

    Attributes:
        order: Shape (n,), numbers of the words, that with the highest value first.
        counts: Shape (m,), how many words are masked: 0 to n, at most 21 numbers.
        probability: Shape (m,), of the label, in the explanation's order.
        random: Shape (3, m), the `BAND` of random orders: low end, median, high end.
        area: Mean of `probability` over the share of words masked, from 0 to 1.
        random_area: Low end, median and high end of the same for random orders.

    Example:
        >>> area([0, 1, 2], np.array([1.0, 0.5, 0.0]))
        0.5
    """

    order: np.ndarray
    counts: np.ndarray
    probability: np.ndarray
    random: np.ndarray
    area: float
    random_area: tuple[float, float, float]


def deletion_curve(
    run: Run | Classifier | str | Path,
    explanation: shap.Explanation,
    *,
    random_orders: int = 40,
    seed: int = 0,
    on_batch: Callable[[int], None] | None = None,
) -> DeletionCurve:
    """Mask the words of a text one after the other, the highest value first.

    Args:
        run: The same model as `explain` was given.
        explanation: From `explain`, by any method.
        random_orders: Random orders to compare with, at least 2.
        seed: Of these orders; the same for all methods, which are thus compared alike.
        on_batch: As for `explain`.

    Returns:
        The curve and the band.

    Raises:
        CourseError: If there are too few random orders, or the run cannot be opened.
    """
    if random_orders < 2:
        raise CourseError(
            f"random_orders={random_orders} came; a band needs at least 2, 40 are good."
        )
    report = explanation.report
    classifier = load_classifier(run)
    text = read_text(classifier, report.text, report.unit)
    target = classifier.labels.index(report.target)
    model = MaskedModel(classifier, text, target, on_batch=on_batch)
    n = len(text.players)
    counts = np.unique(np.linspace(0, n, min(n, MOST_STEPS) + 1).round().astype(int))
    generator = np.random.default_rng(seed)
    orders = [ranking(explanation.values)]
    orders += [generator.permutation(n) for _ in range(random_orders)]
    # A player is masked as soon as its rank is below the count: (orders, m, n)
    ranks = np.argsort(np.array(orders).reshape(len(orders), n), axis=1)
    seen = ranks[:, None, :] >= counts[:, None]
    rows = seen.reshape(len(orders) * len(counts), n)
    curves = model.probability(rows).reshape(len(orders), -1)
    areas = [area(counts, curve) for curve in curves]
    return DeletionCurve(
        order=orders[0],
        counts=counts,
        probability=curves[0],
        random=np.quantile(curves[1:], BAND, axis=0),
        area=areas[0],
        random_area=tuple(np.quantile(areas[1:], BAND).tolist()),
    )


def area(counts: np.ndarray, probability: np.ndarray) -> float:
    """Return the mean height of a curve, by trapezia.

    Args:
        counts: Shape (m,), rising.
        probability: Shape (m,), from 0 to 1.

    Example:
        >>> area([0, 1, 4], np.array([1.0, 0.0, 0.0]))
        0.125
    """
    if len(counts) < 2:
        return float(probability[0])
    return float(np.trapezoid(probability, counts) / (counts[-1] - counts[0]))
