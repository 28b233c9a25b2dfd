"""Resampling: what the items might have been, drawn again and again from themselves.

A resample is stored as how often each item was drawn, so that a sum over it is a matrix
product. Left out: what is made of the resamples, see `course.evaluation.intervals`.

Source: Efron 1979 (bootstrap).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from course.errors import CourseError

# Elements of one block of resamples: 16 MB as float32.
BLOCK = 4_000_000


def common_length(arrays: Sequence[Sequence]) -> int:
    """Return the length that all have.

    Args:
        arrays: Lists or arrays with one entry per item.

    Raises:
        CourseError: If the lengths differ or are 0.

    Example:
        >>> common_length(([1, 2], ["a", "b"]))
        2
    """
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1 or 0 in lengths:
        raise CourseError(
            f"{' and '.join(str(len(a)) for a in arrays)} items came; every list needs "
            "the same number, at least 1: check where they were made."
        )
    return lengths.pop()


def block_widths(size: int, n_resamples: int) -> Iterator[int]:
    """Split the resamples into blocks, so that memory stays flat.

    Args:
        size: Elements that one resample takes.
        n_resamples: Number of resamples.

    Yields:
        How many resamples the next block holds: as many as take at most `BLOCK`
        elements, and at least one.

    Example:
        >>> list(block_widths(size=1_500_000, n_resamples=5))
        [2, 2, 1]
    """
    width = min(n_resamples, max(1, BLOCK // max(1, size)))
    for start in range(0, n_resamples, width):
        yield min(width, n_resamples - start)


def resample_counts(
    n: int, n_resamples: int = 1000, seed: int = 0
) -> Iterator[np.ndarray]:
    """Draw n of n items with replacement, many times, as counts.

    Args:
        n: Number of items.
        n_resamples: How often n items are drawn.
        seed: Seed; equal seeds draw equally.

    Yields:
        Blocks of shape (n, some resamples), float32: how often each item was drawn.
        Together the blocks hold `n_resamples` columns, each with the sum n.

    Example:
        >>> [block] = resample_counts(3, n_resamples=4)
        >>> block.sum(axis=0).tolist()
        [3.0, 3.0, 3.0, 3.0]
    """
    generator = np.random.default_rng(seed)
    for width in block_widths(n, n_resamples):
        drawn = generator.integers(n, size=(n, width)) * width + np.arange(width)
        counts = np.bincount(drawn.ravel(), minlength=n * width)
        yield counts.reshape(n, width).astype(np.float32)


def resample_totals(
    per_item: np.ndarray, n_resamples: int = 1000, seed: int = 0
) -> np.ndarray:
    """Return the sums over the items of many resamples.

    Args:
        per_item: What each item adds, shape (n, m) or (n,).
        n_resamples: Number of resamples.
        seed: Seed of the draws.

    Returns:
        Shape (n_resamples, m).

    Raises:
        CourseError: If there is no item.

    Example:
        >>> resample_totals([2, 2, 2], n_resamples=4).tolist()
        [[6.0], [6.0], [6.0], [6.0]]
    """
    n = common_length((per_item,))
    per_item = np.asarray(per_item, dtype=np.float64).reshape(n, -1)
    blocks = [counts.T @ per_item for counts in resample_counts(n, n_resamples, seed)]
    return np.concatenate(blocks)
