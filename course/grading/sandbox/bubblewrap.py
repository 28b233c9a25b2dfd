"""bubblewrap: a program starts in a file system of its own, and without a network.

It sees the files that it is given, for reading, an empty /tmp and one folder of limited
size; no other process, no network card. Everything is gone when it ends, and it ends
with the thread that started it. Left out: seccomp and limits, which `confine` adds.

See https://github.com/containers/bubblewrap.
"""

import os
import shutil
import sys
from pathlib import Path

from course.grading.sandbox.limits import can_become
from course.grading.sandbox.places import outermost, python_paths

NOBODY = 65534
BOX_BYTES = 64 << 20
_SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache")
# What a template that is root needs for its children: to become nobody, to give each a
# folder, to end them and to remove what they leave behind.
_CAPABILITIES = ("SETUID", "SETGID", "CHOWN", "KILL", "DAC_OVERRIDE")


def program() -> str | None:
    """Return the path of `bwrap`, or None."""
    return shutil.which("bwrap") if sys.platform == "linux" else None


def command(readable: tuple[Path, ...], box_root: Path) -> list[str]:
    """Return the words to write before a command that starts Python.

    Descriptors that are inherited reach the program.

    Args:
        readable: Files and folders that it can read, besides those of Python.
        box_root: Folder that it can write to, of 64 MiB in memory; it need not exist.

    Raises:
        FileNotFoundError: If bubblewrap is not installed.
    """
    bwrap = program()
    if bwrap is None:
        raise FileNotFoundError("bwrap is not installed")
    places = [*readable, *python_paths(), *map(Path, _SYSTEM)]
    places += [Path(sys.prefix), Path(sys.base_prefix)]
    # bwrap brings a /proc and a /dev of its own.
    shown = outermost(
        place
        for place in places
        if os.path.exists(place)
        and place.parts[:2] not in (("/", "proc"), ("/", "dev"))
    )
    words = [bwrap, "--die-with-parent", "--new-session", *_namespaces(shown)]
    words += ["--proc", "/proc", "--dev", "/dev", *_memory(Path("/tmp"))]
    # Which bwrap would make too, but closed to nobody.
    above = {folder for place in (*shown, box_root) for folder in place.parents}
    for folder in sorted(above - {Path("/"), Path("/tmp"), Path("/dev")}):
        words += ["--perms", "0755", "--dir", str(folder)]
    for place in shown:
        words += ["--ro-bind", str(place), str(place)]
    words += [*_memory(box_root), "--remount-ro", "/"]
    return [*words, "--chdir", str(box_root), "--"]


def _memory(folder: Path) -> list[str]:
    return ["--size", str(BOX_BYTES), "--tmpfs", str(folder)]


def _namespaces(shown: tuple[Path, ...]) -> list[str]:
    if not can_become(NOBODY):
        return ["--unshare-all"]
    # Without a user namespace of its own: that would have one user, and no nobody.
    kinds = ("ipc", "pid", "net", "uts", "cgroup-try")
    words = [f"--unshare-{kind}" for kind in kinds]
    words += ["--cap-drop", "ALL"]
    capabilities = list(_CAPABILITIES)
    if not all(_is_open_itself(place) for place in shown):
        capabilities.append("DAC_READ_SEARCH")
    for name in capabilities:
        words += ["--cap-add", f"CAP_{name}"]
    return words


def _is_open_itself(place: Path) -> bool:
    """Whether nobody can read it; the folders above it are made anew, and are open."""
    wanted = 0o5 if place.is_dir() else 0o4
    return place.stat().st_mode & wanted == wanted
