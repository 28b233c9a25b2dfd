"""Run alone: pytest tests/course/tokenization/test_byte_pair.py."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unicode_texts import texts

from course.errors import CourseError
from course.tokenization.byte_pair import BytePairTokenizer
from course.tokenization.merging import merge_by_rank, merge_steps
from course.tokenization.pretokenization import O200K_PATTERN
from course.tokenization.training import train_tokenizer
from course.tokenization.vocabularies import load_tokenizer

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=40)


@settings(max_examples=300, deadline=None)
@given(text=texts())
def test_gpt2_equals_tokenizers(gpt2_reference, text):
    ours, theirs = load_tokenizer("gpt2").encode(text), gpt2_reference.encode(text)
    assert list(ours.ids) == theirs.ids
    assert list(ours.tokens) == theirs.tokens
    assert list(ours.spans) == theirs.offsets


@settings(max_examples=300, deadline=None)
@given(text=texts())
def test_o200k_equals_tiktoken(o200k_reference, text):
    assert list(load_tokenizer("o200k").encode(text).ids) == (
        o200k_reference.encode_ordinary(text)
    )


@pytest.mark.parametrize("name", ["gpt2", "o200k"])
def test_reviews_equal_the_libraries(name, request, review_texts):
    reference = request.getfixturevalue(f"{name}_reference")
    for text in review_texts[:40]:
        theirs = reference.encode(text)
        assert list(load_tokenizer(name).encode(text).ids) == getattr(
            theirs, "ids", theirs
        )


@pytest.mark.parametrize("name", ["gpt2", "o200k"])
@settings(max_examples=200, deadline=None)
@given(text=ANY_TEXT)
def test_any_string_is_encoded_and_comes_back(name, text):
    """Also half characters: they come back as the replacement character."""
    tokenizer = load_tokenizer(name)
    encoding = tokenizer.encode(text)
    readable = "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in text)
    assert tokenizer.decode(encoding.ids) == readable
    assert encoding.text == text
    # Spans follow each other, and no character is left out.
    covered = {place for start, end in encoding.spans for place in range(start, end)}
    assert covered == set(range(len(text)))
    assert list(encoding.spans) == sorted(encoding.spans)


def test_a_lone_surrogate_is_read_as_tiktoken_reads_it(o200k_reference):
    text = "a\ud83d b\ude00"
    assert list(load_tokenizer("o200k").encode(text).ids) == (
        o200k_reference.encode_ordinary(text)
    )


def test_tokens_that_share_a_character_share_its_span():
    encoding = load_tokenizer("gpt2").encode("x\U0001fae0y")
    assert len(encoding) > 3
    assert set(encoding.spans[1:-1]) == {(1, 2)}
    assert encoding.pieces[0] == "x"


def test_tokens_of_a_character_must_be_decoded_together():
    tokenizer = load_tokenizer("gpt2")
    ids = tokenizer.encode("\U0001fae0").ids
    assert tokenizer.decode(ids) == "\U0001fae0"
    assert "\ufffd" in "".join(tokenizer.decode([number]) for number in ids)


def test_special_tokens_are_text_unless_allowed(o200k_reference):
    tokenizer, text = load_tokenizer("o200k"), "a<|endoftext|> b<|endofprompt|>"
    assert 199_999 not in tokenizer.encode(text).ids
    encoding = tokenizer.encode(text, allow_special=True)
    assert list(encoding.ids) == o200k_reference.encode(text, allowed_special="all")
    assert encoding.spans[1] == (1, 14)
    assert encoding.tokens[1] == "<|endoftext|>"
    assert tokenizer.decode(encoding.ids) == text


PARTS = st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=14)


@given(texts(10), PARTS)
def test_the_heap_ends_where_the_steps_end(text, parts):
    """By a list of merges and by the numbers of tokens alike."""
    trained = train_tokenizer([text, "abc abcabc cab bca aaaa"], 300)
    merges = {pair: rank for rank, pair in enumerate(trained.merges)}
    for rank_of in (merges.get, lambda pair: trained.vocabulary.get(pair[0] + pair[1])):
        assert merge_by_rank(parts, rank_of) == merge_steps(parts, rank_of)[-1]


def test_merge_steps_shows_each_merge():
    tokenizer = train_tokenizer(["low low lower"], 259)
    assert [len(step) for step in tokenizer.merge_steps(" low")] == [4, 3, 2, 1]
    assert tokenizer.merge_steps("\ud800")[0] == [b"\xef", b"\xbf", b"\xbd"]
    assert tokenizer.merge_steps("") == [[]]


def test_a_chunk_of_a_whole_page_takes_seconds_not_hours():
    """Letters without a space are one chunk; quadratic work would show here."""
    text = "abcdefghij" * 10_000
    start = time.process_time()
    encoding = load_tokenizer("gpt2").encode(text)
    assert time.process_time() - start < 20
    assert load_tokenizer("gpt2").decode(encoding.ids) == text


def test_saved_as_json_and_loaded(tmp_path):
    tokenizer = train_tokenizer(["low lower é 🙂"] * 2, 270, special_tokens=["<|end|>"])
    tokenizer.save(tmp_path / "tokenizer.json")
    again = BytePairTokenizer.load(tmp_path / "tokenizer.json")
    text = "slower é<|end|>"
    assert again.encode(text, True) == tokenizer.encode(text, True)
    assert (again.merges, again.tokens) == (tokenizer.merges, tokenizer.tokens)
    assert again.pattern == tokenizer.pattern


def test_saved_without_merges_stays_without(tmp_path):
    tokens = [bytes([byte]) for byte in range(256)] + [b"ab"]
    BytePairTokenizer(tokens, pattern=O200K_PATTERN).save(tmp_path / "ranks.json")
    again = BytePairTokenizer.load(tmp_path / "ranks.json")
    assert again.merges is None
    assert again.encode("abb").ids == (256, ord("b"))


def test_no_merges_are_not_taken_for_a_vocabulary_without_them(tmp_path):
    tokens = [bytes([byte]) for byte in range(256)] + [b"ab"]
    BytePairTokenizer(tokens, []).save(tmp_path / "bytes.json")
    assert BytePairTokenizer.load(tmp_path / "bytes.json").merges == []
    assert len(BytePairTokenizer(tokens, []).encode("ab")) == 2


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"merges": 3}', '{"merges": [1]}']
)
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "other.json").write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match="cannot be read as a tokenizer"):
        BytePairTokenizer.load(tmp_path / "other.json")
    with pytest.raises(CourseError, match="FileNotFoundError"):
        BytePairTokenizer.load(tmp_path / "none.json")


def test_unknown_numbers_and_missing_bytes_are_refused():
    with pytest.raises(CourseError, match="Token 50257 came"):
        load_tokenizer("gpt2").decode([50_257])
    with pytest.raises(CourseError, match="Token 199998 came"):
        load_tokenizer("o200k").decode([199_998])  # a number that nothing has
    with pytest.raises(CourseError, match="without 255 of the 256 bytes"):
        BytePairTokenizer([b"a"])
