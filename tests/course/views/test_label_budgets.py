"""Learning curves are drawn whole, with their equals in words and numbers."""

import itertools
import re

import pytest

from course.errors import CourseError
from course.finetuning.label_budgets import METHODS, Row, recorded
from course.views.label_budgets import draw_label_budgets


def rows(*methods):
    return [
        Row(method, labels, [600 + 10 * i + labels // 50], 1000, 1.0)
        for i, method in enumerate(methods)
        for labels in (50, 500, 5000)
    ]


def test_each_method_has_a_line_a_name_and_its_intervals():
    drawing = draw_label_budgets(recorded())
    picture = drawing.picture
    assert picture.count("<polyline") == len(METHODS)
    assert len(re.findall(r"<path [^>]*stroke-width:2", picture)) == 3 * len(METHODS)
    for method in METHODS:
        assert f">{method}</text>" in picture
        assert f">{method}</th>" in drawing.table
    assert drawing.table.count("n=1000") == 15


def test_sentence_names_the_best_at_both_ends():
    drawing = draw_label_budgets(recorded())
    assert drawing.summary.startswith("With 50 labels frozen is best at 0.6")
    assert "with 5,000 full at 0.8" in drawing.summary
    assert drawing.summary.split(";")[0] in drawing.html()


def test_more_accurate_stands_higher_and_more_labels_to_the_right():
    picture = draw_label_budgets(rows("a")).picture
    points = re.search(r'points="([^"]+)"', picture)[1].split()
    xs, ys = zip(*(map(float, p.split(",")) for p in points), strict=True)
    assert list(xs) == sorted(xs)
    assert list(ys) == sorted(ys, reverse=True)


def test_names_do_not_lie_on_one_another():
    close = [Row(m, k, [700], 1000, 1.0) for m in "abcde" for k in (50, 500)]
    picture = draw_label_budgets(close).picture
    heights = [float(y) for y in re.findall(r'y="([\d.]+)">[a-e]</text>', picture)]
    assert len(heights) == 5
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 14


def test_names_are_escaped():
    drawing = draw_label_budgets(rows("<script>"))
    assert "<script>" not in drawing.html()


@pytest.mark.parametrize("bad", [[], rows("a")[:2] + rows("b"), rows(*"abcdef")])
def test_incomplete_curves_are_refused(bad):
    with pytest.raises(CourseError, match="one for each method"):
        draw_label_budgets(bad)
