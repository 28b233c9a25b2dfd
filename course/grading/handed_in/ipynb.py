r"""Read a notebook that somebody handed in, whatever was done to the file.

The file is bounded before it is parsed, by its length and by how many values it holds.
nbformat is not used: it refuses damaged files, and takes a second to import. Left out:
outputs, and everything of the metadata that does not help to find an answer.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from course.errors import CourseError, listed, one_line

LARGEST = 20_000_000  # bytes of a file
MOST_VALUES = 3_000_000  # lists, objects and their items; each takes some 70 bytes
MOST_CELLS = 5_000
KINDS = ("code", "markdown", "raw")

# Longer signs first: that of UTF-32 begins with that of UTF-16.
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MERGE = re.compile(r"^(<<<<<<<|>>>>>>>) ", re.M)


class Unreadable(CourseError):  # noqa: N818 - said of a file, in one line
    """A file that is no notebook, or is one no longer."""


@dataclass(frozen=True)
class NotebookCell:
    r"""What of a cell helps to find an answer.

    Attributes:
        number: From 1, as it is counted in warnings.
        kind: One of `KINDS`.
        text: Its source, its lines ended by "\n" alone.
        id: As nbformat 4.5 has it, or "".
        grade_id: nbgrader's id, or "".
        exercise: The exercise that the lesson's builder noted, as "02.1", or "".
        tags: In order.
    """

    number: int
    kind: str
    text: str
    id: str = ""
    grade_id: str = ""
    exercise: str = ""
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What to call it, as "cell 3"."""
        return f"cell {self.number}"


def read_notebook(data: bytes) -> tuple[list[NotebookCell], tuple[str, ...]]:
    r"""Return the cells of a notebook, and what is odd about the file.

    Args:
        data: Content of the file.

    Returns:
        Cells in order, and warnings, a line each.

    Raises:
        Unreadable: With the reason in one line, if there are no cells to be had.

    Example:
        >>> data = b'{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "x"]}]}'
        >>> read_notebook(data)
        ([NotebookCell(number=1, kind='code', text='x = 1\nx', ...)], ())
        >>> read_notebook(b"")
        Traceback (most recent call last):
        ...
        course.grading.handed_in.ipynb.Unreadable: The file is empty: hand it in again.
    """
    text, warnings = _decoded(data)
    found = list(_cells(_parsed(text)))
    if len(found) > MOST_CELLS:
        raise Unreadable(
            f"The notebook has {len(found):,} cells, at most {MOST_CELLS:,} are read: "
            "remove what is not needed."
        )
    cells, odd = [], []
    for number, raw in enumerate(found, 1):
        cell, is_odd = _cell(number, raw)
        cells.append(cell)
        odd += [str(number)] if is_odd else []
    if odd:
        warnings += (f"Cells that could not be read in full: {listed(odd, 10)}.",)
    return cells, warnings


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has {len(data):,} bytes, at most {LARGEST:,} are read: remove "
            "its outputs and hand it in again."
        )
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty: hand it in again.")
    for sign, encoding in _ENCODINGS:
        if data.startswith(sign):
            text = data[len(sign) :].decode(encoding, errors="replace")
            odd = "" if encoding == "utf-8" else f"The file is in {encoding.upper()}."
            break
    else:
        text, odd = data.decode("utf-8", errors="replace"), ""
    if "\ufffd" in text and not odd:
        odd = "Some characters of the file cannot be read."
    return text, (odd,) if odd else ()


def _parsed(text: str) -> Any:
    """Return what JSON stands for; a text that would fill the memory is refused."""
    # What is inside strings counts as well: exact counting would mean to parse.
    values = text.count(",") + text.count("[") + 4 * text.count("{")
    if values > MOST_VALUES:
        raise Unreadable(
            "The file holds millions of values: remove its outputs and hand it in "
            "again."
        )
    try:
        return json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as error:
        if _MERGE.search(text):
            reason = "holds the marks of a merge (<<<<<<<): resolve it"
        elif error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg:
            reason = "ends too early: save it"
        else:
            reason = (
                f"is no notebook (line {error.lineno}: {one_line(error.msg)}): save it"
            )
        raise Unreadable(f"The file {reason} and hand it in again.") from None
    except (RecursionError, ValueError, MemoryError) as error:
        raise Unreadable(
            f"The file is no notebook ({type(error).__name__}): save it and hand it in "
            "again."
        ) from None


def _integer(digits: str) -> int:
    # Python refuses to read numbers of thousands of digits; none is needed here.
    return int(digits) if len(digits) < 20 else 0


def _cells(notebook: Any) -> Iterator[Any]:
    """Yield the cells as they stand in the file; nbformat 3 has them in worksheets."""
    if not isinstance(notebook, dict):
        raise Unreadable("The file is JSON but no notebook: hand in the .ipynb file.")
    sheets = notebook.get("worksheets")
    sheets = sheets if isinstance(sheets, list) else []
    found = False
    for part in [notebook, *sheets]:
        cells = part.get("cells") if isinstance(part, dict) else None
        if isinstance(cells, list):
            found = True
            yield from cells
    if not found:
        raise Unreadable("The notebook has no cells: hand in the .ipynb file.")


def _cell(number: int, raw: Any) -> tuple[NotebookCell, bool]:
    """Return a cell, and whether something of it was not as it should be."""
    if not isinstance(raw, dict):
        return NotebookCell(number, "raw", ""), True
    kind = raw.get("cell_type")
    is_old = kind == "heading"  # of nbformat 3
    source = raw.get("source", raw.get("input"))
    parts = source if isinstance(source, list) else [source]
    text = "".join(part for part in parts if isinstance(part, str))
    cell = NotebookCell(
        number,
        kind if kind in KINDS else "markdown" if is_old else "raw",
        _whole(text.replace("\r\n", "\n").replace("\r", "\n")),
        _word(raw.get("id")),
    )
    is_odd = not (kind in KINDS or is_old) or not all(isinstance(p, str) for p in parts)
    metadata = raw.get("metadata")
    if not isinstance(metadata, dict):
        return cell, is_odd
    nbgrader = metadata.get("nbgrader")
    tags = metadata.get("tags")
    tags = tags[:20] if isinstance(tags, list) else []
    cell = replace(
        cell,
        grade_id=_word(nbgrader.get("grade_id") if isinstance(nbgrader, dict) else ""),
        exercise=_word(metadata.get("exercise")),
        tags=tuple(filter(None, map(_word, tags))),
    )
    return cell, is_odd


def _word(value: Any) -> str:
    """Return a short text as it is, anything else as ""."""
    return _whole(value) if isinstance(value, str) and len(value) <= 200 else ""


def _whole(text: str) -> str:
    """Return a text that can be encoded: half a character becomes U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
