"""Run alone: pytest tests/course/tokenization/test_unigram.py."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers
from unicode_texts import texts

from course.errors import CourseError
from course.tokenization.unigram import (
    UnigramTokenizer,
    best_segmentations,
    train_unigram,
)


def reference_of(tokenizer):
    """The library's Viterbi over the same pieces and probabilities."""
    pieces = list(tokenizer.log_probabilities.items())
    reference = Tokenizer(models.Unigram(pieces, tokenizer.unk_id, False))
    reference.pre_tokenizer = pre_tokenizers.Metaspace()
    return reference


@pytest.fixture(scope="module")
def trained(review_texts):
    tokenizer = train_unigram(review_texts[:100], 1500)
    return tokenizer, reference_of(tokenizer)


@settings(max_examples=300, deadline=None)
@given(text=texts())
def test_random_texts_equal_the_library(trained, text):
    tokenizer, reference = trained
    ours, theirs = tokenizer.encode(text), reference.encode(text)
    assert list(ours.ids) == theirs.ids
    # The library gives the span of the first character to a space that it put before.
    assert list(ours.spans[1:]) == theirs.offsets[1:]


def test_reviews_equal_the_library(trained, review_texts):
    tokenizer, reference = trained
    for text in review_texts[100:]:
        assert list(tokenizer.encode(text).ids) == reference.encode(text).ids


PIECES = ["a", "b", "ab", "ba", "aab", "▁", "▁a", "▁b"]


@given(
    st.lists(st.integers(-20, -1), min_size=8, max_size=8),
    st.text("abc ", max_size=12),
)
def test_equal_scores_and_unknowns_are_as_in_the_library(scores, text):
    """Whole numbers tie often; "c" is no piece."""
    pieces = list(zip(PIECES, map(float, scores), strict=True))
    tokenizer = UnigramTokenizer([("<unk>", 0.0), *pieces])
    assert list(tokenizer.encode(text).ids) == reference_of(tokenizer).encode(text).ids


@given(st.text("ab", min_size=1, max_size=7), st.integers(1, 5))
def test_the_best_segmentations_are_the_best_of_all(text, n):
    scores = {"a": -1.5, "b": -2.25, "ab": -3.125, "ba": -4.5, "aab": -4.0625}
    ways = []
    for cuts in product([False, True], repeat=len(text) - 1):
        pieces, start = [], 0
        for place, cut in enumerate([*cuts, True], start=1):
            if cut:
                pieces.append(text[start:place])
                start = place
        if all(piece in scores for piece in pieces):
            ways.append(sum(scores[piece] for piece in pieces))
    found = best_segmentations(text, scores, n)
    assert [score for score, _ in found] == sorted(ways, reverse=True)[:n]
    for score, pieces in found:
        assert "".join(pieces) == text
        assert sum(scores[piece] for piece in pieces) == score


def test_what_cannot_be_spelled_has_no_segmentation():
    assert best_segmentations("ax", {"a": -1.0}) == []
    assert best_segmentations("", {"a": -1.0}) == [(0.0, [])]
    assert best_segmentations("a", {}) == []
    with pytest.raises(CourseError, match="n 0 came"):
        best_segmentations("a", {"a": -1.0}, 0)


def test_probabilities_of_a_trained_vocabulary_sum_to_about_one(trained):
    tokenizer, _ = trained
    pieces = [s for p, s in tokenizer.log_probabilities.items() if p != "<unk>"]
    assert sum(map(math.exp, pieces)) == pytest.approx(1, abs=0.1)


def test_encode_and_decode(trained):
    tokenizer, _ = trained
    text = "It was the best of films."
    encoding = tokenizer.encode(text)
    assert tokenizer.decode(encoding.ids) == text
    assert "".join(encoding.pieces) == text
    assert encoding.tokens[0].startswith("▁")
    assert tokenizer.encode("").ids == ()
    assert tokenizer.decode([]) == ""


def test_neighbouring_unknown_characters_are_one_token():
    tokenizer = UnigramTokenizer([("<unk>", 0.0), ("▁", -1.0), ("a", -2.0)])
    encoding = tokenizer.encode("xya\ud800")
    assert encoding.tokens == ("▁", "<unk>", "a", "<unk>")
    assert encoding.spans == ((0, 0), (0, 2), (2, 3), (3, 4))


def test_unusable_wishes_are_refused():
    with pytest.raises(CourseError, match="vocab_size 3 came with 3 different"):
        train_unigram(["abc"], 3)
    with pytest.raises(CourseError, match="vocab_size 9 came with 0 different"):
        train_unigram([], 9)
    with pytest.raises(CourseError, match="One string came"):
        train_unigram("abc", 99)
    with pytest.raises(CourseError, match="unk_id 1 came with 1 pieces"):
        UnigramTokenizer([("a", -1.0)], 1)
    with pytest.raises(CourseError, match="Token 1 came"):
        UnigramTokenizer([("a", -1.0)]).decode([1])
