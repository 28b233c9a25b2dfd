"""Find who handed in what: a folder or a zip archive, as systems and people make them.

    alice.ipynb, alice/any.ipynb, alice.zip              learner alice
    submitted/alice/ps1/any.ipynb with timestamp.txt     nbgrader's
    doejane_LATE_12345_67890_any-1.ipynb                 Canvas: doejane_12345
    Jane Doe_123456_assignsubmission_file_/any.ipynb     Moodle: Jane Doe

Left out: what is in the notebooks, and which of several attempts counts.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from course.errors import CourseError, listed, one_line
from course.grading.handed_in.archives import Item, Source
from course.grading.handed_in.ipynb import Unreadable
from course.grading.handed_in.items import list_items
from course.grading.handed_in.slugs import slugs

_HANDED_IN = (".ipynb", ".zip", ".py")  # an ending that tells a learner's file
_CANVAS = re.compile(r"(?P<name>[^_]+)(?:_LATE)?_(?P<id>\d+)_\d+_.+\.\w+", re.I | re.S)
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+", re.S)
_FIRST = datetime.min.replace(tzinfo=UTC)
_WRAPPERS = ("submitted", "submissions")


@dataclass(frozen=True)
class Attempt:
    """A notebook that was handed in.

    Attributes:
        file: Its place within the folder, with "/" between its parts, to show.
        submitted: When, with a time zone: what `timestamp.txt` says, else when the file
            was changed; None if neither is known.
        source: Where it is.
    """

    file: str
    submitted: datetime | None
    source: Source

    def read(self) -> bytes:
        """Return the notebook's bytes.

        Raises:
            Unreadable: If it is too large, damaged, or gone.
        """
        return self.source.read()


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    Attributes:
        learner: The name, on one line; as the folder or file is called.
        slug: The name as a name of a folder; no two are alike.
        attempts: The first one first; none if no notebook was found.
        ids: System -> the learner's number there, such as {"canvas": "12345"}.
        warnings: What the teacher should know, a line each.
    """

    learner: str
    slug: str
    attempts: tuple[Attempt, ...]
    ids: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def find_submissions(folder: Path) -> list[Submission]:
    """Return what was handed in, sorted by learner; nobody is left out.

    Args:
        folder: The folder of submissions, or a zip archive of it.

    Raises:
        CourseError: If there is no such folder, or nothing in it was handed in.
    """
    items = _unwrapped(list_items(folder), folder.stem)
    of_learner: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        owner = _owner(item)
        if owner:
            of_learner.setdefault(owner, []).append(item)
    if not of_learner:
        problems = [item.problem for item in items if item.problem]
        found = f" ({problems[0]})" if problems else ""
        raise CourseError(
            f"{one_line(str(folder))} holds no submission{found}: notebooks, or a "
            "folder for each learner, were expected."
        )
    owners = sorted(of_learner)
    return [
        _submission(owner, slug, of_learner[owner])
        for owner, slug in zip(owners, slugs(owners), strict=True)
    ]


def _unwrapped(items: list[Item], stem: str) -> list[Item]:
    """Return what is in the one folder that holds all learners, if there is one."""
    tops = {item.parts[0] for item in items}
    wrapper = next((name for name in _WRAPPERS if name in tops), None)
    below = {item.parts[1] for item in items if item.parts[1:]}
    if wrapper is None and tops == {stem} and len(below) > 1:
        wrapper = stem  # as systems do that pack a folder
    inside = [item for item in items if item.parts[0] == wrapper and item.parts[1:]]
    if not inside:
        return items
    return [
        Item(item.parts[1:], item.source, item.modified, item.problem)
        for item in inside
    ]


def _owner(item: Item) -> tuple[str, ...] | None:
    """Return a learner's name, and system and number if they are known."""
    top = item.parts[0]
    for system, pattern in (("moodle", _MOODLE), ("canvas", _CANVAS)):
        match = pattern.match(top)
        if match:
            name = match["name"] + (f"_{match['id']}" if system == "canvas" else "")
            return name, system, match["id"]
    is_folder = len(item.parts) > 1 or (item.source is None and not item.problem)
    ending = next((e for e in _HANDED_IN if top.lower().endswith(e)), "")
    if not top or not (is_folder or ending or item.problem):
        return None  # a list of grades, a note to the reader
    return (top[: len(top) - len(ending)],)


def _submission(owner: tuple[str, ...], slug: str, items: list[Item]) -> Submission:
    name, *known = owner
    warnings = [f"{_shown(item)} {item.problem}." for item in items if item.problem]
    times: dict[tuple[str, ...], datetime] = {}
    for item in items:
        if item.source and item.parts[-1] == "timestamp.txt":
            time = _timestamp(item.source)
            if time:
                times[item.parts[:-1]] = time
            else:
                warnings.append(f"{_shown(item)} holds no time that can be read.")
    found = [
        (_time(item, times), _natural(item.parts), item)
        for item in items
        if item.source and item.parts[-1].lower().endswith(".ipynb")
    ]
    found.sort(key=lambda entry: (entry[0] or _FIRST, entry[1]))
    if not found:
        others = [item.parts[-1] for item in items if item.source]
        warnings.insert(
            0, f"No notebook was handed in; found: {listed(others, 5) or '-'}."
        )
    attempts = (Attempt(_shown(i), time, i.source) for time, _, i in found if i.source)
    learner = " ".join(one_line(name, 100).split()) or "(no name)"
    ids = dict([known]) if known else {}
    return Submission(learner, slug, tuple(attempts), ids, tuple(warnings[:20]))


def _shown(item: Item) -> str:
    return one_line("/".join(item.parts), 300)


def _time(item: Item, times: dict[tuple[str, ...], datetime]) -> datetime | None:
    """Return the time of the nearest timestamp.txt at or above a file, or its own."""
    for length in range(len(item.parts) - 1, 0, -1):
        if item.parts[:length] in times:
            return times[item.parts[:length]]
    return item.modified


def _natural(parts: tuple[str, ...]) -> list[list[tuple[str, int]]]:
    """Return what to sort by: `x`, then `x-2`, then `x-10`."""
    stems = [part.removesuffix(".ipynb") for part in parts]
    return [
        [
            (text, int(n[:18] or -1))
            for text, n in re.findall(r"([^0-9]*)([0-9]*)", stem)
        ]
        for stem in stems
    ]


def _timestamp(source: Source) -> datetime | None:
    """Read nbgrader's `2030-02-01 15:58:23.948203 UTC`; without a zone it is UTC."""
    try:
        text = source.read()[:200].decode("utf-8-sig").strip()
    except (Unreadable, UnicodeDecodeError):
        return None
    zone = "UTC"
    if re.search(r" [A-Za-z][\w/+-]*$", text):
        text, zone = text.rsplit(" ", 1)
    try:
        time = datetime.fromisoformat(text)
        return time if time.tzinfo else time.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None
