"""Fill an asset's folder out of sight, then move it into place in one step.

The staging folder lies beside the asset's own and starts with a dot. It holds pip's
temporary files, the archive and the content, so that a killed or failed fetch leaves
everything in one place that the next one removes. A lock per asset lets one process
work while others wait. Left out: when an asset is fetched (`course.assets`).
"""

import contextlib
import errno
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from course.assets import archives, downloads
from course.assets.folders import folder_of, home, read_manifest, write_manifest
from course.assets.registry import Asset
from course.errors import CourseError, disk_is_full

_NOT_WRITABLE = {errno.EACCES, errno.EEXIST, errno.ENOTDIR, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def _progress(asset: Asset, shown: bool) -> Iterator[Callable[..., None]]:
    """Show a bar on standard error; yield a function that takes bytes and a step."""
    from rich import progress as bars  # costs start-up time, needed here only
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.DownloadColumn(),
        bars.TransferSpeedColumn(),
        bars.TimeRemainingColumn(),
    )
    # The stream itself, so that the bar stays when standard error is redirected.
    console = Console(file=sys.stderr)
    with bars.Progress(*columns, console=console, disable=not shown) as progress:
        row = progress.add_task(f"{asset.name}: download", total=asset.bytes)

        def report(completed: int, step: str = "download") -> None:
            description = f"{asset.name}: {step}"
            progress.update(row, completed=completed, description=description)

        yield report


@contextlib.contextmanager
def _lock(asset: Asset, shown: bool) -> Iterator[None]:
    """Hold the asset's lock; the system frees it when its holder is killed."""
    lock = FileLock(folder_of(asset).with_name(f".{folder_of(asset).name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if shown:
            print(f"{asset.name}: another process fetches it; waiting", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _one_line_errors(asset: Asset) -> Iterator[None]:
    """Turn the disk's refusals into one line that says what to do."""
    try:
        yield
    except OSError as error:
        if disk_is_full(error):
            raise CourseError(
                f"The disk is full: {asset.name} was not fetched, and what was begun "
                "is removed. Free some space, or set COURSE_HOME to a folder on "
                f"another disk, then run `course assets fetch {asset.name}`."
            ) from error
        if error.errno in _NOT_WRITABLE:
            raise CourseError(
                f"{asset.name} cannot be kept in {home()}: set COURSE_HOME to a folder "
                "that you may write to."
            ) from error
        raise


def _archive(
    asset: Asset, leftovers: list[Path], staging: Path, report: Callable[..., None]
) -> Path:
    """Return the checked archive: a killed fetch may have left it, else a new one."""
    for leftover in leftovers:
        if archives.is_archive_of(asset, leftover / asset.filename):
            return (leftover / asset.filename).replace(staging / asset.filename)
    return downloads.download(asset, staging, report)


def _fill(
    asset: Asset, archive: Path, content: Path, report: Callable[..., None]
) -> None:
    """Fill a new folder with everything that the asset consists of."""
    content.mkdir()
    report(asset.bytes, "unpack")
    archives.unpack(asset, archive, content)
    if asset.gguf:
        from course.assets.conversion import (
            convert_gguf,  # loads torch and transformers
        )

        report(asset.bytes, "convert to bf16, once")
        convert_gguf(content, asset.gguf)
    write_manifest(asset, content)
    report(asset.bytes, "ready")


def _fetch_locked(asset: Asset, progress: bool) -> None:
    """Stage the asset out of sight, then move it into place in one step."""
    folder = folder_of(asset)
    # Whoever left these is dead, for we hold the lock.
    prefix = f".{folder.name}."
    leftovers = [path for path in folder.parent.glob(f"{prefix}*") if path.is_dir()]
    staging = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        downloads.check_disk_space(asset, folder.parent)
        with _progress(asset, progress) as report:
            archive = _archive(asset, leftovers, staging, report)
            _fill(asset, archive, staging / "content", report)
        if folder.exists():  # filled by another version of the kit, or not by the kit
            folder.replace(staging / "outdated")
        (staging / "content").replace(folder)
    finally:
        for rest in (*leftovers, staging):
            # An orphaned pip may still write there; then the next fetch removes it.
            shutil.rmtree(rest, ignore_errors=True)


def fetch_into_place(asset: Asset, progress: bool) -> None:
    """Fetch an asset that is not complete, unless another process is faster.

    Args:
        asset: What to fetch; its folder appears complete or not at all.
        progress: Whether to show a bar on standard error.

    Raises:
        CourseError: No network, wrong archive, full disk, no pip, no right to write.
    """
    with _one_line_errors(asset):
        folder_of(asset).parent.mkdir(parents=True, exist_ok=True)
        with _lock(asset, progress):
            if read_manifest(asset) is None:
                _fetch_locked(asset, progress)
