"""From logits to the probabilities that a token is drawn with.

Each function takes the logits of one position and returns logits again, with minus
infinity for tokens that are cut, so that they can follow each other. `probabilities`
applies them in the order in which transformers does: temperature, top_k, top_p, min_p.
Left out: penalties for repetition, beam search, and whole batches.

Sources: Ackley et al. 1985 (temperature); Fan et al. 2018 (top_k); Holtzman et al.
2020, section 3.1 (top_p, nucleus sampling); Nguyen et al. 2024 (min_p).
"""

import numpy as np
from numpy.typing import ArrayLike

from course.errors import CourseError
from course.evaluation.probabilities import softmax as softmax_of_rows


def apply_temperature(logits: ArrayLike, temperature: float) -> np.ndarray:
    """Divide logits by a temperature: below 1 sharper, above 1 flatter.

    Args:
        logits: Shape (vocab_size,); minus infinity for a token that cannot come.
        temperature: Above 0.

    Returns:
        Shape (vocab_size,), float64.

    Raises:
        CourseError: If the temperature is 0, where only the likeliest is left, or less.

    Example:
        >>> apply_temperature([2.0, 1.0], 0.5).tolist()
        [4.0, 2.0]
    """
    logits = _checked(logits)
    if temperature == 0:
        raise CourseError(
            "The temperature is 0, by which nothing can be divided: take the likeliest "
            "token with greedy() instead."
        )
    if not 0 < temperature < np.inf:
        raise CourseError(
            f"The temperature is {temperature!r}; a number above 0 is expected: 1 "
            "leaves the model's own distribution."
        )
    return logits / temperature


def apply_top_k(logits: ArrayLike, top_k: int) -> np.ndarray:
    """Keep the top_k likeliest tokens, and those as likely as the last of them.

    Args:
        logits: Shape (vocab_size,).
        top_k: From 1; more than the vocabulary keeps it all, 0 is off.

    Raises:
        CourseError: If top_k is no whole number from 0.

    Example:
        >>> apply_top_k([3.0, 1.0, 2.0], 2).tolist()
        [3.0, -inf, 2.0]
    """
    logits = _checked(logits)
    if not isinstance(top_k, int | np.integer) or top_k < 0:
        raise CourseError(
            f"top_k is {top_k!r}; a whole number is expected: how many tokens stay, or "
            "0 for all."
        )
    if top_k == 0 or top_k >= len(logits):
        return logits
    least = np.partition(logits, -top_k)[-top_k]
    return np.where(logits < least, -np.inf, logits)


def apply_top_p(logits: ArrayLike, top_p: float) -> np.ndarray:
    """Keep the fewest likeliest tokens that have the probability top_p together.

    Args:
        logits: Shape (vocab_size,).
        top_p: From 0 (the likeliest token alone) to 1 (all).

    Raises:
        CourseError: If top_p is outside of that.

    Example:
        >>> apply_top_p(np.log([0.5, 0.3, 0.2]), 0.7).round(2).tolist()
        [-0.69, -1.2, -inf]
    """
    logits = _checked(logits)
    _check_share("top_p", top_p)
    order = ranking(logits)[::-1]
    # Summed from the unlikeliest on, as transformers does: equals in all digits.
    unlikely = softmax(logits[order]).cumsum() <= 1 - top_p
    unlikely[-1] = False
    kept = logits.copy()
    kept[order[unlikely]] = -np.inf
    return kept


def apply_min_p(logits: ArrayLike, min_p: float) -> np.ndarray:
    """Keep tokens that are at least min_p times as likely as the likeliest.

    Args:
        logits: Shape (vocab_size,).
        min_p: From 0 (all) to 1 (the likeliest alone).

    Raises:
        CourseError: If min_p is outside of that.

    Example:
        >>> apply_min_p(np.log([0.6, 0.3, 0.1]), 0.4).round(2).tolist()
        [-0.51, -1.2, -inf]
    """
    logits = _checked(logits)
    _check_share("min_p", min_p)
    likely = softmax(logits)
    return np.where(likely < min_p * likely.max(), -np.inf, logits)


def softmax(logits: ArrayLike) -> np.ndarray:
    """Turn logits into probabilities; minus infinity becomes 0.

    Args:
        logits: Shape (vocab_size,), at least one of them finite.

    Returns:
        Shape (vocab_size,), float64, of sum 1.

    Example:
        >>> softmax([0.0, 0.0, -np.inf]).tolist()
        [0.5, 0.5, 0.0]
    """
    return softmax_of_rows(_checked(logits))


def probabilities(
    logits: ArrayLike,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    min_p: float = 0.0,
) -> np.ndarray:
    """Return the probabilities that the next token is drawn with.

    Args:
        logits: Shape (vocab_size,).
        temperature: Above 0; 1 changes nothing.
        top_k: From 1, or 0 for off.
        top_p: From 0 to 1, which is off.
        min_p: From 0, which is off, to 1.

    Returns:
        Shape (vocab_size,), of sum 1: 0 for the tokens that are cut.

    Example:
        >>> probabilities(np.log([0.5, 0.3, 0.2]), top_k=2).round(3).tolist()
        [0.625, 0.375, 0.0]
    """
    logits = apply_top_k(apply_temperature(logits, temperature), top_k)
    if top_p < 1:
        logits = apply_top_p(logits, top_p)
    _check_share("top_p", top_p)
    return softmax(apply_min_p(logits, min_p))


def ranking(logits: ArrayLike) -> np.ndarray:
    """Return the tokens' numbers from the likeliest to the unlikeliest.

    Of equals the higher number comes first, as it does where top_p cuts.

    Example:
        >>> ranking([1.0, 3.0, 2.0]).tolist()
        [1, 2, 0]
    """
    return np.argsort(np.asarray(logits), kind="stable")[::-1]


def entropy(probabilities: ArrayLike) -> float:
    """Return the uncertainty in bits: 1 for a coin, 0 where only one token is left.

    Args:
        probabilities: Shape (vocab_size,), of sum 1.

    Source: Shannon 1948, section 6.

    Example:
        >>> entropy([0.5, 0.25, 0.25])
        1.5
    """
    values = np.asarray(probabilities, dtype=np.float64)
    values = values[values > 0]
    return max(0.0, float(-(values * np.log2(values)).sum()))


def greedy(logits: ArrayLike) -> int:
    """Return the number of the likeliest token.

    Example:
        >>> greedy([1.0, 3.0, 2.0])
        1
    """
    return int(np.argmax(_checked(logits)))


def sample(probabilities: ArrayLike, seed: int, position: int = 0) -> int:
    """Draw a token: one random number, looked up in the running sum of probabilities.

    Args:
        probabilities: Shape (vocab_size,), of sum 1.
        seed: From 0; the same seed and position draw the same number.
        position: From 0: how many tokens were drawn before in this text.

    Returns:
        The token's number; never one of probability 0.

    Example:
        >>> sample([0.0, 1.0, 0.0], seed=0)
        1
    """
    values = np.asarray(probabilities, dtype=np.float64)
    order = ranking(values)[: np.count_nonzero(values)]
    drawn = np.random.default_rng((seed, position)).random()
    sums = values[order].cumsum()
    # Rounding can leave the last sum below the number that was drawn.
    place = min(int(np.searchsorted(sums, drawn, side="right")), len(order) - 1)
    return int(order[place])


def _checked(logits: ArrayLike) -> np.ndarray:
    logits = np.asarray(logits, dtype=np.float64)
    if logits.ndim != 1 or not len(logits):
        raise CourseError(
            f"Logits of shape {logits.shape} came; those of one position are expected, "
            "(vocab_size,): take logits[0, -1]."
        )
    if not np.isfinite(logits.max()):  # NaN, plus infinity, or nothing else than minus
        raise CourseError(
            "The likeliest token's logit is no finite number: the model gave none, or "
            "every token was cut."
        )
    return logits


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise CourseError(f"{name} is {value!r}; a number from 0 to 1 is expected.")
