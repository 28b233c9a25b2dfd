"""Run alone: pytest tests/course/tokenization/test_vocabularies.py."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from course import assets
from course.errors import CourseError
from course.tokenization.vocabularies import (
    TOKENIZERS,
    LibraryTokenizer,
    load_tokenizer,
)

SIZES = {"minilm": 30_522, "gpt2": 50_257, "o200k": 200_019, "smollm2": 49_152}
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=30)


@pytest.mark.parametrize("name", TOKENIZERS)
def test_sizes_and_names(name):
    tokenizer = load_tokenizer(name)
    assert tokenizer.vocab_size == len(tokenizer.tokens) == SIZES[name]
    encoding = tokenizer.encode("Unbelievably good films")
    assert [tokenizer.tokens[number] for number in encoding.ids] == list(
        encoding.tokens
    )
    assert tokenizer.decode(encoding.ids).lower() == "unbelievably good films"
    assert load_tokenizer(name) is tokenizer


@pytest.mark.parametrize("name", TOKENIZERS)
@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT)
def test_any_string_is_encoded(name, text):
    encoding = load_tokenizer(name).encode(text)
    assert encoding.text == text
    assert all(0 <= start <= end <= len(text) for start, end in encoding.spans)
    assert len(encoding.ids) == len(encoding.tokens) == len(encoding.pieces)


def test_gpt2_has_the_numbers_of_its_file(gpt2_reference):
    tokens = load_tokenizer("gpt2").tokens
    assert {token: i for i, token in enumerate(tokens)} == gpt2_reference.get_vocab()


def test_o200k_has_the_numbers_of_tiktoken(o200k_reference):
    tokenizer = load_tokenizer("o200k")
    assert tokenizer.vocab_size == o200k_reference.n_vocab
    for number in (0, 255, 256, 100_000, 199_997, 199_999, 200_018):
        assert tokenizer.decode_bytes([number]) == (
            o200k_reference.decode_single_token_bytes(number)
        )
    assert tokenizer.tokens[199_998] == ""


def test_minilm_has_the_numbers_of_its_file(minilm_reference):
    tokens = load_tokenizer("minilm").tokens
    assert {token: i for i, token in enumerate(tokens)} == minilm_reference.get_vocab()


def test_smollm2_reads_special_tokens_in_a_text_as_text():
    file = assets.path("smollm2") / "tokenizer.json"
    library = Tokenizer.from_file(str(file))
    tokenizer, text = load_tokenizer("smollm2"), "Hello<|im_end|>"
    assert library.encode(text).ids[-1] == 2
    assert 2 not in tokenizer.encode(text).ids
    assert tokenizer.decode(tokenizer.encode(text).ids) == text
    assert (
        list(tokenizer.encode("Hello there").ids) == library.encode("Hello there").ids
    )


def test_smollm2_keeps_digits_apart_and_half_characters_as_replacement():
    tokenizer = load_tokenizer("smollm2")
    assert tokenizer.encode("1234").pieces == ("1", "2", "3", "4")
    assert tokenizer.decode(tokenizer.encode("a\ud800").ids) == "a\ufffd"


def test_a_library_tokenizer_leaves_padding_and_the_original_alone(minilm_reference):
    """The file of MiniLM pads to 128 and adds [CLS]; here neither happens."""
    original = Tokenizer.from_file(str(assets.path("minilm") / "tokenizer.json"))
    wrapped = LibraryTokenizer(original, "wrapped")
    own = load_tokenizer("minilm")
    text = "A joy from start to finish. [MASK]"
    assert wrapped.encode(text).ids == own.encode(text).ids
    assert wrapped.unk_id == own.unk_id == 100
    assert len(original.encode(text).ids) == 128


def test_unknown_names_and_numbers_are_refused():
    with pytest.raises(CourseError, match="Did you mean 'gpt2'"):
        load_tokenizer("gpt-2")
    with pytest.raises(CourseError, match="Token 49152 came"):
        load_tokenizer("smollm2").decode([49_152])
