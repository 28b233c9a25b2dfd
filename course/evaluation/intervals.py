"""Intervals: how far a measured number may be from what more data would show.

`wilson` for a share of right answers, `bootstrap` and `bootstrap_totals` for every
other statistic. Left out: intervals over training seeds, which are another source of
chance, and two models on the same items, which `course.evaluation.comparison` has. A
percentile interval is too narrow below some 20 items and shrinks to a point when all
items agree; `wilson` does neither.

Sources: Wilson 1927 (shares), Efron 1979 (bootstrap).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from course.errors import CourseError
from course.evaluation.resampling import block_widths, common_length, resample_totals


@dataclass(frozen=True)
class Interval:
    """A measured value with its interval.

    Attributes:
        value: The value on all items.
        low: Lower end; nan where one item gives no interval.
        high: Upper end; nan where one item gives no interval.
        n: Number of items measured.

    Example:
        >>> print(Interval(0.836, 0.8165, 0.8542, 1500))
        0.836 [0.817, 0.854], n=1500
    """

    value: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, float | int | None]:
        """Return plain JSON data; an end that is not known is None."""
        ends = {"value": self.value, "low": self.low, "high": self.high}
        known = {key: float(x) if math.isfinite(x) else None for key, x in ends.items()}
        return {**known, "n": int(self.n)}

    def __str__(self) -> str:
        """Return `value [low, high], n=...` with three digits, fewer for large ones."""
        digits = 3 if abs(self.value) < 10 else 1
        ends = "[unknown]"
        if math.isfinite(self.low):
            ends = f"[{self.low:.{digits}f}, {self.high:.{digits}f}]"
        return f"{self.value:.{digits}f} {ends}, n={self.n}"


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the Wilson score interval of a share.

    Args:
        successes: How many of the items succeeded, 0 to n.
        n: Number of items, at least 1.
        confidence: Share of such intervals that hold the truth, 0 to 1, ends excluded.

    Returns:
        Interval of the share, inside [0, 1].

    Raises:
        CourseError: If a number is out of its range.

    Example:
        >>> print(wilson(8, 10))
        0.800 [0.490, 0.943], n=10
    """
    if n < 1 or not 0 <= successes <= n:
        raise CourseError(
            f"{successes} successes of {n} items came; 0 to n successes of at least "
            "1 item are needed: count again."
        )
    _check_confidence(confidence)
    share = successes / n
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    # Rounding can leave an end a hair outside [0, 1] or beyond a share of 0 or 1.
    low, high = min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))
    return Interval(share, low, high, int(n))


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
    _check_confidence(confidence)
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


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise CourseError(
            f"confidence is {confidence}; a share between 0 and 1 is expected: "
            "use 0.95, not 95."
        )
