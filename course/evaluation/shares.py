"""A share of right answers, and how far it may be from what more data would show.

No array is needed, so no library is loaded. Left out: other statistics
(`course.evaluation.intervals`).

Source: Wilson 1927, "Probable Inference, the Law of Succession, and Statistical
Inference".
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from course.errors import CourseError


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
    check_confidence(confidence)
    share = successes / n
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    # Rounding can leave an end a hair outside [0, 1] or beyond a share of 0 or 1.
    low, high = min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))
    return Interval(share, low, high, int(n))


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that is no share.

    Args:
        confidence: Between 0 and 1, ends excluded.

    Raises:
        CourseError: If it is not.
    """
    if not 0 < confidence < 1:
        raise CourseError(
            f"confidence is {confidence}; a share between 0 and 1 is expected: "
            "use 0.95, not 95."
        )
