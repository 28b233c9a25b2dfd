"""Attempts to break out of a sandbox, made from inside: what a cheat would try first.

Each attempt really does what its name says, with the standard library or the bare
system call, and cleans up after itself if it succeeds. Nothing leaves the machine.
"""

import errno
import mmap
import os
import socket
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

from course.grading.sandbox.syscalls import call, unsupported

_HUGE = 1 << 42  # bytes; asked for, never touched
_MANY = 4096  # descriptors
_ELSEWHERE = ("192.0.2.1", 9)  # an address that is nobody's, kept for documentation
_PTRACE_SEIZE = 0x4206  # unlike attaching, it does not stop the other process
_ABSENT = (errno.ENOENT, errno.ECONNREFUSED, errno.EINPROGRESS, errno.ETIMEDOUT)


@contextmanager
def _let_through(*numbers: int):
    """Count an answer that only comes once nothing was refused as a success."""
    try:
        yield
    except OSError as error:
        if error.errno not in numbers:
            raise


def _read(path: Path) -> None:
    with path.open("rb") as file:
        file.read(1)


def _write(path: Path) -> None:
    path.write_bytes(b"x")
    path.unlink()


def _write_by_link(folder: Path) -> None:
    link = Path("link-of-the-probe")
    link.symlink_to(folder)
    try:
        _write(link / "probe.tmp")
    finally:
        link.unlink()


def _connect(family: int, kind: int, address: object) -> None:
    with socket.socket(family, kind) as connection:
        connection.settimeout(0.05)
        with _let_through(*_ABSENT):
            connection.connect(address)


def _send_by_pair() -> None:
    # Every Unix datagram socket can write to any other, one of a pair too.
    mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with mine, other, _let_through(*_ABSENT):
        mine.sendto(b"x", "\0nobody-listens-here")


def _fork() -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _execute() -> None:
    # No such program: who is told so was let through, and is still there to say it.
    with _let_through(errno.ENOENT):
        os.execv("./no-such-program", ["no-such-program"])


def _trace(pid: int) -> None:
    call("ptrace", _PTRACE_SEIZE, pid, 0, 0)


def _raise_limit() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1, hard + 1))
    except ValueError as error:  # as Python calls what the system does not permit
        raise PermissionError(str(error)) from error


def _allocate() -> None:
    mmap.mmap(-1, _HUGE, mmap.MAP_PRIVATE | getattr(mmap, "MAP_NORESERVE", 0)).close()


def _open_many() -> None:
    opened: list[int] = []
    try:
        for _ in range(_MANY):
            opened.append(os.dup(0))
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _share_memory() -> None:
    private, remove = 0, 0
    number = call("shmget", private, 4096, 0o600)
    call("shmctl", number, remove, None)


def _attempts(forbidden: Path) -> dict[str, Callable[[], object]]:
    parent = os.getppid()
    inet, unix = socket.AF_INET, getattr(socket, "AF_UNIX", socket.AF_INET)
    stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
    home = Path("/root") if Path("/root").exists() else Path("/home")
    found = {
        "read a file of the system": lambda: _read(Path("/etc/passwd")),
        "read hidden cases": lambda: _read(forbidden),
        "list its folder": lambda: os.listdir(forbidden.parent),
        "list a home folder": lambda: os.listdir(os.environ.get("HOME") or home),
        "write elsewhere": lambda: _write(forbidden.parent / "probe.tmp"),
        "write to /tmp": lambda: _write(Path(f"/tmp/probe-{os.getpid()}.tmp")),
        "write above": lambda: _write(Path("..", "probe.tmp")),
        "write by a link": lambda: _write_by_link(forbidden.parent),
        "connect to this machine": lambda: _connect(inet, stream, ("127.0.0.1", 9)),
        "connect elsewhere": lambda: _connect(inet, datagram, _ELSEWHERE),
        "use a Unix socket": lambda: _connect(unix, stream, "/run/nothing"),
        "use an abstract socket": lambda: _connect(unix, stream, "\0nothing"),
        "send by a pair": _send_by_pair,
        "fork": _fork,
        "start a program": _execute,
        "signal its parent": lambda: os.kill(parent, 0),
        "signal everybody": lambda: os.kill(-1, 0),
        "read its parent's environment": lambda: _read(Path(f"/proc/{parent}/environ")),
        "read its parent's memory": lambda: _read(Path(f"/proc/{parent}/mem")),
        "raise its limits": _raise_limit,
        "allocate without bound": _allocate,
        "open files without bound": _open_many,
    }
    if not unsupported():
        found["trace its parent"] = lambda: _trace(parent)
        found["share memory"] = _share_memory
    return found


def probe(forbidden: Path) -> dict[str, bool]:
    """Try to break out of the sandbox that this process is in.

    To be called by a confined process, in its box.

    Args:
        forbidden: A file outside that must not be readable, such as hidden cases.

    Returns:
        What was tried -> whether it succeeded.
    """
    found = {}
    for name, attempt in _attempts(forbidden).items():
        found[name] = False
        # OSError is how the system refuses; memory is refused by MemoryError at times.
        with suppress(OSError, MemoryError):
            attempt()
            found[name] = True
    return found
