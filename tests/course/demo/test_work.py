"""Work to be watched and stopped. Alone: pytest tests/course/demo/test_work.py."""

import threading
import time

import gradio as gr
import pytest

from course.demo.messages import Say
from course.demo.work import (
    SECONDS_BETWEEN,
    Sessions,
    Work,
    followed,
    render_stopped,
    streamed,
)
from course.errors import CourseError


class Steps:
    """Work of many short steps, which says whether it still goes on."""

    def __init__(self, number=200, seconds=0.02):
        self.number, self.seconds, self.done = number, seconds, 0
        self.ended = threading.Event()

    def __call__(self, on_step):
        try:
            for step in range(self.number):
                on_step(step)
                time.sleep(self.seconds)
                self.done += 1
            return "all of it"
        finally:
            self.ended.set()


def test_work_tells_how_far_it_is_and_what_came_of_it():
    work = Work(Steps(number=20))
    told = list(work.progress())
    assert told == sorted(told)
    assert 0 < told[-1] < 20
    assert work.result() == "all of it"
    assert not work.stopped


def test_quick_work_tells_nothing_on_the_way():
    work = Work(lambda on_step: 7)
    assert list(work.progress()) == []
    assert work.result() == 7


def test_what_the_work_raises_comes_to_who_asks_for_the_result():
    def fail(on_step):
        raise CourseError("Too long.")

    work = Work(fail)
    list(work.progress())
    with pytest.raises(CourseError, match="Too long"):
        work.result()


@pytest.mark.parametrize("how", ["stop", "close"])
def test_work_ends_within_a_step(how):
    sessions, steps = Sessions(), Steps()

    def handler():
        with sessions.start("one", steps) as work:
            yield from work.progress()
        yield work.result()

    told = handler()
    next(told)
    if how == "stop":
        assert sessions.stop("one")
        assert list(told)[-1] is None
    else:
        told.close()
    assert steps.ended.wait(1)
    assert steps.done < 200
    assert not sessions.stop("one")  # nothing is left of it


def test_stopping_ends_the_own_page_s_work_alone():
    sessions, mine, other = Sessions(), Steps(30), Steps(30)
    with sessions.start("mine", mine) as work, sessions.start("other", other) as rest:
        progress = work.progress(), rest.progress()
        for each in progress:
            next(each)
        sessions.stop("mine")
        for each in progress:
            list(each)
        assert (work.result(), rest.result()) == (None, "all of it")


def test_stopping_what_is_over_changes_nothing():
    sessions = Sessions()
    with sessions.start("one", lambda on_step: 7) as work:
        list(work.progress())
        sessions.stop("one")
    assert work.result() == 7


def test_no_except_on_the_way_holds_a_stop_up():
    def stubborn(on_step):
        for _ in range(100):
            try:
                on_step(0)
                time.sleep(0.02)
            except Exception:
                continue
        return "went on"

    sessions = Sessions()
    with sessions.start("one", stubborn) as work:
        next(work.progress())
    assert work.result() is None
    time.sleep(SECONDS_BETWEEN)
    assert threading.active_count() < 20


def test_an_error_of_a_stream_becomes_one_line():
    closed = []

    @streamed
    def handler(text):
        try:
            yield text
            raise CourseError("Unknown model in /home/ana/runs/x.")
        finally:
            closed.append(text)

    steps = handler("first")
    assert next(steps) == "first"
    with pytest.raises(gr.Error, match=r"Unknown model in x\."):
        next(steps)
    assert closed == ["first"]


def test_closing_a_stream_closes_what_it_comes_from():
    closed = []

    @streamed
    def handler():
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    steps = handler()
    next(steps)
    steps.close()
    assert closed == [True]


def test_what_was_followed_is_drawn_or_said_to_be_stopped():
    sessions, say = Sessions(), Say()

    def slow(on_step):
        while True:
            on_step(7)
            time.sleep(0.01)

    lines = followed(sessions, "ana", slow, "{} so far".format, str, say)
    assert next(lines) == "7 so far"
    sessions.stop("ana")
    assert list(lines)[-1] == render_stopped(say)
    done = followed(sessions, "ana", lambda on_step: 42, str, "<b>{}</b>".format, say)
    assert list(done)[-1] == "<b>42</b>"
