"""Run alone: pytest tests/course/tokenization/test_wordpiece.py."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from unicode_texts import stable_characters, texts

from course.errors import CourseError
from course.tokenization.vocabularies import load_tokenizer
from course.tokenization.wordpiece import (
    WordPieceTokenizer,
    is_punctuation,
    normalise,
    normalise_character,
)

SMALL = ["[UNK]", "un", "##bel", "##b", "##e", "##liev", "##able", "u", "##n", "un##"]


@settings(max_examples=300, deadline=None)
@given(text=texts())
def test_minilm_equals_its_file(minilm_reference, text):
    ours = load_tokenizer("minilm").encode(text)
    theirs = minilm_reference.encode(text, add_special_tokens=False)
    assert list(ours.ids) == theirs.ids
    assert list(ours.tokens) == theirs.tokens
    assert list(ours.spans) == theirs.offsets


def test_reviews_equal_the_file_with_special_tokens_too(minilm_reference, review_texts):
    for text in review_texts[:60]:
        ours = load_tokenizer("minilm").encode(text, add_special_tokens=True)
        assert list(ours.ids) == minilm_reference.encode(text).ids
        assert ours.tokens[0] == "[CLS]"
        assert ours.pieces[0] == ours.pieces[-1] == ""


def test_every_character_is_treated_as_in_the_library():
    """Normalised alike, and as punctuation or not."""
    normalizer = normalizers.BertNormalizer()
    splitter = pre_tokenizers.BertPreTokenizer()
    for character in stable_characters():
        if normalise_character(character) != normalizer.normalize_str(character):
            pytest.fail(f"normalised differently: {character!r}")
        if not character.isspace() and is_punctuation(character) != (
            len(splitter.pre_tokenize_str(f"a{character}a")) == 3
        ):
            pytest.fail(f"punctuation or not: {character!r}")


@given(st.text("unbelivaU é", max_size=12))
def test_longest_match_on_a_small_vocabulary(text):
    tokenizer = Tokenizer(
        models.WordPiece({t: i for i, t in enumerate(SMALL)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    assert list(WordPieceTokenizer(SMALL).encode(text).ids) == (
        tokenizer.encode(text).ids
    )


def test_greedy_may_fail_where_another_cut_would_do():
    """ "unb" takes "un" and finds "##b"; "unbelieva" takes "##bel" and is stuck."""
    tokenizer = WordPieceTokenizer(SMALL)
    assert tokenizer.encode("unb").tokens == ("un", "##b")
    assert tokenizer.encode("unbeliev").tokens == ("[UNK]",)  # un ##b ##e ##liev would
    assert tokenizer.encode("unbeliev").spans == ((0, 8),)


def test_words_of_more_than_a_hundred_characters_are_unknown():
    tokenizer = load_tokenizer("minilm")
    assert tokenizer.encode("a" * 101).ids == (tokenizer.unk_id,)
    assert tokenizer.unk_id not in tokenizer.encode("a" * 100).ids


def test_spans_are_places_in_the_text_as_it_came():
    """Though "ß" stays, "İ" loses its dot and U+FB01 is not taken apart."""
    encoding = load_tokenizer("minilm").encode("Ångström\x00 É!")
    assert encoding.pieces == ("Ång", "ström", "É", "!")


def test_half_characters_vanish():
    assert load_tokenizer("minilm").encode("\ud800").ids == ()
    assert load_tokenizer("minilm").encode("a\ud800b").tokens == ("ab",)


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_any_string_is_encoded(text):
    encoding = load_tokenizer("minilm").encode(text)
    assert all(0 <= start < end <= len(text) for start, end in encoding.spans)
    assert len(normalise(text)[0]) == len(normalise(text)[1])


def test_decode_joins_pieces_and_loses_capitals():
    tokenizer = load_tokenizer("minilm")
    assert tokenizer.decode(tokenizer.encode("Unbelievably naïve").ids) == (
        "unbelievably naive"
    )
    assert tokenizer.decode([]) == ""


def test_what_is_missing_is_named():
    with pytest.raises(CourseError, match=r"without \[UNK\] came"):
        WordPieceTokenizer(["a"])
    with pytest.raises(CourseError, match="Token -1 came"):
        load_tokenizer("minilm").decode([-1])
    with pytest.raises(CourseError, match="Token 30522 came"):
        load_tokenizer("minilm").decode([30_522])
