"""The n-grams that BLEU counts in one text, as data to look at.

Each n-gram of the text counts at most as often as it stands in one reference
(clipping), and a text shorter than its reference pays for it (brevity penalty). Left
out: the score itself, see `course.evaluation.overlap`.

Source: Papineni et al. 2002, sections 2.1 and 2.2.
"""

from collections import Counter
from collections.abc import Sequence

from course.errors import CourseError

MAX_ORDER = 4  # longest n-gram of BLEU


def ngram_matches(
    prediction: str, references: Sequence[str], max_order: int = MAX_ORDER
) -> dict:
    """Show what BLEU counts in one text: each n-gram, and how often it may count.

    Args:
        prediction: The text.
        references: Its references, at least one.
        max_order: Longest n-gram, at least 1.

    Returns:
        `tokens` of the prediction, `reference_tokens` of each reference, `orders`: for
        each n the list of distinct n-grams as `ngram` (tokens), `count` (in the
        prediction), `reference_count` (most in one reference), `matches` (the smaller
        of both: the clipping) and `positions` (first tokens), and `brevity_penalty`.

    Raises:
        CourseError: If there is no reference, or `max_order` is below 1.

    Example:
        >>> first = ngram_matches("the the the", ["the cat"])["orders"][0][0]
        >>> first["count"], first["reference_count"], first["matches"]
        (3, 1, 1)
    """
    from sacrebleu.metrics import BLEU

    if isinstance(references, str) or not references or max_order < 1:
        raise CourseError(
            f"references {references!r} and max_order {max_order} came; a list of at "
            "least one text and a number from 1 are expected: write [text]."
        )
    metric = BLEU(max_ngram_order=max_order, effective_order=True)
    tokens = metric.tokenizer(prediction.rstrip()).split()
    others = [metric.tokenizer(text.rstrip()).split() for text in references]
    orders = []
    for n in range(1, max_order + 1):
        allowed: Counter = Counter()
        for other in others:
            allowed |= Counter(_ngrams(other, n))  # | keeps the larger count
        rows = {}
        for position, ngram in enumerate(_ngrams(tokens, n)):
            rows.setdefault(ngram, []).append(position)
        orders.append(
            [
                {
                    "ngram": list(ngram),
                    "count": len(positions),
                    "reference_count": allowed[ngram],
                    "matches": min(len(positions), allowed[ngram]),
                    "positions": positions,
                }
                for ngram, positions in rows.items()
            ]
        )
    return {
        "tokens": tokens,
        "reference_tokens": others,
        "orders": orders,
        "brevity_penalty": metric.sentence_score(prediction, list(references)).bp,
    }


def _ngrams(tokens: list[str], n: int) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[start:] for start in range(n)), strict=False))
