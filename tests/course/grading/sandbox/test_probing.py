"""Run alone: pytest tests/course/grading/sandbox/test_probing.py."""

import os

import pytest

PROBE = """
from pathlib import Path
from course.grading.sandbox import probe
answer = probe(Path({forbidden!r}))
"""


@pytest.fixture
def hidden(copied):
    """A file that nothing but a sandbox keeps from being read."""
    path = copied / "cases.py"
    path.write_text("hidden = 1\n")
    path.chmod(0o644)
    yield path
    path.unlink()


def test_nothing_succeeds_in_a_sandbox(inside, sandbox, person, hidden):
    found, status = inside(sandbox, person, PROBE.format(forbidden=str(hidden)))
    assert status == 0
    assert [name for name, succeeded in found.items() if succeeded] == []
    assert len(found) >= 24


def test_attempts_succeed_where_only_limits_hold(inside, person, hidden):
    # Else the test above would tell nothing: the attempts themselves could be broken.
    found, status = inside("limits", person, PROBE.format(forbidden=str(hidden)))
    assert status == 0
    refused = {name for name, succeeded in found.items() if not succeeded}
    # The bounds of every process; the other user's parent, and files of root, if root
    # has turned into nobody.
    always = {
        "raise its limits",
        "allocate without bound",
        "open files without bound",
    }
    assert always <= refused
    assert found["read hidden cases"]
    assert found["list its folder"]
    assert found["read a file of the system"]
    assert found["write to /tmp"]
    for name in ("fork", "start a program", "share memory", "send by a pair"):
        assert found[name], name
    for name in found:
        if "connect" in name or "use a" in name:
            assert found[name], name
    same_user = person == "nobody" or os.geteuid() != 0
    assert found["signal its parent"] is same_user
    assert found["write above"] is same_user


def test_nothing_is_left_behind(inside, person, hidden, box_root):
    before = sorted(hidden.parent.iterdir())
    inside("limits", person, PROBE.format(forbidden=str(hidden)))
    assert sorted(hidden.parent.iterdir()) == before
    assert [path.name for path in box_root.iterdir()] == ["box"]
