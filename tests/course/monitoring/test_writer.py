"""The thread that writes. Alone: pytest tests/course/monitoring/test_writer.py."""

import sqlite3

import pytest

from course.errors import CourseError
from course.monitoring import writer as module
from course.monitoring.schema import connect, prepare
from course.monitoring.writer import Writer


@pytest.fixture
def writer(tmp_path):
    prepare(tmp_path / "log.sqlite")
    writer = Writer(tmp_path / "log.sqlite")
    yield writer
    writer.close()


def note(id):
    return lambda connection: connection.execute(
        "INSERT INTO feedback VALUES (?, 0, 1, NULL)", (id,)
    )


def rows(writer):
    found = connect(writer.path).execute("SELECT prediction FROM feedback").fetchall()
    return [id for (id,) in found]


def insert(writer, id):
    """A prediction that feedback may belong to."""
    writer.now(
        lambda connection: connection.execute(
            "INSERT INTO predictions VALUES (NULL, ?, 0, 'm', 'a', 1, '{}', 1, 1, NULL,"
            " NULL)",
            (id,),
        )
    )


def test_work_is_done_in_its_turn(writer):
    seen = []
    for number in range(5):
        writer.later(lambda _, number=number: seen.append(number))
    assert writer.now(lambda _: len(seen)) == 5
    assert seen == [0, 1, 2, 3, 4]


def test_one_that_is_refused_leaves_the_others(writer):
    insert(writer, "known")
    writer.later(note("unknown"))  # no such prediction
    assert writer.now(note("known")).rowcount == 1
    assert writer.lost == 1
    assert rows(writer) == ["known"]


def test_whoever_waits_is_told(writer):
    with pytest.raises(CourseError, match="cannot be written"):
        writer.now(note("unknown"))


def test_a_locked_file_loses_predictions_and_no_more(writer, monkeypatch):
    monkeypatch.setattr("course.monitoring.schema.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(writer.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer.later(note("a"))
    with pytest.raises(CourseError, match=r"locked.*another program"):
        writer.now(note("b"))
    assert writer.lost == 1
    other.execute("ROLLBACK")
    other.close()
    insert(writer, "c")
    assert writer.now(note("c")).rowcount == 1


def test_too_much_is_dropped_and_counted(writer, monkeypatch):
    monkeypatch.setattr(module, "WAITING", 3)
    full = Writer(writer.path)
    monkeypatch.setattr(full, "_start", lambda: None)  # nobody writes
    for _ in range(5):
        full.later(note("a"))
    assert full.lost == 2


def test_closing_writes_what_waits_and_ends_the_thread(writer):
    insert(writer, "a")
    writer.later(note("a"))
    thread = writer._thread
    writer.close()
    assert not thread.is_alive()
    assert rows(writer) == ["a"]
    writer.close()
    with pytest.raises(CourseError, match="closed"):
        writer.later(note("b"))
