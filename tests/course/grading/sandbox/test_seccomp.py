"""Run alone: pytest tests/course/grading/sandbox/test_seccomp.py.

The filters of both processors are run here by a few lines that do what the kernel does;
that this kernel takes ours is tested in test_confinement.py.
"""

import errno
import os
import struct

import pytest

from course.grading.sandbox import seccomp
from course.grading.sandbox.syscalls import MACHINES, numbers

ALLOWED, KILLED = "allowed", "killed"
PID = 4321


def run(lines, machine: int, number: int, *arguments: int):
    """The filter's answer to a call: allowed, killed, or the number of an error."""
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    seen = struct.pack("=IIQ6Q", number, machine, 0, *(a % 2**64 for a in padded))
    value, at = 0, 0
    while True:
        code, if_true, if_not, operand = lines[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("=I", seen, operand)
        elif code == 0x54:
            value &= operand
        elif code == 0x06:
            if operand == 0x7FFF0000:
                return ALLOWED
            return KILLED if operand == 0x80000000 else operand & 0xFFFF
        else:
            tests = {
                0x15: value == operand,
                0x35: value >= operand,
                0x25: value > operand,
                0x45: bool(value & operand),
            }
            at += if_true if tests[code] else if_not


@pytest.fixture(params=MACHINES)
def answer(request):
    """The answer to a call by its name, on one of the processors."""
    lines = seccomp.program(request.param, PID)
    machine = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[request.param]

    def ask(call: str | int, *arguments: int, machine: int = machine):
        known = numbers(request.param)
        if isinstance(call, str) and call not in known:
            return "none"
        number = call if isinstance(call, int) else known[call]
        return run(lines, machine, number, *arguments)

    return ask


@pytest.mark.parametrize("call", seccomp._REFUSED.split())
def test_refused_calls(answer, call):
    assert answer(call, PID) in (errno.EPERM, "none")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("clone3", errno.ENOSYS),
        ("openat2", errno.ENOSYS),
        ("setxattr", errno.ENOTSUP),
        ("fchmod", 0),
        ("fchmodat", 0),
        ("utimensat", 0),
    ],
)
def test_other_answers(answer, call, expected):
    assert answer(call) == expected


STREAM, DATAGRAM, CLOSE_ON_EXEC = 1, 2, 0o2000000
TRUNCATE = os.O_TRUNC


@pytest.mark.parametrize(
    ("call", "allowed", "refused"),
    [
        ("kill", [(PID, 9)], [(0, 9), (-1, 9), (-PID, 9), (1, 9), (PID + 1, 0)]),
        ("tkill", [(PID, 9)], [(PID + 1, 9)]),
        ("tgkill", [(PID, 5000, 9)], [(5000, PID, 9), (-1, PID, 9)]),
        ("rt_sigqueueinfo", [(PID, 9)], [(1, 9)]),
        ("rt_tgsigqueueinfo", [(PID, 9)], [(1, 9)]),
        ("prlimit64", [(0, 7), (PID, 7)], [(1, 7), (PID - 1, 7)]),
        ("clone", [(0x10000,), (0x3D0F00,)], [(17,), (0x4111,), (0x10000011 - 1,)]),
        ("prctl", [(15,), (3,), (0x53564D41,)], [(1,), (4,), (8,), (22,), (35,)]),
        (
            "socketpair",
            [(1, STREAM), (1, STREAM | CLOSE_ON_EXEC)],
            [(1, DATAGRAM), (1, 5), (2, STREAM), (16, STREAM), (1, 3)],
        ),
        ("fcntl", [(0, 1), (0, 1030), (0, 4)], [(0, 8), (0, 10), (0, 15), (0, 1026)]),
        (
            "openat",
            [(0, 0, 0), (0, 0, os.O_WRONLY | TRUNCATE), (0, 0, os.O_RDWR | TRUNCATE)],
            [(0, 0, TRUNCATE), (0, 0, TRUNCATE | os.O_CREAT)],
        ),
    ],
)
def test_arguments_decide(answer, call, allowed, refused):
    assert {answer(call, *arguments) for arguments in allowed} == {ALLOWED}
    found = {answer(call, *arguments) for arguments in refused}
    assert len(found) == 1
    assert found <= {errno.EPERM, errno.EACCES}


def test_only_the_lower_half_of_a_number_counts(answer):
    # As the kernel does: who fills the upper half gets no further and loses nothing.
    assert answer("kill", PID + (1 << 32), 9) == ALLOWED
    assert answer("kill", (PID << 32) + 1, 9) == errno.EPERM
    assert answer("clone", 17 + (0x10000 << 32)) == errno.EPERM


def test_control_of_devices_is_refused_as_by_a_file(answer):
    assert answer("ioctl", 0, 0x5401) == ALLOWED
    assert answer("ioctl", 0, 0x5412) == errno.ENOTTY  # typing into a terminal
    assert answer("ioctl", 0, 0x8901) == errno.ENOTTY  # signals to another process


def test_other_kinds_of_programs_are_killed(answer):
    assert answer(0, machine=0x40000003) == KILLED  # 32-bit
    assert answer(0x40000000) == KILLED  # x32
    assert answer(0x40000000 + 41) == KILLED
    assert answer(2**32 - 1) == KILLED


def test_what_came_later_is_absent(answer):
    assert answer(462) == ALLOWED
    assert {answer(number) for number in (463, 467, 1000, 0x3FFFFFFF)} == {errno.ENOSYS}


@pytest.mark.parametrize(
    ("machine", "names"),
    [("x86_64", {0, 1, 9, 11, 202, 228, 231}), ("aarch64", {63, 64, 98, 113, 222})],
)
def test_everyday_calls_are_allowed(machine, names):
    lines = seccomp.program(machine, PID)
    audit = seccomp._AUDIT[machine]
    assert {run(lines, audit, number) for number in names} == {ALLOWED}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_kernel_takes_it(machine):
    lines = seccomp.program(machine, 2**22)
    assert len(lines) < 4096  # the most that it takes
    assert all(0 <= step < 256 for _, *steps, _ in lines for step in steps)
    assert lines[-1][0] == 0x06
