"""Alone: pytest tests/course/lessons/test_front_matter.py."""

from pathlib import Path

import pytest
import yaml

from course.errors import CourseError
from course.lessons.front_matter import load_yaml, read_front_matter

PATH = Path("02_x.py")
FRONT = {
    "title": "Tokens",
    "summary": "Cut texts.",
    "minutes": 30,
    "seconds": 20,
    "needs": ["an asset"],
    "objectives": ["a", "b", "c"],
    "sources": ["Shannon 1948."],
}


def read(**changes):
    return read_front_matter(yaml.safe_dump(FRONT | changes), PATH, 2)


def test_complete_front_matter_is_returned():
    assert read() == FRONT
    assert read(needs=[], minutes=120, seconds=1)["needs"] == []


@pytest.mark.parametrize("name", FRONT)
def test_missing_field(name):
    text = yaml.safe_dump({k: v for k, v in FRONT.items() if k != name})
    with pytest.raises(CourseError, match=r"02_x\.py:2: front matter has .*; expected"):
        read_front_matter(text, PATH, 2)


@pytest.mark.parametrize("name", FRONT)
@pytest.mark.parametrize("value", [None, True, 1.5, {}])
def test_field_of_another_type(name, value):
    with pytest.raises(CourseError, match=rf"02_x\.py:2: {name} is .* was expected"):
        read(**{name: value})


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"summary": "x" * 100 + "."}, "summary of at most 100"),
        ({"summary": "No full stop"}, "ends with a full stop"),
        ({"minutes": 0}, "minutes from 1 to 120"),
        ({"minutes": 121}, "minutes from 1 to 120"),
        ({"seconds": 0}, "seconds from 1 to 120"),
        ({"seconds": 121}, "seconds from 1 to 120"),
        ({"objectives": ["a", "b"]}, "three to six objectives"),
        ({"objectives": list("abcdefg")}, "three to six objectives"),
        ({"objectives": ["a", "b", 3]}, "three to six objectives"),
        ({"sources": []}, "at least one source"),
        ({"sources": [{"Shannon": 1948}]}, "at least one source"),
        ({"needs": [1]}, "needs as a list of texts"),
    ],
)
def test_broken_rule(changes, rule):
    with pytest.raises(CourseError, match=rf"02_x\.py:2: expected .*{rule}"):
        read(**changes)


def test_unknown_field():
    with pytest.raises(CourseError, match=r"has colour, .*; expected title"):
        read(colour="red")


@pytest.mark.parametrize("text", ["", "- a\n- b", "just text"])
def test_no_fields_at_all(text):
    with pytest.raises(CourseError, match="has no fields"):
        read_front_matter(text, PATH, 2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: x: y", 11),
        ("a: 1\nb: 2\nc: [", 12),
        ("a: \x07", 10),
        ("a: 2024-13-01", 10),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text, line):
    with pytest.raises(CourseError, match=rf"02_x\.py:{line}: .*: put texts") as raised:
        load_yaml(text, PATH, 10)
    assert str(raised.value).isprintable()
