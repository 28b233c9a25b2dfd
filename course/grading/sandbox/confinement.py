"""A freshly forked process locks itself in, before it runs what nobody trusts.

Tiers, from the best: "bubblewrap" (the process that forks was started by it, and the
next comes on top), "landlock" (Landlock, a filter of system calls, limits, nobody
instead of root) and "limits" (limits alone, and nobody instead of root: no sandbox).
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from course.errors import unknown_name
from course.grading.sandbox import bubblewrap, landlock, limits, seccomp
from course.grading.sandbox.syscalls import prctl, unsupported

TIERS = ("bubblewrap", "landlock", "limits")
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38

_forking: int | None = None  # who forked last; in the child: its parent


def _remember() -> None:
    global _forking
    _forking = os.getpid()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_remember)


@dataclass(frozen=True)
class Confinement:
    """What a confined process may still do.

    Attributes:
        box: Its own, empty folder, the only one it can write to.
        readable: Files and folders it may read besides; see `python_paths`.
        memory: Bytes of address space on top of what it has when it is confined.
        cpu_seconds: Processor time, after which it is killed.
        file_bytes: Size of any file it writes.
        descriptors: How many files it may have open.
        user: Number of the user and group that root turns into; None to stay root.
    """

    box: Path
    readable: tuple[Path, ...]
    memory: int
    cpu_seconds: int
    file_bytes: int = 16 << 20
    descriptors: int = 64
    user: int | None = bubblewrap.NOBODY


def launcher(tier: str, readable: tuple[Path, ...], box_root: Path) -> list[str]:
    """Return the words before the command that starts the process that forks.

    Args:
        tier: One of `TIERS`.
        readable: Files and folders that this process and those it forks may read.
        box_root: Folder in which it makes a box for each process that it forks. Below
            bubblewrap it is in memory, 64 MiB in all.

    Returns:
        None but for "bubblewrap". That process is killed when the thread that starts it
        ends.

    Raises:
        FileNotFoundError: If bubblewrap is not installed.
    """
    return bubblewrap.command(readable, box_root) if tier == "bubblewrap" else []


def confine(confinement: Confinement, tier: str) -> None:
    """Lock this process in, for good.

    To be called after a fork, before a second thread is there. Descriptors that are
    open stay open: close first what the process must not have. It is killed when the
    thread that forked it ends.

    Args:
        confinement: What it may still do.
        tier: One of `TIERS`.

    Raises:
        CourseError: For an unknown tier.
        OSError: If the system refuses something: the process must end then.
    """
    if tier not in TIERS:
        raise unknown_name("sandbox", tier, TIERS)
    rules = None
    os.umask(0o077)
    user = confinement.user
    changes_user = user is not None and limits.can_become(user)
    os.chmod(confinement.box, 0o700)
    if changes_user:
        os.chown(confinement.box, user, user)
    os.chdir(confinement.box)
    if tier != "limits":
        # Before the change of user, who may not reach all of these folders.
        rules = landlock.ruleset(confinement.readable, confinement.box)
    limits.limit(
        confinement.memory,
        confinement.cpu_seconds,
        confinement.file_bytes,
        confinement.descriptors,
    )
    if changes_user:
        needed = (*confinement.readable, confinement.box)
        # What it may read then is bounded by Landlock; without, it is everything.
        limits.become(user, reads_all=not limits.are_open_to(user, needed))
    elif not unsupported():
        limits.drop_capabilities()
    if not unsupported():
        _end_with_parent()
        prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if rules is not None:
        landlock.enforce(rules)
        seccomp.install()


def _end_with_parent() -> None:
    """Be killed with the parent, and be no one else's to look into.

    After the change of user, which undoes both.
    """
    prctl(_PR_SET_DUMPABLE, 0)
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if _forking is not None and os.getppid() != _forking != os.getpid():
        os.kill(os.getpid(), signal.SIGKILL)  # it ended before
