"""What of a lesson is needed to find its answers.

Alone: pytest tests/course/grading/handed_in/test_lesson_shape.py
"""

import json
import pickle
from dataclasses import asdict

import pytest
from tiny_lesson import NAME, installed

from course.errors import CourseError
from course.grading.handed_in.lesson_shape import digest, lesson_shape
from course.lessons.building import build
from course.lessons.lesson import sources


@pytest.mark.parametrize("lesson", [path.stem[:2] for path in sources()])
def test_shape_is_that_of_the_learners_notebook(lesson):
    shape = lesson_shape(lesson)
    (text,) = (text for path, text in build(lesson).items() if path.suffix == ".ipynb")
    code = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
    answers = [c for c in code if c["metadata"].get("nbgrader", {}).get("solution")]
    assert [(e.grade_id, e.cell_id, e.stub) for e in shape.exercises] == [
        (c["metadata"]["nbgrader"]["grade_id"], c["id"], "".join(c["source"]))
        for c in answers
    ]
    (setup,) = (c for c in code if "setup" in c["metadata"]["tags"])
    assert (shape.setup_id, shape.setup) == (setup["id"], "".join(setup["source"]))
    assert {digest("".join(c["source"])) for c in code} == set(shape.own)
    assert all(exercise.names for exercise in shape.exercises)


def test_shape_is_plain_data_and_made_once():
    shape = lesson_shape("02")
    assert pickle.loads(pickle.dumps(shape)) == shape
    assert json.loads(json.dumps(asdict(shape)))["number"] == "02"
    assert lesson_shape("02") is shape


def test_shape_follows_its_source(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as source:
        assert lesson_shape("07").exercises[0].names == ("double",)
        assert source.stem == NAME
        with pytest.raises(CourseError, match="Lesson 99 has no source"):
            lesson_shape("99")


def test_digest_passes_over_space_at_ends_only():
    assert digest("\nx = 1 \n\ny") == digest("x = 1\n\ny\n")
    assert digest("if x:\n  y") != digest("if x:\ny")
    assert digest("\ud800")
