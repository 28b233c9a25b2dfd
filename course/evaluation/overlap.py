"""Overlap with reference texts: BLEU, chrF and ROUGE, and what they counted.

They count shared pieces of text, not meaning: a perfect paraphrase scores near 0, and a
copy with one "not" more scores high. sacrebleu and rouge-score do the counting; here
the counts are kept by sentence, so that the interval needs no second count. Left out:
measures that ask a model, such as BERTScore; `course.evaluation.ngrams` shows what BLEU
counts.

Sources: Papineni et al. 2002 (BLEU), Post 2018 (sacrebleu), Popovic 2015 (chrF), Lin
2004 (ROUGE), Koehn 2004 (resampling sentences).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from course.errors import CourseError
from course.evaluation.intervals import Interval, bootstrap_totals
from course.evaluation.ngrams import MAX_ORDER
from course.evaluation.resampling import common_length

ROUGE_TYPES = ("rouge1", "rouge2", "rougeL")

References = Sequence[str] | Sequence[Sequence[str]]


@dataclass(frozen=True)
class Overlap:
    """A score of some texts against their references.

    Attributes:
        name: "bleu", "chrf", "rouge1", "rouge2" or "rougeL".
        score: The score of all texts together; 0 to 100 for BLEU and chrF, 0 to 1 for
            ROUGE, as their libraries print it.
        sentences: Each text's own score, in order. The score of all is their mean for
            ROUGE alone; BLEU and chrF add up counts first.
        details: Of BLEU: `precisions` (0 to 100), `brevity_penalty`, `counts`,
            `totals`, `prediction_length` and `reference_length` (tokens), `signature`.
    """

    name: str
    score: Interval
    sentences: list[float]
    details: dict = field(default_factory=dict)

    def to_dict(self) -> dict:
        """Return plain JSON data."""
        return {
            "name": self.name,
            "score": self.score.to_dict(),
            "sentences": self.sentences,
            "details": self.details,
        }


def bleu(
    predictions: Sequence[str],
    references: References,
    n_resamples: int = 1000,
    seed: int = 0,
) -> Overlap:
    """Score with BLEU-4, tokenized and smoothed as sacrebleu does by default.

    A sentence's own score leaves out the n-grams it is too short for.

    Args:
        predictions: n texts.
        references: One reference, or a list of several, for each text.
        n_resamples: Number of bootstrap resamples of the texts.
        seed: Seed of the bootstrap.

    Raises:
        CourseError: If there is no text, a reference is missing or the lengths differ.

    Example:
        >>> result = bleu(["the cat sat on the mat"], ["the cat sat on a mat"])
        >>> round(result.score.value, 2), result.details["counts"]
        (53.73, [5, 3, 2, 1])
    """
    from sacrebleu.metrics import BLEU

    metric = BLEU(max_ngram_order=MAX_ORDER)
    per_sentence = _statistics(metric, predictions, references)
    by_sentence = BLEU(max_ngram_order=MAX_ORDER, effective_order=True)
    whole = metric._compute_score_from_stats(per_sentence.sum(axis=0).tolist())
    return Overlap(
        "bleu",
        bootstrap_totals(_bleu_of_totals, per_sentence, n_resamples, seed),
        [
            by_sentence._compute_score_from_stats(row).score
            for row in per_sentence.tolist()
        ],
        {
            "precisions": whole.precisions,
            "brevity_penalty": whole.bp,
            "counts": whole.counts,
            "totals": whole.totals,
            "prediction_length": whole.sys_len,
            "reference_length": whole.ref_len,
            "signature": str(metric.get_signature()),
        },
    )


def chrf(
    predictions: Sequence[str],
    references: References,
    n_resamples: int = 1000,
    seed: int = 0,
) -> Overlap:
    """Score with chrF2, which counts runs of 1 to 6 characters.

    Args:
        predictions: n texts.
        references: One reference, or a list of several, for each text.
        n_resamples: Number of bootstrap resamples of the texts.
        seed: Seed of the bootstrap.

    Raises:
        CourseError: If there is no text, a reference is missing or the lengths differ.

    Example:
        >>> round(chrf(["the cat sat"], ["the cats sat"]).score.value, 1)
        68.7
    """
    from sacrebleu.metrics import CHRF

    metric = CHRF()
    per_sentence = _statistics(metric, predictions, references)

    def of_totals(totals: np.ndarray) -> np.ndarray:
        return np.array([metric._compute_f_score(row) for row in totals.tolist()])

    return Overlap(
        "chrf",
        bootstrap_totals(of_totals, per_sentence, n_resamples, seed),
        of_totals(per_sentence).tolist(),
        {"signature": str(metric.get_signature())},
    )


def rouge(
    predictions: Sequence[str],
    references: References,
    use_stemmer: bool = False,
    rouge_types: Sequence[str] = ROUGE_TYPES,
    n_resamples: int = 1000,
    seed: int = 0,
) -> dict[str, Overlap]:
    """Score with the F-measures ROUGE-1, ROUGE-2 and ROUGE-L.

    Its tokenizer knows the letters a-z and digits only: other scripts score 0.

    Args:
        predictions: n texts.
        references: One reference, or a list of several, for each text; the best counts.
        use_stemmer: Whether "cats" matches "cat".
        rouge_types: Names of scores; also "rougeLsum", which goes line by line.
        n_resamples: Number of bootstrap resamples of the texts.
        seed: Seed of the bootstrap.

    Returns:
        The scores by name.

    Raises:
        CourseError: If there is no text, a reference is missing or the lengths differ.

    Example:
        >>> scores = rouge(["the cat sat"], ["the cat slept"])
        >>> {name: round(each.score.value, 3) for name, each in scores.items()}
        {'rouge1': 0.667, 'rouge2': 0.5, 'rougeL': 0.667}
    """
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(list(rouge_types), use_stemmer=use_stemmer)
    pairs = zip(predictions, _listed(predictions, references), strict=True)
    scored = [scorer.score_multi(targets, text) for text, targets in pairs]
    n = len(scored)
    results = {}
    for name in rouge_types:
        values = [float(row[name].fmeasure) for row in scored]
        score = bootstrap_totals(lambda t: t[:, 0] / n, values, n_resamples, seed)
        results[name] = Overlap(name, score, values)
    return results


def _listed(predictions: Sequence[str], references: References) -> list[list[str]]:
    """References as one list per prediction, or say what does not fit."""
    if isinstance(predictions, str) or isinstance(references, str):
        raise CourseError("One text came where a list is expected: write [text].")
    common_length((predictions, references))
    listed = [[ref] if isinstance(ref, str) else list(ref) for ref in references]
    for number, targets in enumerate(listed):
        if not targets or not all(isinstance(t, str) for t in targets):
            raise CourseError(
                f"Text {number} has no reference, or one that is not a text: give each "
                "at least one reference."
            )
    return listed


def _statistics(
    metric: object, predictions: Sequence[str], references: References
) -> np.ndarray:
    """Counts by sentence as sacrebleu adds them up, shape (n, m).

    Its public functions give only the sum; a version that renames this one fails the
    tests that compare both.
    """
    listed = _listed(predictions, references)
    most = max(map(len, listed))
    # sacrebleu wants the first references of all texts, then the second, ...
    streams = [
        [targets[i] if i < len(targets) else None for targets in listed]
        for i in range(most)
    ]
    return np.array(metric._extract_corpus_statistics(list(predictions), streams))


def _bleu_of_totals(totals: np.ndarray) -> np.ndarray:
    """BLEU of many totals at once, with sacrebleu's default smoothing, "exp".

    Shape (resamples, 10): lengths of predictions and references, matches and n-grams
    by n.
    """
    length, reference_length = totals[:, 0], totals[:, 1]
    matches = totals[:, 2 : 2 + MAX_ORDER]
    possible = totals[:, 2 + MAX_ORDER :]
    # The k-th order without a match counts as 1 / 2**k of a match.
    smoothed = np.where(matches == 0, 0.5 ** np.cumsum(matches == 0, axis=1), matches)
    precisions = smoothed / np.maximum(possible, 1)
    defined = (possible > 0).all(axis=1) & (matches > 0).any(axis=1)
    brevity = np.exp(np.minimum(0, 1 - reference_length / np.maximum(length, 1)))
    return np.where(defined, 100 * brevity * np.exp(np.log(precisions).mean(axis=1)), 0)
