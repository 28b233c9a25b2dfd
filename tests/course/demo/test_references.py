"""References of the demo. Alone: pytest tests/course/demo/test_references.py."""

import pytest

from course.demo import references
from course.demo.models import LoadedModels
from course.demo.references import References, other_tasks
from course.errors import CourseError


@pytest.fixture
def known(first_run, monkeypatch):
    asked = []
    monkeypatch.setattr(
        references,
        "reference_of",
        lambda run, model: asked.append(run.name) or run.name,
    )
    found = References(LoadedModels())
    found.asked = asked
    return found


def test_a_reference_is_found_once(known):
    assert known.known("first") is None
    assert known.find("first") == known.find("first") == known.known("first")
    assert known.asked == ["first"]


def test_a_model_that_is_gone_has_none(known):
    assert "Unknown model 'gone'" in known.find("gone")
    assert "Unknown model ''" in known.known(None)


def test_why_there_is_none_is_kept(known, monkeypatch):
    def fail(run, model):
        raise CourseError("The data changed.")

    monkeypatch.setattr(references, "reference_of", fail)
    assert known.find("first") == known.known("first") == "The data changed."


def test_only_another_task_can_be_simulated(known):
    assert "sentiment" not in other_tasks("first")
    with pytest.raises(CourseError, match="Unknown task '/etc'"):
        known.simulate("first", "/etc")
