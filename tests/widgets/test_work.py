"""Work beside the notebook. Alone: pytest tests/widgets/test_work.py."""

import threading

import pytest

from course.errors import CourseError, Stopped
from widgets.work import Work


class Heard:
    """A work, and what it told."""

    def __init__(self):
        self.results, self.problems, self.busy = [], [], []
        self.work = Work(self.on_result, self.problems.append)

    def on_result(self, result):
        self.busy.append(self.work.is_running)
        self.results.append(result)


@pytest.fixture(autouse=True)
def head(monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)


@pytest.fixture
def heard():
    return Heard()


def until_stopped(stop):
    assert stop.wait(10)
    return "stopped"


def fail(error):
    def function(stop):
        raise error

    return function


def test_the_result_comes_from_a_thread(heard):
    heard.work.start(lambda stop: threading.current_thread())
    assert heard.work.wait(10)
    assert heard.results != [threading.main_thread()]
    assert heard.problems == []


def test_before_and_after_nothing_is_running(heard):
    assert not heard.work.is_running
    assert heard.work.wait(0)
    heard.work.start(until_stopped)
    assert heard.work.is_running
    assert not heard.work.wait(0.01)
    heard.work.stop()
    assert heard.work.wait(10)
    assert not heard.work.is_running


def test_who_hears_the_result_sees_no_work_going_on(heard):
    heard.work.start(lambda stop: 1)
    assert heard.work.wait(10)
    assert heard.busy == [False]


def test_what_is_stopped_is_not_heard(heard):
    heard.work.start(until_stopped)
    heard.work.stop()
    heard.work.wait(10)
    assert (heard.results, heard.problems) == ([], [])


def test_who_stopped_may_say_how_to_go_on(heard):
    def function(stop):
        stop.wait(10)
        raise Stopped("Stopped: start again to go on.")

    heard.work.start(function)
    heard.work.stop()
    heard.work.wait(10)
    assert heard.problems == ["Stopped: start again to go on."]


def test_new_work_stops_the_old_and_only_it_is_heard(heard):
    ended = threading.Event()

    def old(stop):
        assert stop.wait(10)
        ended.set()
        return "old"

    heard.work.start(old)
    heard.work.start(lambda stop: "new")
    assert heard.work.wait(10)
    assert ended.wait(10)
    assert heard.results == ["new"]


def test_old_work_that_fails_is_not_heard(heard, caplog):
    go_on = threading.Event()

    def old(stop):
        go_on.wait(10)
        raise CourseError("old")

    heard.work.start(old)
    thread = heard.work._thread
    heard.work.start(until_stopped)
    go_on.set()
    thread.join(10)
    assert heard.work.is_running  # the end of the old is not the end of the new
    heard.work.stop()
    heard.work.wait(10)
    assert (heard.results, heard.problems) == ([], [])


def test_a_learners_mistake_is_one_line(heard, caplog):
    heard.work.start(fail(CourseError("0 rows came: add rows.")))
    heard.work.wait(10)
    assert heard.problems == ["0 rows came: add rows."]
    assert caplog.text == ""
    assert not heard.work.is_running


def test_a_mistake_of_the_kit_is_one_line_and_its_traceback_in_the_log(heard, caplog):
    heard.work.start(fail(KeyError("secret")))
    heard.work.wait(10)
    (line,) = heard.problems
    assert line.startswith("This is a fault of the kit (KeyError)")
    assert "secret" not in line
    assert "Traceback" in caplog.text
    assert "secret" in caplog.text


def test_a_mistake_while_the_result_is_shown_is_not_lost(caplog):
    problems = []
    work = Work(lambda result: 1 / result, problems.append)
    work.start(lambda stop: 0)
    work.wait(10)
    assert "ZeroDivisionError" in problems[0]
    assert "Traceback" in caplog.text


def test_headless_the_call_returns_when_it_is_done(heard, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    heard.work.start(lambda stop: threading.current_thread())
    assert heard.results == [threading.main_thread()]
    assert heard.busy == [False]
    heard.work.start(fail(CourseError("No rows.")))
    assert heard.problems == ["No rows."]
    with pytest.raises(KeyError, match="secret"):
        heard.work.start(fail(KeyError("secret")))
    assert not heard.work.is_running
    assert heard.work.wait(0)
