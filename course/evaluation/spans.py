"""Scores of named entities: a span counts, not a token.

nervaluate compares the spans that BIO tags describe in four ways: `strict` (right words
and right type), `exact` (right words, any type), `partial` (any words shared count
half, any type) and `type` (any words shared, right type). A tag "I-" without a "B-"
before it starts a span, as in the CoNLL evaluation. Left out: nested spans.

Sources: Tjong Kim Sang and De Meulder 2003 (strict); Segura-Bedmar et al. 2013 (the
four ways).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course.errors import CourseError
from course.evaluation.intervals import Interval, percentile_interval
from course.evaluation.resampling import common_length, resample_totals

# Our names, and nervaluate's.
SCHEMES = {
    "strict": "strict",
    "exact": "exact",
    "partial": "partial",
    "type": "ent_type",
}
COUNTS = ("correct", "incorrect", "partial", "missed", "spurious")
SCORES = ("precision", "recall", "f1")

Scores = dict[str, dict[str, Interval]]


@dataclass(frozen=True)
class SpanEvaluation:
    """Span scores, of all types together and of each.

    Attributes:
        overall: By scheme ("strict", "exact", "partial", "type"): intervals of
            `precision`, `recall` and `f1`, 0 to 1; their n is the number of sentences.
        per_type: The same by entity type.
        counts: By scheme, spans: correct, incorrect, partial, missed and spurious.
        support: Spans in the references by entity type.
        n: Number of sentences.
    """

    overall: Scores
    per_type: dict[str, Scores]
    counts: dict[str, dict[str, int]]
    support: dict[str, int]
    n: int

    def to_dict(self) -> dict:
        """Return plain JSON data."""
        return {
            "n": self.n,
            "overall": _plain(self.overall),
            "per_type": {name: _plain(rows) for name, rows in self.per_type.items()},
            "counts": self.counts,
            "support": self.support,
        }


def evaluate_spans(
    predictions: Sequence[Sequence[str]],
    references: Sequence[Sequence[str]],
    n_resamples: int = 1000,
    seed: int = 0,
) -> SpanEvaluation:
    """Score BIO tags by the spans that they describe.

    Args:
        predictions: n sentences, each a list of tags "O", "B-TYPE" or "I-TYPE".
        references: The right tags, of the same lengths.
        n_resamples: Number of bootstrap resamples of the sentences.
        seed: Seed of the bootstrap.

    Raises:
        CourseError: If there is no sentence, a length differs or a tag is not BIO.

    Example:
        >>> right = [["B-PER", "I-PER", "O", "B-LOC"]]
        >>> cut = [["B-PER", "O", "O", "B-LOC"]]
        >>> scores = evaluate_spans(cut, right).overall
        >>> scores["strict"]["f1"].value, scores["partial"]["f1"].value
        (0.5, 0.75)
    """
    predictions, references = _checked(predictions, references)
    types = sorted({tag[2:] for row in predictions + references for tag in row} - {""})
    counts, by_type = _count(predictions, references, types)

    def intervals(table: dict[str, np.ndarray]) -> Scores:
        return {
            scheme: _intervals(rows, n_resamples, seed)
            for scheme, rows in table.items()
        }

    return SpanEvaluation(
        overall=intervals(counts),
        per_type={name: intervals(by_type[name]) for name in types},
        counts={
            scheme: dict(zip(COUNTS, map(int, rows.sum(axis=0)), strict=True))
            for scheme, rows in counts.items()
        },
        # What is in the references is found, found wrongly or missed.
        support={t: int(by_type[t]["strict"][:, [0, 1, 2, 3]].sum()) for t in types},
        n=len(references),
    )


def _count(
    predictions: list[list[str]], references: list[list[str]], types: list[str]
) -> tuple[dict[str, np.ndarray], dict[str, dict[str, np.ndarray]]]:
    """Count by sentence: arrays of shape (n, 5) by scheme, and by type and scheme."""
    from nervaluate import Evaluator

    n = len(references)
    counts = {scheme: np.zeros((n, len(COUNTS))) for scheme in SCHEMES}
    by_type = {
        name: {scheme: np.zeros((n, len(COUNTS))) for scheme in SCHEMES}
        for name in types
    }
    pairs = zip(predictions, references, strict=True)
    for i, (predicted, right) in enumerate(pairs):
        # The loader is named because guessing it fails on an empty first sentence.
        found = Evaluator([right], [predicted], tags=types, loader="list").evaluate()
        for scheme, theirs in SCHEMES.items():
            counts[scheme][i] = _counts_of(found["overall"][theirs])
            for name, results in found["entities"].items():
                by_type[name][scheme][i] = _counts_of(results[theirs])
    return counts, by_type


def _intervals(rows: np.ndarray, n_resamples: int, seed: int) -> dict[str, Interval]:
    """Precision, recall and F1 of counts by sentence (n, 5)."""
    values = _scores(rows.sum(axis=0, keepdims=True))[:, 0]
    many = _scores(resample_totals(rows, n_resamples, seed))
    return {
        name: percentile_interval(values[i], many[i], len(rows))
        for i, name in enumerate(SCORES)
    }


def _counts_of(result: object) -> list[int]:
    return [getattr(result, name) for name in COUNTS]


def _scores(totals: np.ndarray) -> np.ndarray:
    """Precision, recall and F1 of counts (resamples, 5), shape (3, resamples).

    No span at all scores 0, as in nervaluate.
    """
    correct, incorrect, partial, missed, spurious = totals.T
    hits = correct + partial / 2
    predicted = correct + incorrect + partial + spurious
    right = correct + incorrect + partial + missed
    return np.stack(
        [
            hits / np.maximum(predicted, 1),
            hits / np.maximum(right, 1),
            2 * hits / np.maximum(predicted + right, 1),
        ]
    )


def _checked(
    predictions: Sequence[Sequence[str]], references: Sequence[Sequence[str]]
) -> tuple[list[list[str]], list[list[str]]]:
    common_length((predictions, references))
    for i, rows in enumerate(zip(predictions, references, strict=True)):
        if len(rows[0]) != len(rows[1]):
            raise CourseError(
                f"Sentence {i} has {len(rows[0])} predicted and {len(rows[1])} right "
                "tags: give one tag for each word on both sides."
            )
        for tag in (*rows[0], *rows[1]):
            if tag != "O" and not (tag[:2] in ("B-", "I-") and tag[2:]):
                raise CourseError(
                    f"Sentence {i} has the tag {tag!r}; 'O', 'B-TYPE' or 'I-TYPE' is "
                    "expected: turn other schemes into BIO first."
                )
    return [list(row) for row in predictions], [list(row) for row in references]


def _plain(scores: Scores) -> dict:
    return {
        scheme: {name: interval.to_dict() for name, interval in row.items()}
        for scheme, row in scores.items()
    }
