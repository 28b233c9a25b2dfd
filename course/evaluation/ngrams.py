"""The n-grams that BLEU and ROUGE count in one text, as data to look at.

Each n-gram of the text counts at most as often as it stands in one reference
(clipping). BLEU is precision, and a text shorter than its reference pays for it
(brevity penalty); ROUGE is precision and recall, and ROUGE-L counts the words that
both texts have in the same order. Left out: many texts and intervals, see
`course.evaluation.overlap`.

Sources: Papineni et al. 2002, sections 2.1 and 2.2 (BLEU); Lin 2004 (ROUGE).
"""

import re
from collections import Counter
from collections.abc import Sequence

from course.errors import CourseError, unknown_name

MAX_ORDER = 4  # longest n-gram of BLEU
ROUGE_ORDERS = {"rouge1": 1, "rouge2": 2, "rougeL": None}  # n-gram that each counts


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
        of both: the clipping) and `positions` (first tokens), and what sacrebleu makes
        of the counts: `score` and `precisions` (0 to 100, smoothed), `counts`,
        `totals`, `brevity_penalty`, `prediction_length` and `reference_length`
        (tokens; that of the reference nearest in length).

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
    result = metric.sentence_score(prediction, list(references))
    return {
        "tokens": tokens,
        "reference_tokens": others,
        "orders": [_clipped(tokens, others, n) for n in range(1, max_order + 1)],
        "brevity_penalty": result.bp,
        "score": result.score,
        "precisions": result.precisions,
        "counts": result.counts,
        "totals": result.totals,
        "prediction_length": result.sys_len,
        "reference_length": result.ref_len,
    }


def rouge_matches(
    prediction: str, references: Sequence[str], rouge_type: str = "rougeL"
) -> dict:
    """Show what ROUGE counts in one text, against the reference that it scores best on.

    Args:
        prediction: The text.
        references: Its references, at least one.
        rouge_type: "rouge1", "rouge2" or "rougeL".

    Returns:
        `tokens` of the prediction, `reference_tokens` of each reference, `fmeasures`
        for each, `reference` (number of the best, whose the following are),
        `precision`, `recall` and `fmeasure` (0 to 1), and what was counted: `orders`
        with one list of n-grams as in `ngram_matches`, or, of ROUGE-L, `pairs`: the
        places (in the prediction, in the reference) of a longest common subsequence.

    Raises:
        CourseError: If there is no reference, or no score of that name.

    Example:
        >>> data = rouge_matches("the cat sat", ["sat the cat"])
        >>> data["pairs"], round(data["fmeasure"], 2)
        ([(0, 1), (1, 2)], 0.67)
    """
    if rouge_type not in ROUGE_ORDERS:
        raise unknown_name("score", rouge_type, ROUGE_ORDERS)
    if isinstance(references, str) or not references:
        raise CourseError(
            f"references {references!r} came; a list of at least one text is expected: "
            "write [text]."
        )
    tokens = _rouge_tokens(prediction)
    others = [_rouge_tokens(text) for text in references]
    scored = [
        _rouge_counts(tokens, other, ROUGE_ORDERS[rouge_type]) for other in others
    ]
    fmeasures = [each["fmeasure"] for each in scored]
    best = fmeasures.index(max(fmeasures))  # the first of equals, as rouge-score does
    return {
        "tokens": tokens,
        "reference_tokens": others,
        "fmeasures": fmeasures,
        "reference": best,
    } | scored[best]


def _rouge_counts(tokens: list[str], other: list[str], n: int | None) -> dict:
    """What counts against one reference, and the three scores; n None is ROUGE-L."""
    if n is None:
        counted = {"pairs": common_subsequence(tokens, other)}
        matches, n = len(counted["pairs"]), 1
    else:
        counted = {"orders": [_clipped(tokens, [other], n)]}
        matches = sum(row["matches"] for row in counted["orders"][0])
    precision = matches / max(1, len(tokens) - n + 1)
    recall = matches / max(1, len(other) - n + 1)
    both = precision + recall
    fmeasure = 2 * precision * recall / both if both else 0.0
    return {"precision": precision, "recall": recall, "fmeasure": fmeasure} | counted


def _rouge_tokens(text: str) -> list[str]:
    """Runs of a-z and digits. rouge-score has the same, and takes seconds to import."""
    return re.findall("[a-z0-9]+", text.lower())


def common_subsequence(
    first: Sequence[str], second: Sequence[str]
) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence; of equals the earliest.

    Args:
        first: n tokens.
        second: m tokens; time and memory grow with n times m.

    Example:
        >>> common_subsequence("a b c".split(), "b a c".split())
        [(0, 1), (2, 2)]
    """
    # length[i][j]: of the longest in first[i:] and second[j:]
    length = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in reversed(range(len(first))):
        for j in reversed(range(len(second))):
            if first[i] == second[j]:
                length[i][j] = 1 + length[i + 1][j + 1]
            else:
                length[i][j] = max(length[i + 1][j], length[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(first) and j < len(second):
        if first[i] == second[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif length[i][j + 1] >= length[i + 1][j]:
            j += 1
        else:
            i += 1
    return pairs


def _clipped(tokens: list[str], others: list[list[str]], n: int) -> list[dict]:
    """The n-grams of one length, each with how often it may count."""
    allowed: Counter = Counter()
    for other in others:
        allowed |= Counter(_ngrams(other, n))  # | keeps the larger count
    rows: dict[tuple[str, ...], list[int]] = {}
    for position, ngram in enumerate(_ngrams(tokens, n)):
        rows.setdefault(ngram, []).append(position)
    return [
        {
            "ngram": list(ngram),
            "count": len(positions),
            "reference_count": allowed[ngram],
            "matches": min(len(positions), allowed[ngram]),
            "positions": positions,
        }
        for ngram, positions in rows.items()
    ]


def _ngrams(tokens: list[str], n: int) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[start:] for start in range(n)), strict=False))
