"""Edits between two texts. Alone: pytest tests/course/explanation/test_edits.py."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.explanation.edits import find_edits
from course.explanation.study import edit_text


def words(text):
    return re.findall(r"\S+?(?:\s+|$|(?=[.,!]))|[.,!]\s*", text)


@pytest.mark.parametrize(
    ("before", "after", "edits"),
    [
        ("Not bad.", "Not good.", {1: "good"}),
        ("Not bad.", "Not bad.", {}),
        ("Not bad.", "Bad.", {0: "", 1: "Bad"}),
        ("Not so bad.", "Not bad.", {1: ""}),
        ("A film.", "A fine, long film.", {0: "A fine, long"}),
        ("film", "A film", {0: "A film"}),
        ("film", "A film again", {0: "A film again"}),
        ("A warm film.", "A !warm. film.", {1: "!warm."}),
        ("A, b.", "A b.", {0: "", 1: "A"}),
        ("One two three.", "Four.", {0: "", 1: "", 2: "Four"}),
    ],
)
def test_known_edits(before, after, edits):
    assert find_edits(words(before), words(after)) == edits


texts = st.lists(st.sampled_from(["a", "bb", "c", ",", ".", "!"]), min_size=1).map(
    lambda parts: re.sub(r" ([.,!])", r"\1", " ".join(parts))
)


@given(texts, texts)
def test_edits_make_the_text_after(before, after):
    edits = find_edits(words(before), words(after))
    assert edit_text(words(before), edits).split() == after.split()
    assert set(edits) <= set(range(len(words(before))))


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True), st.integers(0))
def test_one_replaced_word_is_one_edit(letters, place):
    old = words(" ".join(letters))
    place %= len(old)
    after = [*old]
    after[place] = old[place].replace(letters[place], "new")
    assert find_edits(old, after) == {place: "new"}
