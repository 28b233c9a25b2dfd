"""From attempts to a mark. Alone: pytest tests/course/grading/marks/test_retakes.py."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from graded_class import exercise, result

from course.errors import CourseError
from course.grading.marks.results import to_json
from course.grading.marks.retakes import (
    Attempt,
    Manual,
    Rules,
    mark_learner,
    minutes_late,
    parse_due,
)

DUE = datetime(2026, 5, 1, 12, tzinfo=UTC)


def attempt(*statuses, hours=-1.0, file="a.ipynb"):
    made = result(
        exercise("02.1", *statuses), exercise("02.2", "passed", "failed"), file=file
    )
    when = None if hours is None else DUE + timedelta(hours=hours)
    return Attempt(made, when)


def half(points, minutes, exercise=None):
    return points / 2


def test_last_is_by_time_and_not_by_order():
    attempts = [attempt("failed", hours=-1), attempt("passed", hours=-5)]
    found = mark_learner(attempts, "slug", Rules("last"), Manual())
    assert (found.score, found.attempts, found.slug) == (1, 2, "slug")
    assert found.result is attempts[0].result
    assert found.submitted == attempts[0].submitted


def test_best_is_by_points_after_the_late_policy():
    early = attempt("passed", "failed", hours=-5)  # 1 + 1
    late = attempt("passed", "passed", hours=3)  # 2 + 1, halved
    rules = Rules("best", DUE, half)
    assert mark_learner([early, late], "s", rules, Manual()).result is early.result
    rules = Rules("best", DUE)
    assert mark_learner([early, late], "s", rules, Manual()).result is late.result


def test_of_equally_good_attempts_the_last_counts():
    attempts = [attempt("passed", hours=h, file=f"{h}") for h in (-2, -1, -3)]
    assert mark_learner(attempts, "s", Rules("best"), Manual()).result.file == "-1"


def test_attempts_of_unknown_time_come_first_and_are_not_late():
    attempts = [attempt("passed", hours=None), attempt("failed", hours=-9)]
    found = mark_learner(attempts, "s", Rules("last", DUE, half), Manual())
    assert found.score == 1
    found = mark_learner(attempts[:1], "s", Rules("last", DUE, half), Manual())
    assert (found.minutes_late, found.score, found.submitted) == (0, 2, None)


def test_late_policy_sees_each_exercise_and_not_what_is_in_time():
    seen = []

    def late(points, minutes, exercise=None):
        seen.append((points, minutes, exercise))
        return points - 0.25

    found = mark_learner(
        [attempt("passed", "passed", hours=1.5)],
        "s",
        Rules("last", DUE, late),
        Manual(),
    )
    assert seen == [(2, 90, "02.1"), (1, 90, "02.2")]
    assert (found.automatic, found.deduction, found.score) == (3, 0.5, 2.5)
    assert found.minutes_late == 90
    seen.clear()
    mark_learner([attempt("passed")], "s", Rules("last", DUE, late), Manual())
    assert seen == []


def test_manual_points_stand_as_written_however_late():
    manual = Manual({"02.1": 0.5, "09.9": 7.0}, (("02.1", "Why?"),))
    made = attempt("passed", "passed", hours=2)
    before = to_json(made.result)
    found = mark_learner([made], "s", Rules("last", DUE, half), manual)
    # 2 + 1 by the grader; 02.1 by hand is 0.5 and is not halved, 02.2 is.
    assert (found.automatic, found.by_hand, found.deduction) == (3, -1.5, 0.5)
    assert found.score == 1.0 == found.automatic + found.by_hand - found.deduction
    assert found.manual == {"02.1": 0.5}
    assert found.comments == (("02.1", "Why?"),)
    assert to_json(made.result) == before


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(-1, 0), (0, 0), (0.5, 1), (60, 1), (61, 2), (86400, 1440)]
)
def test_minutes_late(seconds, minutes):
    assert minutes_late(DUE + timedelta(seconds=seconds), DUE) == minutes


def test_minutes_late_compares_instants():
    there = datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert minutes_late(there, DUE) == 0
    here = DUE.astimezone().replace(tzinfo=None) + timedelta(minutes=2)
    assert minutes_late(here, DUE) == 2
    assert minutes_late(None, DUE) == minutes_late(DUE, None) == 0


def test_due_time_has_a_zone():
    assert parse_due("2026-05-01T12:00+00:00") == DUE
    local = parse_due(" 2026-05-01T12:00 ")
    assert local.tzinfo is not None
    assert local == datetime(2026, 5, 1, 12).astimezone()


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01T12:00", "0" * 9999])
def test_no_due_time_is_said_in_one_short_line(text):
    with pytest.raises(CourseError, match="2026-05-01T12:00") as caught:
        parse_due(text)
    assert len(str(caught.value)) < 250


def test_unknown_rule_is_refused():
    with pytest.raises(CourseError, match="last or best"):
        mark_learner([attempt("passed")], "s", Rules("first"), Manual())
