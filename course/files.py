"""Write a file so that it is there whole or not at all.

Left out: where files belong, and reading them.
"""

import os
import tempfile
from pathlib import Path

from course.errors import CourseError, disk_is_full


def write_whole(path: Path, text: str, durable: bool = True) -> None:
    """Replace a file at once: a reader sees the old one or the new one.

    A file that holds the text already is left as it is, its time included.

    Args:
        path: Its folder is made if it is missing; a link keeps pointing to its file.
        text: What it shall hold, in UTF-8.
        durable: Whether to wait for the disk: without, a power cut just after may leave
            an empty file, which does where it can be made again.

    Raises:
        CourseError: If it cannot be written; what was there before still is.

    Example:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_whole(Path(folder) / "a" / "b.txt", "whole")
        ...     (Path(folder) / "a" / "b.txt").read_text()
        'whole'
    """
    target, data = Path(os.path.realpath(path)), text.encode("utf-8", "surrogatepass")
    try:
        if target.is_file() and target.read_bytes() == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(".tmp", f".{target.name}.", target.parent)
        try:
            with open(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                if durable:
                    os.fsync(stream.fileno())
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        why = "the disk is full" if disk_is_full(error) else error.strerror or error
        raise CourseError(
            f"{path} cannot be written ({why}): make room or name another folder, then "
            "run the same command again."
        ) from error


def _umask() -> int:
    """Return what new files may not be; a temporary one starts without it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
