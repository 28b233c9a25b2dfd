"""Run alone: pytest tests/course/evaluation/test_overlap.py."""

import json
import math
import random

import numpy as np
import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from course.errors import CourseError
from course.evaluation.overlap import bleu, chrf, rouge

WORDS = ["the", "a", "cat", "dog", "sat", "on", "mat", "near", "big", "house", ",", "."]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def corpus():
    """Sixty sentences and their references, some of them equal."""
    pick = random.Random(0)
    references = [" ".join(pick.choices(WORDS, k=12)) for _ in range(60)]
    predictions = [
        " ".join(w if pick.random() < 0.7 else pick.choice(WORDS) for w in r.split())
        for r in references
    ]
    return predictions, references


def test_bleu_known_by_hand():
    """Precisions 5/6, 3/5, 2/4, 1/3; equal lengths, so no penalty."""
    result = bleu(["the cat sat on the mat"], ["the cat sat on a mat"])
    expected = 100 * (5 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** 0.25
    assert result.score.value == pytest.approx(expected)
    assert result.details["totals"] == [6, 5, 4, 3]


def test_a_short_text_pays_the_brevity_penalty():
    result = bleu(["the cat sat on"], ["the cat sat on a mat"])
    assert result.score.value == pytest.approx(100 * math.exp(1 - 6 / 4))
    assert result.details["brevity_penalty"] == pytest.approx(math.exp(-0.5))


@settings(max_examples=60)
@given(PAIRS)
def test_bleu_and_chrf_equal_sacrebleu(pairs):
    predictions, references = map(list, zip(*pairs, strict=True))
    ours = bleu(predictions, references, n_resamples=2)
    theirs = sacrebleu.corpus_bleu(predictions, [references])
    assert ours.score.value == pytest.approx(theirs.score, abs=1e-9)
    assert ours.details["precisions"] == pytest.approx(theirs.precisions)
    assert ours.details["brevity_penalty"] == pytest.approx(theirs.bp)
    ours = chrf(predictions, references, n_resamples=2)
    theirs = sacrebleu.corpus_chrf(predictions, [references])
    assert ours.score.value == pytest.approx(theirs.score)


def test_sentence_scores_equal_sacrebleu(corpus):
    scored = (
        bleu(*corpus, n_resamples=2).sentences,
        chrf(*corpus, n_resamples=2).sentences,
    )
    for i, (text, reference) in enumerate(zip(*corpus, strict=True)):
        theirs = sacrebleu.sentence_bleu(text, [reference]).score
        assert scored[0][i] == pytest.approx(theirs)
        theirs = sacrebleu.sentence_chrf(text, [reference]).score
        assert scored[1][i] == pytest.approx(theirs)


def test_a_short_sentence_is_not_asked_for_longer_ngrams():
    result = bleu(["the cat", "a big dog sat"], ["the cat", "a big dog sat"])
    assert result.sentences == pytest.approx([100, 100])


def test_different_numbers_of_references_equal_sacrebleu():
    predictions = ["the cat sat", "a big dog"]
    references = [["the cat sat on", "a cat sat"], ["the big dog"]]
    streams = [["the cat sat on", "the big dog"], ["a cat sat", None]]
    for ours, theirs in ((bleu, sacrebleu.corpus_bleu), (chrf, sacrebleu.corpus_chrf)):
        expected = theirs(predictions, streams).score
        assert ours(predictions, references).score.value == pytest.approx(expected)


@settings(max_examples=40)
@given(PAIRS)
def test_rouge_equals_rouge_score(pairs):
    predictions, references = map(list, zip(*pairs, strict=True))
    ours = rouge(predictions, references, n_resamples=2)
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"])
    for name, result in ours.items():
        theirs = [scorer.score(r, p)[name].fmeasure for p, r in pairs]
        assert result.sentences == pytest.approx(theirs)
        assert result.score.value == pytest.approx(np.mean(theirs))


def test_the_best_reference_counts_for_rouge():
    one = rouge(["the cat"], [["a dog", "the cat"]])
    assert one["rouge1"].score.value == 1


def test_the_stemmer_joins_forms_of_a_word():
    predictions, references = ["running dogs"], ["runs dog"]
    assert rouge(predictions, references)["rouge1"].score.value == 0
    assert rouge(predictions, references, use_stemmer=True)["rouge1"].score.value == 1


def test_intervals_equal_resampled_corpora(corpus):
    predictions, references = corpus
    generator = np.random.default_rng(1)
    for ours, theirs in ((bleu, sacrebleu.corpus_bleu), (chrf, sacrebleu.corpus_chrf)):
        slow = []
        for _ in range(100):
            rows = generator.integers(60, size=60)
            slow.append(
                theirs(
                    [predictions[i] for i in rows], [[references[i] for i in rows]]
                ).score
            )
        score = ours(predictions, references).score
        ends = np.quantile(slow, [0.025, 0.975])
        # An end of 100 resamples is known to about 0.3 standard deviations.
        assert np.allclose([score.low, score.high], ends, atol=0.9 * np.std(slow))
        assert (score.n, score.low < score.value < score.high) == (60, True)


def test_a_perfect_copy_scores_full_and_an_empty_text_nothing():
    copy = ["the big cat sat on the mat"]
    assert bleu(copy, copy).score.value == pytest.approx(100)
    assert chrf(copy, copy).score.value == pytest.approx(100)
    assert rouge(copy, copy)["rougeL"].score.value == 1
    assert bleu([""], copy).score.value == 0
    assert chrf([""], copy).score.value == 0
    assert rouge([""], copy)["rougeL"].score.value == 0


def test_json_is_plain(corpus):
    for result in (bleu(*corpus), chrf(*corpus), rouge(*corpus)["rouge1"]):
        data = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        assert data["score"]["n"] == len(data["sentences"]) == 60


@pytest.mark.parametrize("measure", [bleu, chrf, rouge])
@pytest.mark.parametrize(
    ("predictions", "references", "match"),
    [
        ([], [], "at least 1"),
        (["a"], ["a", "b"], "same number"),
        ("a", ["a"], r"write \[text\]"),
        (["a"], "a", r"write \[text\]"),
        (["a"], [[]], "Text 0 has no reference"),
        (["a", "b"], ["a", [None]], "Text 1 has no reference"),
    ],
)
def test_what_does_not_fit_is_refused(measure, predictions, references, match):
    with pytest.raises(CourseError, match=match):
        measure(predictions, references)
