"""Tokens as HTML. Alone: pytest tests/course/views/test_tokenization.py."""

import re

import pytest
from html_reader import Reader

from course.errors import CourseError
from course.tokenization import Cost
from course.views.tokenization import render_curve, visible_piece


def make_cost(vocab_size, tokens):
    return Cost("own BPE", vocab_size, tokens, 100, 500, 500, 0)


def test_the_curve_requests_nothing_and_escapes_its_title():
    page = render_curve([make_cost(256, 500), make_cost(512, 300)], title="<script>")
    reader = Reader(page)
    assert not {"script", "link", "img", "style", "iframe"} & set(reader.tags)
    assert not {"src", "href", "xlink:href"} & {name for name, _ in reader.attributes}
    assert "url(" not in page


def test_long_pieces_are_cut():
    assert visible_piece("x" * 50) == "x" * 39 + "…"
    assert visible_piece("\t\u00a0\r") == "⇥␣␍"


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
