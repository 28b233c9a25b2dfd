"""Lines and tables. Alone: pytest tests/course/demo/test_explain_pictures.py."""

from types import SimpleNamespace

import pytest

from course.demo.explain_pictures import _measure, render_effort, table
from course.demo.messages import Say


def test_effort_says_what_was_done_and_whether_it_sufficed():
    report = SimpleNamespace(evaluations=1234, cache_hits=0, seconds=0.5, complete=True)
    line = "1,234 evaluations of the model and 0 remembered ones, 0.50 s; complete."
    assert line in render_effort(report, Say())
    report.cache_hits, report.complete = 56, False
    assert "and 56 remembered ones, 0.50 s; not complete." in render_effort(
        report, Say()
    )


def test_what_comes_from_the_cache_says_so():
    report = SimpleNamespace(evaluations=1, cache_hits=0, seconds=0.5, complete=True)
    assert "From the cache." in render_effort(report, Say(), remembered=True)
    assert "From the cache." not in render_effort(report, Say())


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("comprehensiveness", 0.5, "better than chance"),
        ("comprehensiveness", 0.2, "no better than chance"),
        ("comprehensiveness", 0.05, "worse than chance"),
        ("sufficiency", 0.5, "worse than chance"),
        ("sufficiency", 0.05, "better than chance"),
    ],
)
def test_less_sufficiency_and_more_comprehensiveness_are_better(name, value, verdict):
    found = SimpleNamespace(**{name: value})
    _, entries = _measure(name, (0.1, 0.3), found, Say())
    assert entries == [f"{value:.3f}", "0.100 to 0.300", verdict]


def test_a_table_escapes_all_but_the_rows_names():
    drawn = table("<c>", ["<h>"], [("<b>row</b>", ["<e>"])])
    assert "<c>" not in drawn
    assert "<h>" not in drawn
    assert "<e>" not in drawn
    assert "<b>row</b>" in drawn
