"""Learning merges. Alone: pytest tests/course/tokenization/test_bpe.py."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import CourseError
from course.tokenization.bpe import (
    count_pairs,
    merge,
    merge_word,
    most_frequent,
    train_bpe,
    train_bpe_naively,
)

# Sennrich, Haddow and Birch 2016, algorithm 1; "</w>" ends a word.
SENNRICH = {
    (*"low", "</w>"): 5,
    (*"lower", "</w>"): 2,
    (*"newest", "</w>"): 6,
    (*"widest", "</w>"): 3,
}
LETTERS = st.lists(st.sampled_from("abc"), min_size=1, max_size=12).map(tuple)
NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=12).map(tuple)
COUNTS = st.integers(1, 4)


def test_the_example_of_the_encyclopedia():
    """aaabdaaabac: first aa, then ab; the third in either order gives the same word."""
    words = {tuple("aaabdaaabac"): 1}
    merges = train_bpe(words, 3)
    assert merges == [("a", "a"), ("a", "b"), ("aa", "ab")]
    for pair in merges:
        words = merge(pair, words)
    assert words == {("aaab", "d", "aaab", "a", "c"): 1}


@pytest.mark.parametrize("train", [train_bpe, train_bpe_naively])
def test_the_example_of_the_paper(train):
    """The counts leave one choice after the other, save for ties: 9, 9, 9, 7, 7, 6."""
    assert train(SENNRICH, 6) == [
        *(("e", "s"), ("es", "t"), ("est", "</w>")),  # newest and widest, 6 + 3
        *(("l", "o"), ("lo", "w")),  # low and lower, 5 + 2
        ("e", "w"),  # as common in newest as ne and w-est</w>, and the smallest
    ]


def test_overlapping_pairs_count_each_and_merge_from_the_left():
    assert count_pairs({tuple("aaaa"): 2}) == {("a", "a"): 6}
    assert merge(("a", "a"), {tuple("aaaaa"): 1}) == {("aa", "aa", "a"): 1}


def test_pairs_do_not_cross_words():
    assert count_pairs({("a",): 3, ("b",): 2}) == {}


def test_merge_keeps_order_and_adds_up_words_that_become_the_same():
    assert merge(("a", "b"), {("x", "a", "b"): 1, ("x", "ab"): 2}) == {("x", "ab"): 3}


def test_numbers_need_a_new_number():
    assert merge((1, 2), {(1, 2, 1): 1}, 7) == {(7, 1): 1}
    with pytest.raises(CourseError, match="only strings can be joined"):
        merge((1, 2), {(1, 2): 1})


def test_most_frequent_takes_the_smallest_of_equals():
    assert most_frequent({("b", "a"): 2, ("a", "c"): 2, ("a", "b"): 1}) == ("a", "c")
    with pytest.raises(CourseError, match="0 pairs came"):
        most_frequent({})


@given(st.dictionaries(LETTERS, COUNTS, max_size=8), st.integers(0, 12))
def test_both_trainers_find_the_same_merges_of_strings(words, num_merges):
    assert train_bpe(words, num_merges) == train_bpe_naively(words, num_merges)


@given(st.dictionaries(NUMBERS, COUNTS, max_size=8), st.integers(0, 12))
def test_both_trainers_find_the_same_merges_of_numbers(words, num_merges):
    merges = train_bpe(words, num_merges)
    assert merges == train_bpe_naively(words, num_merges)
    assert all(type(symbol) is int for pair in merges for symbol in pair)


@given(LETTERS, st.tuples(st.sampled_from("abc"), st.sampled_from("abc")))
def test_a_merge_keeps_the_letters_and_leaves_no_pair(word, pair):
    merged = merge_word(pair, word, pair[0] + pair[1])
    assert "".join(merged) == "".join(word)
    assert pair not in pairwise(merged)


def test_training_ends_when_every_word_is_one_symbol():
    assert train_bpe({("a", "b"): 1, ("c",): 5}, 10) == [("a", "b")]
    assert train_bpe({}, 10) == train_bpe_naively({}, 10) == []


@pytest.mark.parametrize("train", [train_bpe, train_bpe_naively])
def test_a_negative_number_of_merges_is_refused(train):
    with pytest.raises(CourseError, match="num_merges -1 came"):
        train({("a", "b"): 1}, -1)


def test_words_that_came_are_left_as_they_are():
    words = dict(SENNRICH)
    train_bpe(words, 5)
    train_bpe_naively(words, 5)
    assert words == SENNRICH
