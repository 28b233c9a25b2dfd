"""Run alone: pytest tests/course/grading/sandbox/test_landlock.py.

That files are really closed is tested in test_confinement.py.
"""

import os
import sys

import pytest

from course.grading.sandbox import landlock


def test_this_kernel_has_it():
    # What the machines that test this project have; elsewhere there is no such file.
    assert landlock.abi() >= 1


def test_no_other_system_has_it(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.abi() == 0


def test_a_kernel_without_it_says_so(monkeypatch):
    def refuse(name, *arguments):
        raise OSError(38, name)

    monkeypatch.setattr(landlock, "call", refuse)
    assert landlock.abi() == 0


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """Which rules are made for a kernel of some age."""
    found = []

    def note(name, *arguments):
        values = [getattr(value, "_obj", value) for value in arguments]
        found.append((name, *values))
        return os.open(tmp_path, os.O_RDONLY)

    def make(abi, readable, box):
        monkeypatch.setattr(landlock, "abi", lambda: abi)
        monkeypatch.setattr(landlock, "call", note)
        os.close(landlock.ruleset(readable, box))
        return found

    return make


@pytest.mark.parametrize(
    ("abi", "size", "rights"),
    [
        *((1, 8, 13), (2, 8, 14), (3, 8, 15), (4, 16, 15), (5, 16, 16)),
        *((6, 24, 16), (7, 24, 16), (99, 24, 16)),
    ],
)
def test_a_kernel_is_asked_for_what_it_knows(calls, tmp_path, abi, size, rights):
    name, rules, asked, _ = calls(abi, (), tmp_path)[0]
    assert (name, asked) == ("landlock_create_ruleset", size)
    assert rules.files == 2**rights - 1
    assert (rules.network, rules.scopes) == (3, 3)


def test_a_box_gives_all_but_programs_devices_and_sockets(calls, tmp_path):
    _, box, null, *rest = calls(7, (), tmp_path)
    rights = box[3].rights
    names = {name for name, bit in landlock._RIGHTS.items() if not rights & bit}
    assert names == {
        *("execute", "make_char", "make_block", "make_fifo", "make_sock", "ioctl_dev")
    }
    assert null[3].rights == 0b100000000000110  # of /dev/null: read, write, truncate
    assert rest == []


def test_folders_and_files_are_for_reading(calls, tmp_path):
    file = tmp_path / "a"
    file.touch()
    readable = (tmp_path, file, tmp_path / "absent")
    *_, folder, single = calls(1, readable, tmp_path)
    assert folder[3].rights == 0b1100
    assert single[3].rights == 0b100


def test_a_box_that_is_not_there_is_an_error(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(FileNotFoundError):
        landlock.ruleset((), tmp_path / "absent")
    assert len(os.listdir("/proc/self/fd")) == before
