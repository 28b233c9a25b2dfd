"""Run alone: pytest tests/course/views/test_overlap.py."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.evaluation.ngrams import ngram_matches, rouge_matches
from course.views.ngrams import MOST_TOKENS
from course.views.overlap import MOST_REFERENCES, draw_bleu, draw_rouge

MAT = "the cat is on the mat"
PAPINENI = ("the the the the the the the", [MAT, "there is a cat on the mat"])
HOSTILE = "<script>alert(1)</script> \ud83d \" ' & \x00 the"
WORDS = st.lists(st.sampled_from(["the", "a", "cat", "sat"]), min_size=1, max_size=9)
TEXTS = WORDS.map(" ".join)


class Parts(HTMLParser):
    """The marked parts of a picture, and its text without tags."""

    def __init__(self, picture):
        super().__init__()
        self.found, self.words = [], ""
        self.feed(picture)

    def handle_starttag(self, tag, attrs):
        self.found.append({"tag": tag, **dict(attrs)})

    def handle_data(self, data):
        self.words += data

    def states(self, side):
        """What became of each n-gram of one side, in order."""
        return [
            part["aria-label"].rpartition(": ")[2]
            for part in self.found
            if part.get("data-pick", "").startswith(f"{side}:")
        ]


def text_of(picture):
    return Parts(picture).words


# --- BLEU ---------------------------------------------------------------------------


def test_clipping_as_in_papineni():
    """Papineni et al. 2002, example 2: two of seven count, and five are crossed out."""
    drawing = draw_bleu(ngram_matches(*PAPINENI), picked=("the",))
    parts = Parts(drawing.picture)
    assert parts.states(0) == ["counts"] * 2 + ["crossed out"] * 5
    assert parts.states(1).count("counts") == 2
    assert parts.states(2).count("counts") == 1
    assert "1-grams: <s>7</s> <b>2</b> of 7 = 28.57 %" in drawing.picture
    assert "clipped: “the” 7 2" in parts.words
    assert drawing.summary.startswith(
        "“the”: 7 in the prediction, 2 in one reference, 2 count and 5 do not. BLEU"
    )


def test_without_any_match():
    drawing = draw_bleu(ngram_matches("x y", ["a b"]))
    assert "No token matches, so that BLEU is 0." in text_of(drawing.picture)
    assert "smoothed" not in drawing.picture
    assert drawing.summary.startswith("BLEU 0.0 of 100: 0 of 2 1-grams and")


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), st.integers(1, 4))
def test_marks_of_the_prediction_sum_to_the_counts(prediction, references, n):
    data = ngram_matches(prediction, references)
    states = Parts(draw_bleu(data, n).picture).states(0)
    assert states.count("counts") == data["counts"][n - 1]
    assert len(states) == data["totals"][n - 1]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_equal_ngrams_share_a_link_on_all_sides(n):
    text = "a b c d x a b c d"
    parts = Parts(draw_bleu(ngram_matches(text, ["a b c d"]), n).picture)
    first = next(part for part in parts.found if part.get("data-pick") == "0:0")
    same = [
        part["data-pick"]
        for part in parts.found
        if part.get("data-link") == first["data-link"] and "data-pick" in part
    ]
    assert same == ["0:0", "0:5", "1:0"]


def test_an_ngram_is_said_once():
    """All that is lit is said: a second bar must not say it again."""
    parts = Parts(draw_bleu(ngram_matches(*PAPINENI)).picture)
    said_parts = [part["data-say"] for part in parts.found if "data-say" in part]
    assert sum(sentence.startswith("“the”") for sentence in said_parts) == 1
    assert "“cat”: not in the prediction, 1 in one reference, so none counts" in (
        said_parts
    )


def test_lengths_can_be_picked_and_one_is_current():
    parts = Parts(draw_bleu(ngram_matches(MAT, [MAT]), 3).picture)
    lit = {
        part["data-pick"]: part.get("aria-current")
        for part in parts.found
        if part.get("data-pick", "").startswith("order")
    }
    assert lit == {f"order {n}": "true" if n == 3 else None for n in range(1, 5)}


@pytest.mark.parametrize("n", [1, 2])
def test_a_picked_ngram_is_pressed_on_all_sides(n):
    data = ngram_matches("a b a b", ["a b"])
    parts = Parts(draw_bleu(data, n, ("a", "b")[:n]).picture)
    pressed = [part["data-pick"] for part in parts.found if "aria-pressed" in part]
    assert pressed == ["0:0", "0:2", "1:0"]


def test_a_handle_cuts_the_prediction_if_asked_for():
    data = ngram_matches("the cat", [MAT])
    assert "data-drag" not in draw_bleu(data).picture
    picture = draw_bleu(data, kept=(2, 5)).picture
    handle = next(part for part in Parts(picture).found if "data-drag" in part)
    assert (handle["data-value"], handle["data-text"]) == ("0.4000", "2 of 5 words")


# --- ROUGE --------------------------------------------------------------------------


def test_rouge_1_by_hand():
    drawing = draw_rouge(rouge_matches(*PAPINENI, "rouge1"), "rouge1")
    words = text_of(drawing.picture)
    assert "precision: 7 2 of 7 1-grams of the prediction = 0.286" in words
    assert "recall: 2 of 6 1-grams of the reference = 0.333" in words
    assert "(0.286 + 0.333) = 0.308" in words
    assert "Reference 1 (the best)" in words
    assert "Reference 2 has F 0.143 and is left out" in words


def test_rouge_2_counts_pairs():
    drawing = draw_rouge(rouge_matches("a b c", ["a b d"], "rouge2"), "rouge2")
    assert drawing.summary == (
        "ROUGE-2 F 0.500 of 1: 1 of 2 2-grams of the prediction (precision 0.500) and "
        "of 2 of the reference (recall 0.500) count."
    )
    assert Parts(drawing.picture).states(0) == ["counts", "no match"]


def test_ladder_of_two_words_that_changed_places():
    """ "b" and "a" cross: one is a rung, the other dashed."""
    data = rouge_matches("x a b y", ["x b a y"], "rougeL")
    drawing = draw_rouge(data, "rougeL", ("b",))
    assert drawing.picture.count("<path") == 4
    assert drawing.picture.count("stroke-dasharray") == 1
    assert "3 of 4 words of the prediction" in drawing.summary
    assert Parts(drawing.picture).states(0).count("in the subsequence") == 3
    assert "“b”: 1 in the prediction" in drawing.summary
    assert drawing.picture.count('text-decoration="underline"') == 2


def test_rouge_without_a_match():
    drawing = draw_rouge(rouge_matches("x", ["a"], "rouge1"), "rouge1")
    assert "Nothing matches, so that ROUGE-1 is 0." in text_of(drawing.picture)


# --- Edges --------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 4])
def test_hostile_text_is_escaped_in_bleu(n):
    data = ngram_matches(HOSTILE, [HOSTILE, "the"])
    html = draw_bleu(data, n, tuple(data["tokens"][:n])).html()
    assert "<script" not in html
    assert html.encode("utf-8")


@pytest.mark.parametrize("rouge_type", ["rouge1", "rouge2", "rougeL"])
def test_hostile_text_is_escaped_in_rouge(rouge_type):
    data = rouge_matches(HOSTILE, [HOSTILE, "the"], rouge_type)
    html = draw_rouge(data, rouge_type).html()
    assert "<script" not in html
    assert html.encode("utf-8")


def test_long_texts_and_many_references_are_cut_and_say_so():
    text = "a " * (MOST_TOKENS + 7)
    data = ngram_matches(text, [text] * (MOST_REFERENCES + 2))
    words = text_of(draw_bleu(data, 2).picture)
    assert words.count("… and 7 more") == MOST_REFERENCES + 1
    assert "… and 2 more references, which count too" in words
    ladder = draw_rouge(rouge_matches(text, [text], "rougeL"), "rougeL").picture
    assert ladder.count("<path") == MOST_TOKENS


def test_text_shorter_than_its_ngrams():
    drawing = draw_bleu(ngram_matches("a", ["a b c d"]), 4)
    assert "1 of 1 1-gram count" in drawing.summary
    assert Parts(drawing.picture).states(0) == []
