"""Run alone: pytest tests/course/grading/sandbox/test_limits.py.

That limits hold is tested in test_confinement.py.
"""

import os
from pathlib import Path

import pytest

from course.grading.sandbox import limits

NOBODY = 65534


@pytest.fixture
def tree(box_root):
    inner = box_root / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    for place in (box_root / "a", inner):
        place.chmod(0o755)
    (inner / "file").chmod(0o644)
    return inner


def test_open_files_and_folders(tree):
    assert limits.are_open_to(NOBODY, [tree])
    assert limits.are_open_to(NOBODY, [tree / "file"])
    assert limits.are_open_to(NOBODY, [tree / "absent"])


@pytest.mark.parametrize(
    ("name", "mode", "file", "folder"),
    [
        ("..", 0o700, False, False),
        ("..", 0o711, True, True),
        (".", 0o711, True, False),  # to be walked through, not listed
        (".", 0o744, False, False),
        ("file", 0o640, False, True),
    ],
)
def test_modes_on_the_way_decide(tree, name, mode, file, folder):
    (tree / name).resolve().chmod(mode)
    assert limits.are_open_to(NOBODY, [tree / "file"]) is file
    assert limits.are_open_to(NOBODY, [tree]) is folder
    (tree / name).resolve().chmod(0o755)


def test_an_owner_has_other_rights_than_others(tree):
    (tree / "file").chmod(0o400)
    assert limits.are_open_to(os.geteuid(), [tree / "file"])
    (tree / "file").chmod(0o044)
    assert not limits.are_open_to(os.geteuid(), [tree / "file"])


@pytest.mark.parametrize(
    ("uid", "lines", "expected"),
    [
        (0, "0 0 4294967295\n", True),
        (0, "0 1000 1\n", False),  # root of a container that an ordinary user started
        (0, "0 1000 1\n1 100000 65536\n", True),
        (0, "0 1000 1\n1 100000 65533\n", False),
        (1000, "0 0 4294967295\n", False),
    ],
)
def test_who_can_become_nobody(monkeypatch, uid, lines, expected):
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setattr(Path, "read_text", lambda path, encoding: lines)
    assert limits.can_become(NOBODY) is expected


def test_a_system_without_users_has_no_root(monkeypatch):
    monkeypatch.delattr(os, "geteuid")
    assert not limits.can_become(NOBODY)
