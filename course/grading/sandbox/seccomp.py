"""A filter of system calls, written in the kernel's own small language (BPF).

The filter names what is refused: talking to other machines and other processes, new
processes, other identities, mounts, and what only administrators or attacks on the
kernel need. All else is let through, up to the newest call that this list has seen.
Threads, pipes, `socketpair`, event loops and memory work as before.

What Landlock does not see is refused here too: watching folders, signals by
descriptor, changing the mode, times or attributes of files, truncation before ABI 3.
Changing a mode or a time does nothing and says that it was done, so that copying a
file with `shutil` works.

See "Seccomp BPF" in the kernel's documentation.
"""

import ctypes
import errno
import os
import platform
import struct

from course.grading.sandbox.syscalls import numbers, prctl

_REFUSED = """
socket connect bind listen accept accept4 fork vfork execve execveat ptrace kcmp
process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_open
pidfd_send_signal pidfd_getfd migrate_pages move_pages setsid setpgid unshare setns
setpriority sched_setparam sched_setscheduler sched_setattr sched_setaffinity ioprio_set
mount umount2 open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr chroot
pivot_root statmount listmount open_by_handle_at name_to_handle_at mknod mknodat
fanotify_init fanotify_mark inotify_add_watch quotactl quotactl_fd truncate chown lchown
fchown fchownat memfd_create memfd_secret bpf perf_event_open userfaultfd io_uring_setup
io_uring_enter io_uring_register add_key request_key keyctl kexec_load kexec_file_load
init_module finit_module delete_module reboot swapon swapoff settimeofday clock_settime
adjtimex clock_adjtime sethostname setdomainname syslog acct personality vhangup iopl
ioperm modify_ldt lookup_dcookie uselib nfsservctl lsm_set_self_attr seccomp capset
landlock_create_ruleset landlock_add_rule landlock_restrict_self shmget shmat shmctl
shmdt msgget msgsnd msgrcv msgctl semget semop semctl semtimedop mq_open mq_unlink
setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups
"""
_OTHER_ANSWERS = {
    # Absent, so that the C library takes the older call, whose flags can be read here.
    errno.ENOSYS: "clone3 openat2",
    errno.ENOTSUP: "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr",
    0: "chmod fchmod fchmodat fchmodat2 utime utimes futimesat utimensat",
}
_NEWEST = 462  # mseal, of Linux 6.10; the effect of later calls is not known here

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000  # calls of another kind of program on x86-64, by other numbers
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP_EQUAL, _JUMP_FROM, _JUMP_ABOVE, _JUMP_BITS = 0x15, 0x35, 0x25, 0x45
_NUMBER, _MACHINE = 0, 4  # offsets in what the filter sees of a call

_CLONE_THREAD = 0x10000
_PRCTL_ALLOWED = (3, 15, 16, 21, 23, 39, 42, 0x53564D41)  # names, and asking
_FCNTL_REFUSED = (8, 10, 15, 1026)  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY
# TCGETS, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_IOCTL_ALLOWED = (0x5401, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

Instruction = tuple[int, int, int, int]  # code, steps if true, steps if not, operand


def _answer(number: int) -> Instruction:
    return (_RETURN, 0, 0, _ERRNO | number)


def _argument(index: int) -> Instruction:
    """Load the lower half of an argument: all that the kernel reads of an int."""
    return (_LOAD, 0, 0, 16 + 8 * index)


def _one_of(index: int, values: tuple[int, ...], refusal: int) -> list[Instruction]:
    """Allow a call if an argument is one of the values."""
    block = [_argument(index)]
    for left, value in enumerate(reversed(values)):
        block.insert(1, (_JUMP_EQUAL, left + 1, 0, value))
    return [*block, _answer(refusal), (_RETURN, 0, 0, _ALLOW)]


def _none_of(index: int, values: tuple[int, ...], refusal: int) -> list[Instruction]:
    """Allow a call unless an argument is one of the values."""
    block = _one_of(index, values, refusal)
    return [*block[:-2], block[-1], block[-2]]


def _no_reading_truncation(index: int) -> list[Instruction]:
    """Refuse to open a file for reading and empty it, which an old Landlock misses."""
    return [
        _argument(index),
        (_JUMP_BITS, 0, 3, os.O_TRUNC),
        (_AND, 0, 0, os.O_ACCMODE),
        (_JUMP_EQUAL, 0, 1, os.O_RDONLY),
        _answer(errno.EACCES),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _only_stream_pairs() -> list[Instruction]:
    """Allow pairs of connected streams; a datagram socket could write to any other."""
    return [
        _argument(0),
        (_JUMP_EQUAL, 0, 3, 1),  # AF_UNIX
        _argument(1),
        (_AND, 0, 0, 0xF),  # without SOCK_CLOEXEC, SOCK_NONBLOCK
        (_JUMP_EQUAL, 1, 0, 1),  # SOCK_STREAM
        _answer(errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _conditional(pid: int) -> dict[str, list[Instruction]]:
    """Calls whose arguments decide; each block ends with an answer on every way."""
    myself = _one_of(0, (pid,), errno.EPERM)
    return {
        "clone": [
            _argument(0),
            (_JUMP_BITS, 1, 0, _CLONE_THREAD),
            _answer(errno.EPERM),
            (_RETURN, 0, 0, _ALLOW),
        ],
        **dict.fromkeys(("kill", "tkill", "tgkill"), myself),
        **dict.fromkeys(("rt_sigqueueinfo", "rt_tgsigqueueinfo"), myself),
        "prlimit64": _one_of(0, (0, pid), errno.EPERM),
        "prctl": _one_of(0, _PRCTL_ALLOWED, errno.EPERM),
        "socketpair": _only_stream_pairs(),
        "fcntl": _none_of(1, _FCNTL_REFUSED, errno.EPERM),
        "ioctl": _one_of(1, _IOCTL_ALLOWED, errno.ENOTTY),
        "open": _no_reading_truncation(1),
        "openat": _no_reading_truncation(2),
    }


def program(machine: str, pid: int) -> list[Instruction]:
    """Return the filter for a process.

    Args:
        machine: "x86_64" or "aarch64".
        pid: The only process that it may send signals to: itself.

    Example:
        >>> program("aarch64", 1234)[-1]  # what nobody refused is allowed
        (6, 0, 0, 2147418112)
    """
    number_of = numbers(machine)
    answers = {name: errno.EPERM for name in _REFUSED.split()}
    for answer, names in _OTHER_ANSWERS.items():
        answers |= dict.fromkeys(names.split(), answer)
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _MACHINE),
        (_JUMP_EQUAL, 1, 0, _AUDIT[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_FROM, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
        (_JUMP_ABOVE, 0, 1, _NEWEST),
        _answer(errno.ENOSYS),
    ]
    for name, answer in answers.items():
        if name in number_of:
            lines += [(_JUMP_EQUAL, 0, 1, number_of[name]), _answer(answer)]
    for name, block in _conditional(pid).items():
        if name in number_of:
            lines += [(_JUMP_EQUAL, 0, len(block), number_of[name]), *block]
    return [*lines, (_RETURN, 0, 0, _ALLOW)]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def install() -> None:
    """Filter this thread's system calls, and those of threads it starts, for good.

    No new privileges (PR_SET_NO_NEW_PRIVS) must have been set before.

    Raises:
        OSError: If the kernel refuses.
    """
    lines = program(platform.machine(), os.getpid())
    packed = b"".join(struct.pack("=HBBI", *line) for line in lines)
    loaded = _Program(len(lines), packed)
    prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(loaded))
