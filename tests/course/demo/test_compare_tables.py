"""The Compare page's tables. Alone: pytest tests/course/demo/test_compare_tables.py."""

from pathlib import Path

import pytest

from course.demo.compare_tables import render_agreement, render_models, shorten
from course.demo.comparing import Agreement, Measured
from course.demo.messages import Say
from course.evaluation.comparison import paired_comparison
from course.runs import Run


def measured(name, **metric):
    metrics = {"accuracy": metric} if metric else {}
    run = Run(Path(name), {"labels": ["a", "b"], "metrics": metrics})
    return Measured(run, "<a>", 0.75, 12.34, 1_350_000, 45_400_000)


def test_a_row_tells_answer_time_and_size():
    found = [measured("one", value=0.8, low=0.7, high=0.9, n=1500), measured("two")]
    drawn = render_models(found, [], "A text.", Say())
    assert "<td>&lt;a&gt;</td><td>0.750</td><td>12.3</td><td>1.4</td><td>45.4" in drawn
    assert "0.800 (0.700 to 0.900, n = 1,500)" in drawn
    assert "not measured" in drawn
    assert "median of 15 runs after 3" in drawn


def test_other_labels_leave_time_and_size():
    found = [measured("one"), measured("two", value=0.8)]
    drawn = render_models(found, ["two"], "A text.", Say())
    row = drawn.partition('<th scope="row">two')[2].partition("</tr>")[0]
    assert row.count("–") == 3  # noqa: RUF001
    assert "12.3" in row
    assert "two: other labels than one" in drawn


@pytest.mark.parametrize(("disputed", "shown"), [(5, 5), (30, 20)])
def test_the_first_disputed_texts_are_shown(disputed, shown):
    texts = [f"text {i} <b>" for i in range(40)]
    answers = {"one": ["x"] * 40, "two": ["y"] * disputed + ["x"] * (40 - disputed)}
    pairs = {("one", "two"): 40 - disputed}
    drawn = render_agreement(Agreement(texts, answers, None, pairs, []), [], Say())
    assert f"Texts on which they differ: {shown} of {disputed}" in drawn
    assert drawn.count("&lt;b&gt;") == shown
    assert "<b>" not in drawn


def test_a_verdict_names_the_better_one():
    right, wrong = [True] * 40, [True] * 20 + [False] * 20
    verdict = paired_comparison(right, wrong, names=("one", "two"))
    answers = {"one": ["x"] * 40, "two": ["x"] * 20 + ["y"] * 20}
    found = Agreement(["t"] * 40, answers, ["x"] * 40, {("one", "two"): 20}, [verdict])
    drawn = render_agreement(found, ["A note <b>."], Say())
    assert "one is better" in drawn
    assert "A note &lt;b&gt;." in drawn
    assert "50.0 %" in drawn


def test_long_texts_are_cut():
    assert shorten("a" * 300, 200) == "a" * 199 + "…"
    assert shorten("two\nlines", 20) == "two lines"
