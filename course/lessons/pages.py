"""Notebooks that are no lessons, such as the tour of all widgets.

    notebooks/source/widgets_tour.py -> notebooks/widgets_tour.ipynb

A page has a title, text and code, in the format of a lesson's source; its cells take no
options. Left out: all that makes a lesson, such as exercises, a quiz and a card.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.errors import CourseError, listed
from course.lessons import lesson
from course.lessons.front_matter import load_yaml
from course.lessons.lesson import check_cell
from course.lessons.notebook import KERNEL, write_notebook
from course.lessons.source import Cell, read_cells

_NAME = re.compile(r"^[a-z][a-z_]*$")
_FIELDS = ("title", "summary")


@dataclass(frozen=True)
class Page:
    """A page's source, read and validated.

    Attributes:
        path: The source.
        title: Its heading.
        summary: One sentence or two, below it.
        cells: In their order.
    """

    path: Path
    title: str
    summary: str
    cells: tuple[Cell, ...]


def page_sources() -> list[Path]:
    """Return the sources of all pages: those that do not begin as a lesson's do."""
    lessons = set(lesson.sources())
    found = lesson.SOURCES.glob("*.py")
    return sorted(path for path in found if path not in lessons)


def read_page(path: Path) -> Page:
    """Read and validate the source of a page.

    Args:
        path: A file `name.py` in the percent format.

    Raises:
        CourseError: With file and line, for whatever an author has to mend.
    """
    if not _NAME.match(path.stem):
        raise CourseError(
            f"{path.name}:1: a name such as widgets_tour.py for a page, or "
            "02_tokenization.py for a lesson, was expected: rename."
        )
    text, line, cells = read_cells(path)
    front = load_yaml(text, path, line)
    if not isinstance(front, dict) or set(front) != set(_FIELDS):
        came = listed(front) if isinstance(front, dict) else "no fields"
        raise CourseError(
            f"{path.name}:{line}: a page's front matter has {came}; expected "
            f"{listed(_FIELDS)}: add or remove."
        )
    for name in _FIELDS:
        if not isinstance(front[name], str) or not front[name].strip():
            raise CourseError(
                f"{path.name}:{line}: {name} is {front[name]!r}: a text was expected."
            )
    for cell in cells:
        if cell.options:
            raise cell.error(
                f"a page's cell has the options {listed(cell.options)}: remove them, "
                "or make it a cell of a lesson."
            )
        check_cell(cell)
    return Page(path, front["title"], front["summary"], tuple(cells))


def page_json(page: Page) -> str:
    """Return the text of a page's notebook, the same at each call.

    Args:
        page: From `read_page`.
    """
    return write_notebook(_cells(page), KERNEL)


def _cells(page: Page) -> Iterator[Any]:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    yield new_markdown_cell(
        f"# {page.title}\n\n{page.summary}\n\n*Built from `source/{page.path.name}`: "
        "authors edit that file, not this one.*",
        metadata={"tags": ["title"]},
    )
    for cell in page.cells:
        new = new_code_cell if cell.kind == "code" else new_markdown_cell
        yield new(cell.text)
