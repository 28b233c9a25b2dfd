"""Run alone: pytest tests/course/tokenization/test_closed.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import CourseError
from course.tokenization.closed import train_characters, train_words

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=30)


@given(ANY_TEXT)
def test_known_characters_come_back(text):
    tokenizer = train_characters([text])
    encoding = tokenizer.encode(text)
    assert tokenizer.decode(encoding.ids) == text
    assert encoding.pieces == tuple(text)
    assert tokenizer.unk_id not in encoding.ids


@given(ANY_TEXT)
def test_words_lose_the_spaces_between_them(text):
    tokenizer = train_words([text])
    encoding = tokenizer.encode(text)
    assert tokenizer.decode(encoding.ids) == " ".join(encoding.pieces)
    assert len(encoding) == len(text.split()) or "\x1c" <= min(text) <= "\x1f"


def test_what_was_not_seen_is_unknown():
    tokenizer = train_words(["the film", "the end"])
    assert tokenizer.encode("the  movie").tokens == ("the", "<unk>")
    assert tokenizer.encode("the  movie").spans == ((0, 3), (5, 10))
    assert tokenizer.decode(tokenizer.encode("the movie").ids) == "the <unk>"


def test_a_smaller_vocabulary_keeps_the_commonest_then_the_smallest():
    assert train_words(["c b a a"], 3).tokens == ["<unk>", "a", "b"]
    assert train_characters(["ccab"], 3).tokens == ["<unk>", "c", "a"]
    assert train_characters(["abc"], 1).encode("a").ids == (0,)


def test_a_unit_spelled_like_the_unknown_token_is_not_it():
    tokenizer = train_words(["<unk>"])
    assert tokenizer.encode("<unk> x").ids == (1, 0)


def test_unusable_wishes_are_refused():
    with pytest.raises(CourseError, match="One string came"):
        train_words("a b")
    with pytest.raises(CourseError, match="vocab_size 0 came"):
        train_characters(["a"], 0)
    with pytest.raises(CourseError, match="Token 9 came"):
        train_characters(["a"]).decode([9])
