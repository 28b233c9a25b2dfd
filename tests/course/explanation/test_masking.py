"""Masking by token id. Alone: pytest tests/course/explanation/test_masking.py."""

from types import SimpleNamespace

import numpy as np
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from course.errors import CourseError
from course.explanation.masking import SPECIAL, read_text, stand_in
from course.inference import Classifier

MASK, CLS, SEP = 103, 101, 102  # of MiniLM's vocabulary


@pytest.fixture(scope="module")
def classifier(tiny_model_dir):
    return Classifier(tiny_model_dir, precision="fp32")


@pytest.fixture
def byte_classifier(tiny_model_dir):
    """The same with a tokenizer of single bytes, without mask or special tokens."""
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<pad>": 0} | {c: i for i, c in enumerate(alphabet, start=1)}
    inner = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[]))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    classifier = Classifier(tiny_model_dir, precision="fp32")
    classifier.tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>"
    )
    return classifier


def test_rows_hide_all_pieces_of_the_absent_words_and_nothing_else(classifier):
    text = read_text(classifier, "An unbelievably gorgeously good film")
    tokens = classifier.tokenizer.convert_ids_to_tokens(text.input_ids)
    assert text.players == ["An ", "unbelievably ", "gorgeously ", "good ", "film"]
    assert len(tokens) > 7, "the long words must fall into pieces for this test"
    (row,) = text.rows([[True, False, True, True, False]])
    pieces = [i for i, p in enumerate(text.player_of_token) if p in (1, 4)]
    assert np.flatnonzero(row == MASK).tolist() == pieces
    assert len(pieces) > 2
    kept = np.setdiff1d(np.arange(len(row)), pieces)
    assert row[kept].tolist() == text.input_ids[kept].tolist()


def test_special_tokens_are_never_players(classifier):
    text = read_text(classifier, "Good film.")
    assert text.player_of_token[[0, -1]].tolist() == [SPECIAL, SPECIAL]
    (row,) = text.rows(np.zeros((1, 3)))
    assert row.tolist() == [CLS, MASK, MASK, MASK, SEP]


def test_ids_are_those_that_the_classifier_reads(classifier):
    text = "  Mixed CASE, ünïcode — and [SEP] typed\tin 😀"
    (ids,), _ = classifier.encode([text])
    assert read_text(classifier, text).input_ids.tolist() == ids


@pytest.mark.parametrize(
    ("text", "players"),
    [
        ("I can't", ["I ", "can't"]),
        ("I can’t", ["I ", "can’t"]),  # noqa: RUF001
        ("a well-made film", ["a ", "well-made ", "film"]),
        ("so... bad!!", ["so", "... ", "bad", "!!"]),
        ("dogs' best", ["dogs", "' ", "best"]),
        ("good - bad", ["good ", "- ", "bad"]),
        ("中文", ["中", "文"]),
        ("a [SEP] b", ["a ", "[SEP] ", "b"]),
        ("[MASK]", ["[MASK]"]),
    ],
)
def test_words_are_what_a_reader_calls_words(classifier, text, players):
    assert read_text(classifier, text).players == players


def test_token_unit_has_one_player_for_each_piece(classifier):
    text = read_text(classifier, "gorgeously can't", unit="token")
    assert text.players == ["gorgeous", "ly ", "can", "'", "t"]
    assert text.player_of_token.tolist() == [SPECIAL, 0, 1, 2, 3, 4, SPECIAL]


@given(text=st.text(max_size=60), unit=st.sampled_from(["word", "token"]))
@settings(max_examples=60, deadline=None)
def test_players_joined_are_the_text(classifier, text, unit):
    read = read_text(classifier, text, unit)
    numbers = read.player_of_token[read.player_of_token != SPECIAL]
    assert np.unique(numbers).tolist() == list(range(len(read.players)))
    assert (np.diff(numbers) >= 0).all()
    if read.players:
        assert "".join(read.players) == text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x01"])
def test_text_without_words_has_no_players(classifier, text):
    read = read_text(classifier, text)
    assert read.players == []
    assert read.rows(np.ones((2, 0))).tolist() == [[CLS, SEP], [CLS, SEP]]


def test_only_what_is_read_is_divided(tiny_model_dir):
    classifier = Classifier(tiny_model_dir, precision="fp32", max_length=6)
    text = "one two three four five six seven"
    read = read_text(classifier, text)
    assert read.truncated
    assert "".join(read.players) == "one two three four"
    assert len(read.input_ids) == 6


def test_pieces_of_one_character_are_one_player(byte_classifier):
    read = read_text(byte_classifier, "a😀b", unit="token")
    assert read.players == ["a", "😀", "b"]
    assert read.player_of_token.tolist() == [0, 1, 1, 1, 1, 2]


def test_tokenizer_without_mask_token_hides_with_the_next_best(byte_classifier):
    read = read_text(byte_classifier, "ab", unit="token")
    assert read.mask_token == "<pad>"
    assert read.rows([[False, True]])[0].tolist() == [0, read.input_ids[1]]


@pytest.mark.parametrize(
    ("mask", "unknown", "expected"), [(5, 6, 5), (None, 6, 6), (None, None, 0)]
)
def test_stand_in_prefers_mask_then_unknown_then_padding(mask, unknown, expected):
    tokenizer = SimpleNamespace(
        mask_token_id=mask, unk_token_id=unknown, pad_token_id=0
    )
    assert stand_in(tokenizer) == expected


def test_unknown_unit_is_refused(classifier):
    with pytest.raises(CourseError, match="'letter' came; choose one of word, token"):
        read_text(classifier, "a", unit="letter")


def test_slow_tokenizer_is_refused(tiny_model_dir):
    classifier = Classifier(tiny_model_dir, precision="fp32")
    classifier.tokenizer = SimpleNamespace(is_fast=False)
    with pytest.raises(CourseError, match="save the model with a fast tokenizer"):
        read_text(classifier, "a")
