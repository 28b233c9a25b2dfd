"""What is recorded. Alone: pytest tests/course/lessons/test_progress.py."""

import json
import re

import pytest
from tiny_cards import installed

from course.errors import CourseError
from course.lessons import progress, storage


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as file:
        yield file


def exercise(name="02.1"):
    return storage.load()["lessons"]["02"]["exercises"][name]


# --- Attempts -----------------------------------------------------------------------


def test_failures_are_counted_per_case_for_the_ladder_of_hints():
    def fail(case):
        return progress.record_attempt("02.1", False, case)

    assert fail("empty") == (1, None)
    assert fail("empty").failures == 2
    assert fail("overlap").failures == 1
    assert fail("empty").failures == 3
    assert progress.record_attempt("02.2", False, "empty").failures == 1
    assert exercise()["failed"] == {"empty": 3, "overlap": 1}
    assert (exercise()["attempts"], exercise()["status"]) == (4, "failed")
    assert "first_passed" not in exercise()


def test_the_first_pass_stays_the_first(monkeypatch):
    progress.record_attempt("02.1", False, "empty")
    monkeypatch.setattr(progress, "now", lambda: "first")
    assert progress.record_attempt("02.1", True) == (0, None)
    monkeypatch.setattr(progress, "now", lambda: "later")
    progress.record_attempt("02.1", True)
    assert progress.record_attempt("02.1", False, "empty").failures == 2
    record = exercise()
    assert (record["first_passed"], record["attempts_to_pass"]) == ("first", 2)
    assert (record["attempts"], record["status"]) == (4, "failed")


def test_a_failure_without_a_case_is_an_attempt():
    assert progress.record_attempt("02.1", False).failures == 0
    assert exercise()["attempts"] == 1


def test_times_are_in_utc():
    progress.record_attempt("02.1", True)
    pattern = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    assert re.fullmatch(pattern, exercise()["first_passed"])


# --- Predictions --------------------------------------------------------------------


def test_the_last_prediction_before_the_answer_counts():
    assert not progress.record_prediction("02.p1", 3, 0.5)["shown"]
    progress.record_prediction("02.p1", [4, "a"], 0.9)
    record = progress.record_shown("02.p1", 4, 0.5, False)
    assert (record["value"], record["confidence"]) == ([4, "a"], 0.9)
    late = progress.record_prediction("02.p1", 4, 1.0)
    assert (late["value"], late["late"]["value"], late["right"]) == ([4, "a"], 4, False)


def test_running_again_from_the_top_changes_nothing(file, monkeypatch):
    contents = []
    for when in ("first", "second"):
        monkeypatch.setattr(progress, "now", lambda: when)  # noqa: B023 - used at once
        progress.record_prediction("02.p1", 3, 0.5)
        progress.record_shown("02.p1", 4, 0.0, False)
        contents.append(file.read_text())
    assert contents[0] == contents[1]


def test_a_prediction_after_the_answer_is_kept_and_not_counted():
    progress.record_shown("02.p1", 4, None, None)
    record = progress.record_prediction("02.p1", 4, 1.0)
    assert "value" not in record
    assert record["late"]["value"] == 4
    assert progress.record_shown("02.p1", 4, 1.0, True)["right"] is None
    summary = progress.summary("02")
    assert summary["calibration"]["n"] == 0
    assert summary["lessons"]["02"]["predictions"] == {"committed": 0, "total": 2}


# --- Draws --------------------------------------------------------------------------


def test_the_first_draw_of_a_day_stays():
    assert progress.record_draw("02", "2026-01-01", ["01.q1"]) == ["01.q1"]
    assert progress.record_draw("02", "2026-01-01", ["01.q2"]) == ["01.q1"]
    assert progress.record_draw("02", "2026-01-02", ["01.q2"]) == ["01.q2"]


# --- Summary ------------------------------------------------------------------------


def test_nothing_done_is_a_summary_too():
    summary = progress.summary()
    assert list(summary["lessons"]) == ["01", "02"]
    assert not summary["begun"]
    lesson = summary["lessons"]["02"]
    assert lesson["title"] == "Title 02"
    assert lesson["exercises"] == {
        "done": 0,
        "total": 3,
        "done_ids": [],
        "open_ids": ["02.1", "02.2", "02.3"],
        "attempts": 0,
    }
    assert lesson["quiz"] == {"right": 0, "answered": 0, "total": 3}
    assert not any(lesson["repeat"].values())
    json.dumps(summary, allow_nan=False)


def test_a_summary_says_what_to_repeat():
    for number in range(4):
        progress.record_attempt("02.1", False, f"case {number}")
    progress.record_attempt("02.1", True)  # the fifth
    progress.record_attempt("02.2", False, "empty")
    progress.record_attempt("02.3", True)
    progress.record_answers([("02.q1", "x", False), ("02.q2", "x", False)])
    progress.record_answers([("02.q1", "y", True), ("02.gone", "y", False)])
    for name, sure in (("02.p1", 0.7), ("02.p2", 0.69)):
        progress.record_prediction(name, 1, sure)
        progress.record_shown(name, 2, 0.0, False)
    summary = progress.summary("02_topic")
    assert summary["begun"]
    assert list(summary["lessons"]) == ["02"]
    lesson = summary["lessons"]["02"]
    assert lesson["repeat"] == {
        "not_passed": ["02.2"],
        "many_attempts": ["02.1"],
        "questions": ["02.q2"],
        "predictions": ["02.p1"],
    }
    assert lesson["exercises"]["done_ids"] == ["02.1", "02.3"]
    assert lesson["exercises"]["open_ids"] == ["02.2"]
    assert lesson["exercises"]["attempts"] == 7
    assert lesson["quiz"] == {"right": 1, "answered": 2, "total": 3}
    assert lesson["predictions"] == {"committed": 2, "total": 2}
    # (0.7^2 + 0.69^2) / 2
    assert summary["calibration"]["brier"] == pytest.approx(0.48305)


def test_a_calibration_is_over_the_whole_course():
    for name in ("01.p1", "02.p1"):
        progress.record_prediction(name, 1, 0.5)
        progress.record_shown(name, 1, 1.0, True)
    assert progress.summary("01")["calibration"]["n"] == 2


@pytest.mark.parametrize(
    ("lesson", "message"), [("03", "Unknown lesson '03'"), (2, "2 came, a lesson in q")]
)
def test_an_unknown_lesson_is_one_line(lesson, message):
    with pytest.raises(CourseError, match=message):
        progress.summary(lesson)
    with pytest.raises(CourseError, match=message):
        progress.forget(lesson)


# --- Forgetting ---------------------------------------------------------------------


def test_forgetting_keeps_a_copy_and_the_other_lessons(file):
    progress.record_attempt("01.1", True)
    progress.record_attempt("02.1", True)
    before = file.read_text()
    copy = progress.forget("02_topic")
    assert copy.read_text() == before
    assert copy.name == "progress.before-forgetting-02-1.json"
    assert list(storage.load()["lessons"]) == ["01"]
    assert progress.forget("02") is None


def test_nothing_is_forgotten_without_a_copy(file, monkeypatch):
    progress.record_attempt("02.1", True)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress.shutil, "copyfile", full)
    with pytest.raises(CourseError, match="nothing was forgotten"):
        progress.forget("02")
    assert exercise()["status"] == "passed"


def test_forgetting_on_a_disk_that_cannot_be_written_is_one_line(monkeypatch):
    progress.record_attempt("02.1", True)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "replace", full)
    with pytest.raises(CourseError, match="not saved"):
        progress.forget("02")
