import json

import pytest

from course.grading.exports.run_autograder import failure, learner


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"users": [{"id": 12}, {"id": "3"}]}', "learner-3"),
        ('{"users": [{"id": "../../x"}]}', "learner"),
        ('{"users": []}', "learner"),
        ("[]", "learner"),
        ("broken", "learner"),
    ],
)
def test_learner_is_a_number_or_nobody(tmp_path, text, name):
    path = tmp_path / "submission_metadata.json"
    path.write_text(text)
    assert learner(path) == name


def test_without_metadata(tmp_path):
    assert learner(tmp_path / "missing.json") == "learner"


def test_failure_is_hidden_and_says_why():
    about = json.loads(failure("boom"))
    assert about["visibility"] == about["stdout_visibility"] == "hidden"
    assert about["output"].endswith("boom")
