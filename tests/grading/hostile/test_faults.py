"""Faults of the grader's own side. Alone: pytest, with this file."""

import contextlib
import errno
import fcntl
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from grading.hostile.families import HONEST, write_class
from grading.hostile.observing import plan_of
from tiny_assignment import CASES, SOURCE

from course.errors import CourseError
from course.grading.marks.results import from_json, to_json
from course.grading.outcome import grade_folder
from course.grading.preparing import workshop_of

CLASS = HONEST[:2]
BROKEN_CASE = "student.add(3, 4) == 7"
ADD_LINE = "    return a + b\n    # END"


@pytest.fixture
def place(tmp_path):
    """A class of two; the process that was prepared to grade them is ended."""
    write_class(tmp_path / "subs", CLASS)
    yield tmp_path
    workshop_of(plan_of(tmp_path)).close()
    workshop_of.cache_clear()


def grade(place: Path, out: str = "out"):
    outcome = grade_folder(place / "subs", place / out, plan_of(place), workers=1)
    assert len(outcome.marks) == len(CLASS)
    return outcome


def scores(outcome) -> list[float]:
    return [mark.score for mark in outcome.marks]


def change_cases(place: Path, old: str, new: str) -> None:
    assert old in CASES
    (place / "90" / "test_90_sums.py").write_text(CASES.replace(old, new))


@pytest.mark.parametrize(
    "broken",
    [
        "1 / 0",
        "student.add(3, 4) == 8",
        "[1, 2][5] == student.add(3, 4)",
        "student.no_such_thing(3)",
        "print(file=3)",
    ],
)
def test_a_case_of_ours_that_fails_costs_nobody_points(place, broken):
    change_cases(place, BROKEN_CASE, broken)
    outcome = grade(place)
    assert scores(outcome) == [15, 12]
    report = (place / "out" / "report.html").read_text()
    assert "does not hold for the solution" in report
    assert "test_add_small" in report or "Three and four" in report


@pytest.mark.parametrize(
    "solution",
    [
        "raise KeyError(a)",
        "import os; os._exit(3)",
        "while True: pass",
        "return bytearray(4 << 30)",
    ],
)
def test_a_solution_that_fails_its_own_cases_costs_nobody_points(place, solution):
    text = SOURCE.replace(ADD_LINE, f"    {solution}\n    # END")
    assert text != SOURCE
    (place / "90" / "90_sums.py").write_text(text)
    outcome = grade(place)
    # Who is right by the visible case, and by a hidden one that cannot be right.
    assert scores(outcome) == [15, 12]


@contextlib.contextmanager
def refusing_disk(place: Path) -> Iterator[Callable[[], None]]:
    """A disk that seems to be full at the second result; gives a way to make room."""
    replace_file, written = os.replace, []

    def fill(source: str, target: str) -> None:
        if Path(target).name == "result.json":
            written.append(target)
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        replace_file(source, target)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "replace", fill)
        yield patched.undo


@contextlib.contextmanager
def small_disk(place: Path) -> Iterator[Callable[[], None]]:
    """A disk that is full for the pages; gives a way to make room."""
    disk = place / "out"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(disk), "-o"]
    subprocess.run([*mount, "size=16k"], check=True)
    try:
        yield lambda: subprocess.run([*mount, "remount,size=2m"], check=True)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def may_mount() -> bool:
    status = Path("/proc/self/status").read_text()
    return bool(int(re.findall(r"CapEff:\s+(\w+)", status)[0], 16) & 1 << 21)


@pytest.mark.parametrize(
    "disk", [refusing_disk, small_disk] if may_mount() else [refusing_disk]
)
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(place, disk):
    with disk(place) as make_room:
        with pytest.raises(CourseError, match="the disk is full") as raised:
            grade(place)
        assert "\n" not in str(raised.value)
        results = [path.read_text() for path in (place / "out").rglob("result.json")]
        assert results
        assert all(from_json(text).learner for text in results)  # whole ones
        assert not list((place / "out").rglob("*.tmp"))
        make_room()
        outcome = grade(place)
        assert outcome.graded == len(CLASS) - len(results)
        assert scores(outcome) == [15, 12]


def test_two_graders_do_not_share_a_folder(place):
    grade(place)
    book = (place / "out" / "gradebook.csv").read_bytes()
    with open(place / "out" / ".lock", "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(CourseError, match="Another run is grading into"):
            grade(place)
    assert (place / "out" / "gradebook.csv").read_bytes() == book
    assert grade(place).graded == 0


@pytest.mark.parametrize("rubbish", ["", "{", '{"extra_data": {"format": 1}}', "[[[["])
def test_a_result_that_was_damaged_is_made_again(place, rubbish):
    before = scores(grade(place))
    path = place / "out" / "honest-first" / "result.json"
    whole = path.read_bytes()
    path.write_text(rubbish)
    outcome = grade(place)
    assert (outcome.graded, scores(outcome)) == (1, before)
    assert path.read_bytes() == whole


def test_a_forged_result_beside_ours_is_not_taken(place):
    grade(place)
    path = place / "out" / "learning-first" / "result.json"
    other = from_json((place / "out" / "honest-first" / "result.json").read_text())
    forged = replace(other, file="learning-first.ipynb")
    path.write_text(to_json(forged))
    assert grade(place).graded == 1
