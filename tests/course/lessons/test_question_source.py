"""Alone: pytest tests/course/lessons/test_question_source.py."""

import pytest
import yaml

from course.errors import CourseError
from course.lessons.catalogue import Option, Question
from course.lessons.question_source import read_questions
from course.lessons.source import Cell

OPTIONS = [
    {"right": "256", "why": "Eight bits."},
    {"wrong": "128", "why": "That is\n ASCII."},
    {"wrong": "8", "why": "Those are the bits."},
]
ITEM = {"id": "q1", "kind": "recall", "text": "How many bytes?", "options": OPTIONS}


def read(*items):
    text = yaml.safe_dump(list(items), sort_keys=False)
    return list(read_questions([cell(text)], "02"))


def cell(text, line=40):
    return Cell("markdown", text, {"tags": ["quiz"]}, line)


def test_question_with_its_options_on_one_line_each():
    (question,) = read(ITEM)
    assert question == Question(
        "02.q1",
        "recall",
        "How many bytes?",
        (
            Option("256", "Eight bits.", True),
            Option("128", "That is ASCII.", False),
            Option("8", "Those are the bits.", False),
        ),
    )


def test_cells_that_are_no_quiz_are_left_alone():
    assert list(read_questions([Cell("markdown", ": no yaml [")], "02")) == []


@pytest.mark.parametrize("name", ITEM)
def test_missing_field(name):
    with pytest.raises(CourseError, match=r"source\.py:40: question"):
        read({key: value for key, value in ITEM.items() if key != name})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"extra": 1}, "id, kind, text and options were expected"),
        ({"kind": "easy"}, "kind is 'easy', one of recall, output"),
        ({"kind": ["recall"]}, "kind is"),
        ({"text": 5}, "a text was expected"),
        ({"id": "1"}, "question '1': its id"),
        ({"id": ["q1"]}, "its id"),
        ({"options": OPTIONS[:2]}, "three to five options"),
        ({"options": OPTIONS * 2}, "three to five options"),
        ({"options": "256"}, "three to five options"),
        ({"options": [*OPTIONS[:2], {"wrong": "8"}]}, "and why"),
        ({"options": [*OPTIONS[:2], {"wrong": 8, "why": "x"}]}, "quotation marks"),
        ({"options": OPTIONS[1:] + OPTIONS[1:]}, "exactly one option"),
        ({"options": OPTIONS[:1] + OPTIONS}, "exactly one option"),
    ],
)
def test_wrong_question(changes, problem):
    with pytest.raises(CourseError, match=rf"source\.py:40: .*{problem}"):
        read(ITEM | changes)


def test_mistake_names_the_line_of_its_question():
    text = yaml.safe_dump([ITEM], sort_keys=False)
    lines = text.count("\n")
    with pytest.raises(CourseError, match=rf"source\.py:{40 + lines}: question 'q2'"):
        read(ITEM, ITEM | {"id": "q2", "kind": "?"})


def test_id_used_twice_in_one_cell_or_in_two():
    with pytest.raises(CourseError, match=r"question 'q1': its id, .* used twice"):
        read(ITEM, ITEM)
    text = yaml.safe_dump([ITEM])
    with pytest.raises(CourseError, match=r"source\.py:90: .* used twice"):
        list(read_questions([cell(text), cell(text, 90)], "02"))


@pytest.mark.parametrize("text", ["", "q1", "id: q1", "- q1", "- [q1]", "- null"])
def test_what_is_no_list_of_questions(text):
    with pytest.raises(CourseError, match=r"source\.py:40: "):
        list(read_questions([cell(text)], "02"))


def test_broken_yaml_names_its_line():
    with pytest.raises(CourseError, match=r"source\.py:42: "):
        list(read_questions([cell("- id: q1\n  kind: recall\n  text: a: b")], "02"))
