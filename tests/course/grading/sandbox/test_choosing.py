"""Run alone: pytest tests/course/grading/sandbox/test_choosing.py."""

import subprocess
import sys
import time

import pytest

from course.errors import CourseError
from course.grading.sandbox import bubblewrap, choose, choosing, landlock, report


@pytest.fixture(autouse=True)
def nothing_tried_yet():
    choosing.why_not.cache_clear()
    yield
    choosing.why_not.cache_clear()


@pytest.fixture
def no_bubblewrap(monkeypatch):
    monkeypatch.setattr(bubblewrap, "program", lambda: None)


@pytest.fixture
def no_landlock(monkeypatch):
    monkeypatch.setattr(landlock, "abi", lambda: 0)


def test_landlock_withstands_here(no_bubblewrap):
    assert choose() == "landlock"
    assert choose("landlock") == "landlock"


def test_bubblewrap_comes_first_and_withstands_here():
    if bubblewrap.program() is None:
        pytest.skip("no bubblewrap found: no bwrap on PATH")
    assert choose() == "bubblewrap"


def test_a_tier_is_tried_once(no_bubblewrap, monkeypatch):
    assert choose() == "landlock"
    monkeypatch.setattr(subprocess, "run", None)
    start = time.perf_counter()
    assert choose() == "landlock"
    assert time.perf_counter() - start < 0.1


def test_limits_are_no_sandbox():
    with pytest.raises(CourseError, match=r"limits are no sandbox.*allow-unsandboxed"):
        choose("limits")
    assert choose("limits", allow_unsandboxed=True) == "limits"


def test_without_any_the_line_says_why_and_what_to_do(no_bubblewrap, no_landlock):
    with pytest.raises(
        CourseError, match="bubblewrap: bwrap is not installed"
    ) as caught:
        choose()
    line = str(caught.value)
    assert "landlock: this kernel has no Landlock" in line
    assert "WSL2 or in a container" in line
    assert "\n" not in line
    assert choose(allow_unsandboxed=True) == "limits"


def test_what_was_asked_for_is_not_replaced(no_bubblewrap):
    with pytest.raises(CourseError, match="bwrap is not installed"):
        choose("bubblewrap", allow_unsandboxed=True)


def test_other_systems_are_sent_to_a_container(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CourseError, match=r"not on darwin.*macOS and Windows"):
        choose()


def test_an_unknown_sandbox_is_named():
    with pytest.raises(CourseError, match="Unknown sandbox 'bwrap'"):
        choose("bwrap")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo first >&2; echo 'bwrap: No permissions' >&2; exit 1", "No permissions"),
        ("exit 3", "ended with 3"),
        ("kill -9 $$", "ended with -9"),
    ],
)
def test_a_bubblewrap_that_fails_is_quoted(tmp_path, monkeypatch, script, reason):
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "program", lambda: str(program))
    assert choose() == "landlock"
    assert reason in choosing.why_not("bubblewrap")


def test_a_sandbox_that_hangs_is_given_up(tmp_path, monkeypatch):
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "program", lambda: str(program))
    monkeypatch.setattr(choosing, "_SECONDS", 0.2)
    assert choosing.why_not("bubblewrap").startswith("TimeoutExpired")


def test_a_sandbox_that_can_be_left_is_refused(monkeypatch):
    # The tier with limits alone stands for one that does not keep its promise.
    found = choosing.why_not.__wrapped__("limits")
    assert "could read hidden cases" in found
    assert "could fork" in found
    assert "could raise its limits" not in found


def test_the_report_tells_all(no_bubblewrap):
    found = report()
    assert found["tier"] == "landlock"
    assert found["landlock"] == landlock.abi() > 0
    assert found["reasons"] == {"bubblewrap": "bwrap is not installed"}
    assert found["kernel"].startswith("Linux ")


def test_importing_it_is_quick(copied):
    code = (
        "import time; start = time.process_time(); import course.grading.sandbox, sys; "
        "print(time.process_time() - start); "
        "assert not {'numpy', 'torch', 'pytest'} & set(sys.modules)"
    )
    seconds = min(
        float(
            subprocess.run(
                [sys.executable, "-c", code],
                cwd=copied,  # found before this project's own
                capture_output=True,
                check=True,
            ).stdout
        )
        for _ in range(3)
    )
    assert seconds < 0.08  # a quarter of it here, on a quiet machine
