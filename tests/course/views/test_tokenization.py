"""Tokens as HTML. Alone: pytest tests/course/views/test_tokenization.py."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.errors import CourseError
from course.tokenization import (
    Cost,
    Encoding,
    load_tokenizer,
    train_characters,
    train_words,
)
from course.views.tokenization import (
    MOST_TOKENS,
    render_curve,
    render_lanes,
    render_tokens,
    summarise_tokens,
    visible_piece,
)

EVIL = '<script>alert("x")</script> & \' \ud800\x00\x1b\u202eabc'
BOX = re.compile(r"<span style=[^>]*>(.*?)<br><small>(.*?)</small></span>")


class Reader(HTMLParser):
    """Collects tags and attributes; fails on tags that do not match."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes = [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def make_cost(vocab_size, tokens):
    return Cost("own BPE", vocab_size, tokens, 100, 500, 500, 0)


def test_tokens_stand_in_order_with_spaces_and_numbers():
    page = render_tokens(load_tokenizer("gpt2").encode("A film\n"), title="GPT-2")
    assert BOX.findall(page) == [("A", "32"), ("␣film", "2646"), ("⏎", "198")]
    assert "<h4>GPT-2</h4>" in page
    assert "3 tokens for 7 characters, 2.3 characters per token." in page


def test_neighbours_have_different_see_through_backgrounds():
    page = render_tokens(load_tokenizer("gpt2").encode("one two three"))
    colours = re.findall(r"background:(#\w+)", page)
    assert colours[0] == colours[2] != colours[1]
    assert all(len(colour) == 9 for colour in colours)  # with an opacity


def test_table_holds_the_same_as_the_picture():
    page = render_tokens(load_tokenizer("minilm").encode("Unbelievable 123"))
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", page)
    assert [(label, number) for label, _, number in rows] == BOX.findall(page)
    assert rows[-1][1] == "123"


def test_parts_of_a_character_say_so():
    page = render_tokens(load_tokenizer("gpt2").encode("a\U0001fae0"))
    labels = [label for label, _ in BOX.findall(page)]
    assert labels[0] == "a"
    assert labels[1] == "\U0001fae0…"
    assert labels[-1] == "…\U0001fae0"


def test_tokens_that_stand_for_no_text_show_their_name():
    encoding = load_tokenizer("minilm").encode("film", add_special_tokens=True)
    labels = [label for label, _ in BOX.findall(render_tokens(encoding))]
    assert labels == ["[CLS]", "film", "[SEP]"]


def test_unknown_tokens_are_outlined_and_counted():
    encoding = train_words(["the film"]).encode("the movie")
    page = render_tokens(encoding)
    assert page.count("1px dashed") == 1
    assert "2 tokens for 9 characters, 4.5 characters per token; 1 is unknown." in page


@pytest.mark.parametrize("name", ["gpt2", "o200k", "minilm", "smollm2"])
def test_evil_text_becomes_harmless(name):
    encoding = load_tokenizer(name).encode(EVIL)
    page = render_tokens(encoding, title=EVIL)
    page += render_lanes([(EVIL, encoding), ("other", encoding)])
    tags = Reader(page).tags
    assert "script" not in tags
    assert not {"\x00", "\x1b", "\u202e"} & set(page)
    page.encode()  # no half character is left


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_any_text_makes_a_well_formed_page(text):
    for tokenizer in (load_tokenizer("gpt2"), train_characters([text])):
        page = render_tokens(tokenizer.encode(text), title=text)
        reader = Reader(page)
        page.encode()
        assert not any(name.startswith("on") for name, _ in reader.attributes)


def test_nothing_is_requested_and_no_script_is_there():
    encoding = load_tokenizer("gpt2").encode("a film")
    page = render_tokens(encoding) + render_lanes([("GPT-2", encoding)])
    page += render_curve([make_cost(256, 500), make_cost(512, 300)])
    reader = Reader(page)
    assert not {"script", "link", "img", "style", "iframe"} & set(reader.tags)
    assert not {"src", "href", "xlink:href"} & {name for name, _ in reader.attributes}
    assert "url(" not in page


def test_an_empty_text_and_one_token():
    assert summarise_tokens(load_tokenizer("gpt2").encode("")) == (
        "0 tokens for 0 characters."
    )
    Reader(render_tokens(load_tokenizer("gpt2").encode("")))
    assert summarise_tokens(load_tokenizer("gpt2").encode("a")).startswith(
        "1 token for 1 character, "
    )


def test_long_texts_are_counted_whole_and_drawn_in_part():
    encoding = load_tokenizer("gpt2").encode("a " * 1000)
    page = render_tokens(encoding)
    assert f"{len(encoding):,} tokens" in page
    assert len(BOX.findall(page)) == MOST_TOKENS
    assert f"and {len(encoding) - MOST_TOKENS:,} more" in page
    assert len(page) < 120_000


def test_long_pieces_are_cut():
    assert visible_piece("x" * 50) == "x" * 39 + "…"
    assert visible_piece("\t\u00a0\r") == "⇥␣␍"


def test_lanes_show_every_tokenizer_and_their_lengths():
    names = ["gpt2", "minilm"]
    lanes = [(name, load_tokenizer(name).encode("naïve \U0001fae0")) for name in names]
    page = render_lanes(lanes)
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', page)
    assert [row[0] for row in rows] == names
    assert [int(row[1]) for row in rows] == [len(encoding) for _, encoding in lanes]
    assert [row[2] for row in rows] == ["0", "1"]
    assert page.index("<h4>gpt2</h4>") < page.index("<h4>minilm</h4>")


def test_lanes_are_about_one_text():
    encoding = Encoding("a", (1,), ("a",), ((0, 1),))
    other = Encoding("b", (1,), ("b",), ((0, 1),))
    with pytest.raises(CourseError, match="2 encodings of 2 texts came"):
        render_lanes([("one", encoding), ("two", other)])
    with pytest.raises(CourseError, match="0 encodings of 0 texts came"):
        render_lanes([])


def test_curve_and_table_hold_the_same_points():
    costs = [make_cost(1024, 200), make_cost(256, 500), make_cost(512, 300)]
    page = render_curve(costs, title="<Vocabulary>")
    points = [
        tuple(map(float, point))
        for point in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', page)
    ]
    xs, ys = zip(*points, strict=True)
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1])  # doublings are equal steps
    bottom = 196
    heights = [bottom - y for y in ys]
    assert heights[1] / heights[0] == pytest.approx(300 / 500, abs=0.01)
    assert heights[2] / heights[0] == pytest.approx(200 / 500, abs=0.01)
    rows = re.findall(r"<tr><td>([\d,]+)</td><td>([\d,]+)</td>", page)
    assert rows == [("256", "500"), ("512", "300"), ("1,024", "200")]
    assert "From a vocabulary of 256 to one of 1,024" in page
    assert "<h4>&lt;Vocabulary&gt;</h4>" in page


@pytest.mark.parametrize("costs", [[make_cost(256, 5)], [make_cost(256, 0)] * 2])
def test_curve_of_one_size_or_no_tokens(costs):
    page = render_curve(costs)
    Reader(page)
    assert "nan" not in page


def test_curve_of_nothing_is_refused():
    with pytest.raises(CourseError, match="0 costs came"):
        render_curve([])
