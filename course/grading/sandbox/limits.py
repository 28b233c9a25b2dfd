"""How much a process may use; and, for root, becoming nobody.

Limits are of one process. That is enough where new ones are refused (`seccomp`), and is
one of the reasons why limits alone are no sandbox. Left out: what cgroups could bound.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from course.grading.sandbox.syscalls import call, prctl, unsupported

# Of all processes and threads of this user, not of this process alone: an ordinary user
# has a desktop running.
PROCESSES = 4096
_CAPABILITY_VERSION = 0x20080522
_DAC_READ_SEARCH = 1 << 2  # to read files and search folders whose mode says no
_PR_SET_KEEPCAPS = 8


def limit(memory: int, cpu_seconds: int, file_bytes: int, descriptors: int) -> None:
    """Limit this process, for good.

    Args:
        memory: Bytes of address space on top of what is mapped now.
        cpu_seconds: Processor time of the process; then the kernel kills it.
        file_bytes: Size of any file that it writes.
        descriptors: How many it may have open.

    Raises:
        OSError: If a limit is refused.
    """
    import resource  # not on Windows

    wanted = {
        "AS": _mapped() + memory,
        "CPU": cpu_seconds,
        "FSIZE": file_bytes,
        "NOFILE": descriptors,
        "NPROC": PROCESSES,
        "SIGPENDING": 128,
        **dict.fromkeys(("CORE", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO"), 0),
    }
    for name, value in wanted.items():
        which = getattr(resource, f"RLIMIT_{name}", None)
        if which is None:  # this system does not have it
            continue
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(which, (value, value))


def _mapped() -> int:
    """Bytes of address space that this process has."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # no Linux: nothing to go by, and the limit is not held there
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def can_become(user: int) -> bool:
    """Tell whether this process is root and has that user below it.

    The root of a container that an ordinary user started may be the only user there is.

    Args:
        user: A user's number.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    try:
        lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    except OSError:
        return True
    spans = [tuple(map(int, line.split())) for line in lines]
    return any(first <= user < first + count for first, _, count in spans)


def are_open_to(user: int, paths: Iterable[Path]) -> bool:
    """Tell whether a user without groups can read all of some, by the modes.

    Args:
        user: A user's number.
        paths: Files and folders; one that is not there counts as open.
    """
    found = {Path(os.path.realpath(path)) for path in paths}
    above = {folder for path in found for folder in path.parents}
    return all(_permits(user, folder, 0o1) for folder in above) and all(
        _permits(user, path, 0o5 if path.is_dir() else 0o4) for path in found
    )


def _permits(user: int, path: Path, wanted: int) -> bool:
    try:
        status = path.stat()
    except FileNotFoundError:
        return True
    if status.st_uid == user:
        wanted <<= 6
    return status.st_mode & wanted == wanted


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")
    )


def become(user: int, reads_all: bool = False) -> None:
    """Turn root into another user without groups, for good.

    Args:
        user: Number of the user, and of its group.
        reads_all: Whether to keep the capability to read what the user may not, which
            something else has to bound. Only on Linux.

    Raises:
        OSError: If the system refuses.
    """
    linux = not unsupported()
    if linux and reads_all:
        prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    if hasattr(os, "setresuid"):
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    else:  # macOS
        os.setgid(user)
        os.setuid(user)
    if linux:
        drop_capabilities(_DAC_READ_SEARCH if reads_all else 0)


def drop_capabilities(kept: int = 0) -> None:
    """Give up every capability but those, for good once no program can be started.

    Args:
        kept: A bit for each of the first 32.

    Raises:
        OSError: If one of those to keep is not there.
    """
    header = _Header(_CAPABILITY_VERSION, 0)
    sets = (_Sets * 2)(_Sets(kept, kept, 0), _Sets(0, 0, 0))
    call("capset", ctypes.byref(header), ctypes.byref(sets))
