"""Files written whole. Alone: pytest tests/course/test_files.py."""

import errno
import os
import stat

import pytest

from course.errors import CourseError
from course.files import write_whole


def test_a_file_and_its_folders_are_made(tmp_path):
    write_whole(tmp_path / "a" / "b" / "c.txt", "ä\n")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == "ä\n".encode()
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["c.txt"]


def test_what_is_there_already_is_not_touched(tmp_path):
    path = tmp_path / "a.txt"
    write_whole(path, "same")
    os.utime(path, (1, 1))
    write_whole(path, "same")
    assert path.stat().st_mtime == 1
    write_whole(path, "other")
    assert path.stat().st_mtime > 1


def test_a_link_keeps_pointing_to_its_file(tmp_path):
    write_whole(tmp_path / "real.txt", "old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_whole(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_others_may_read_it_as_any_new_file(tmp_path):
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "a.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, step):
    path = tmp_path / "a.txt"
    write_whole(path, "old")

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(
        CourseError, match=r"a\.txt cannot be written \(the disk is full"
    ):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_in_the_way_is_one_line(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(CourseError, match="cannot be written"):
        write_whole(tmp_path / "a.txt", "x")
