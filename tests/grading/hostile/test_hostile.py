"""Hostile and broken submissions. Alone: pytest tests/grading/hostile.

All are graded at once, by the first test that asks; each is then looked at.
"""

import json
import os
from collections import Counter

import pytest
from filelock import FileLock
from grading.hostile.families import EVERY, FAMILIES, table
from grading.hostile.hostiles import Hostile
from grading.hostile.observing import LIMITS, observe

from course.grading.marks.results import CASE_STATUSES, EXERCISE_STATUSES


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What there is to see of the grading; pytest's workers share one."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path = base / "hostile.json"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            path.write_text(json.dumps(observe()))
    return json.loads(path.read_text())


def test_there_are_many_and_no_two_are_alike():
    assert sum(map(len, FAMILIES.values())) >= 60
    assert min(map(len, FAMILIES.values())) >= 5
    assert not [n for n, k in Counter(one.name for one in EVERY).items() if k > 1]
    assert not [n for n, k in Counter(one.learner for one in EVERY).items() if k > 1]


@pytest.mark.parametrize("one", EVERY, ids=[one.name for one in EVERY])
def test_a_submission_gets_what_it_is_worth(seen, one: Hostile):
    row = seen["rows"][one.learner]
    assert one.fits(row["statuses"]), row
    assert row["score"] in one.allowed, row
    assert set(row["statuses"]) <= set(EXERCISE_STATUSES)
    assert set(row["cases"]) <= set(CASE_STATUSES) - {"fault"}, "the cases are right"
    assert row["seconds"] <= LIMITS.total + 2
    assert not [leak for leak in seen["leaks"] if leak.startswith(f"{row['slug']}/")]


def test_everyone_has_one_row(seen):
    learners = [one.learner for one in EVERY]
    assert sorted(seen["rows"]) == sorted(learners)
    head, *rows = seen["csv"]
    assert len(rows) == len(learners)
    assert {len(row) for row in rows} == {len(head)}
    assert not [row[0] for row in rows if row[0][:1] in tuple("=+-@\t\r")]


def test_nothing_is_written_outside(seen):
    assert seen["changed"] == []
    assert seen["made"] == []


def test_nothing_is_left_running_or_lying_about(seen):
    assert seen["processes"] == []
    assert seen["temporary"] == []


def test_a_second_run_changes_nothing(seen):
    assert seen["again"] == [0, True]
    assert seen["differing"] == []


def test_the_honest_do_not_notice_the_others(seen):
    assert seen["noticed"] == []


def test_what_grades_keeps_to_its_memory(seen):
    assert 10 << 20 < seen["memory"] < 300 << 20


def test_no_family_forges_a_point(seen):
    shown = table({learner: row["score"] for learner, row in seen["rows"].items()})
    print(f"\n{shown}")  # for pytest -s
    assert [line.split()[-1] for line in shown.splitlines()[1:]] == ["0"] * 8
