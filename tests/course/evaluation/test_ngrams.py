"""Run alone: pytest tests/course/evaluation/test_ngrams.py."""

import json
import math

import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenize import tokenize

from course.errors import CourseError
from course.evaluation.ngrams import (
    ROUGE_ORDERS,
    common_subsequence,
    ngram_matches,
    rouge_matches,
)

TEXTS = st.lists(
    st.sampled_from(["the", "a", "cat", "sat", "on", "."]), max_size=8
).map(" ".join)


def test_clipping_as_in_papineni():
    """Papineni et al. 2002, example 2: "the" seven times has precision 2/7."""
    data = ngram_matches(
        "the the the the the the the",
        ["The cat is on the mat".lower(), "there is a cat on the mat"],
    )
    [the] = data["orders"][0]
    assert (the["count"], the["reference_count"], the["matches"]) == (7, 2, 2)
    assert the["positions"] == list(range(7))


@settings(max_examples=60)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_sums_equal_sacrebleus_counts(prediction, references):
    data = ngram_matches(prediction, references)
    theirs = sacrebleu.sentence_bleu(prediction, references)
    matches = [sum(row["matches"] for row in order) for order in data["orders"]]
    counts = [sum(row["count"] for row in order) for order in data["orders"]]
    assert (matches, counts) == (theirs.counts, theirs.totals)
    assert data["brevity_penalty"] == theirs.bp


def test_positions_point_at_the_tokens():
    data = ngram_matches("A cat, a cat.", ["a cat"], max_order=2)
    assert data["tokens"] == ["A", "cat", ",", "a", "cat", "."]
    for n, order in enumerate(data["orders"], start=1):
        for row in order:
            for start in row["positions"]:
                assert data["tokens"][start : start + n] == row["ngram"]


def test_brevity_penalty_known_value():
    data = ngram_matches("the cat", ["the cat sat"])
    assert data["brevity_penalty"] == pytest.approx(math.exp(1 - 3 / 2))


def test_data_is_json():
    assert json.dumps(ngram_matches("", [""]), allow_nan=False)


@pytest.mark.parametrize(("references", "order"), [([], 4), ("text", 4), (["a"], 0)])
def test_what_does_not_fit_is_refused(references, order):
    with pytest.raises(CourseError, match=r"write \[text\]"):
        ngram_matches("a", references, order)


# --- ROUGE --------------------------------------------------------------------------


@settings(max_examples=60)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_rouge_equals_rouge_score(prediction, references):
    for rouge_type in ROUGE_ORDERS:
        data = rouge_matches(prediction, references, rouge_type)
        scorer = RougeScorer([rouge_type])
        theirs = scorer.score_multi(references, prediction)[rouge_type]
        ours = data["precision"], data["recall"], data["fmeasure"]
        assert ours == (theirs.precision, theirs.recall, theirs.fmeasure)


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_rouge_tokens_equal_rouge_scores(text):
    assert rouge_matches(text, [""])["tokens"] == tokenize(text, None)


def test_rouge_takes_the_first_of_equally_good_references():
    data = rouge_matches("a b", ["x", "a", "b"], "rouge1")
    assert (data["reference"], data["fmeasures"]) == (1, [0, 2 / 3, 2 / 3])


def test_common_subsequence_by_hand():
    """Of "a b c b d a b" and "b d c a b a" four, as in textbooks of algorithms."""
    first, second = "abcbdab", "bdcaba"
    pairs = common_subsequence(first, second)
    assert len(pairs) == 4
    assert all(first[i] == second[j] for i, j in pairs)
    assert common_subsequence("", "a") == []


def test_bleu_of_one_text_is_sacrebleus():
    data = ngram_matches("the cat sat on a mat", ["the cat sat on the mat", "a cat"])
    theirs = sacrebleu.sentence_bleu(
        "the cat sat on a mat", ["the cat sat on the mat", "a cat"]
    )
    assert data["score"] == theirs.score
    assert data["precisions"] == theirs.precisions
    assert (data["counts"], data["totals"]) == (theirs.counts, theirs.totals)
    assert (data["prediction_length"], data["reference_length"]) == (6, 6)


@pytest.mark.parametrize(
    ("references", "rouge_type", "line"),
    [
        ([], "rouge1", r"write \[text\]"),
        ("text", "rouge1", r"write \[text\]"),
        (["a"], "rouge3", "Unknown score 'rouge3'"),
    ],
)
def test_rouge_refuses_what_does_not_fit(references, rouge_type, line):
    with pytest.raises(CourseError, match=line):
        rouge_matches("a", references, rouge_type)
