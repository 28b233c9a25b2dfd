"""Run alone: pytest tests/course/tokenization/test_training.py."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from unicode_texts import texts

from course.errors import CourseError
from course.tokenization.pretokenization import to_characters
from course.tokenization.training import first_merges, train_tokenizer


def train_reference(sentences, vocab_size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(sentences, trainer)
    return tokenizer


def merges_of(tokenizer):
    return [tuple(m) for m in json.loads(tokenizer.to_str())["model"]["merges"]]


def printable(tokenizer):
    return [(to_characters(a), to_characters(b)) for a, b in tokenizer.merges]


@settings(max_examples=100, deadline=None)
@given(st.lists(texts(), max_size=4), st.integers(256, 300))
def test_merges_of_random_texts_equal_the_librarys(sentences, vocab_size):
    ours = train_tokenizer(sentences, vocab_size)
    theirs = train_reference(sentences, vocab_size)
    assert printable(ours) == merges_of(theirs)
    assert ours.vocab_size == theirs.get_vocab_size()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("ab c", max_size=60), max_size=4), st.text("ab c"))
def test_runs_and_equal_counts_are_merged_as_in_the_library(sentences, other):
    ours = train_tokenizer(sentences, 290)
    theirs = train_reference(sentences, 290)
    assert printable(ours) == merges_of(theirs)
    assert list(ours.encode(other).ids) == theirs.encode(other).ids


def test_real_text_equals_the_library(review_texts):
    """Merges, vocabulary, and other texts encoded."""
    ours = train_tokenizer(review_texts[:120], 2000)
    theirs = train_reference(review_texts[:120], 2000)
    assert printable(ours) == merges_of(theirs)
    numbers = {token: number for number, token in enumerate(ours.tokens)}
    assert numbers == theirs.get_vocab()
    for text in review_texts[120:]:
        assert list(ours.encode(text).ids) == theirs.encode(text).ids


def test_special_tokens_come_last():
    tokenizer = train_tokenizer(["ab ab"], 260, special_tokens=["<a>", "<b>"])
    assert tokenizer.tokens[-2:] == ["<a>", "<b>"]
    assert tokenizer.vocab_size == 260
    assert tokenizer.encode("<b>", allow_special=True).ids == (259,)


def test_first_merges_is_what_a_smaller_training_gives(review_texts):
    large = train_tokenizer(review_texts[:20], 600, special_tokens=["<end>"])
    small = train_tokenizer(review_texts[:20], 400, special_tokens=["<end>"])
    cut = first_merges(large, len(small.merges))
    assert cut.merges == small.merges
    assert cut.tokens == small.tokens
    assert cut.name == "own BPE, 143 merges"


def test_too_many_merges_are_refused():
    tokenizer = train_tokenizer(["ab"], 300)
    assert len(tokenizer.merges) == 1  # there is nothing more to merge
    with pytest.raises(CourseError, match=r"2 merges came, own BPE knows 1"):
        first_merges(tokenizer, 2)
    with pytest.raises(CourseError, match="-1 merges came"):
        first_merges(tokenizer, -1)


def test_unusable_wishes_are_refused():
    with pytest.raises(CourseError, match="at least 257 is needed"):
        train_tokenizer(["a"], 256, special_tokens=["<end>"])
    with pytest.raises(CourseError, match="One string came"):
        train_tokenizer("low lower", 300)


def test_half_characters_are_learned_as_the_replacement():
    tokenizer = train_tokenizer(["\ud800\ud800"], 258)
    assert tokenizer.merges == [(b"\xbf", b"\xbd"), (b"\xef", b"\xbf\xbd")]
