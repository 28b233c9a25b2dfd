"""`course release`: the folder that learners get, without solutions and hidden cases.

Everything that runs is copied as it is; the lessons' sources and the tests stay behind,
except for the visible part of the cases, which `check` needs. Left out: archives, and
marking what comes back.
"""

import shutil
from pathlib import Path

from course.errors import CourseError, listed
from course.grading.cases import CASES
from course.grading.visible import visible_source
from course.lessons.building import build, differences
from course.lessons.lesson import PROJECT

PARTS = (
    *("README.md", "LICENSE", "DATA_LICENSES.md", "CHANGELOG.md"),
    *("Makefile", "pyproject.toml", "constraints.txt", "app.py"),
    *("course", "widgets", "notebooks", "docs"),
)
# Names of folders and endings of files that are made while working, or are for authors.
_LEFT_OUT = ("source", "__pycache__", ".ipynb_checkpoints", "*.pyc")


def release(folder: Path) -> list[Path]:
    """Write what learners get.

    Args:
        folder: Where to; it must not exist, or be empty.

    Returns:
        The files of cases, without their hidden part.

    Raises:
        CourseError: If something is in the folder already, or a notebook is not what
            its source builds.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty: name a new folder.")
    if any(folder.resolve().is_relative_to(PROJECT / name) for name in PARTS):
        raise CourseError(f"{folder} would be copied into itself: name another folder.")
    if differing := differences(build()):
        # Such as a notebook that its author has filled in.
        raise CourseError(
            f"{listed(path.name for path in differing)}: not what the sources build; "
            "run 'course build' first."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        part = PROJECT / name
        if part.is_dir():
            ignored = shutil.ignore_patterns(*_LEFT_OUT)
            shutil.copytree(part, folder / name, ignore=ignored)
        else:
            shutil.copy2(part, folder / name)
    written = []
    for path in sorted(CASES.glob("test_[0-9][0-9]_*.py")):
        target = folder / "tests" / "exercises" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = visible_source(path.read_text(encoding="utf-8"), path)
        target.write_text(text, encoding="utf-8", newline="\n")
        written.append(target)
    return written
