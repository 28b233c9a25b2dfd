"""The frame of a whole page. Alone: pytest tests/course/views/test_page.py."""

import re

import pytest
from graded_class import HOSTILE
from html_reader import Reader

from course.grading.marks.results import CASE_STATUSES, EXERCISE_STATUSES
from course.views.page import (
    STATUSES,
    badge,
    bar,
    clean,
    duration,
    number,
    render_page,
    rich,
    safe,
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("show", [safe, rich])
def test_hostile_text_is_inert_and_bounded(show, text):
    drawn = show(text, 300)
    reader = Reader(drawn)
    assert set(reader.tags) <= {"bdi", "code", "strong", "em"}
    assert {name for name, _ in reader.attributes} <= {"style"}
    assert len(drawn) < 5000
    assert drawn.encode("utf-8")
    assert len("".join(reader.text)) <= 300


@pytest.mark.parametrize(
    "character", "\x00\x1b\x85\u061c\u200f\u202e\u2028\u2067\ufeff"
)
def test_what_hides_or_turns_is_written_out(character):
    shown = clean(f"a{character}b", 99)
    assert character not in shown
    assert re.fullmatch(r"a\\(x|u)[0-9a-f]+b", shown)


def test_writing_of_any_language_and_ends_of_lines_stay():
    text = "Aé 中文 العربية \u200c🙂\n\tx"
    assert clean(text, 99) == text


def test_text_is_cut_with_a_mark():
    assert clean("abcd", 4) == "abcd"
    assert clean("abcde", 4) == "abc…"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (10, "10"), (100.0, "100"), (1.5, "1.5"), (2 / 3, "0.67"), (-1, "-1")],
)
def test_number(value, text):
    assert number(value) == text


def test_no_negative_nothing():
    assert number(-0.0001) == "0"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (1440, "1 d"), (99_999, "69 d 10 h")],
)
def test_duration(minutes, text):
    assert duration(minutes) == text


def test_every_status_has_its_own_sign_and_words():
    assert set(STATUSES) == {*CASE_STATUSES, *EXERCISE_STATUSES}
    signs, words, _ = zip(*STATUSES.values(), strict=True)
    assert len(set(signs)) == len(set(words)) == len(STATUSES)
    assert "✗" in badge("failed")
    assert ">7<" in badge("failed", 7)
    assert ">0<" in badge("failed", 0)


@pytest.mark.parametrize(("share", "width"), [(-1, "0.0"), (0.5, "50.0"), (9, "100.0")])
def test_bar_stays_in_its_frame(share, width):
    drawn = bar(share, 'half "<"')
    assert f"width:{width}%" in drawn
    assert 'aria-label="half &quot;&lt;&quot;"' in drawn


def test_page_is_whole_and_lets_nothing_in():
    page = render_page("<b>", "<p>Hello</p>", "p { color: red }")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:\">"
    ) in page
    # Before anything that it has to hold for.
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "<title>&lt;b&gt;</title>" in page
    assert "color-scheme: light dark" in page
    assert page.index("p { color: red }") < page.index("</style>")
    assert not re.search(r"url\(|@import|https?:|<script|<link", page)
