"""The whole demo, not started. Alone: pytest tests/course/demo/test_pages.py."""

import re

import pytest

from course.demo import classify
from course.demo.models import LoadedModels
from course.demo.pages import CSS, THEME, build_demo


@pytest.fixture
def demo(first_run):
    return build_demo()


def events(demo):
    return list(demo.fns.values())


def test_only_two_events_are_offered_to_programs(demo):
    public = {fn.api_name for fn in events(demo) if fn.api_visibility == "public"}
    assert public == {"classify", "explain"}


def test_work_on_models_stands_in_one_line(demo):
    lined = [fn for fn in events(demo) if fn.concurrency_id == "model"]
    # Button, example and endpoint of both pages, and "Why this answer?"
    assert len(lined) == 7
    assert {fn.concurrency_limit for fn in lined} == {1}
    assert all(fn.queue for fn in lined)


def test_the_queue_has_an_end_and_no_way_round(demo):
    assert demo._queue.max_size == 16
    assert not demo.api_open


def test_the_given_models_are_asked(first_run, monkeypatch):
    seen = []

    def make_show(models):
        seen.append(models)
        return lambda text, name: None

    monkeypatch.setattr(classify, "make_show", make_show)
    models = LoadedModels()
    build_demo(models)
    assert seen == [models]


def test_building_loads_no_model_and_sends_nothing_out(demo):
    assert not demo.analytics_enabled
    assert demo.delete_cache == (3600, 3600)


def test_no_font_is_fetched():
    assert THEME._stylesheets == []
    addresses = re.findall(r"url\(\W*(\w+):", CSS + THEME._get_theme_css())
    assert set(addresses) == {"data"}  # ticks and dots, drawn in place


def test_without_models_it_is_built_as_well(places):
    notices = [
        block
        for block in build_demo().blocks.values()
        if "course train sentiment" in str(getattr(block, "value", ""))
    ]
    assert [notice.visible for notice in notices] == [True, True]
