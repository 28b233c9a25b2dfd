"""Notebooks changed at random. Alone: pytest tests/grading/hostile/test_mutated.py."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_assignment import answer, answers, cell, notebook, write_assignment

from course.grading.assignment import assignment
from course.grading.handed_in.ipynb import Unreadable, read_notebook
from course.grading.handed_in.locating import locate
from course.grading.limits import Limits
from course.grading.marking import mark
from course.grading.marks.results import EXERCISE_STATUSES
from course.grading.processes.workshop import Workshop
from course.grading.sandbox import choose, python_paths

# Ten of fifteen points: what is changed may lose some, and win none.
POINTS = 10
HONEST = json.loads(answers(first="def add(a, b):\n    return a - b"))
HONEST["cells"] += [
    cell("# Sums", "markdown"),
    cell("add(1, 2)"),
    answer("90.4", "def other():\n    return add"),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
# What is at a place becomes something of another place, something new, or nothing.
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["drop", "twice", "replace", "move", "cut", "insert"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        VALUES,
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    source, cases = write_assignment(tmp_path_factory.mktemp("assignment"))
    return assignment(source=source, cases=cases)


@pytest.fixture(scope="module")
def workshop(graded):
    with Workshop(graded.set_up, choose(), python_paths()) as made:
        yield made


def points_of(data: bytes, graded, workshop) -> float:
    """Mark a notebook's bytes; one that cannot be read is worth nothing."""
    try:
        cells, _ = read_notebook(data)
    except Unreadable:
        return 0
    located = locate(cells, graded.shape)
    exercises, _ = mark(graded, located, workshop, 0, Limits(1.0, 4.0))
    assert [exercise.id for exercise in exercises] == list(graded.exercises)
    assert {exercise.status for exercise in exercises} <= set(EXERCISE_STATUSES)
    return sum(exercise.score for exercise in exercises)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container and key within a value."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def changed(data: dict, changes: list[tuple]) -> dict:
    data = copy.deepcopy(data)
    for what, at, other, new in changes:
        found = list(places(data))
        if not found:
            break
        (place, key), (source, its) = found[at % len(found)], found[other % len(found)]
        if what == "drop":
            del place[key]
        elif what == "cut" and isinstance(place[key], str):
            place[key] = place[key][: other % (len(place[key]) + 1)]
        elif what == "move":
            place[key] = copy.deepcopy(source[its])
        elif what == "insert" and isinstance(place, list):
            place.insert(key, new)
        elif what == "twice" and isinstance(place, list):
            place.append(copy.deepcopy(place[key]))
        else:
            place[key] = new
    return data


def test_the_unchanged_one_has_its_points(graded, workshop):
    assert points_of(json.dumps(HONEST).encode(), graded, workshop) == POINTS
    assert points_of(notebook(), graded, workshop) == 0


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES)
def test_changes_of_the_json_win_nothing(graded, workshop, changes):
    data = json.dumps(changed(HONEST, changes)).encode()
    assert points_of(data, graded, workshop) <= POINTS


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 40), st.binary(max_size=6)),
        min_size=1,
        max_size=6,
    )
)
def test_changes_of_the_bytes_win_nothing(graded, workshop, parts):
    data = json.dumps(HONEST).encode()
    for start, length, new in parts:
        start %= len(data)
        data = data[:start] + new + data[start + length :]
    assert points_of(data, graded, workshop) <= POINTS


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300) | VALUES.map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_worth_nothing(graded, workshop, data):
    assert points_of(data, graded, workshop) == 0
