"""A folder graded, from end to end. Alone: pytest tests/course/grading/test_outcome.py.

What hostile submissions do is in tests/grading/hostile.
"""

import csv
import io
import json
import os

import pytest
from tiny_assignment import POINTS, answers, notebook, write_assignment

from course.errors import CourseError, Stopped
from course.grading.handed_in.submissions import find_submissions
from course.grading.jobs import Plan, common_lesson
from course.grading.limits import Limits
from course.grading.marks.late import load_late_policy
from course.grading.marks.retakes import Rules, parse_due
from course.grading.outcome import grade_folder
from course.grading.sandbox import choose

WRONG = "def add(a, b):\n    return a * b"


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    source, cases = write_assignment(tmp_path_factory.mktemp("assignment"))
    return Plan(None, source, cases, choose(), Limits(2.0, 10.0))


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "submissions"
    (folder / "learner-02").mkdir(parents=True)
    (folder / "learner-01.ipynb").write_bytes(answers())
    (folder / "learner-02" / "first.ipynb").write_bytes(answers())
    (folder / "learner-02" / "second.ipynb").write_bytes(answers(first=WRONG))
    os.utime(folder / "learner-02" / "first.ipynb", (1_000_000_000, 1_000_000_000))
    os.utime(folder / "learner-02" / "second.ipynb", (1_000_003_600, 1_000_003_600))
    (folder / "learner-03.ipynb").write_bytes(b"{")
    (folder / "learner-04").mkdir()
    return folder


def contents(out):
    """All that is written, but the clocks."""
    clocks = {"timings.json", "report.html", ".lock"}
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in clocks
    }


def rows(out):
    text = (out / "gradebook.csv").read_bytes().decode()
    return {
        row["learner"]: row for row in csv.DictReader(io.StringIO(text, newline=""))
    }


def test_everybody_gets_a_row_and_two_files(handed_in, plan, tmp_path):
    out = tmp_path / "marks"
    outcome = grade_folder(handed_in, out, plan)
    found = rows(out)
    assert [float(found[f"learner-0{n}"]["score"]) for n in (1, 2, 3, 4)] == [
        *(POINTS, POINTS - 5, 0, 0)
    ]
    assert found["learner-02"]["submissions"] == "2"
    assert found["learner-03"]["status"] == "3 missing"
    for mark in outcome.marks:
        assert (out / mark.slug / "feedback.html").is_file()
        result = json.loads((out / mark.slug / "result.json").read_text())
        assert result["score"] == mark.result.score
        assert len(result["tests"]) == 3
    assert "learner-03" in (out / "report.html").read_text(encoding="utf-8")
    assert sorted(p.name for p in (out / "learner-02").iterdir()) == [
        *("attempts", "feedback.html", "result.json")
    ]


def test_a_second_run_changes_nothing_and_grades_nothing(handed_in, plan, tmp_path):
    out = tmp_path / "marks"
    assert grade_folder(handed_in, out, plan).graded == 4
    first = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert grade_folder(handed_in, out, plan).graded == 0
    assert first == {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    fresh = tmp_path / "fresh"
    grade_folder(handed_in, fresh, plan)
    assert contents(fresh) == contents(out)


def test_what_changed_is_graded_again_and_nothing_else(handed_in, plan, tmp_path):
    out = tmp_path / "marks"
    grade_folder(handed_in, out, plan)
    (handed_in / "learner-01.ipynb").write_bytes(answers(first=WRONG))
    (out / "learner-03" / "result.json").write_text("{}")
    assert grade_folder(handed_in, out, plan).graded == 2
    assert float(rows(out)["learner-01"]["score"]) == POINTS - 5


def test_two_processes_give_the_same_files(handed_in, plan, tmp_path):
    grade_folder(handed_in, tmp_path / "one", plan, workers=1)
    grade_folder(handed_in, tmp_path / "two", plan, workers=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_best_attempt_late_points_and_manual_ones(handed_in, plan, tmp_path):
    policy, manual = tmp_path / "late.py", tmp_path / "manual.csv"
    policy.write_text("def late(points, minutes_late):\n    return points / 2\n")
    manual.write_text("learner,exercise,points,comment\nlearner-01,90.1,4,Nearly.\n")
    rules = Rules("best", parse_due("2001-09-09T01:46:40Z"), load_late_policy(policy))
    out = tmp_path / "marks"
    for _ in range(2):  # what a person gave survives grading again
        grade_folder(handed_in, out, plan, rules, manual)
        found = rows(out)
        # Made now, so decades late; four points by hand are not halved.
        assert float(found["learner-01"]["adjusted_score"]) == 4 + 5
        assert float(found["learner-02"]["adjusted_score"]) == POINTS  # the first one
        assert found["learner-01"]["comment"] == "90.1: Nearly."
        os.remove(out / "learner-01" / "result.json")


def test_ctrl_c_keeps_what_is_done(handed_in, plan, tmp_path):
    out = tmp_path / "marks"

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(Stopped, match="1 of 5 attempts are graded and kept"):
        grade_folder(handed_in, out, plan, workers=1, on_done=stop)
    assert len(list(out.rglob("*.json"))) == 1
    assert grade_folder(handed_in, out, plan).graded == 3


def test_folders_within_each_other_are_refused(handed_in, plan, tmp_path):
    for out in (handed_in, handed_in / "marks", tmp_path):
        with pytest.raises(CourseError, match="lie within each other"):
            grade_folder(handed_in, out, plan)


def test_a_second_grader_waits_for_its_turn(handed_in, plan, tmp_path):
    out = tmp_path / "marks"

    def another(*_):
        grade_folder(handed_in, out, plan)

    with pytest.raises(CourseError, match="Another run is grading into"):
        grade_folder(handed_in, out, plan, workers=1, on_done=another)


def test_what_a_killed_grader_left_is_cleared(handed_in, plan, tmp_path):
    out = tmp_path / "marks"
    (out / "learner-01").mkdir(parents=True)
    (out / "learner-01" / ".result.json.abc.tmp").write_text("half")
    grade_folder(handed_in, out, plan)
    assert not list(out.rglob("*.tmp"))


def test_notebooks_of_another_lesson_are_left_out(handed_in, plan, tmp_path):
    other = notebook().replace(b'"90"', b'"02"')
    (handed_in / "learner-02" / "third.ipynb").write_bytes(other)
    grade_folder(handed_in, tmp_path / "marks", plan)
    assert rows(tmp_path / "marks")["learner-02"]["submissions"] == "2"


def test_the_lesson_is_that_of_the_notebooks(handed_in):
    found = find_submissions(handed_in)
    assert common_lesson(found) == "90"
    (handed_in / "02_x.ipynb").write_bytes(b"{}")
    with pytest.raises(CourseError, match=r"lessons 90 \(3 notebooks\), 02 \(1"):
        common_lesson(find_submissions(handed_in))
    with pytest.raises(CourseError, match="No notebook says which lesson"):
        common_lesson(found[-1:])


def test_an_unknown_backend_or_a_missing_one_is_one_line(handed_in, plan, tmp_path):
    with pytest.raises(CourseError, match="Unknown backend 'dask'"):
        grade_folder(handed_in, tmp_path / "marks", plan, backend="dask")
