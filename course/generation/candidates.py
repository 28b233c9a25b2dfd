"""What becomes of each token of a distribution when it is cut: data for a picture.

Left out: drawing, and min_p, which no cut of the likeliest tokens by a count or a sum
shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course.generation.cutting import (
    apply_temperature,
    apply_top_k,
    apply_top_p,
    entropy,
    ranking,
    softmax,
)

MOST_SHOWN = 20


@dataclass(frozen=True)
class Candidate:
    """One token that can come next.

    Attributes:
        number: In the vocabulary.
        token: The text that it stands for.
        rank: From 1, the likeliest.
        original: Its probability as the model says it, 0 to 1.
        probability: After temperature and cuts, the rest renormalised; 0 if it was cut.
        running_sum: Of the probabilities down to this rank, after temperature and
            top_k: what top_p is compared with. None if top_k cut it.
        cut_by: "top_k", "top_p", or "" if it stays.
    """

    number: int
    token: str
    rank: int
    original: float
    probability: float
    running_sum: float | None
    cut_by: str


@dataclass(frozen=True)
class NextToken:
    """A distribution and its cuts.

    Attributes:
        candidates: The likeliest tokens in order.
        asked: Tokens that were asked for, wherever they stand.
        probabilities: Shape (vocab_size,): what a token is drawn with.
        order: Shape (vocab_size,): the tokens' numbers, the likeliest first.
        kept: How many tokens stay.
        mass: Share of the probability, after temperature, that they had.
        entropy: In bits, after the cuts.
        original_entropy: In bits, as the model says it.
        temperature: Above 0.
        top_k: 0 for off.
        top_p: 0 to 1.
    """

    candidates: tuple[Candidate, ...]
    asked: tuple[Candidate, ...]
    probabilities: np.ndarray
    order: np.ndarray
    kept: int
    mass: float
    entropy: float
    original_entropy: float
    temperature: float
    top_k: int
    top_p: float


def cut_distribution(
    logits: np.ndarray,
    tokens: Sequence[str],
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    asked: Sequence[int] = (),
    most: int = MOST_SHOWN,
) -> NextToken:
    """Cut a distribution and tell what became of the likeliest tokens.

    Args:
        logits: Shape (vocab_size,), of one position.
        tokens: The text of each token of the vocabulary.
        temperature: Above 0; 1 changes nothing.
        top_k: From 1, or 0 for off.
        top_p: From 0 to 1, which is off.
        asked: Numbers of tokens to tell about in any case.
        most: How many of the likeliest to tell about.

    Raises:
        CourseError: If a setting is not of its range.

    Example:
        >>> found = cut_distribution(np.log([0.5, 0.3, 0.2]), ["a", "b", "c"], top_k=2)
        >>> [(c.token, round(c.probability, 3), c.cut_by) for c in found.candidates]
        [('a', 0.625, ''), ('b', 0.375, ''), ('c', 0.0, 'top_k')]
    """
    original = softmax(logits)
    tempered = apply_temperature(logits, temperature)
    counted = apply_top_k(tempered, top_k)
    kept = apply_top_p(counted, top_p) if top_p != 1 else counted
    final = softmax(kept)
    order = ranking(tempered)
    sums = softmax(counted)[order].cumsum()
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))

    def candidate(number: int) -> Candidate:
        counts, stays = counted[number] > -np.inf, kept[number] > -np.inf
        return Candidate(
            number=number,
            token=tokens[number],
            rank=int(ranks[number]) + 1,
            original=float(original[number]),
            probability=float(final[number]),
            # Rounding can lift a sum of thousands of numbers above 1.
            running_sum=min(1.0, float(sums[ranks[number]])) if counts else None,
            cut_by="" if stays else "top_p" if counts else "top_k",
        )

    return NextToken(
        candidates=tuple(candidate(int(number)) for number in order[:most]),
        asked=tuple(candidate(int(number)) for number in asked),
        probabilities=final,
        order=order,
        kept=int((kept > -np.inf).sum()),
        mass=float(softmax(tempered)[kept > -np.inf].sum()),
        entropy=entropy(final),
        original_entropy=entropy(original),
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
    )
