"""When grading itself fails. Alone: pytest tests/course/grading/test_batch.py.

Everything else of it is tried by tests/course/grading/test_outcome.py.
"""

import pytest
from tiny_assignment import answers, write_assignment

from course.errors import CourseError
from course.grading import batch
from course.grading.batch import grade_one
from course.grading.jobs import Handed, Plan
from course.grading.limits import Limits
from course.grading.marks.results import from_json
from course.grading.preparing import workshop_of
from course.grading.processes.workshop import TemplateGone
from course.grading.sandbox import choose

HANDED = Handed("learner-01", "a.ipynb", answers())


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    source, cases = write_assignment(tmp_path_factory.mktemp("assignment"))
    return Plan(None, source, cases, choose(), Limits(2.0, 10.0))


def grade(plan):
    return from_json(grade_one(0, HANDED, plan)[1])


def test_a_template_that_ended_is_replaced(plan):
    assert grade(plan).score == 15
    workshop_of(plan)._process.kill()
    workshop_of(plan)._process.wait()
    assert grade(plan).score == 15


@pytest.mark.parametrize("error", [TemplateGone("gone"), RuntimeError("odd")])
def test_one_submission_on_which_grading_fails_costs_no_other(plan, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(batch, "mark", fail)
    result = grade(plan)
    assert {exercise.status for exercise in result.exercises} == {"crashed"}
    assert (result.score, result.points) == (0, 15)
    (warning,) = result.warnings
    assert "mark this one by hand" in warning
    assert str(error) in warning


def test_what_is_wrong_with_the_lesson_ends_the_run(plan, monkeypatch):
    def fail(*_):
        raise CourseError("The set-up cell cannot be run.")

    monkeypatch.setattr(batch, "mark", fail)
    with pytest.raises(CourseError, match="set-up cell"):
        grade(plan)
