"""Aligned lanes. Alone: pytest tests/course/views/test_lanes.py."""

import re

import pytest
from html_reader import Reader
from hypothesis import given, settings
from hypothesis import strategies as st

from course.errors import CourseError
from course.tokenization import Encoding, load_tokenizer, train_characters
from course.views.lanes import MOST_CHARACTERS, draw_lanes, shown_stretch

EVIL = '<script>alert("x")</script> & \' \ud800\x00\x1b\u202eabc'
TOKEN = re.compile(
    r'<span data-link="([^"]*)" data-say="([^"]*)" style="grid-column:(\d+)/(\d+);'
    r'[^"]*">([^<]*)</span>'
)
CHARACTER = re.compile(r'<span data-pick="(\d+)"[^>]*aria-pressed="(\w+)"[^>]*>([^<]*)')


def encode(text, *names):
    return [(name, load_tokenizer(name).encode(text)) for name in names]


def make(text, *tokens):
    """An encoding of tokens (token, id, first, after)."""
    names, ids, first, after = zip(*tokens, strict=True)
    return Encoding(text, ids, names, tuple(zip(first, after, strict=True)))


def test_a_token_stands_under_its_characters():
    encoding = make("unable", ("un", 7, 0, 2), ("able", 9, 2, 6))
    page = draw_lanes([("mine", encoding)]).picture
    assert TOKEN.findall(page) == [
        ("c0 c1", "mine: un number 7 (2 bytes: 75 6e)", "1", "3", "un"),
        ("c2 c3 c4 c5", "mine: able number 9 (4 bytes: 61 62 6c 65)", "3", "7", "able"),
    ]
    assert [c for _, _, c in CHARACTER.findall(page)] == list("unable")


def test_lanes_of_several_share_the_names_of_characters():
    page = draw_lanes(encode("naïve 123", "gpt2", "o200k")).picture
    for _, link, after in [(m[1], m[0], m[3]) for m in TOKEN.findall(page)]:
        assert set(link.split()) <= {f"c{i}" for i in range(9)}
        assert int(after) <= 10
    lanes = [m[1].split(":")[0] for m in TOKEN.findall(page)]
    assert set(lanes) == {"gpt2", "o200k"}


def test_tokens_that_share_a_character_are_one_with_each_its_own_bytes():
    page = draw_lanes(encode("\U0001fae0", "gpt2")).picture
    (token,) = TOKEN.findall(page)
    assert token[4] == "\U0001fae0×3"  # noqa: RUF001
    assert re.findall(r"\((.*?)\)", token[1]) == [
        "2 bytes: f0 9f",
        "1 byte: ab",
        "1 byte: a0",
    ]


def test_a_token_of_another_spelling_has_the_bytes_of_its_text():
    encoding = make("É", ("e", 5, 0, 1))
    assert "(2 bytes: c3 89)" in draw_lanes([("lower", encoding)]).picture


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u200d", "ZWJ"),
        ("\ufe0f", "VS16"),
        ("\u0301", "◌\u0301"),
        ("\u202e", "U+202E"),
        ("\u200b\u200d", "ZWSPZWJ"),
        ("\u00a0", "⍽"),
        (" ", "␣"),
        ("\n", "⏎"),
        ("e\u0301", "e\u0301"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\U000e0061", "U+E0061"),
    ],
)
def test_there_is_something_to_see(text, shown):
    assert shown_stretch(text) == shown


def test_a_joiner_has_a_column_of_its_own():
    page = draw_lanes(encode("👩\u200d🚀", "gpt2")).picture
    assert [c for _, _, c in CHARACTER.findall(page)] == ["👩", "ZWJ", "🚀"]
    assert "ZWJ U+200D" in page


def test_a_long_text_is_in_lines_and_cut():
    page = draw_lanes(encode("ab " * 300, "gpt2"), columns=22).picture
    assert len(CHARACTER.findall(page)) == MOST_CHARACTERS
    assert "… and 500 more characters." in page
    widths = [int(n) for n in re.findall(r"repeat\((\d+)", page)]
    assert widths[:2] == [20, 21]  # a line breaks before a space
    assert set(widths[2:-1]) == {21}
    assert sum(widths) == MOST_CHARACTERS


def test_a_token_across_lines_says_that_it_goes_on():
    text = "a" * 30
    page = draw_lanes([("one", make(text, (text, 1, 0, 30)))], columns=20).picture
    assert [m[4] for m in TOKEN.findall(page)] == ["a" * 20 + "…", "…" + "a" * 10]


def test_a_very_long_token_links_what_is_drawn():
    text = "a" * 10_000
    page = draw_lanes([("one", make(text, (text, 1, 0, 10_000)))]).picture
    assert len(page) < 130_000
    assert f"c{MOST_CHARACTERS}" not in page


def test_the_chosen_character_is_pressed_and_told():
    drawing = draw_lanes(encode("naïve", "gpt2"), picked=2)
    pressed = [
        place for place, on, _ in CHARACTER.findall(drawing.picture) if on == "true"
    ]
    assert pressed == ["2"]
    assert drawing.summary.startswith("At ï: gpt2 has ")
    for place in (None, -1, 5):
        assert draw_lanes(encode("naïve", "gpt2"), place).summary.startswith("5 char")


def test_a_character_that_no_token_covers_is_told():
    drawing = draw_lanes([("bert", make("a b", ("a", 1, 0, 1), ("b", 2, 2, 3)))], 1)
    assert "bert has nothing" in drawing.summary


def test_counts_are_in_the_sentence_and_the_table():
    drawing = draw_lanes(encode("low", "gpt2", "minilm"))
    assert drawing.summary == (
        "3 characters: gpt2 makes 1 token, minilm makes 1 token of them."
    )
    rows = re.findall(
        r'<th scope="row">(\w+)</th><td>1</td><td>3.00</td>', drawing.table
    )
    assert rows == ["gpt2", "minilm"]


def test_one_text_is_needed():
    with pytest.raises(CourseError, match="0 encodings of 0 texts"):
        draw_lanes([])
    with pytest.raises(CourseError, match="2 encodings of 2 texts"):
        draw_lanes([*encode("a", "gpt2"), *encode("b", "gpt2")])


@pytest.mark.parametrize("name", ["gpt2", "o200k", "minilm", "smollm2"])
def test_evil_text_becomes_harmless(name):
    drawing = draw_lanes([(EVIL, load_tokenizer(name).encode(EVIL))], picked=3)
    page = drawing.html()
    reader = Reader(page)
    assert "script" not in reader.tags
    assert not {"\x00", "\x1b", "\u202e"} & set(page)
    assert not any(name.startswith("on") for name, _ in reader.attributes)
    page.encode()


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=[]), min_size=1, max_size=40))
def test_any_text_makes_a_well_formed_page(text):
    encodings = [
        ("gpt2", load_tokenizer("gpt2").encode(text)),
        ("characters", train_characters([text]).encode(text)),
    ]
    drawing = draw_lanes(encodings, picked=len(text) - 1)
    Reader(drawing.html())
    drawing.html().encode()
    assert len(CHARACTER.findall(drawing.picture)) == len(text)
