"""Run alone: pytest tests/course/tokenization/test_pretokenization.py."""

import pytest
from hypothesis import given, settings
from tokenizers import pre_tokenizers
from unicode_texts import stable_characters, texts

from course.tokenization.pretokenization import (
    GPT2_PATTERN,
    O200K_PATTERN,
    byte_characters,
    compiled,
    count_words,
    split_by_pattern,
    split_by_whitespace,
    to_bytes,
    to_characters,
)


@settings(max_examples=300, deadline=None)
@given(texts())
def test_gpt2_pattern_cuts_where_the_library_does(text):
    library = pre_tokenizers.ByteLevel(add_prefix_space=False)
    spans = [span for _, span in library.pre_tokenize_str(text)]
    assert [m.span() for m in compiled(GPT2_PATTERN).finditer(text)] == spans


def test_every_character_is_of_the_same_class_as_in_the_library():
    """Letter, digit, space or none: seen from where a text is cut around it."""
    library = pre_tokenizers.ByteLevel(add_prefix_space=False)
    for character in stable_characters():
        text = f"a{character}1{character}!{character} {character}"
        spans = [span for _, span in library.pre_tokenize_str(text)]
        ours = [match.span() for match in compiled(GPT2_PATTERN).finditer(text)]
        assert ours == spans, hex(ord(character))


@pytest.mark.parametrize("pattern", [GPT2_PATTERN, O200K_PATTERN])
@given(text=texts())
def test_chunks_joined_are_the_text(pattern, text):
    assert "".join(split_by_pattern(text, pattern)) == text


def test_spaces_go_with_the_word_after_them():
    assert list(split_by_pattern("a  b\n c")) == ["a", " ", " b", "\n", " c"]


def test_o200k_cuts_at_capitals_and_after_three_digits():
    chunks = list(split_by_pattern("camelCase 1234567", O200K_PATTERN))
    assert chunks == ["camel", "Case", " ", "123", "456", "7"]


def test_bytes_have_the_characters_of_the_library():
    assert sorted(byte_characters().values()) == sorted(
        pre_tokenizers.ByteLevel.alphabet()
    )
    assert list(byte_characters().values()) == sorted(byte_characters().values())


def test_bytes_come_back():
    every = bytes(range(256))
    assert to_bytes(to_characters(every)) == every
    assert to_characters(every).isprintable()


def test_words_are_counted_over_all_texts():
    assert count_words(["a b", "c b"]) == {"a": 1, "c": 1, " b": 2}
    assert split_by_whitespace(" é\tx ") == [(1, 2), (3, 4)]
    assert split_by_whitespace("") == []
