"""Probabilities of labels: made from logits, and checked before anything is counted.

Every measure of a classifier starts from the same two arrays, so their shapes and
ranges are checked in one place. Left out: texts that have several labels at once.
"""

import numpy as np

from course.errors import CourseError
from course.evaluation.resampling import common_length


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Turn logits into probabilities.

    Args:
        logits: Shape (..., k).
        temperature: Above 1 less certain, below 1 more certain.

    Returns:
        Shape (..., k); rows sum to 1.

    Example:
        >>> softmax(np.array([[0.0, np.log(3)]])).round(2).tolist()
        [[0.25, 0.75]]
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def check_probabilities(
    probabilities: np.ndarray, references: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return both as arrays, or say what does not fit.

    Args:
        probabilities: Shape (n, k) with k >= 2, rows sum to 1.
        references: Right label numbers, shape (n,), 0 to k - 1.

    Raises:
        CourseError: If there is no row, a shape differs or a number is out of range.

    Example:
        >>> probabilities, references = check_probabilities([[0.9, 0.1]], [0])
        >>> probabilities.shape
        (1, 2)
    """
    probabilities = np.asarray(probabilities, dtype=np.float64)
    references = np.asarray(references)
    common_length((probabilities, references))
    if probabilities.ndim != 2 or probabilities.shape[1] < 2 or references.ndim != 1:
        raise CourseError(
            f"probabilities {probabilities.shape} and references {references.shape} "
            "came; shapes (n, labels) and (n,) are expected: check their order."
        )
    if not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3) or (
        probabilities.min() < 0
    ):
        raise CourseError(
            "Some rows of the probabilities do not sum to 1: these look like logits; "
            "use course.evaluation.probabilities.softmax first."
        )
    if references.dtype.kind not in "iu" or not (
        0 <= references.min() <= references.max() < probabilities.shape[1]
    ):
        raise CourseError(
            f"references must be label numbers 0 to {probabilities.shape[1] - 1}, got "
            f"{', '.join(map(str, np.unique(references)[:5]))}: turn names into "
            "numbers."
        )
    return probabilities, references
