"""Run alone: pytest tests/course/grading/sandbox/test_places.py."""

import os
import sysconfig
from pathlib import Path

import torch

from course.grading.sandbox import places, python_paths

ROOT = Path(__file__).parents[4]


def covers(path: Path) -> bool:
    return any(path.is_relative_to(place) for place in python_paths())


def test_python_finds_what_it_imports():
    assert covers(Path(sysconfig.get_path("stdlib")))
    assert covers(Path(sysconfig.get_path("purelib")))
    assert covers(Path(torch.__file__))
    assert covers(Path(places.__file__))
    assert covers(ROOT / "widgets" / "__init__.py")


def test_what_lies_beside_the_packages_is_not_among_them():
    for name in ("tests", "notebooks", ".git", "docs", "README.md"):
        assert not covers(ROOT / name), name
    for path in ("/etc/passwd", "/proc/1/environ", "/proc/self", "/home", "/tmp"):
        assert not covers(Path(path)), path


def test_each_is_there_and_below_no_other():
    found = python_paths()
    assert all(path.exists() for path in found)
    assert len(found) == len(set(found))
    assert not any(path in other.parents for path in found for other in found)


def test_a_closed_folder_on_the_way_is_no_error(monkeypatch):
    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", closed)
    assert python_paths()


def test_outermost():
    paths = [Path(name) for name in ("/a/b/c", "/a/b", "/ab", "/a/b", "/a/bc")]
    assert places.outermost(paths) == (Path("/a/b"), Path("/a/bc"), Path("/ab"))
    assert places.outermost([]) == ()


def test_no_programs_are_among_them():
    assert not covers(Path(os.__file__).parents[2] / "bin" / "python3")
