"""One local JSON file that survives crashes, full disks and two open notebooks.

Every change is read-modify-write under a lock, into a temporary file that replaces the
old one at once. What cannot be written now is kept in memory and written with the next
change, so that a lesson goes on without its disk. A damaged file is set aside under a
new name, one of a newer kit is left alone. Left out: what the file says, which is
`course.lessons.progress`'s.
"""

import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

from course.errors import CourseError, one_line

FORMAT = 1
_PATIENCE = 10  # seconds to wait for another notebook, which needs milliseconds

Data = dict[str, Any]
Change = Callable[[Data], Any]

_pending: dict[Path, list[Change]] = {}


class _DamagedError(CourseError):
    """The file is there, and is not one that this module wrote."""

    def __init__(self, file: Path) -> None:
        self.what = f"{file} is damaged or no record of progress"
        super().__init__(f"{self.what}: the next thing that you do sets it aside.")


def progress_file() -> Path:
    """Return the file: `COURSE_PROGRESS`, `COURSE_HOME`/progress.json or the user's.

    Example:
        >>> progress_file().is_absolute()
        True
    """
    if os.environ.get("COURSE_PROGRESS"):
        return Path(os.environ["COURSE_PROGRESS"]).expanduser().absolute()
    if os.environ.get("COURSE_HOME"):
        return Path(os.environ["COURSE_HOME"]).expanduser().absolute() / "progress.json"
    folder = platformdirs.user_data_path("llm-teaching-kit", appauthor=False)
    return folder / "progress.json"


def now() -> str:
    """Return the time in UTC, as "2026-01-31T09:30:00+00:00"."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def lesson_of(data: Data, lesson: str) -> dict[str, dict[str, Any]]:
    """Return a lesson's records, made empty if there are none.

    Args:
        data: The content of the file; changed if the lesson is new.
        lesson: Two digits.

    Example:
        >>> sorted(lesson_of({"format": 1, "lessons": {}}, "02"))
        ['draws', 'exercises', 'predictions', 'questions']
    """
    records = data["lessons"].setdefault(lesson, {})
    for section in SECTIONS:
        records.setdefault(section, {})
    return records


def load() -> Data:
    """Return what is recorded, also what could not be written yet.

    Raises:
        CourseError: If the file cannot be read, is damaged or of a newer kit.
    """
    file = progress_file()
    return _with_pending(_read(file), file)


def update(change: Change) -> tuple[Any, str | None]:
    """Change what is recorded; whatever is wrong with the disk, this does not raise.

    Args:
        change: Takes the content of the file and changes it in place; may be called
            again on a later content if it could not be written.

    Returns:
        What `change` returned, and one line on what is wrong; None if nothing is.
    """
    file = progress_file()
    note = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file}.lock", timeout=_PATIENCE):
            try:
                data = _read(file)
            except _DamagedError as error:
                data, note = _empty(), f"{error.what}; set aside: {_set_aside(file)}."
            result = change(_with_pending(data, file))
            _write(file, data)
            _pending.pop(file, None)
        return result, note
    except CourseError as error:
        note = f"{error} Until then nothing is saved."
    except (OSError, NotImplementedError) as error:  # the latter: a disk without locks
        reason = getattr(error, "strerror", None) or type(error).__name__
        note = (
            f"Progress is not saved ({one_line(reason)}): free space, or set "
            f"COURSE_PROGRESS to a file that can be written instead of {file}."
        )
    return _remember(file, change), note


def peek() -> Data:
    """Return what is known without raising: nothing where the file cannot be used."""
    try:
        return load()
    except CourseError:
        return _with_pending(_empty(), progress_file())


def _remember(file: Path, change: Change) -> Any:
    """Apply a change to what is known now, and keep it for the next writing."""
    result = change(peek())
    _pending.setdefault(file, []).append(change)
    return result


def _with_pending(data: Data, file: Path) -> Data:
    for change in _pending.get(file, []):
        change(data)
    return data


def _empty() -> Data:
    return {"format": FORMAT, "lessons": {}}


def _read(file: Path) -> Data:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _empty()
    except OSError as error:
        raise CourseError(
            f"{file} cannot be read ({error.strerror}): check its permissions, or set "
            "COURSE_PROGRESS to another file."
        ) from error
    except (ValueError, RecursionError) as error:  # also bytes that are not UTF-8
        raise _DamagedError(file) from error
    if isinstance(data, dict) and type(data.get("format")) is int:
        if data["format"] > FORMAT:
            raise CourseError(
                f"{file} has format {data['format']}, this kit knows {FORMAT}: update "
                "the kit, or set COURSE_PROGRESS to another file."
            )
        if _has_shape(data.get("lessons")):
            return data
    raise _DamagedError(file)


def _is_exercise(record: Data) -> bool:
    counts = [record["attempts"], record.get("attempts_to_pass", 0)]
    return all(isinstance(n, int) for n in [*counts, *record["failed"].values()])


def _is_prediction(record: Data) -> bool:
    compared = record.get("right") is not None
    sure = isinstance(record.get("confidence"), int | float)
    return isinstance(record["shown"], bool) and (sure or not compared)


def _is_question(record: Data) -> bool:
    answers = [(answer["right"], answer["at"]) for answer in record["answers"]]
    return all(isinstance(r, bool) and isinstance(at, str) for r, at in answers)


def _is_draw(record: Data) -> bool:
    return all(isinstance(name, str) for name in record["questions"])


# Section of a lesson -> whether something is one of its records.
SECTIONS: dict[str, Callable[[Data], bool]] = {
    "exercises": _is_exercise,
    "predictions": _is_prediction,
    "questions": _is_question,
    "draws": _is_draw,
}


def _has_shape(lessons: Any) -> bool:
    """Whether these are lessons of sections of records, and none would mislead us."""
    try:
        return all(
            is_record(record)
            for lesson in lessons.values()
            for section, is_record in SECTIONS.items()
            for record in lesson.get(section, {}).values()
        )
    except (KeyError, TypeError, AttributeError):  # something is no dictionary or list
        return False


def _write(file: Path, data: Data) -> None:
    """Replace the file at once; a reader sees the old one or the new one."""
    target = Path(os.path.realpath(file))  # a link keeps pointing to its file
    handle, temporary = tempfile.mkstemp(".tmp", f".{target.name}.", target.parent)
    try:
        with open(handle, "w", encoding="utf-8") as stream:
            json.dump(data, stream, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())  # else a power cut may leave an empty file
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _set_aside(file: Path) -> Path:
    aside = new_name(file, "damaged")
    os.replace(file, aside)
    return aside


def new_name(file: Path, why: str) -> Path:
    """Return a name beside a file that no file has yet.

    Args:
        file: As `progress.json`.
        why: One word that goes into the name.

    Example:
        >>> new_name(Path("progress.json"), "damaged").name
        'progress.damaged-1.json'
    """
    number = 1
    while (name := file.with_name(f"{file.stem}.{why}-{number}.json")).exists():
        number += 1
    return name
