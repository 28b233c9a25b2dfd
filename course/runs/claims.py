"""Who trains a run now: at most one process, and the others can tell.

A lock on a file in the run directory, which the operating system lifts when its process
ends in whatever way. Left out: the training itself.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from course.errors import CourseError
from course.runs.files import PARTIAL

CLAIM = "training.lock"
_LONGEST_LOOK = 1.0  # seconds; who only looks holds the lock for far less


@contextlib.contextmanager
def claim(folder: Path) -> Iterator[None]:
    """Be the only one who trains in a run directory.

    Args:
        folder: The partial directory; it may be gone at the end.

    Raises:
        CourseError: If it is being trained already.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with claim(folder):
        ...     is_claimed(folder)
        True
        >>> is_claimed(folder)
        False
    """
    lock = FileLock(folder / CLAIM, timeout=_LONGEST_LOOK)
    try:
        lock.acquire()
    except Timeout as error:
        name = folder.name.removesuffix(PARTIAL)
        raise CourseError(
            f"The run {name!r} is being trained already: wait until that has ended, or "
            "train under another name."
        ) from error
    try:
        yield
    finally:
        lock.release()
        (folder / CLAIM).unlink(missing_ok=True)


def is_claimed(folder: Path) -> bool:
    """Tell whether a run directory is being trained now, by any process.

    Args:
        folder: The directory.
    """
    if not (folder / CLAIM).is_file():
        return False
    try:
        with FileLock(folder / CLAIM, blocking=False):
            return False
    except Timeout:
        return True
