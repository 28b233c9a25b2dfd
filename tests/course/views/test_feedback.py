"""Quizzes and predictions drawn. Alone: pytest tests/course/views/test_feedback.py."""

import re
from html.parser import HTMLParser

import pytest

from course.views.feedback import (
    Choice,
    Item,
    render_answer,
    render_outcome,
    render_question,
    render_score,
)
from course.views.shown import BAD, GOOD, NEUTRAL

EVIL = '<script>alert("1")</script>'
CHOICES = (
    Choice("a", "`len(x)`", "It **counts**.", False),
    Choice("b", EVIL, f"Because {EVIL}.", True),
    Choice("c", "Neither", "No.", False),
    Choice("d", "Both", "No, no.", False),
)
ITEMS = (Item("naïve", "3", "2", False), Item(EVIL, f"'{EVIL}'", "2", True))
LONG = "donaudampfschifffahrtsgesellschaft" * 4


class Reader(HTMLParser):
    """Collects tags; fails on tags that do not match."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        assert not [name for name, _ in attributes if name.startswith("on")]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def everything():
    answers = [render_answer("02.q1", CHOICES, letter) for letter in "abcd"]
    return [
        render_question(f"Question 1 {EVIL}", f"What does {EVIL} do?", CHOICES),
        *answers,
        render_score(f"1 of 4 right {EVIL}.", answers),
        render_outcome(f"02.p1: right {EVIL}", ITEMS, [f"A line {EVIL}"], True),
        render_outcome("02.p1: not right.", ITEMS[:1], [], False),
        render_outcome("02.p1: it is 3.", [], ["Too late."], None),
    ]


@pytest.mark.parametrize("number", range(9))
def test_all_is_escaped_and_well_formed(number):
    shown = everything()[number]
    tags = set(Reader(shown.html).tags)
    assert not tags & {"script", "style", "link", "img", "a"}
    assert "http" not in shown.html
    assert shown.text


def test_a_question_shows_options_and_no_answer():
    shown = render_question("Question 1 of 2", "Which **one**?", CHOICES)
    assert shown.text.splitlines() == [
        "Question 1 of 2. Which one?",
        "  a) `len(x)`",
        f"  b) {EVIL}",
        "  c) Neither",
        "  d) Both",
    ]
    assert shown.html.count("<li>") == 4
    assert "<li>b) &lt;script&gt;" in shown.html
    for page in (shown.text, shown.html):
        assert "Because" not in page
        assert "right" not in page


def test_a_wrong_answer_comes_first_then_the_right_one_then_the_rest_folded():
    shown = render_answer("02.q1", CHOICES, "c")
    assert shown.text.splitlines() == [
        "02.q1: Not right.",
        "  c, your answer, is wrong: No.",
        f"  b is right: Because {EVIL}.",
    ]
    seen, folded = shown.html.split("<details>")
    assert seen.index("c, your answer, is wrong") < seen.index("b is right")
    assert "a is wrong" in folded
    assert "d is wrong" in folded
    assert "<strong>counts</strong>" in folded
    assert BAD in shown.html


def test_a_right_answer():
    shown = render_answer("02.q1", CHOICES, "b", note="Not saved.")
    assert shown.text.splitlines()[1:] == [
        f"  b, your answer, is right: Because {EVIL}.",
        "  Not saved.",
    ]
    assert shown.html.split("<details>")[1].count("is wrong") == 3
    assert "<p>Not saved.</p>" in shown.html
    assert GOOD in shown.html


def test_two_options_leave_nothing_to_fold():
    assert "<details>" not in render_answer("02.q1", CHOICES[:2], "a").html


def test_an_outcome_lays_values_side_by_side():
    shown = render_outcome("02.p1: not right.", ITEMS, ["So far."], False)
    assert shown.text.splitlines() == [
        "02.p1: not right.",
        "  naïve: predicted 3, is 2 (wrong)",
        f"  {EVIL}: predicted '{EVIL}', is 2 (right)",
        "So far.",
    ]
    page = re.sub(" style=.*?>", ">", shown.html)
    row = '<th scope="row">naïve</th><td>3</td><td>2</td><td>wrong</td>'
    assert row in page
    one = render_outcome("02.p1: right.", [Item("", "3", "3", True)], [], True)
    assert "<p>predicted 3, is 3 (right)</p>" in one.html
    assert "<table" not in one.html
    assert NEUTRAL in render_outcome("02.p1: it is 3.", [], [], None).html


@pytest.mark.parametrize("width", [390, 1000])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_takes_the_colours_of_the_page(browser, width, scheme):
    wide = Choice("e", LONG, f"`{LONG}`", False)
    shown = [
        *everything(),
        render_question("Question 1", LONG, [*CHOICES, wide]),
        render_answer("02.q1", [*CHOICES, wide], "e"),
    ]
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page.set_content(
        '<meta name="color-scheme" content="light dark"><meta charset="utf-8">'
        + "".join(one.html for one in shown)
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    colour = page.locator("section p").first.evaluate("e => getComputedStyle(e).color")
    assert colour == ("rgb(0, 0, 0)" if scheme == "light" else "rgb(255, 255, 255)")
    page.close()
