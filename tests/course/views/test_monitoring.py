"""A model at work, drawn. Alone: pytest tests/course/views/test_monitoring.py."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from course.monitoring.drift import Window, compare_windows
from course.views.monitoring import draw_monitoring
from course.views.monitoring_words import english

NOW = 1_000_000.0
HOSTILE = "<b>&\"'"


def window(n, confidence=0.95, label="ham", length=50):
    labels = [label if i % 2 else "spam" for i in range(n)]
    return Window(np.full(n, confidence), np.full(n, length), labels)


def draw(live, reference, judged=(), measured=None, seconds=86_400.0, say=english):
    drift = compare_windows(reference, live, judged, measured)
    times = NOW - np.linspace(0, seconds, len(live))
    return draw_monitoring(
        times.tolist(), live, reference, drift, NOW - seconds, NOW, say
    )


def cells(drawing, row):
    (found,) = [
        cells
        for cells in re.findall(r"<tr>(.*?)</tr>", drawing.table)
        if f'"row">{row}' in cells
    ]
    return [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td>.*?</td>", found)]


def test_equal_windows_are_said_to_be_equal():
    drawing = draw(window(100), window(400))
    assert drawing.summary == (
        "No alarm: 100 predictions are not distinguishable from the test split."
    )
    told = cells(drawing, "confidence")
    assert told[:4] == ["0.95", "0.95", "0.00", "1.000"]
    assert told[-1] == "no difference seen"
    assert cells(drawing, "labels")[:2] == ["400", "100"]
    assert cells(drawing, "right answers") == ["-"] * 5 + ["not tested"]


def test_a_change_is_named():
    drawing = draw(window(100, 0.55, length=500), window(400))
    assert drawing.summary.startswith("Alarm: confidence, length of the texts of 100")
    assert cells(drawing, "length")[3] == "&lt; 0.001"
    assert cells(drawing, "length")[-1] == "differs"


def test_accuracy_stands_beside_the_measured_one():
    measured = {"value": 0.9, "low": 0.88, "high": 0.92, "n": 1000}
    drawing = draw(window(40), window(400), [True] * 9 + [False], measured)
    told = cells(drawing, "right answers")
    assert told[0] == "0.900 [0.880, 0.920], n=1000"
    assert told[1] == "0.900 [0.596, 0.982], n=10"


def test_bars_are_as_high_as_their_counts():
    drawing = draw(window(100), window(400))
    volume, confidences = re.findall(r"<svg.*?</svg>", drawing.picture, re.DOTALL)
    heights = [float(h) for h in re.findall(r'<rect .*?height="(.*?)"', volume)]
    assert len(heights) == 24
    assert max(heights) / min(heights) == pytest.approx(5 / 4, rel=0.01)
    heights = [float(h) for h in re.findall(r'<rect .*?height="(.*?)"', confidences)]
    assert [round(height / 130, 2) for height in heights] == [0.0] * 9 + [0.95]
    assert "polyline" in confidences


@pytest.mark.parametrize(
    ("seconds", "unit"), [(3_600, "minutes"), (86_400, "hours"), (604_800, "days")]
)
def test_time_is_told_in_a_unit_that_fits(seconds, unit):
    assert f"{unit} before now" in draw(window(9), None, seconds=seconds).picture


def test_few_none_and_no_reference():
    assert draw(window(0), window(9)).summary.startswith("Too few to tell: 0 of the 30")
    drawing = draw(window(5), None)
    assert drawing.summary.startswith("5 predictions, and no test split")
    assert "test split</span>" not in drawing.picture


def test_labels_are_escaped_and_many_are_counted():
    drawing = draw(window(10, label=HOSTILE), window(10))
    assert "<b>" not in drawing.html()
    many = Window(np.ones(30), np.ones(30), [f"label {i}" for i in range(30)])
    assert "and 22 more labels" in draw(many, None).picture


def test_the_drawing_is_well_formed_and_draws_nothing_else_in():
    html = draw(window(100, 0.55), window(400)).html().replace("&nbsp;", " ")
    ElementTree.fromstring(html)
    assert not re.search(r"<script|<style|https?://(?!www\.w3\.org)", html)


def test_another_language_says_all_of_it():
    def say(name, **values):
        return f"~{name}~"

    drawing = draw(window(100, 0.55), window(400), say=say)
    picture = re.sub(r'<[^<>]*?aria-label="(.*?)"[^<>]*>', r"\1", drawing.picture)
    words = re.sub("<.*?>", " ", picture + drawing.table + drawing.summary)
    left = re.sub("~.*?~|&lt;|ham|spam|[^a-z]", "", words)
    assert left == ""
