"""Axes of line charts. Alone: pytest tests/course/views/test_chart.py."""

import re

import pytest

from course.views.chart import MOST_POINTS, Chart, span, ticks


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 600, [0, 100, 200, 300, 400, 500, 600]),
        (0.76, 0.84, [0.76, 0.78, 0.8, 0.82, 0.84]),
        (0, 1e-3, [0, 2e-4, 4e-4, 6e-4, 8e-4, 1e-3]),
        (5, 5, [5]),
    ],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high, 4) == pytest.approx(expected)


def test_places_are_linear_and_upwards():
    chart = Chart(480, 270, (0, 600), (0, 2))
    assert chart.x(300) == (chart.x(0) + chart.x(600)) / 2
    assert chart.y(0) == chart.floor
    assert chart.y(2) == chart.top
    flat = Chart(480, 270, (0, 0), (1, 1))
    assert flat.x(0) == flat.left, "no division by zero"


def test_a_long_line_keeps_its_ends():
    chart = Chart(480, 270, (0, 9999), (0, 1))
    line = chart.line([(n, 0.5) for n in range(10_000)], "red")
    places = re.search(r'points="(.*?)"', line)[1].split()
    assert len(places) <= MOST_POINTS + 1
    assert places[0].startswith("46.0,")
    assert places[-1].startswith("468.0,")
    assert chart.line([], "red").count('points=""') == 1


def test_span_holds_all_with_room():
    low, high = span([1.0, 3.0])
    assert low < 1 < 3 < high
    assert span([]) == (0, 1)
    assert span([0.0], zero=True) == (0, 1)


def test_labels_are_escaped():
    chart = Chart(480, 270, (0, 1), (0, 1))
    assert "<b>" not in chart.frame("<b>") + chart.svg([], "<b>")
