"""A notebook run and checked. Two tests start a kernel.

Alone: pytest tests/course/grading/test_notebooks.py
"""

import json

import nbformat
import pytest
from tiny_lesson import built

from course.errors import CourseError
from course.grading import notebooks
from course.grading.notebooks import (
    check_notebook,
    lesson_of,
    print_results,
    read_notebook,
)
from course.lessons.lesson import read_lesson, sources
from course.lessons.source import solved, stub


def write(path, *cells, **metadata):
    """Write a notebook of code cells."""
    made = [nbformat.v4.new_code_cell(text) for text in cells]
    made.insert(0, nbformat.v4.new_markdown_cell("# Title"))
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=metadata), path)
    return path


NO_METADATA = b'{"nbformat": 4, "nbformat_minor": 5, "cells": []}'

# --- Reading -------------------------------------------------------------------------


def test_notebook_is_read_also_with_a_byte_order_mark(tmp_path):
    path = write(tmp_path / "a.ipynb", "x = 1")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_notebook(path).cells[1].source == "x = 1"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"{",
        b'{"nbformat": 99}',
        NO_METADATA,
        b'"a\n\x1b[31mb"',
        b"1",
    ],
)
def test_file_that_is_no_notebook(tmp_path, content):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    with pytest.raises(
        CourseError, match=r"is no notebook .*: download it ag"
    ) as raised:
        read_notebook(path)
    assert str(raised.value).isprintable()


def test_file_that_cannot_be_read(tmp_path):
    with pytest.raises(CourseError, match="No such file or directory"):
        read_notebook(tmp_path / "a.ipynb")
    with pytest.raises(CourseError, match="cannot be read"):
        read_notebook(tmp_path)
    (tmp_path / "b.ipynb").write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match="it is not UTF-8"):
        read_notebook(tmp_path / "b.ipynb")


# --- Which lesson --------------------------------------------------------------------


@pytest.fixture
def kit(tmp_path, monkeypatch):
    with built(tmp_path, monkeypatch) as notebook:
        yield notebook


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"course": {"lesson": "07"}}, "mine.ipynb"),
        ({"course": {"lesson": "07"}}, "08_renamed.ipynb"),
        ({}, "07_doubling.ipynb"),
        ({}, "07 my copy (2).ipynb"),
        ({"course": {}}, "07.ipynb"),
        ({"course": "07"}, "07.ipynb"),
        ({"course": None}, "07.ipynb"),
    ],
)
def test_lesson_by_metadata_or_else_by_name(kit, tmp_path, metadata, name):
    path = write(tmp_path / name, **metadata)
    assert lesson_of(read_notebook(path), path).lesson == "07"


@pytest.mark.parametrize(
    ("metadata", "name", "problem"),
    [
        ({}, "mine.ipynb", "does not say which lesson it is"),
        ({"course": {"lesson": 7}}, "mine.ipynb", "does not say which lesson it is"),
        ({"course": {"lesson": ["07"]}}, "07.ipynb", "does not say which lesson it is"),
        ({"course": {"lesson": "08"}}, "07.ipynb", "Unknown lesson '08'"),
        ({}, "2024 notes.ipynb", "Unknown lesson '20'"),
    ],
)
def test_lesson_that_is_not_told(kit, tmp_path, metadata, name, problem):
    path = write(tmp_path / name, **metadata)
    with pytest.raises(CourseError, match=problem):
        lesson_of(read_notebook(path), path)


# --- In the kernel -------------------------------------------------------------------


def test_results_are_one_line_of_json_and_not_recorded(kit, capsys, tmp_path):
    print_results("07", {"double": lambda number: print("noise", end="")})
    *_, line = capsys.readouterr().out.splitlines()
    (row,) = json.loads(line.removeprefix(notebooks._MARK))
    assert (row["exercise"], row["title"], row["status"]) == (
        *("07.1", "Double", "failed"),
    )
    assert (row["passed"], row["total"]) == (0, 2)
    assert row["text"].startswith("✗ Exercise 07.1, Double: visible checks 0/2.")
    assert not (tmp_path / "progress.json").exists()


def output(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


def test_results_are_found_between_other_output(tmp_path):
    line = f"{notebooks._MARK}[]"
    parts = [
        output("noise\n" + line[:9]),
        output("aside\n", "stderr"),
        output(line[9:]),
    ]
    cell = nbformat.v4.new_code_cell(outputs=parts)
    assert notebooks._results(cell, tmp_path) == []


def test_results_that_did_not_come(tmp_path):
    cell = nbformat.v4.new_code_cell(outputs=[output("noise")])
    with pytest.raises(CourseError, match="its exercises could not be checked"):
        notebooks._results(cell, tmp_path / "a.ipynb")


@pytest.fixture
def answers():
    """Code of lesson 00's answers: solved, untouched, and one that is wrong."""
    first, second, _ = read_lesson(sources()[0]).tasks
    return [
        solved(first.answer),
        stub(second.answer, second.id),
        "1 / 0  # the notebook goes on",
        "def sample_texts(texts, n, seed):\n    print('noise')\n    return texts[:n]",
        "import sys; print('aside', file=sys.stderr)",
        "from course.grading import check\ncheck('00.3')",
    ]


def test_notebook_is_run_and_checked_and_nothing_is_written(
    tmp_path, monkeypatch, answers
):
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "work" / "progress.json"))
    path = write(tmp_path / "work" / "00_mine.ipynb", *answers)
    before, seen = path.read_bytes(), []
    results = check_notebook(path, lambda *counts: seen.append(counts))
    assert [(row["exercise"], row["status"]) for row in results] == [
        *(("00.1", "passed"), ("00.2", "not_attempted"), ("00.3", "passed")),
    ]
    assert (results[0]["passed"], results[0]["total"]) == (3, 3)
    assert seen == [(done, 7) for done in range(1, 8)]
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_kernel_that_dies_is_told(tmp_path):
    path = write(tmp_path / "00_x.ipynb", "x = 1", "import os; os._exit(1)", "y = 1")
    with pytest.raises(CourseError, match=r"kernel died while 00_x\.ipynb ran, after "):
        check_notebook(path)
