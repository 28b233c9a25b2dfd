"""Intervals: how far a measured number may be from what more data would show.

`bootstrap` and `bootstrap_totals` for every statistic but a share of right answers,
which has a better one (`course.evaluation.shares`, whose names are here too): a
percentile interval is too narrow below some 20 items and shrinks to a point when all
items agree. Left out: intervals over training seeds, which are another source of
chance, and two models on the same items, which `course.evaluation.comparison` has.

Source: Efron 1979.
"""

import math
from collections.abc import Callable

import numpy as np

from course.evaluation.resampling import block_widths, common_length, resample_totals
from course.evaluation.shares import Interval, check_confidence, wilson

__all__ = ["Interval", "bootstrap", "bootstrap_totals", "percentile_interval", "wilson"]


def percentile_interval(
    value: float, resampled: np.ndarray, n: int, confidence: float = 0.95
) -> Interval:
    """Make an interval of a value and the same statistic on resamples.

    Args:
        value: The statistic on all items.
        resampled: Shape (n_resamples,); nan where a resample leaves it undefined.
        n: Number of items. One item always resamples to itself, which says nothing:
            the ends are then nan.
        confidence: Share of such intervals that hold the truth, 0 to 1, ends excluded.

    Example:
        >>> print(percentile_interval(0.5, np.linspace(0, 1, 1001), n=40))
        0.500 [0.025, 0.975], n=40
    """
    check_confidence(confidence)
    low = high = math.nan
    if n > 1 and not np.isnan(resampled).all():
        tail = (1 - confidence) / 2
        low, high = np.nanquantile(resampled, [tail, 1 - tail])
    return Interval(float(value), float(low), float(high), int(n))


def bootstrap(
    statistic: Callable[..., np.ndarray],
    *arrays: np.ndarray,
    n_resamples: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Interval:
    """Return the percentile bootstrap interval of a statistic.

    Args:
        statistic: Takes the arrays, each with one more axis in front (resample, item,
            ...), and returns one value per resample: `lambda x: x.mean(axis=1)`.
        *arrays: Each of shape (n, ...); row i of all belongs to item i and is drawn
            together.
        n_resamples: Number of resamples.
        seed: Seed of the draws.
        confidence: Share of such intervals that hold the truth, 0 to 1, ends excluded.

    Returns:
        Interval around the statistic of the arrays as they are.

    Raises:
        CourseError: If the arrays are empty or of different lengths.

    Example:
        >>> print(bootstrap(lambda x: x.mean(axis=1), np.arange(100) % 2))
        0.500 [0.400, 0.600], n=100
    """
    arrays = tuple(np.asarray(array) for array in arrays)
    n = common_length(arrays)
    generator = np.random.default_rng(seed)
    row_size = max(math.prod(array.shape) // n for array in arrays)
    blocks = []
    for width in block_widths(n * row_size, n_resamples):
        rows = generator.integers(n, size=(width, n))
        blocks.append(statistic(*(array[rows] for array in arrays)))
    value = float(np.asarray(statistic(*(array[None] for array in arrays)))[0])
    return percentile_interval(value, np.concatenate(blocks), n, confidence)


def bootstrap_totals(
    statistic: Callable[[np.ndarray], np.ndarray],
    per_item: np.ndarray,
    n_resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Return the bootstrap interval of a statistic of sums, by one matrix product.

    Most metrics need only sums over the items: F1 of counts, BLEU of n-gram matches,
    perplexity of losses and tokens. A resample's sums are its draw counts times the
    items' contributions, so no item is looked at twice.

    Args:
        statistic: From totals of shape (resamples, m) to values of shape (resamples,).
        per_item: What each item adds, shape (n, m) or (n,).
        n_resamples: Number of resamples.
        seed: Seed of the draws.

    Raises:
        CourseError: If there is no item.

    Example:
        >>> right_and_all = np.array([[3, 4], [1, 2]] * 50)
        >>> print(bootstrap_totals(lambda t: t[:, 0] / t[:, 1], right_and_all))
        0.667 [0.643, 0.688], n=100
    """
    totals = resample_totals(per_item, n_resamples, seed)
    value = statistic(np.reshape(per_item, (len(per_item), -1)).sum(axis=0)[None])[0]
    return percentile_interval(value, statistic(totals), len(per_item))
