"""Rows for their owners. Alone: pytest tests/course/demo/test_log_rows.py."""

import base64
import re
from types import SimpleNamespace

import gradio as gr
import pytest

from course.demo.context import Context
from course.demo.log_rows import (
    ALL,
    VISIT,
    file_link,
    is_local,
    make_delete,
    make_export,
)
from course.monitoring import PredictionLog


def ask(session="ana", client="127.0.0.1", **headers):
    headers = {"host": "127.0.0.1:7860", **headers}
    client = client and SimpleNamespace(host=client)
    return SimpleNamespace(session_hash=session, client=client, headers=headers)


@pytest.fixture
def context(tmp_path):
    log = PredictionLog(tmp_path / "log.sqlite")
    for session in ("ana", "ben"):
        log.add_prediction("spam", "ham", 1, {"ham": 1.0}, 3, 1, session, session)
    yield Context(log=log)
    log.close()


@pytest.mark.parametrize(
    ("request_", "local"),
    [
        (ask(), True),
        (ask(host="localhost:7860"), True),
        (ask(host="[::1]:7860", client="::1"), True),
        (ask(host="abc.gradio.live"), False),
        (ask(client="192.168.0.7", host="192.168.0.2:7860"), False),
        (ask(client="192.168.0.7"), False),
        (ask(**{"x-forwarded-for": "8.8.8.8"}), False),
        (ask(client="testclient"), False),
        (ask(client=None), False),
    ],
)
def test_who_sits_at_the_machine(request_, local):
    assert is_local(request_) == local


def contents(links):
    return [
        base64.b64decode(data).decode()
        for data in re.findall(r"base64,([^\"]*)", links)
    ]


def test_a_visitor_takes_own_rows_and_the_owner_all(context):
    export = make_export(context)
    for content in contents(export(VISIT, ask())):
        assert "ana" in content
        assert "ben" not in content
    assert all("ana" in c and "ben" in c for c in contents(export(ALL, ask())))
    assert "no predictions" in export(VISIT, ask("eve"))
    assert "no predictions" in export(VISIT, ask(None))


@pytest.mark.parametrize("make", [make_export, make_delete])
def test_the_rows_of_everybody_stay_here(context, make):
    arguments = [ALL] if make is make_export else [ALL, True]
    with pytest.raises(gr.Error, match="machine that the demo runs on"):
        make(context)(*arguments, ask(client="192.168.0.7"))
    assert len(context.log.predictions()) == 2


@pytest.mark.parametrize("sure", [False, None, "yes"])
def test_deleting_needs_a_tick(context, sure):
    with pytest.raises(gr.Error, match="tick the box"):
        make_delete(context)(ALL, sure, ask())
    assert len(context.log.predictions()) == 2


def test_deleting(context):
    delete = make_delete(context)
    assert "feedback: 1." in delete(VISIT, True, ask())[0]
    assert [row.text for row in context.log.predictions()] == ["ben"]
    assert "feedback: 0." in delete("other", True, ask(None))[0]
    assert delete(ALL, True, ask())[1] is False
    assert context.log.predictions() == []


def test_without_a_log_there_is_nothing():
    with pytest.raises(gr.Error, match="keeps no log"):
        make_export(Context())(VISIT, ask())


def test_a_link_is_escaped():
    assert "<b>" not in file_link("a", "b", "<b>", "<b>")
