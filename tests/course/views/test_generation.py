"""The next token drawn. Alone: pytest tests/course/views/test_generation.py."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from course.generation import BranchRow, cut_distribution
from course.views.generation import draw_next_token, draw_text
from course.views.generation_words import share, summarise, tabulate

EVIL = "<script>alert(1)</script>\ud83d"
LOGITS = np.log([0.1, 0.4, 0.2, 0.3])
TOKENS = [" a", " b", EVIL, "\n"]
TREE = [
    BranchRow(" b", 0, 0.4, False),
    BranchRow(f" {EVIL}", 1, 0.08, True),
]


class Parts(HTMLParser):
    """Reads tags with their marks, and that each one is closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def marks(self, name):
        return [marks[name] for _, marks in self.tags if name in marks]


@pytest.fixture
def cut():
    return cut_distribution(LOGITS, TOKENS, top_k=3, top_p=0.7, asked=[0])


def test_rows_in_order_with_what_cut_them(cut):
    picture = draw_next_token(cut, "It is").picture
    parts = Parts(picture)
    assert parts.marks("data-pick") == ["take:0", "take:1", "take:2", "take:3"] + [
        "asked:0"
    ]
    assert picture.index("␣b") < picture.index("⏎") < picture.index("␣a")
    assert "57.1 %" in picture
    assert re.findall("✕ (top_.)", picture) == ["top_p", "top_k"]
    assert [tag for tag, _ in parts.tags].count("s") == 3  # two rows, one asked for
    said = parts.marks("data-say")
    assert "cut by top_p" in said[2]
    assert "40.0 % as the model says it" in said[0]


def test_outline_is_the_models_own_and_bar_what_is_left(cut):
    styles = Parts(draw_next_token(cut, "It is").picture).marks("style")
    widths = [
        float(re.search(r"width:([\d.]+)%", style)[1])
        for style in styles
        if "height:70%" in style
    ]
    # Bars end at 60 %, which the first one's 57 % needs.
    assert widths[:2] == pytest.approx([95.24, 66.67], abs=0.01)
    assert widths[4:6] == pytest.approx([0, 33.33], abs=0.01)


def test_running_sum_and_handles(cut):
    parts = Parts(draw_next_token(cut, "It is").picture)
    handles = [marks for _, marks in parts.tags if "data-drag" in marks]
    top_k, top_p = handles
    assert (top_k["data-drag"], top_k["data-axis"]) == ("top_k", "y")
    assert float(top_k["data-value"]) == pytest.approx(0.25)  # below three of four
    assert (top_p["data-drag"], top_p["data-value"]) == ("top_p", "0.7000")
    assert "2 tokens stay" in top_p["data-text"]
    sums = re.findall(r"top:30%;height:40%;width:([\d.]+)%", str(parts.tags))
    assert [float(width) for width in sums] == pytest.approx([44.44, 77.78, 100])


@pytest.mark.parametrize(
    ("top_k", "words", "value"), [(0, "off", 0), (2, "2", 0.5), (9, "9, below", 0)]
)
def test_line_of_top_k(top_k, words, value):
    cut = cut_distribution(LOGITS, TOKENS, top_k=top_k)
    parts = Parts(draw_next_token(cut, "It is").picture)
    (handle,) = (m for _, m in parts.tags if m.get("data-drag") == "top_k")
    assert handle["data-text"].startswith(words)
    assert float(handle["data-value"]) == value


def test_text_and_tree_can_be_picked(cut):
    drawing = draw_next_token(cut, "It is", [(" b", 0.4), (EVIL, 0.2)], TREE)
    parts = Parts(drawing.picture)
    picks = parts.marks("data-pick")
    assert picks[:3] == ["back:0", "back:1", "back:2"]
    assert picks[-2:] == ["go:0", "go:1"]
    assert parts.marks("aria-current") == ["true"]
    assert "after 2 taken (8.0 %)" in drawing.summary
    assert drawing.table.count("<table>") == 2


def test_nothing_from_outside_is_a_tag(cut):
    drawing = draw_next_token(cut, EVIL, [(EVIL, 0.5)], TREE, note=EVIL)
    html = drawing.html()
    html.encode("utf-8")
    assert "<script" not in html
    assert "&lt;script" in html
    Parts(html)
    draw_text(EVIL, [EVIL]).encode("utf-8")


def test_spaces_of_a_token_show_and_a_long_prompt_is_its_end(cut):
    assert "⏎" in draw_text("x", ["\n\n"])
    drawn = draw_text("a" * 500 + "END")
    assert "…a" in drawn
    assert "END" in drawn
    assert len(drawn) < 600


def test_summary_is_one_sentence_with_the_numbers(cut):
    sentence = summarise(cut)
    assert sentence.startswith("Temperature 1, top_k 3, top_p 0.7: 2 of 4 tokens stay")
    assert "70.0 % of the probability, entropy 0.99 bits (the model's own 1.85)" in (
        sentence
    )
    assert "␣a has 10.0 % as the model says it, rank 4" in sentence
    assert summarise(cut_distribution(LOGITS, TOKENS)).startswith(
        "Temperature 1, top_k off, top_p off: 4 of 4"
    )


def test_table_has_what_the_picture_has(cut):
    table = tabulate(cut)
    assert table.count("<tr>") == 1 + 4 + 1
    assert "77.8 %" in table
    assert table.count("top_k") == 2
    Parts(table)


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "100.0 %"),
        (0.0012, "0.1 %"),
        (0.00012, "0.01 %"),
        (1 / 658_771, "1 in 660,000"),
        (1e-12, "1e-12"),
        (0.0, "0 %"),
    ],
)
def test_share(probability, words):
    assert share(probability) == words
