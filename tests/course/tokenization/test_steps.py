"""Steps of learning merges. Alone: pytest tests/course/tokenization/test_steps.py."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.tokenization import count_words, train_bpe_naively, train_tokenizer
from course.tokenization.steps import MOST_CANDIDATES, learn_merges, word_steps

# Sennrich, Haddow and Birch 2016: low 5, lower 2, newest 6, widest 3; without the mark
# of a word's end that the paper has, and with the space that a word takes along.
PAPER = " low" * 5 + " lower" * 2 + " newest" * 6 + " widest" * 3


def test_the_papers_example():
    merges = learn_merges(PAPER, 4)
    assert merges.counts[0]["e", "s"] == 9
    assert merges.pairs[0] == ("e", "s")
    assert merges.pairs[1] == ("es", "t")
    assert merges.words[2][" newest"] == (" ", "n", "e", "w", "est")
    assert merges.sizes[:3] == (len(PAPER), len(PAPER) - 9, len(PAPER) - 18)


def test_merges_are_those_of_a_tokenizer_of_bytes():
    # Ties are decided by symbols here and by their numbers there, so a text without.
    text = " aaaaabc" * 7 + " aab" * 2 + " xbc"
    tokenizer = train_tokenizer([text], 256 + 3)
    expected = [(a.decode(), b.decode()) for a, b in tokenizer.merges]
    assert list(learn_merges(text, 3).pairs) == expected


@settings(max_examples=60, deadline=None)
@given(st.text("ab c\u00e9.", max_size=60), st.integers(0, 12))
def test_every_step_is_what_the_definition_says(text, num_merges):
    merges = learn_merges(text, num_merges)
    words = {tuple(w): n for w, n in count_words([text]).items()}
    assert list(merges.pairs) == train_bpe_naively(words, num_merges)
    steps = len(merges.pairs) + 1
    assert [len(x) for x in (merges.words, merges.counts, merges.sizes)] == [steps] * 3
    for state in merges.words:
        assert all("".join(symbols) == word for word, symbols in state.items())
    for number, (left, right) in enumerate(merges.pairs):
        counts = merges.counts[number]
        assert counts[left, right] == max(counts.values())
        assert (left, right) in merges.candidates(number)
        assert merges.sizes[number + 1] < merges.sizes[number]


def test_candidates_do_not_tell_which_is_commonest():
    merges = learn_merges(PAPER, 3)
    candidates = merges.candidates(0)
    assert candidates == sorted(candidates)
    assert len(candidates) == MOST_CANDIDATES
    most = Counter(merges.counts[0]).most_common(3)
    assert {pair for pair, _ in most} <= set(candidates)


@pytest.mark.parametrize("text", ["", "a", "a b", "\ud83d"])
def test_where_nothing_can_be_merged(text):
    merges = learn_merges(text.replace(" ", "."), 5)
    assert merges.pairs == ()
    assert merges.candidates(0) == []


def test_a_word_is_merged_in_the_order_of_learning():
    merges = learn_merges(PAPER, 3)
    assert word_steps(merges, 2, "best lest") == [
        [["b", "e", "s", "t"], ["b", "es", "t"], ["b", "est"]],
        [[" ", "l", "e", "s", "t"], [" ", "l", "es", "t"], [" ", "l", "est"]],
    ]
    assert word_steps(merges, 0, "best") == [[["b", "e", "s", "t"]]]
    assert word_steps(merges, 3, "") == []


def test_a_word_of_the_text_ends_as_in_the_text():
    merges = learn_merges(PAPER, 30)
    for step in range(len(merges.sizes)):
        for word, symbols in merges.words[step].items():
            assert tuple(word_steps(merges, step, word)[0][-1]) == symbols
