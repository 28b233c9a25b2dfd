"""Run alone: pytest tests/course/views/test_ladder.py."""

from course.evaluation.ngrams import common_subsequence
from course.views.ladder import draw_ladder
from course.views.ngrams import MOST_TOKENS, seen_ngrams

HOSTILE = "<script>alert(1)</script> \ud83d \" ' & \x00 the"


def ladder(prediction, reference, picked=()):
    first, second = prediction.split(), reference.split()
    pairs = common_subsequence(first, second)
    seen = seen_ngrams([], [first + second], 1)
    return draw_ladder(first, second, pairs, seen, picked)


def test_two_words_that_changed_places():
    """ "b" and "a" would cross: one is a rung, the other dashed."""
    picture = ladder("x a b y", "x b a y", ("b",))
    assert picture.count("<path") == 4
    assert picture.count("stroke-dasharray") == 1
    assert picture.count("in the reference: in the subsequence") == 3
    assert picture.count("in the prediction: not in the subsequence") == 1
    assert picture.count('text-decoration="underline"') == 2
    assert picture.count('aria-pressed="true"') == 2


def test_words_of_one_side_have_no_line():
    assert ladder("a b", "c").count("<path") == 0


def test_equal_words_share_a_link_and_one_speaks():
    picture = ladder("a a", "a")
    assert picture.count('data-link="g0"') == 3
    assert picture.count("data-say") == 1


def test_hostile_words_are_escaped():
    """ROUGE's own tokens are harmless; other callers' need not be."""
    words = HOSTILE.split()
    seen = seen_ngrams([], [words], 1)
    picture = draw_ladder(words, words, [(0, 0)], seen, (words[0],))
    assert "<script" not in picture
    assert picture.encode("utf-8")


def test_long_texts_are_cut():
    words = "a " * (MOST_TOKENS + 7)
    assert ladder(words, words).count("<path") == MOST_TOKENS


def test_without_words():
    assert "0 pairs" in draw_ladder([], [], [], {})


def test_a_word_left_over_is_joined_once():
    seen = seen_ngrams([], [["b"]], 1)
    assert draw_ladder(["b", "b"], ["b"], [], seen).count("stroke-dasharray") == 1
