r"""Read a lesson's source: cells in the percent format, with the lines they begin on.

    # %% [markdown] tags=["exercise"] exercise="02.1" title="Count pairs"
    # What the learner reads.

    # %% tags=["exercise"] exercise="02.1"
    def count_pairs(words): ...

The format is jupytext's, and a test reads every source with both. It is read here by
hand because an author needs the line of a mistake, which jupytext does not keep. Left
out: what the cells mean.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.errors import CourseError

_HEAD = re.compile(r"^\s*#\s*%%")  # what jupytext and editors take for a cell
_CELL = re.compile(r"^# %%( \[markdown\])?((?: .*)?)$")
_OPTION = re.compile(r"\s*(\w+)=(\"[^\"]*\"|\[[^\]]*\]|\d+)")
_BEGIN, _END = "# BEGIN SOLUTION", "# END SOLUTION"


@dataclass(frozen=True)
class Cell:
    """A cell of a source.

    Attributes:
        kind: "markdown" or "code".
        text: Its content, without the comment signs of the format.
        options: What stands behind `# %%`, such as `tags` and `exercise`.
        line: Line of the source, from 1, on which its content begins.
        path: The source.
    """

    kind: str
    text: str
    options: dict[str, Any] = field(default_factory=dict)
    line: int = 1
    path: Path = Path("source.py")

    @property
    def tag(self) -> str:
        """What the cell is for; the linter wants exactly one tag."""
        return str((self.options.get("tags") or [""])[0])

    def error(self, problem: str, offset: int = 0) -> CourseError:
        """Return an error that names the source and the line.

        Args:
            problem: What came, what was expected, what to do.
            offset: Lines below the first of the cell.
        """
        return CourseError(f"{self.path.name}:{self.line + offset}: {problem}")


def read_cells(path: Path) -> tuple[str, int, list[Cell]]:
    """Return a source's front matter, the line it begins on, and its cells.

    Args:
        path: A file in the percent format, which begins with front matter between two
            lines `# ---`.

    Raises:
        CourseError: With file and line, if the front matter or the options of a cell
            cannot be read, or a line belongs to no cell.
    """
    lines = _read_lines(path)
    if not lines or lines[0] != "# ---" or "# ---" not in lines[1:]:
        raise CourseError(
            f"{path.name}:1: front matter was expected: begin with a line '# ---', "
            "then title, summary, ..., and a second '# ---'."
        )
    end = lines.index("# ---", 1)
    front = "\n".join(_without_comment(line) for line in lines[1:end])
    starts = [n for n in range(end + 1, len(lines)) if _HEAD.match(lines[n])]
    for n in range(end + 1, starts[0] if starts else len(lines)):
        if lines[n].strip():
            raise CourseError(
                f"{path.name}:{n + 1}: a cell was expected: begin it with '# %%'."
            )
    ends = [*starts[1:], len(lines)]
    cells = [
        _read_cell(path, n, lines[n], lines[n + 1 : until])
        for n, until in zip(starts, ends, strict=True)
    ]
    return front, 2, cells


def _read_lines(path: Path) -> list[str]:
    try:
        # Not splitlines, for which a form feed inside a string ends a line as well.
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise CourseError(f"{path.name}:1: it is not UTF-8: save it as such.") from None


def _read_cell(path: Path, number: int, head: str, body: list[str]) -> Cell:
    matched = _CELL.match(head)
    markdown, written = matched.groups() if matched else (None, head)
    try:
        options = {name: json.loads(value) for name, value in _OPTION.findall(written)}
        tags = options.get("tags", [])
        readable = not _OPTION.sub("", written).strip() and isinstance(tags, list)
    except json.JSONDecodeError:
        readable = False
    if not readable:
        raise CourseError(
            f"{path.name}:{number + 1}: the cell's options {written.strip()!r} cannot "
            'be read: write each as name="text", name=["list"] or name=1 behind '
            "'# %%' or '# %% [markdown]'."
        )
    if markdown:
        for n, line in enumerate(body):
            if line.strip() and not line.startswith("#"):
                raise CourseError(
                    f"{path.name}:{number + 2 + n}: a line of text without '#': add "
                    "it, or begin a cell of code with '# %%'."
                )
        body = [_without_comment(line) for line in body]
    # Blank lines around the content are no part of it.
    filled = [n for n, line in enumerate(body) if line.strip()] or [0]
    text = "\n".join(body[filled[0] : filled[-1] + 1])
    kind = "markdown" if markdown else "code"
    return Cell(kind, text, options, number + 2 + filled[0], path)


def _without_comment(line: str) -> str:
    return line[2:] if line.startswith("# ") else line.removeprefix("#")


def solved(cell: Cell) -> str:
    r"""Return a cell's code with its solution and without the markers.

    Args:
        cell: A code cell.

    Example:
        >>> code = "x = 1\n# BEGIN SOLUTION\ny = x\n# END SOLUTION"
        >>> print(solved(Cell("code", code)))
        x = 1
        y = x
    """
    solution_lines(cell)
    lines = cell.text.split("\n")
    return "\n".join(n for n in lines if n.strip() not in (_BEGIN, _END))


def stub(cell: Cell, exercise: str) -> str:
    r"""Return a cell's code with each solution replaced by a line that raises.

    Args:
        cell: A code cell.
        exercise: Id of the exercise, for the message.

    Raises:
        CourseError: If the markers do not come in pairs.

    Example:
        >>> code = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION"
        >>> print(stub(Cell("code", code), "02.1"))
        def f():
            raise NotImplementedError("Exercise 02.1: replace this line.")
    """
    blocks = solution_lines(cell)
    kept = []
    for number, line in enumerate(cell.text.split("\n")):
        block = next((b for b in blocks if b[0] <= number <= b[1]), None)
        if block is None:
            kept.append(line)
        elif number == block[0]:
            indentation = line[: len(line) - len(line.lstrip())]
            message = f'"Exercise {exercise}: replace this line."'
            kept.append(f"{indentation}raise NotImplementedError({message})")
    return "\n".join(kept)


def solution_lines(cell: Cell) -> list[tuple[int, int]]:
    """Return the numbers, from 0 in the cell, of the marker lines of each solution.

    Args:
        cell: A code cell.

    Raises:
        CourseError: If the markers do not come in pairs.
    """
    blocks, begin = [], None
    for number, line in enumerate(cell.text.split("\n")):
        if line.strip() == _BEGIN:
            if begin is not None:
                raise cell.error(
                    f"a second '{_BEGIN}' inside a solution: end the first with "
                    f"'{_END}'.",
                    number,
                )
            begin = number
        elif line.strip() == _END:
            if begin is None:
                raise cell.error(f"'{_END}' without '{_BEGIN}': add or remove.", number)
            blocks.append((begin, number))
            begin = None
        elif "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            raise cell.error(
                f"{line.strip()!r} is no marker: write '{_BEGIN}' or '{_END}' alone "
                "on its line.",
                number,
            )
    if begin is not None:
        raise cell.error(f"'{_BEGIN}' without '{_END}': add the end.", begin)
    return blocks
