"""Run alone: pytest tests/course/tokenization/test_comparison.py."""

import pytest

from course.errors import CourseError
from course.tokenization import load_tokenizer
from course.tokenization.closed import train_characters, train_words
from course.tokenization.comparison import (
    compare_costs,
    compare_languages,
    embedding_parameters,
    measure_cost,
    vocabulary_curve,
)
from course.tokenization.training import train_tokenizer
from course.translations import parallel


def test_counts_of_a_text_by_hand():
    cost = measure_cost(train_words(["the film"]), ["the é film", "end"])
    assert (cost.tokens, cost.words, cost.unknown) == (4, 4, 2)
    assert (cost.characters, cost.bytes) == (13, 14)
    assert cost.tokens_per_word == 1
    assert cost.tokens_per_character == 4 / 13
    assert cost.tokens_per_byte == 4 / 14
    assert cost.unknown_share == 0.5


def test_no_text_costs_nothing():
    cost = measure_cost(load_tokenizer("gpt2"), [])
    assert (cost.tokens, cost.tokens_per_word, cost.unknown_share) == (0, 0, 0)
    assert measure_cost(load_tokenizer("gpt2"), ["\ud800"]).bytes == 3


def test_subwords_stand_between_words_and_characters(review_texts):
    seen, held_out = review_texts[:100], review_texts[100:]
    tokenizers = [
        train_words(seen, 2000),
        train_tokenizer(seen, 2000),
        train_characters(seen),
    ]
    words, subwords, characters = compare_costs(tokenizers, held_out)
    assert words.tokens < subwords.tokens < characters.tokens
    assert words.unknown_share > 0.1
    assert subwords.unknown_share == 0
    assert characters.tokens_per_character == 1


def test_greek_costs_more_than_english_and_less_so_with_the_larger_vocabulary():
    messages = parallel(["el", "pt_BR"])
    gpt2 = compare_languages(load_tokenizer("gpt2"), messages)
    o200k = compare_languages(load_tokenizer("o200k"), messages)
    assert gpt2["en"] == o200k["en"] == 1
    assert 1 < o200k["pt_BR"] < gpt2["pt_BR"] < 3
    assert 2 < o200k["el"] < gpt2["el"] < 10


def test_thai_seems_cheap_where_it_is_not_read():
    """BERT's vocabulary takes each run of Thai for one unknown word."""
    messages = parallel(["th"])
    tokenizer = load_tokenizer("minilm")
    assert compare_languages(tokenizer, messages)["th"] < 1
    assert measure_cost(tokenizer, messages["th"]).unknown_share > 0.3


def test_the_table_of_a_vocabulary():
    assert embedding_parameters(30_522, 384) == 11_720_448  # MiniLM's
    with pytest.raises(CourseError, match="hidden_size 0 came"):
        embedding_parameters(100, 0)


def test_curve_falls_and_each_point_is_a_training_of_its_own(review_texts):
    seen, held_out = review_texts[:20], review_texts[20:30]
    costs = vocabulary_curve(seen, [1024, 256, 512, 512], held_out)
    assert [cost.vocab_size for cost in costs] == [256, 512, 1024]
    assert costs[0].tokens == costs[0].bytes
    assert costs[0].tokens > costs[1].tokens > costs[2].tokens
    assert costs[1].tokens == measure_cost(train_tokenizer(seen, 512), held_out).tokens


def test_curve_ends_where_the_texts_have_no_more_pairs():
    costs = vocabulary_curve(["ab"], [256, 300, 400], ["ab"])
    assert [(cost.vocab_size, cost.tokens) for cost in costs] == [(256, 2), (257, 1)]


def test_unusable_wishes_are_refused():
    with pytest.raises(CourseError, match=r"sizes \[200, 300\] came"):
        vocabulary_curve(["a"], [300, 200], ["a"])
    with pytest.raises(CourseError, match="One string came"):
        measure_cost(load_tokenizer("gpt2"), "text")
    with pytest.raises(CourseError, match="One string came"):
        compare_costs([load_tokenizer("gpt2")], "text")
    with pytest.raises(CourseError, match="English as 'en'"):
        compare_languages(load_tokenizer("gpt2"), {"el": ["a"]})
    with pytest.raises(CourseError, match="the same number"):
        compare_languages(load_tokenizer("gpt2"), {"en": ["a"], "el": []})
