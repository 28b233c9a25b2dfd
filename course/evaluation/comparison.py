"""Two models on the same items: is one better, or can these items not tell?

Scores are compared item by item, so that what is easy for both does not blur the
difference. Left out: corrections for many comparisons; who compares ten models should
ask for a smaller p than `SIGNIFICANCE`.

Sources: McNemar 1947, in its exact form (right and wrong answers); Koehn 2004 (paired
bootstrap).
"""

from dataclasses import dataclass

import numpy as np

from course.evaluation.intervals import Interval, bootstrap_totals
from course.evaluation.resampling import common_length

SIGNIFICANCE = 0.05  # McNemar's p below which a difference is believed


@dataclass(frozen=True)
class Comparison:
    """Two models on the same items.

    Attributes:
        difference: Mean score of the first less the second's, with its interval.
        p_value: McNemar's exact p for right-or-wrong scores, else None.
        only_a: Items that only the first got right; None for other scores.
        only_b: Items that only the second got right; None for other scores.
        names: What the two are called.
    """

    difference: Interval
    p_value: float | None
    only_a: int | None
    only_b: int | None
    names: tuple[str, str] = ("a", "b")

    @property
    def better(self) -> str | None:
        """Name of the better one; None where the items cannot tell."""
        low, high = self.difference.low, self.difference.high
        agrees = self.p_value is None or self.p_value < SIGNIFICANCE
        if not agrees or not (low > 0 or high < 0):  # nan ends are on neither side
            return None
        return self.names[0] if low > 0 else self.names[1]

    def to_dict(self) -> dict:
        """Return plain JSON data, with the verdict in words."""
        return {
            "names": list(self.names),
            "difference": self.difference.to_dict(),
            "p_value": self.p_value,
            "only_a": self.only_a,
            "only_b": self.only_b,
            "better": self.better,
            "verdict": str(self),
        }

    def __str__(self) -> str:
        """Return the verdict in one line."""
        a, b = self.names
        verdict = f"{self.better} is better" if self.better else "not distinguishable"
        p = "" if self.p_value is None else f", p={self.p_value:.3g}"
        return f"{verdict}: {a} - {b} = {self.difference}{p}"


def paired_comparison(
    scores_a: np.ndarray,
    scores_b: np.ndarray,
    seed: int = 0,
    names: tuple[str, str] = ("a", "b"),
    n_resamples: int = 1000,
) -> Comparison:
    """Compare two models item by item; luck with easy items cancels out.

    One is called better only if the interval of the difference excludes 0 and, for
    right-or-wrong scores, McNemar's exact test agrees at 0.05.

    Args:
        scores_a: Score of the first model per item, shape (n,): right or wrong as bool
            (or 0 and 1), or any number of which more is better.
        scores_b: The second model's scores of the same items, shape (n,).
        seed: Seed of the bootstrap.
        names: What the two are called in the verdict.
        n_resamples: Number of resamples.

    Raises:
        CourseError: If there is no item or the lengths differ.

    Example:
        >>> a, b = np.arange(200) % 10 < 9, np.arange(200) % 10 < 7
        >>> print(paired_comparison(a, b, names=("lora", "head")))
        lora is better: lora - head = 0.200 [0.150, 0.255], n=200, p=1.82e-12
    """
    scores_a = np.asarray(scores_a, dtype=np.float64)
    scores_b = np.asarray(scores_b, dtype=np.float64)
    n = common_length((scores_a, scores_b))
    difference = bootstrap_totals(
        lambda totals: totals[:, 0] / n, scores_a - scores_b, n_resamples, seed
    )
    if not np.isin(np.concatenate([scores_a, scores_b]), (0.0, 1.0)).all():
        return Comparison(difference, None, None, None, names)
    only_a = int(((scores_a == 1) & (scores_b == 0)).sum())
    only_b = int(((scores_b == 1) & (scores_a == 0)).sum())
    return Comparison(difference, _mcnemar(only_a, only_b), only_a, only_b, names)


def _mcnemar(only_a: int, only_b: int) -> float:
    """Two-sided p of a fair coin giving a split at least as uneven as this one."""
    total, tail, term = only_a + only_b, 0, 1
    for heads in range(min(only_a, only_b) + 1):  # term = C(total, heads), exactly
        tail += term
        term = term * (total - heads) // (heads + 1)
    return min(1.0, 2 * tail / 2**total)
