"""The whole demo, not started. Alone: pytest tests/course/demo/test_pages.py."""

import re

import gradio as gr
import pytest

from course.demo import classify
from course.demo.context import Context
from course.demo.messages import LANGUAGES, Say
from course.demo.pages import CSS, PAGES, QUEUE, THEME, build_demo

OFFERED = {"classify", "explain", "generate", "tokenize", "evaluate"}


@pytest.fixture
def demo(first_run):
    return build_demo()


def events(demo):
    return list(demo.fns.values())


def tabs(demo):
    return [block.id for block in demo.blocks.values() if isinstance(block, gr.Tab)]


def test_only_what_programs_need_is_offered_to_them(demo):
    public = {fn.api_name for fn in events(demo) if fn.api_visibility == "public"}
    assert public == OFFERED


def test_work_on_models_stands_in_one_line(demo):
    lined = [fn for fn in events(demo) if fn.concurrency_id == "model"]
    assert {fn.api_name for fn in lined} >= {"explain", "generate"}
    assert {fn.concurrency_limit for fn in lined} == {1}
    assert all(fn.queue for fn in lined)


def test_every_page_has_its_tab_and_about_comes_last(demo):
    assert tabs(demo) == list(PAGES)
    assert (tabs(demo)[0], tabs(demo)[-1]) == ("home", "about")


def test_training_can_be_left_out(first_run):
    assert set(PAGES) - set(tabs(build_demo(training=False))) == {"train"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_built(first_run, language):
    say = Say(language)
    demo = build_demo(Context(say=say))
    labels = [
        block.label for block in demo.blocks.values() if isinstance(block, gr.Tab)
    ]
    assert labels == [say(f"{name}.tab") for name in PAGES]
    assert demo.title == say("home.title")


def test_the_queue_has_an_end_and_no_way_round(demo):
    assert demo._queue.max_size == QUEUE
    assert 32 <= QUEUE <= 128  # a class, and not the memory of the machine
    assert not demo.api_open


def test_the_given_context_reaches_the_pages(first_run, monkeypatch):
    seen, make_show = [], classify.make_show

    def watched(context):
        seen.append(context)
        return make_show(context)

    monkeypatch.setattr(classify, "make_show", watched)
    context = Context()
    build_demo(context)
    assert seen == [context]


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
    assert notices
    assert all(notice.visible for notice in notices)
