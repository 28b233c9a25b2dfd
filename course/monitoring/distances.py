"""Has something changed? Distances between two samples, and how likely by chance.

Each test asks how often two samples of one source would differ as much as these do; the
distances beside them say how much that is. Left out: what is compared, which is
`course.monitoring.drift`'s, and tests of many numbers at once.

Sources: Smirnov 1948 (two samples); Pearson 1900 (chi-square); Fisher 1935 (exact
test); Yurdakul 2018 (what the population stability index is worth by chance).
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

BINS = 10
RARE = 5  # expected texts below which a label is counted among the rare ones


def kolmogorov_smirnov(reference: np.ndarray, live: np.ndarray) -> tuple[float, float]:
    """Compare two samples of a number by their cumulative shares.

    Args:
        reference: Shape (m,), m from 1.
        live: Shape (n,), n from 1.

    Returns:
        The largest distance between the two cumulative shares, 0 to 1; and its p-value
        by Kolmogorov's limit, which for small or tied samples is a little too careful.

    Example:
        >>> kolmogorov_smirnov(np.array([1, 2, 3, 4]), np.array([3, 4, 5, 6]))[0]
        0.5
    """
    reference, live = np.sort(reference), np.sort(live)
    values = np.concatenate([reference, live])
    shares = [
        np.searchsorted(sample, values, side="right") / len(sample)
        for sample in (reference, live)
    ]
    distance = float(np.abs(shares[0] - shares[1]).max())
    n = len(reference) * len(live) / (len(reference) + len(live))
    return distance, _kolmogorov(math.sqrt(n) * distance)


def _kolmogorov(x: float) -> float:
    """Probability that a Brownian bridge leaves the strip from -x to x."""
    if x < 0.2:  # the series converges slowly, and to 1
        return 1.0
    terms = [(-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 101)]
    return min(1.0, max(0.0, 2 * math.fsum(terms)))


def label_shift(reference: Sequence[str], live: Sequence[str]) -> tuple[float, float]:
    """Compare how often each label occurs in two samples.

    Labels too rare for the chi-square test to hold are counted as one.

    Args:
        reference: m labels, m from 1.
        live: n labels, n from 1.

    Returns:
        Total variation, the share that would have to change its label, 0 to 1; and the
        p-value of Pearson's test that both samples have one source.

    Example:
        >>> distance, p = label_shift(["a", "b"] * 50, ["a"] * 75 + ["b"] * 25)
        >>> round(distance, 2), round(p, 5)
        (0.25, 0.00026)
    """
    from scipy.special import chdtrc  # upper tail of chi-square

    counts = Counter(reference), Counter(live)
    sizes = len(reference), len(live)
    names = sorted(counts[0] | counts[1])
    pairs = np.array([[count[name] for count in counts] for name in names], float)
    variation = float(np.abs(pairs[:, 0] / sizes[0] - pairs[:, 1] / sizes[1]).sum() / 2)
    expected = np.outer(pairs.sum(axis=1), sizes) / sum(sizes)
    rare = expected.min(axis=1) < RARE
    pairs = np.vstack([pairs[~rare], pairs[rare].sum(axis=0, keepdims=True)])
    pairs = pairs[pairs.sum(axis=1) > 0]
    expected = np.outer(pairs.sum(axis=1), sizes) / sum(sizes)
    statistic = float(((pairs - expected) ** 2 / expected).sum())
    freedom = len(pairs) - 1
    return variation, float(chdtrc(freedom, statistic)) if freedom else 1.0


def fewer_right(right: int, n: int, measured_right: int, measured_n: int) -> float:
    """Return the p-value of Fisher's exact test that fewer are right than measured.

    Args:
        right: Right answers among n.
        n: Answers that people judged.
        measured_right: Right answers among the measured ones.
        measured_n: Answers that were measured, as on a test split.

    Example:
        >>> round(fewer_right(1, 4, 4, 4), 4)
        0.0714
    """
    hits, everything = right + measured_right, n + measured_n
    fewest = max(0, hits - measured_n)
    ways = [
        _log_ways(n, k) + _log_ways(measured_n, hits - k) - _log_ways(everything, hits)
        for k in range(fewest, right + 1)
    ]
    return min(1.0, math.fsum(map(math.exp, ways)))


def _log_ways(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def population_stability_index(
    reference: np.ndarray, live: np.ndarray, bins: int = BINS
) -> float:
    """Return the population stability index (PSI) of a number.

    Args:
        reference: Shape (m,); its quantiles bound the bins.
        live: Shape (n,).
        bins: How many, of about equal share of the reference.

    Returns:
        The sum over bins of (q - p) ln(q / p), from 0; half a text is added to each
        bin, so that an empty one does not make it infinite.

    Example:
        >>> population_stability_index(np.arange(100), np.arange(100))
        0.0
    """
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1]))
    shares = []
    for sample in (reference, live):
        places = np.searchsorted(edges, sample, side="left")
        counts = np.bincount(places, minlength=len(edges) + 1) + 0.5
        shares.append(counts / counts.sum())
    p, q = shares
    return float(((q - p) * np.log(q / p)).sum())


def stability_by_chance(m: int, n: int, bins: int = BINS) -> float:
    """Return what PSI stays below in 95 of 100 windows without any change.

    Args:
        m: Texts of the reference.
        n: Texts of the window.
        bins: As for `population_stability_index`.

    Example:
        >>> round(stability_by_chance(1000, 100), 3)
        0.186
    """
    from scipy.special import chdtri

    return float((1 / m + 1 / n) * chdtri(bins - 1, 0.05))
