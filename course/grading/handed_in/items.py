"""List what is below a folder of submissions, or in a zip archive of one.

Links are not followed: one may lead out of the folder, or to another learner's work.
Left out: whose files they are.
"""

import os
import re
import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from course.errors import CourseError, one_line
from course.grading.handed_in.archives import Item, Source, in_archive, words_of_error

# Dot files, what editors and systems save beside a file, Jupyter's checkpoints.
_IGNORED = re.compile(r"\.(?!\.)|~\$|__MACOSX$|.*-checkpoint\.", re.DOTALL)


def list_items(folder: Path) -> list[Item]:
    """Return all that is below a folder, or in a zip archive, sorted by place.

    Args:
        folder: The folder or the archive.

    Raises:
        CourseError: If there is no such folder, or it is neither.
    """
    if folder.is_dir():
        items = list(_on_disk(folder))
    elif folder.is_file() and zipfile.is_zipfile(folder):
        items = list(in_archive(Source(folder), ()))
    else:
        found = "is no folder and no zip archive" if folder.exists() else "is not there"
        raise CourseError(
            f"{one_line(str(folder))} {found}: name the folder of submissions."
        )
    shown = (item for item in items if not any(map(_IGNORED.match, item.parts)))
    return sorted(shown, key=lambda item: item.parts)


def _on_disk(folder: Path) -> Iterator[Item]:
    left: list[tuple[str, ...]] = [()]
    while left:  # no recursion: folders may be deeper than Python's stack
        parts = left.pop()
        try:
            with os.scandir(os.path.join(folder, *parts)) as entries:
                found = list(entries)
        except OSError as error:
            yield Item(parts or ("",), problem=words_of_error(error))
            continue
        for entry in found:
            place = (*parts, entry.name)
            if entry.is_dir(follow_symlinks=False):
                left.append(place)
                yield Item(place)
            else:
                yield from _file(entry, place)


def _file(entry: os.DirEntry, place: tuple[str, ...]) -> Iterator[Item]:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        yield Item(place, problem=words_of_error(error))
        return
    if not stat.S_ISREG(status.st_mode):
        is_link = stat.S_ISLNK(status.st_mode)
        problem = "is a link that was not followed" if is_link else "is no usual file"
        yield Item(place, problem=problem)
        return
    source = Source(Path(entry.path))
    try:
        modified = datetime.fromtimestamp(status.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        modified = None
    if entry.name.lower().endswith(".zip"):
        yield Item(place)
        yield from in_archive(source, place)
    else:
        yield Item(place, source, modified)
