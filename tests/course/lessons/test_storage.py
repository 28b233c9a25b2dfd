"""The progress file. Alone: pytest tests/course/lessons/test_storage.py."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.errors import CourseError
from course.lessons import storage
from course.lessons.storage import lesson_of, load, peek, progress_file, update


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_pending", {})
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "deep" / "progress.json"))
    return tmp_path / "deep" / "progress.json"


def count(data):
    """A change whose effect can be counted."""
    records = lesson_of(data, "02")["exercises"]
    record = records.setdefault("02.1", {"attempts": 0, "failed": {}})
    record["attempts"] += 1
    return record["attempts"]


def counted(data):
    return data["lessons"]["02"]["exercises"]["02.1"]["attempts"]


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_change_is_written_and_found_again(file):
    assert update(count) == (1, None)
    assert update(count) == (2, None)
    assert counted(load()) == 2
    assert json.loads(file.read_text())["format"] == storage.FORMAT
    assert {path.name for path in file.parent.iterdir()} <= {
        "progress.json",
        "progress.json.lock",
    }


def test_nothing_recorded_is_no_error(file):
    assert load() == {"format": 1, "lessons": {}}
    assert not file.parent.exists()


def test_the_file_is_found_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "mine.json"))
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    assert progress_file() == tmp_path / "mine.json"
    monkeypatch.delenv("COURSE_PROGRESS")
    assert progress_file() == tmp_path / "home" / "progress.json"
    monkeypatch.delenv("COURSE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert progress_file().name == "progress.json"
    assert progress_file().parent.name == "llm-teaching-kit"


def test_two_processes_lose_nothing(file):
    """Two interpreters write as fast as they can; every change is there."""
    code = (
        "from course.lessons.progress import record_attempt, record_answers\n"
        "import sys\n"
        "for n in range(60):\n"
        "    assert record_attempt('02.1', False, 'a case').note is None\n"
        "    assert record_answers([(f'02.q{sys.argv[1]}', str(n), True)]) is None\n"
    )
    command = [sys.executable, "-c", code]
    processes = [subprocess.Popen([*command, str(number)]) for number in (1, 2)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    lesson = load()["lessons"]["02"]
    assert lesson["exercises"]["02.1"]["attempts"] == 120
    assert lesson["exercises"]["02.1"]["failed"] == {"a case": 120}
    for question in ("02.q1", "02.q2"):
        answers = lesson["questions"][question]["answers"]
        assert [answer["option"] for answer in answers] == [str(n) for n in range(60)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"format": 1, "lessons": {"02"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null",
        b'{"format": "1", "lessons": {}}',
        b'{"format": true, "lessons": {}}',
        b'{"format": 1, "lessons": []}',
        b'{"format": 1, "lessons": {"02": {"exercises": {"02.1": {}}}}}',
        b'{"format": 1, "lessons": {"02": {"predictions": {"02.p1": []}}}}',
        b'{"format": 1, "lessons": {"02": {"predictions": 3}}}',
        b'{"format": 1, "lessons": {"02": {"predictions": {"02.p1": {"shown": true, '
        b'"right": true}}}}}',
        b'{"format": 1, "lessons": {"02": {"questions": {"02.q1": {"answers": [1]}}}}}',
        b'{"format": 1, "lessons": {"02": {"draws": {"today": {"questions": 1}}}}}',
        b'{"format": 1, "lessons": {"02": {"exercises": {"02.1": {"attempts": 1, '
        b'"failed": {"a": "b"}}}}}}',
    ],
)
def test_a_damaged_file_is_set_aside(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(CourseError, match="damaged"):
        load()
    assert peek()["lessons"] == {}
    assert file.read_bytes() == content  # reading changes nothing
    result, note = update(count)
    assert result == 1
    assert "damaged" in note
    assert "\n" not in note
    aside = file.with_name("progress.damaged-1.json")
    assert str(aside) in note
    assert aside.read_bytes() == content
    assert update(count) == (2, None)


def test_a_second_damaged_file_does_not_replace_the_first(file):
    file.parent.mkdir()
    for number in (1, 2):
        file.write_text(f"damage {number}")
        update(count)
    names = sorted(path.read_text() for path in file.parent.glob("*.damaged-*.json"))
    assert names == ["damage 1", "damage 2"]


def test_a_newer_file_is_left_alone_and_the_lesson_goes_on(file):
    file.parent.mkdir()
    content = '{"format": 2, "lessons": "whatever"}'
    file.write_text(content)
    for expected in (1, 2, 3):
        result, note = update(count)
        assert result == expected  # kept in memory
        assert "has format 2, this kit knows 1" in note
        assert "\n" not in note
    assert file.read_text() == content
    assert [path.name for path in file.parent.glob("*.json")] == ["progress.json"]


def test_a_full_disk_loses_nothing_once_there_is_space(file, monkeypatch):
    update(count)
    with monkeypatch.context() as context:
        context.setattr(os, "replace", full)
        assert update(count)[0] == 2
        result, note = update(count)
        assert result == 3
        assert "Progress is not saved (No space left on device)" in note
        assert "\n" not in note
        assert counted(load()) == 3
    assert counted(json.loads(file.read_text())) == 1
    assert not list(file.parent.glob(".*.tmp"))
    # Another notebook writes in between: both are kept.
    pending = storage._pending.copy()
    storage._pending.clear()
    update(count)
    storage._pending.update(pending)
    assert update(count) == (5, None)
    assert counted(json.loads(file.read_text())) == 5
    assert update(count) == (6, None)  # what was kept is written once


@pytest.mark.parametrize("name", ["folder", "file/progress.json"])
def test_a_place_that_cannot_be_written_is_one_line(tmp_path, monkeypatch, name):
    monkeypatch.setattr(storage, "_pending", {})
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / name))
    for expected in (1, 2):
        result, note = update(count)
        assert result == expected
        assert "COURSE_PROGRESS" in note
        assert "\n" not in note


def test_a_lock_that_is_never_released_is_one_line(file, monkeypatch):
    monkeypatch.setattr(storage, "_PATIENCE", 0.1)
    file.parent.mkdir()
    with storage.FileLock(f"{file}.lock"):
        result, note = update(count)
    assert result == 1
    assert "Progress is not saved" in note
    assert update(count) == (2, None)


def test_a_file_that_may_not_be_read_is_not_replaced(file, monkeypatch):
    update(count)
    before = file.read_bytes()

    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as context:
        context.setattr(Path, "read_text", forbidden)
        assert "cannot be read (Permission denied)" in update(count)[1]
    assert file.read_bytes() == before


def test_a_link_stays_a_link(file, tmp_path):
    file.parent.mkdir()
    (tmp_path / "real.json").write_text('{"format": 1, "lessons": {}}')
    file.symlink_to(tmp_path / "real.json")
    update(count)
    assert file.is_symlink()
    assert counted(json.loads((tmp_path / "real.json").read_text())) == 1
