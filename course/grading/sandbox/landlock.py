"""Landlock: a process takes from itself the right to touch files, for good.

A ruleset names the rights that are taken away everywhere and the folders below which
some are given back. The kernel holds it for the process and all that it starts. What an
older kernel cannot do is left out: renaming between folders needs ABI 2 (and is always
refused before), truncation 3, TCP 4, devices 5, abstract sockets and signals 6; the
system call filter (`seccomp`) refuses most of that too.

Landlock does not hide that a file exists: `stat` and `chdir` are not its business.
"""

import ctypes
import os
from pathlib import Path

from course.grading.sandbox.syscalls import call, unsupported

_NAMES = (
    *("execute", "write_file", "read_file", "read_dir", "remove_dir", "remove_file"),
    *("make_char", "make_dir", "make_reg", "make_sock", "make_fifo", "make_block"),
    *("make_sym", "refer", "truncate", "ioctl_dev"),
)
_RIGHTS = {name: 1 << bit for bit, name in enumerate(_NAMES)}
_KNOWN = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # ABI -> how many of these it knows
_READ = ("read_file", "read_dir")
_WRITE = ("write_file", "truncate", "remove_dir", "remove_file") + (
    *("make_dir", "make_reg", "make_sym", "refer"),
)
_OF_FILES = ("execute", "write_file", "read_file", "truncate", "ioctl_dev")
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract Unix sockets, signals
_ASK_VERSION = 1
_PATH_BENEATH = 1


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"  # what _pack_ means; Python 3.14 wants it said
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Return the version of Landlock that this kernel has, or 0.

    Example:
        >>> abi() in range(100)
        True
    """
    if unsupported():
        return 0
    try:
        return call("landlock_create_ruleset", None, 0, _ASK_VERSION)
    except OSError:  # unknown to this kernel, switched off, or refused by a container
        return 0


def _mask(names: tuple[str, ...], handled: int) -> int:
    return sum(_RIGHTS[name] for name in names) & handled


def ruleset(readable: tuple[Path, ...], box: Path) -> int:
    """Return a descriptor of rules; nothing is restricted yet.

    Args:
        readable: Files, and folders with all that is below, which may be read. What is
            not there is left out.
        box: The folder below which files may be made, changed and removed too.

    Raises:
        OSError: If the kernel has no Landlock, or the box is not there.
    """
    version = abi()
    handled = (1 << _KNOWN.get(version, 16)) - 1
    rules = _Ruleset(handled, _TCP, _SCOPES)
    size = 8 if version < 4 else 16 if version < 6 else 24
    descriptor = call("landlock_create_ruleset", ctypes.byref(rules), size, 0)
    try:
        _give(descriptor, box, _mask(_READ + _WRITE, handled))
        # open(os.devnull, "w") asks for the right to truncate as well.
        null = ("read_file", "write_file", "truncate")
        _give(descriptor, Path(os.devnull), _mask(null, handled))
        for path in readable:
            if os.path.exists(path):
                _give(descriptor, path, _mask(_READ, handled))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _give(descriptor: int, path: Path, rights: int) -> None:
    """Give rights back below a path; of a file, only those that a file can have."""
    if not path.is_dir():
        rights = _mask(_OF_FILES, rights)
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(rights, opened)
        call("landlock_add_rule", descriptor, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


def enforce(descriptor: int) -> None:
    """Lock this thread in, for good, and close the descriptor.

    No new privileges (PR_SET_NO_NEW_PRIVS) must have been set before.

    Args:
        descriptor: What `ruleset` returned.

    Raises:
        OSError: If the kernel refuses.
    """
    try:
        call("landlock_restrict_self", descriptor, 0)
    finally:
        os.close(descriptor)
