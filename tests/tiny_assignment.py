"""An assignment of three small exercises, and notebooks that answer it: for grading.

Needs no model and starts in a fraction of a second; what is tried on it is grading.
"""

import json
from pathlib import Path

SOURCE = '''\
# ---
# title: Sums
# summary: Three small functions.
# minutes: 5
# seconds: 1
# needs: []
# objectives:
#   - "**add** two numbers,"
#   - "**repeat** a text,"
#   - "**keep** a running mean."
# sources:
#   - "Euclid. Elements. https://example.org/elements"
# ---

# %% tags=["setup"]
import math

from course.grading import check

BASE = 10

# %% [markdown] tags=["exercise"] exercise="90.1" title="Add" difficulty=1 minutes=1
# Add two numbers.


# %% tags=["exercise"] exercise="90.1"
def add(a, b):
    """Return the sum."""
    # BEGIN SOLUTION
    # SECRET-OF-THE-SOLUTION
    return a + b
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="90.2" title="Repeat" difficulty=1 minutes=1
# Repeat a text.


# %% tags=["exercise"] exercise="90.2"
def repeat(text, times):
    """Return a list that holds the text so many times."""
    # BEGIN SOLUTION
    return [text] * times
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="90.3" title="Mean" difficulty=2 minutes=2
# Keep a mean.


# %% tags=["exercise"] exercise="90.3"
class Mean:
    """The mean of the numbers so far."""

    # BEGIN SOLUTION
    def __init__(self):
        self.total, self.count = 0.0, 0

    def update(self, number):
        self.total += number
        self.count += 1
        return self.total / self.count

    # END SOLUTION
'''

CASES = '''\
"""Cases of the tiny assignment."""

import pytest

SECRET = "SECRET-OF-THE-CASES"


@pytest.mark.exercise("90.1", points=2, hint="Three and four are seven.")
def test_add_small(student):
    """Three and four are added."""
    assert student.add(3, 4) == 7


@pytest.mark.hidden
@pytest.mark.exercise("90.1", points=3, hint="Any two numbers.")
def test_add_random(student, reference, rng):
    """Two random numbers are added."""
    for _ in range(3):
        a, b = rng.randrange(1000, 9999), rng.randrange(1000, 9999)
        assert student.add(a, b) == reference.add(a, b), SECRET


@pytest.mark.exercise("90.2", points=2, hint="A list of the text.")
def test_repeat_twice(student):
    """Twice gives two."""
    assert student.repeat("ab", 2) == ["ab", "ab"]


@pytest.mark.hidden
@pytest.mark.exercise("90.2", points=3, hint="Nought times is an empty list.")
def test_repeat_never(student):
    """Nought times gives none."""
    assert student.repeat("ab", 0) == []


@pytest.mark.exercise("90.3", points=2, hint="Total by count.")
def test_mean_of_two(student):
    """The mean of one and two."""
    mean = student.Mean()
    mean.update(1)
    assert mean.update(2) == 1.5


@pytest.mark.hidden
@pytest.mark.exercise("90.3", points=3, hint="Any numbers.")
def test_mean_of_many(student, reference, rng):
    """The mean of random numbers."""
    numbers = [rng.randrange(100) for _ in range(5)]
    mine, theirs = student.Mean(), reference.Mean()
    for number in numbers:
        assert mine.update(number) == theirs.update(number)
'''

ADD = "def add(a, b):\n    return a + b"
REPEAT = "def repeat(text, times):\n    return [text] * times"
MEAN = """class Mean:
    def __init__(self):
        self.numbers = []

    def update(self, number):
        self.numbers.append(number)
        return sum(self.numbers) / len(self.numbers)"""
RIGHT = {"90.1": ADD, "90.2": REPEAT, "90.3": MEAN}
POINTS = 15


def write_assignment(folder: Path) -> tuple[Path, Path]:
    """Write source and cases into a folder; return both paths."""
    source, cases = folder / "90_sums.py", folder / "test_90_sums.py"
    source.write_text(SOURCE, encoding="utf-8")
    cases.write_text(CASES, encoding="utf-8")
    return source, cases


def cell(text: str, kind: str = "code", **metadata: object) -> dict:
    """Return a cell as a notebook's file holds it."""
    made = {"cell_type": kind, "metadata": metadata, "source": text}
    return made if kind != "code" else {**made, "outputs": [], "execution_count": None}


def answer(exercise: str, text: str) -> dict:
    """Return an answer cell with nbgrader's metadata."""
    about = {
        "schema_version": 3,
        "grade": False,
        "solution": True,
        "locked": False,
        "task": False,
        "grade_id": f"exercise-{exercise.replace('.', '-')}",
        "cell_type": "code",
    }
    return cell(text, nbgrader=about, exercise=exercise, tags=["exercise"])


def notebook(*cells: dict) -> bytes:
    """Return a notebook's file."""
    about = {"course": {"lesson": "90"}}
    data = {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": list(cells)}
    return json.dumps(data, indent=1).encode()


def answers(**changed: str) -> bytes:
    """Return a notebook with right answers, but `first`, `second`, `third` changed."""
    names = ("first", "second", "third")
    texts = zip(names, RIGHT.items(), strict=True)
    return notebook(
        *(answer(exercise, changed.get(name, text)) for name, (exercise, text) in texts)
    )
