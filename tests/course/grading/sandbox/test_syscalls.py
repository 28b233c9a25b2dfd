"""Run alone: pytest tests/course/grading/sandbox/test_syscalls.py."""

import errno
import os
import platform
import sys

import pytest

from course.grading.sandbox import seccomp
from course.grading.sandbox.syscalls import MACHINES, call, numbers, prctl, unsupported

PR_GET_PDEATHSIG = 2


@pytest.mark.parametrize(
    ("machine", "known"),
    [
        ("x86_64", {"open": 2, "ioctl": 16, "kill": 62, "prlimit64": 302, "bpf": 321}),
        ("aarch64", {"ioctl": 29, "kill": 129, "prlimit64": 261, "bpf": 280}),
    ],
)
def test_known_numbers(machine, known):
    assert known.items() <= numbers(machine).items()


@pytest.mark.parametrize("machine", MACHINES)
def test_each_number_stands_for_one_call(machine):
    found = numbers(machine)
    assert len(set(found.values())) == len(found)
    assert max(found.values()) <= seccomp._NEWEST


def test_newer_calls_have_one_number_everywhere():
    # From 424 on, Linux numbers calls alike on every processor.
    one, other = map(numbers, MACHINES)
    newer = {name for name in one if one[name] >= 424}
    assert len(newer) > 20
    assert {name: one[name] for name in newer} == {name: other[name] for name in newer}


def test_only_old_calls_are_missing_on_the_newer_processor():
    one, other = map(numbers, MACHINES)
    assert set(other) < set(one)
    assert "openat" in other
    assert set(one) - set(other) >= {"fork", "vfork", "open", "chmod", "chown", "mknod"}


def test_the_filter_knows_each_name():
    names = {*seccomp._REFUSED.split(), *seccomp._conditional(1)}
    for more in seccomp._OTHER_ANSWERS.values():
        names |= set(more.split())
    assert names == set(numbers("x86_64"))


def test_calls_return_or_raise():
    assert prctl(PR_GET_PDEATHSIG + 1) in (0, 1, 2)  # whether a dump may be made
    with pytest.raises(OSError, match="kill") as caught:
        call("kill", os.getpid(), 999)
    assert caught.value.errno == errno.EINVAL


@pytest.mark.parametrize(
    ("system", "machine", "size"),
    [
        ("darwin", "arm64", 2**63 - 1),
        ("win32", "AMD64", 2**63 - 1),
        ("linux", "riscv64", 2**63 - 1),
        ("linux", "x86_64", 2**31 - 1),
    ],
)
def test_other_systems_are_told_apart(monkeypatch, system, machine, size):
    assert unsupported() == ""
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sys, "maxsize", size)
    assert unsupported() == f"not on {system}, {machine}"
