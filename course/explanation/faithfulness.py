"""Check whether the words an explanation ranks high are those the model goes by.

Mask the k highest words: a good ranking makes the probability fall far
(*comprehensiveness*). Show nothing but the k highest: a good ranking loses little
(*sufficiency*). Both are differences to the probability for the whole text, as DeYoung
et al. define them (2020, "ERASER: A Benchmark to Evaluate Rationalized NLP
Models"), with their mean over several k, the AOPC. A number alone says nothing, so
random rankings of the same words are measured beside it. Left out: agreement with
human rationales, for which the data sets here have none.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shap

from course.explanation import load_classifier
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import read_text
from course.inference import Classifier
from course.runs import Run

ERASER_SHARES = (0.01, 0.05, 0.1, 0.2, 0.5)  # of the words; the AOPC is over these
MOST_POINTS = 20  # of a curve


@dataclass(frozen=True)
class Faithfulness:
    """How the probability of the explained label follows a ranking of the words.

    Attributes:
        counts: Shape (m,), numbers k of words, from 0 to all.
        deletion: Shape (m,), probability with the k highest words masked.
        insertion: Shape (m,), probability with all but the k highest words masked.
        random_deletion: Shape (2, m), lower and upper end of the band in which 95 % of
            random rankings lie.
        random_insertion: Shape (2, m), likewise.
        comprehensiveness: AOPC of the falls in probability; higher is better.
        sufficiency: AOPC of the losses; lower is better.
        random_comprehensiveness: Band of random rankings, lower and upper end.
        random_sufficiency: Likewise.
        evaluations: Rows that the model computed.
        seconds: Time it took.
    """

    counts: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    random_deletion: np.ndarray
    random_insertion: np.ndarray
    comprehensiveness: float
    sufficiency: float
    random_comprehensiveness: tuple[float, float]
    random_sufficiency: tuple[float, float]
    evaluations: int
    seconds: float


def ranking(values: np.ndarray) -> np.ndarray:
    """Order words from the one that speaks most for the label to the one most against.

    Args:
        values: Shape (n,), signed.

    Returns:
        Numbers of the words, shape (n,); equal ones in reading order.

    Example:
        >>> ranking(np.array([0.1, 2.0, -1.0])).tolist()
        [1, 0, 2]
    """
    return np.argsort(-np.asarray(values), kind="stable")


def curve_counts(number_of_players: int) -> np.ndarray:
    """Choose the numbers of words to mask: evenly spaced, with those of the AOPC.

    Args:
        number_of_players: n, at least 0.

    Returns:
        Sorted different whole numbers from 0 to n.

    Example:
        >>> curve_counts(4).tolist()
        [0, 1, 2, 3, 4]
    """
    n = number_of_players
    even = np.linspace(0, n, min(n, MOST_POINTS) + 1).round().astype(int)
    return np.union1d(even, eraser_counts(n))


def eraser_counts(number_of_players: int) -> np.ndarray:
    """Turn `ERASER_SHARES` into numbers of words, rounded up, so at least one.

    Example:
        >>> eraser_counts(20).tolist()
        [1, 1, 2, 4, 10]
    """
    return np.ceil(np.array(ERASER_SHARES) * number_of_players).astype(int)


def faithfulness(
    run: Run | Classifier | str | Path,
    explanation: shap.Explanation,
    *,
    random_orders: int = 40,
    batch_size: int = 128,
    seed: int = 0,
    on_batch: Callable[[int], None] | None = None,
) -> Faithfulness:
    """Measure an explanation on the model that it explains.

    Args:
        run: The same model as `explain` was given.
        explanation: From `explain`, by any method.
        random_orders: Random rankings to compare with, at least 2; the band is between
            their 2.5 % and 97.5 % quantiles.
        batch_size: Rows in one forward pass, at most.
        seed: Of the random rankings.
        on_batch: As for `explain`.

    Returns:
        The curves and their summary.

    Raises:
        CourseError: If the run cannot be opened.
    """
    start = time.perf_counter()
    report = explanation.report
    classifier = load_classifier(run)
    text = read_text(classifier, report.text, report.unit)
    target = classifier.labels.index(report.target)
    model = MaskedModel(
        classifier, text, target, batch_size=batch_size, on_batch=on_batch
    )
    n = len(text.players)
    counts = curve_counts(n)
    generator = np.random.default_rng(seed)
    orders = [ranking(explanation.values)]
    orders += [generator.permutation(n) for _ in range(random_orders)]
    top = np.stack([_highest(order, counts) for order in orders])  # (orders, m, n)
    seen = top.reshape(len(orders) * len(counts), n)
    deletion = model.probability(~seen).reshape(len(orders), -1)
    insertion = model.probability(seen).reshape(len(orders), -1)
    # Nothing masked is the whole text: what both measures are differences to.
    whole = deletion[0, 0]
    at = np.searchsorted(counts, eraser_counts(n))
    comprehensiveness = (whole - deletion[:, at]).mean(axis=1)  # (orders,)
    sufficiency = (whole - insertion[:, at]).mean(axis=1)
    return Faithfulness(
        counts=counts,
        deletion=deletion[0],
        insertion=insertion[0],
        random_deletion=_band(deletion[1:]),
        random_insertion=_band(insertion[1:]),
        comprehensiveness=float(comprehensiveness[0]),
        sufficiency=float(sufficiency[0]),
        random_comprehensiveness=tuple(_band(comprehensiveness[1:]).tolist()),
        random_sufficiency=tuple(_band(sufficiency[1:]).tolist()),
        evaluations=model.evaluations,
        seconds=time.perf_counter() - start,
    )


def _highest(order: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Whether each player is among the first k of an order, shape (m, n)."""
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    return rank[None, :] < counts[:, None]


def _band(curves: np.ndarray) -> np.ndarray:
    """The middle 95 % of random rankings, shape (2, ...)."""
    return np.quantile(curves, [0.025, 0.975], axis=0)
