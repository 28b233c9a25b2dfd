"""Versions of the log's file. Alone: pytest tests/course/monitoring/test_schema.py."""

import contextlib
import sqlite3

import pytest

from course.errors import CourseError
from course.monitoring import PredictionLog
from course.monitoring.schema import STEPS, connect, prepare


def version(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_a_new_file_is_of_this_version_and_keeps_a_write_ahead_log(tmp_path):
    path = tmp_path / "log.sqlite"
    prepare(path)
    prepare(path)
    assert version(path) == len(STEPS)
    with contextlib.closing(connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("steps", range(len(STEPS)))
def test_an_older_file_is_brought_up_to_date(tmp_path, monkeypatch, steps):
    path = tmp_path / "log.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr("course.monitoring.schema.STEPS", STEPS[:steps])
        prepare(path)
    if steps:
        with sqlite3.connect(path) as connection:
            connection.execute(
                "INSERT INTO predictions VALUES (1, 'i', 1, 'm', 'a', 1, '{}', 1, 1, "
                "NULL, NULL)"
            )
        connection.close()
    log = PredictionLog(path)
    assert version(path) == len(STEPS)
    assert [row.id for row in log.predictions()] == ["i"] * bool(steps)
    log.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "log.sqlite"
    prepare(path)
    broken = (*STEPS, "CREATE TABLE more (x); CREATE TABLE feedback (x)")
    monkeypatch.setattr("course.monitoring.schema.STEPS", broken)
    with pytest.raises(CourseError, match="already exists"):
        prepare(path)
    assert version(path) == len(STEPS)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert ("more",) not in tables


def test_a_newer_file_is_left_alone(tmp_path):
    path = tmp_path / "log.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CourseError, match="update the kit, or move the file away"):
        PredictionLog(path)
    assert path.read_bytes() == before


def test_another_file_is_left_alone(tmp_path):
    path = tmp_path / "log.sqlite"
    path.write_text("Dear diary, " * 100)
    with pytest.raises(CourseError, match="cannot be used") as caught:
        PredictionLog(path)
    assert "\n" not in str(caught.value)
    assert path.read_text().startswith("Dear diary")
    with pytest.raises(CourseError, match="cannot be used"):
        PredictionLog(tmp_path)
