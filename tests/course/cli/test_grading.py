"""`course grade`. Alone: pytest tests/course/cli/test_grading.py."""

import json

import pytest
from tiny_assignment import POINTS


def test_a_table_for_people(call, handed_in, lesson, tmp_path):
    code, out, err = call("grade", handed_in, "--out", tmp_path / "marks", *lesson)
    assert (code, out) == (0, "")
    assert f"{POINTS} of {POINTS}" in err
    assert "[red]x" in err  # a name, not a colour
    assert "2 learners, 2 graded now; sandbox: " in err
    assert "report.html" in err
    _, _, err = call("grade", handed_in, "--out", tmp_path / "marks", *lesson)
    assert "0 graded now, 2 earlier" in err


def test_json_for_programs(call, handed_in, lesson, tmp_path):
    marks = tmp_path / "marks"
    code, out, _ = call("grade", handed_in, "--out", marks, *lesson, "--json")
    assert code == 0
    found = {row["learner"]: row for row in json.loads(out)}
    assert found["learner-01"]["score"] == found["learner-01"]["points"] == POINTS
    assert found["[red]x"]["exercises"]["90.1"] == "failed"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["--sandbox", "jail"], "Unknown sandbox 'jail'"),
        (["--sandbox", "limits"], "--allow-unsandboxed"),
        (["--keep", "first"], "'first'"),
        (["--due", "tomorrow"], "'tomorrow' is no due time"),
        (["--backend", "dask"], "Unknown backend 'dask'"),
        (["--late", "nowhere.py"], "cannot be loaded"),
        (["--manual", "nowhere.csv"], "cannot be read"),
        (["--lesson", "02"], "Name a lesson, or both a source"),
    ],
)
def test_what_cannot_be_is_one_line(
    call, handed_in, lesson, tmp_path, changes, message
):
    marks = tmp_path / "marks"
    code, out, err = call("grade", handed_in, "--out", marks, *lesson, *changes)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1
    assert not (marks / "gradebook.csv").exists()


def test_without_submissions_it_says_so(call, tmp_path):
    code, _, err = call("grade", tmp_path / "nowhere", "--out", tmp_path / "marks")
    assert code == 2
    assert len(err.strip().splitlines()) == 1
