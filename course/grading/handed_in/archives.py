"""Files that were handed in, on the disk or in zip archives, read with limits.

Archives are read in memory: nothing is unpacked to the disk, members with unsafe names
are not read, and no member gives more than its limit. Left out: whose files they are.
"""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO

from course.errors import one_line
from course.grading.handed_in.ipynb import LARGEST, Unreadable

MOST_MEMBERS = 5_000  # of an archive
LARGEST_ARCHIVE = 200_000_000  # bytes of all that is read of it, unpacked
MOST_RATIO = 200  # bytes unpacked for one packed; notebooks have some 10
DEEPEST = 2  # an archive of a class may hold archives of learners, and no more

_READ = (".ipynb", ".zip", "timestamp.txt")
# Others may unpack without a bound.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) + (
    *(RuntimeError, ValueError, EOFError, OSError, OverflowError, MemoryError),
)


@dataclass(frozen=True)
class Source:
    """Where a file's content is.

    Attributes:
        path: A file on the disk.
        members: If it is an archive, the number of the member in it; if that is one
            too, of the member in that.
    """

    path: Path
    members: tuple[int, ...] = ()

    def read(self) -> bytes:
        """Return the content.

        Raises:
            Unreadable: If it is too large, damaged, or gone.
        """
        try:
            if not self.members:
                return _read_file(self.path)
            archive = _opened(self.path, self.path.stat().st_mtime_ns)
            *outer, last = self.members
            for index in outer:
                data = _read_member(archive, archive.infolist()[index])
                archive = zipfile.ZipFile(io.BytesIO(data))
            return _read_member(archive, archive.infolist()[last])
        except _BROKEN as error:
            raise _unreadable(error) from None


@dataclass(frozen=True)
class Item:
    """Something that was handed in.

    Attributes:
        parts: Its place below the folder, names of archives among them.
        source: Its content; None for a folder, an archive, or what is not to be read.
        modified: When it was last changed, as far as the file system or archive says.
        problem: Why it is not to be read, in a few words, or "".
    """

    parts: tuple[str, ...]
    source: Source | None = None
    modified: datetime | None = None
    problem: str = ""


def in_archive(source: Source, place: tuple[str, ...]) -> Iterator[Item]:
    """Yield the members of an archive, and of archives in it.

    Args:
        source: The archive; a learner's is read whole before.
        place: Its own place; () if it is what the teacher named.
    """
    try:
        if place:
            archive = _learners(io.BytesIO(source.read()))
        else:
            archive = _opened(source.path, source.path.stat().st_mtime_ns)
        infos = archive.infolist()
    except (*_BROKEN, Unreadable) as error:
        yield Item(place or ("",), problem=words_of_error(error))
        return
    size = sum(info.file_size for info in infos if _is_read(info))
    if len(infos) > MOST_MEMBERS or size > LARGEST_ARCHIVE:
        problem = f"holds {len(infos):,} files of {size:,} bytes, more than is read"
        yield Item(place or ("",), problem=problem)
        return
    for index, info in enumerate(infos):
        inner = Source(source.path, (*source.members, index))
        yield from _member(info, inner, place)


def _member(
    info: zipfile.ZipInfo, source: Source, place: tuple[str, ...]
) -> Iterator[Item]:
    name = info.filename
    parts = name.rstrip("/").split("/")
    # zipfile has cut the name at a NUL, and would say so only here.
    is_unsafe = info.orig_filename != name or re.match(r"[A-Za-z]:|.*\\", name)
    if is_unsafe or not all(parts) or ".." in parts or "." in parts:
        yield Item((*place, info.orig_filename), problem="has an unsafe name")
        return
    place = (*place, *parts)
    problem = _refused(info)
    if info.is_dir() or problem:
        yield Item(place, problem="" if info.is_dir() else problem)
        return
    try:
        modified = datetime(*info.date_time, tzinfo=UTC)  # archives have no time zone
    except ValueError:
        modified = None
    if not name.lower().endswith(".zip"):
        yield Item(place, source, modified)
    elif len(source.members) < DEEPEST:
        yield Item(place)
        yield from in_archive(source, place)
    else:
        yield Item(place, problem="is an archive in an archive in an archive")


def _refused(info: zipfile.ZipInfo) -> str:
    """Return why a member is not read, or ""."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link that was not followed"
    if not _is_read(info):
        return ""
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is packed in an unusual way"
    if info.file_size > LARGEST:
        return f"has {info.file_size:,} bytes, more than is read"
    if info.file_size > MOST_RATIO * max(info.compress_size, 5000):
        return "unpacks to far more than it is"
    return ""


def _is_read(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(_READ)


@lru_cache(maxsize=1)  # an archive of a class, once for all its members
def _opened(path: Path, _changed: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


def _learners(file: IO[bytes]) -> zipfile.ZipFile:
    """Return an archive, unless the list of its members would fill the memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_557))  # the end of an archive is no longer
    end = file.read()
    at = end.rfind(b"PK\5\6")
    length = int.from_bytes(end[at + 12 : at + 16], "little")  # of the list, in bytes
    if at < 0 or b"PK\6\7" in end or length > 400 * MOST_MEMBERS:
        raise zipfile.BadZipFile("it is no zip archive, or one of too many files")
    return zipfile.ZipFile(file)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    problem = _refused(info)
    if problem:
        raise Unreadable(f"The file {problem}: hand it in again.")
    with archive.open(info) as file:
        return _bounded(file)


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bounded(file)


def _bounded(file: IO[bytes]) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has more than {LARGEST:,} bytes: remove its outputs."
        )
    return data


def _unreadable(error: BaseException) -> Unreadable:
    return Unreadable(
        f"The file cannot be read ({words_of_error(error)}): hand it in again."
    )


def words_of_error(error: BaseException) -> str:
    """Return what an error of the file system or of an archive says, in a few words.

    Args:
        error: What was raised.
    """
    said = error.strerror if isinstance(error, OSError) and error.strerror else error
    return one_line(str(said) or type(error).__name__, 80)
