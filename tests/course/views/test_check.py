"""A check as text and as HTML. Alone: pytest tests/course/views/test_check.py."""

from html.parser import HTMLParser

import pytest

from course.views.check import Report, describe_check, render_check

EVIL = "<script>alert('&amp;')</script>"
FULL = Report(
    "failed",
    "Exercise 02.1, Count: visible checks 1/3.",
    "Each pair counts.",
    (("called", "f([1])"), ("expected", "[1, 2]"), ("got", "[1]")),
    ("Look at the end.",),
    2,
    ("Progress is not saved.",),
)


class Reader(HTMLParser):
    """Tags and text of a piece of HTML; every tag is closed in its turn."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.text = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_everything_has_its_line():
    assert describe_check(FULL).splitlines() == [
        "✗ Exercise 02.1, Count: visible checks 1/3.",
        "  Each pair counts.",
        "  called    f([1])",
        "  expected  [1, 2]",
        "  got       [1]",
        "  Hint 1 of 3: Look at the end.",
        "  The next failed attempt shows one more hint.",
        "  Progress is not saved.",
    ]


def test_value_of_several_lines_stays_in_its_column():
    report = Report("failed", "H", rows=(("got", "[[1]\n [2]]"), ("expected", "1")))
    assert describe_check(report).splitlines()[1:] == [
        "  got       [[1]",
        "             [2]]",
        "  expected  1",
    ]


@pytest.mark.parametrize(
    ("hints", "more", "lines"),
    [
        ((), 0, []),
        (("a",), 0, ["  Hint: a"]),
        (("a", "b"), 0, ["  Hint 1 of 2: a", "  Hint 2 of 2: b"]),
    ],
)
def test_hints_are_counted_if_there_are_several(hints, more, lines):
    report = Report("failed", "H", hints=hints, more_hints=more)
    assert describe_check(report).splitlines()[1:] == lines


@pytest.mark.parametrize(
    ("state", "sign"), [("passed", "✓"), ("failed", "✗"), ("open", "○")]
)
def test_state_is_a_sign_in_both_forms(state, sign):
    report = Report(state, "Headline.")
    assert describe_check(report) == f"{sign} Headline."
    page = Reader(render_check(report))
    assert [text for text in page.text if text.strip()] == [sign, "Headline."]
    assert ("span", True) in [(t, "aria-hidden" in a) for t, a in page.tags]


def test_colours_of_the_states_differ():
    pages = {render_check(Report(state, "H")) for state in ("passed", "failed", "open")}
    colours = {page.split("border-left:.3em solid ")[1][:7] for page in pages}
    assert len(colours) == 3


def test_both_forms_say_the_same():
    text = " ".join(describe_check(FULL).split())
    page = " ".join(" ".join(Reader(render_check(FULL)).text).split())
    assert page == text


def test_page_is_one_section_without_script_or_style_sheet():
    page = Reader(render_check(FULL))
    assert page.tags[0] == ("section", page.tags[0][1])
    assert page.tags[0][1]["role"] == "status"
    tags = {tag for tag, _ in page.tags}
    assert tags <= {
        *("section", "p", "span", "strong", "em", "table", "tr", "th", "td", "code"),
    }
    assert not any("src" in attrs or "href" in attrs for _, attrs in page.tags)
    heads = [attrs for tag, attrs in page.tags if tag == "th"]
    assert {head["scope"] for head in heads} == {"row"}


def test_every_text_is_escaped():
    report = Report("failed", EVIL, EVIL, ((EVIL, EVIL),), (EVIL, EVIL), 1, (EVIL,))
    page = Reader(render_check(report))
    assert "script" not in {tag for tag, _ in page.tags}
    assert "".join(page.text).count(EVIL) == 7


def test_colour_of_the_text_is_the_pages_own():
    page = Reader(render_check(FULL))
    for _, attrs in page.tags:
        style = attrs.get("style", "").split(";")
        assert not any(rule.startswith("color:") for rule in style)
