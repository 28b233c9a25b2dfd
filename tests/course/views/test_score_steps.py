"""Run alone: pytest tests/course/views/test_score_steps.py."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.evaluation.ngrams import ngram_matches, rouge_matches
from course.views.score_steps import bleu_steps, rouge_steps

MAT = "the cat is on the mat"
PAPINENI = ("the the the the the the the", [MAT, "there is a cat on the mat"])
WORDS = st.lists(st.sampled_from(["the", "a", "cat", "sat"]), min_size=1, max_size=9)
TEXTS = WORDS.map(" ".join)


def text_of(html):
    return re.sub("<[^>]*>", "", html)


def test_steps_of_a_text_that_is_too_short():
    """(2/2 * 1/1)^(1/2) = 1, times e^(1 - 6/2) = 0.135."""
    words = text_of(bleu_steps(ngram_matches("the cat", [MAT])))
    assert "geometric mean: (100.00 % × 100.00 %)1/2 = 100.00 %" in words  # noqa: RUF001
    assert "e^(1 − 6/2) = 0.135" in words  # noqa: RUF001
    assert "BLEU = 0.135 × 100.00 = 13.53 of 100" in words  # noqa: RUF001
    assert words.count("none, the text is too short") == 2
    assert "2 tokens in the prediction" in words
    assert "6 in the reference nearest in length" in words


def test_smoothing_is_told():
    words = text_of(bleu_steps(ngram_matches(*PAPINENI)))
    assert "2-grams: 0 of 6, smoothed to 1/2 of 6 = 8.33 %" in words
    assert "4-grams: 0 of 4, smoothed to 1/8 of 4 = 3.12 %" in words


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_the_last_step_is_the_score(prediction, references):
    """The printed penalty times the printed mean is sacrebleu's score."""
    data = ngram_matches(prediction, references)
    words = text_of(bleu_steps(data))
    if not any(data["counts"]):
        assert data["score"] == 0
        return
    penalty, mean, score = map(
        float, re.search(r"BLEU = (\S+) . (\S+) = (\S+) of", words).groups()
    )
    # Each is rounded: the penalty to 0.0005, the mean and the score to 0.005.
    assert penalty * mean == pytest.approx(score, abs=0.0005 * 100 + 0.01)
    assert score == pytest.approx(data["score"], abs=0.005 + 1e-9)


def test_steps_of_rouge_by_hand():
    data = rouge_matches("a b", ["a c d"], "rouge1")
    words = text_of(rouge_steps(data, "ROUGE-1", 1, (2, 3), "1-grams", []))
    assert "precision: 1 of 2 1-grams of the prediction = 0.500" in words
    assert "recall: 1 of 3 1-grams of the reference = 0.333" in words
    assert "(0.500 + 0.333) = 0.400" in words


def test_clipped_ngrams_are_escaped():
    data = ngram_matches("< < <", ["< a"])
    assert "“&lt;” <s>3</s> 1" in bleu_steps(data)
