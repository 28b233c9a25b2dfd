"""What SmolLM2 says of branches. Alone: pytest tests/course/generation."""

import pytest

from course import generation
from course.generation import read_text

PROMPT = "The capital of Germany is"


@pytest.fixture(scope="module")
def ways():
    return [generation.word_tokens(word)[0] for word in (" Berlin", " Paris")]


def test_paths_and_their_probabilities(ways):
    berlin, paris = ways
    reading = read_text(PROMPT, (berlin,), [(paris,), (berlin,)])
    ((token, chance),) = reading.taken()
    assert token == " Berlin"
    assert [row.text for row in reading.rows()] == [" Paris", " Berlin"]
    assert [row.is_here for row in reading.rows()] == [False, True]
    assert reading.rows()[1].probability == chance > reading.rows()[0].probability
    logits = generation.load_language_model().logits(generation.encode_prompt(PROMPT))
    assert chance == pytest.approx(generation.softmax(logits)[berlin])
    assert reading.is_of(PROMPT, (berlin,), ((paris,), (berlin,)))
    assert not reading.is_of(PROMPT, (paris,), ())


def test_one_way_is_no_tree(ways):
    assert read_text(PROMPT, (ways[0],)).rows() == []


def test_known_chances_are_not_read_again(ways):
    reading = read_text(PROMPT, (ways[0],), known={(ways[0],): 0.125})
    assert reading.taken() == [(" Berlin", 0.125)]


def test_stopped(ways):
    assert read_text(PROMPT, (ways[0],), stopped=lambda: True) is None
