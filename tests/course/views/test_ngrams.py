"""Run alone: pytest tests/course/views/test_ngrams.py."""

import pytest

from course.views.ngrams import MOST_TOKENS, Seen, draw_text, said, seen_ngrams

HOSTILE = "<script>alert(1)</script> \ud83d \" ' & \x00 the"


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (Seen("", 1, 1, 1), "1 in the prediction, 1 in one reference, 1 counts"),
        (
            Seen("", 2, 1, 1),
            "2 in the prediction, 1 in one reference, 1 counts and 1 does not",
        ),
        (Seen("", 1, 0, 0), "1 in the prediction, in no reference, so none counts"),
    ],
)
def test_an_ngram_in_words(seen, sentence):
    assert said(("a",), seen) == f"“a”: {sentence}"


def test_one_column_for_each_word():
    seen = seen_ngrams([], [["a", "b", "c"]], 2)
    picture = draw_text(["a", "b", "c"], 1, seen, 2)
    assert picture.count("inline-flex") == 3


def test_bars_of_a_reference_count_as_often_as_the_prediction_has_them():
    seen = {("a",): Seen("g0", 1, 2, 1)}
    picture = draw_text(["a", "a"], 1, seen, 1)
    assert picture.count("in the reference 1: counts") == 1
    assert picture.count("in the reference 1: no match") == 1


@pytest.mark.parametrize("n", [1, 2])
def test_hostile_text_is_escaped(n):
    tokens = HOSTILE.split()
    seen = seen_ngrams([], [tokens], n)
    picture = draw_text(tokens, 1, seen, n, tuple(tokens[:n]))
    assert "<script" not in picture
    assert picture.encode("utf-8")


def test_a_long_text_is_cut_and_says_so():
    tokens = ["a"] * (MOST_TOKENS + 7)
    assert "… and 7 more" in draw_text(tokens, 1, seen_ngrams([], [tokens], 1), 1)


def test_no_tokens():
    assert draw_text([], 0, {}, 1).endswith("></div>")
