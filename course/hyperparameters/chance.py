"""What random search had come to after each trial, had its trials come in any order.

One random search has one order, which is luck. Its trials are independent draws, so
every order was as likely, and over all orders the best of the first k has a known
distribution: nothing needs to be drawn. Left out: searches whose trials depend on each
other.

Source: Dodge et al. 2019, "Show Your Work", who draw with replacement.
"""

import math
from collections.abc import Sequence

from course.errors import CourseError

__all__ = ["best_of_any_order"]


def best_of_any_order(
    values: Sequence[float], direction: str = "maximize", share: float = 0.8
) -> list[tuple[float, float, float]]:
    """Return lower end, median and upper end of the best of the first k values.

    Args:
        values: Results of independent random trials, at least one.
        direction: `maximize` or `minimize`.
        share: Of the orders that lie between the ends, above 0 and below 1.

    Returns:
        One triple for each k from 1; the last three are equal, since all orders end
        with the same best.

    Raises:
        CourseError: If there is no value.

    Example:
        >>> best_of_any_order([0.7, 0.9, 0.8])
        [(0.7, 0.8, 0.9), (0.8, 0.9, 0.9), (0.9, 0.9, 0.9)]
    """
    if not values:
        raise CourseError("No value came; at least one finished trial is needed.")
    sign = 1 if direction == "maximize" else -1
    ordered = sorted(sign * value for value in values)
    count = len(ordered)
    rows = []
    for k in range(1, count + 1):
        # The best of k is at most the j-th smallest if all k are among the j smallest.
        below = [math.comb(j, k) / math.comb(count, k) for j in range(1, count + 1)]
        ends = [
            next(v for v, p in zip(ordered, below, strict=True) if p >= level - 1e-12)
            for level in ((1 - share) / 2, 0.5, (1 + share) / 2)
        ]
        rows.append(tuple(sorted(sign * end for end in ends)))
    return rows
