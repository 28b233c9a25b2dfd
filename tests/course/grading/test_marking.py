"""One submission marked. Alone: pytest tests/course/grading/test_marking.py."""

import time
from dataclasses import replace

import pytest
from tiny_assignment import ADD, CASES, POINTS, RIGHT, answers, write_assignment

from course.errors import CourseError
from course.grading.assignment import assignment
from course.grading.handed_in.ipynb import read_notebook
from course.grading.handed_in.locating import locate
from course.grading.limits import Limits
from course.grading.marking import mark, seed_of
from course.grading.processes.workshop import Workshop
from course.grading.sandbox import choose, python_paths
from course.grading.session import SolutionChannel

LIMITS = Limits(exercise=1.0, total=8.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("assignment")


@pytest.fixture(scope="module")
def graded(folder):
    source, cases = write_assignment(folder)
    return assignment(source=source, cases=cases)


@pytest.fixture(scope="module")
def workshop(graded):
    with Workshop(graded.set_up, choose(), python_paths()) as made:
        yield made


@pytest.fixture
def mark_it(graded, workshop):
    def mark_it(data=None, limits=LIMITS, seed=0, other=graded, **changed):
        cells, _ = read_notebook(data or answers(**changed))
        return mark(other, locate(cells, other.shape), workshop, seed, limits)

    return mark_it


def statuses(exercises):
    return [exercise.status for exercise in exercises]


def scores(exercises):
    return [exercise.score for exercise in exercises]


def test_the_assignment_is_read(graded):
    assert graded.exercises == {"90.1": "Add", "90.2": "Repeat", "90.3": "Mean"}
    assert graded.solutions[0].startswith("def add")
    assert "BEGIN" not in graded.solutions[0]
    assert "BASE = 10" in graded.set_up
    assert set(graded.digests) == {"cases", "lesson", "grader"}


def test_an_assignment_is_named_one_way(folder):
    with pytest.raises(CourseError, match="Name a lesson, or both"):
        assignment()
    with pytest.raises(CourseError, match="Name a lesson, or both"):
        assignment("02", folder / "90_sums.py", folder / "test_90_sums.py")


def test_an_exercise_without_cases_is_refused(folder, tmp_path):
    cases = tmp_path / "test_90_sums.py"
    cases.write_text(CASES.replace('exercise("90.2"', 'exercise("90.1"'))
    with pytest.raises(CourseError, match=r"has no case for 90\.2"):
        assignment(source=folder / "90_sums.py", cases=cases)


def test_right_answers_get_all_points(mark_it):
    exercises, warnings = mark_it()
    assert statuses(exercises) == ["passed"] * 3
    assert sum(scores(exercises)) == POINTS
    assert warnings == []
    assert [case.name for case in exercises[0].cases] == [
        "test_add_small",
        "test_add_random",
    ]


def test_a_wrong_answer_gets_the_points_of_what_holds(mark_it):
    exercises, _ = mark_it(second="def repeat(text, times):\n    return [text] * 2")
    assert statuses(exercises) == ["passed", "partial", "passed"]
    visible, hidden = exercises[1].cases
    assert (visible.score, hidden.score) == (2, 0)
    assert hidden.hint == "Nought times is an empty list."
    assert hidden.rows == ()  # nothing of a hidden case's inputs or values


def test_a_visible_case_shows_what_came(mark_it):
    exercises, _ = mark_it(first="def add(a, b):\n    return a * b")
    rows = dict(exercises[0].cases[0].rows)
    assert rows == {"call": "add(3, 4)", "expected": "7", "got": "12"}
    assert statuses(exercises)[0] == "failed"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('def add(a, b):\n    raise NotImplementedError("Exercise 90.1: ...")',
         "not_attempted"),
        ("def plus(a, b):\n    return a + b", "missing"),
        ("def add(a, b):\n    return a + c", "error"),
        ("def add(a, b:\n", "missing"),
        ("def add(a, b):\n    while True: pass", "timeout"),
        ("while True: pass", "timeout"),
        ("import os\nos._exit(1)", "crashed"),
        ("def add(a, b):\n    import os\n    os._exit(0)", "crashed"),
        ("def add(a, b):\n    return len([0] * (1 << 40))", "memory"),
        ("def add(a, b):\n    return bytearray(2 << 30)", "memory"),
        ("def add(a, b):\n    return None", "failed"),
    ],
)  # fmt: skip
def test_what_one_exercise_does_costs_that_one_alone(mark_it, text, status):
    exercises, _ = mark_it(first=text)
    assert statuses(exercises) == [status, "passed", "passed"]
    assert scores(exercises) == [0, 5, 5]


def test_points_won_before_the_end_are_kept(mark_it):
    text = "def add(a, b):\n    while a > 99: pass\n    return a + b"
    exercises, _ = mark_it(first=text)
    assert statuses(exercises) == ["timeout", "passed", "passed"]
    assert scores(exercises) == [2, 5, 5]
    assert exercises[0].note == "timeout: no answer in time"


def test_a_whole_submission_takes_its_time_and_no_more(mark_it):
    slow = "import time\ntime.sleep(0.9)\n"
    texts = [slow + text for text in RIGHT.values()]
    began = time.monotonic()
    exercises, _ = mark_it(
        limits=Limits(1.0, 1.5), first=texts[0], second=texts[1], third=texts[2]
    )
    assert time.monotonic() - began < 3.5
    assert "timeout" in statuses(exercises)
    assert sum(scores(exercises)) < POINTS


def test_what_is_printed_and_written_changes_nothing(mark_it):
    loud = "import sys\nprint('x' * 10**7)\nprint(1, file=sys.stderr)\n"
    files = "open('result.json', 'w').write('{\"score\": 99}')\n"
    exercises, _ = mark_it(first=loud + files + ADD)
    assert scores(exercises) == [5, 5, 5]


def test_a_cell_that_raises_after_the_answer_costs_nothing_and_is_noted(mark_it):
    exercises, _ = mark_it(first=ADD + "\nassert add(1, 1) == 3")
    assert scores(exercises) == [5, 5, 5]
    assert exercises[0].note.startswith("Its cell raised AssertionError")


def test_a_case_that_fails_on_the_solution_costs_nobody(mark_it, folder, tmp_path):
    cases = tmp_path / "test_90_sums.py"
    broken = CASES.replace("add(3, 4) == 7", "add(3, 4) == 8")
    cases.write_text(broken.replace("reference.Mean()", "reference.Nothing()"))
    other = assignment(source=folder / "90_sums.py", cases=cases)
    exercises, _ = mark_it(other=other, second="def repeat(text, times):\n    return 1")
    assert [case.status for case in exercises[0].cases] == ["fault", "passed"]
    assert [case.status for case in exercises[2].cases] == ["passed", "fault"]
    assert scores(exercises) == [5, 0, 5]


def test_no_learner_can_make_a_case_look_broken(mark_it, folder, tmp_path):
    cases = tmp_path / "test_90_sums.py"
    reads = CASES.replace("student.add(3, 4) == 7", 'len(student["BASES"]) == 1')
    cases.write_text(reads)
    other = assignment(source=folder / "90_sums.py", cases=cases)
    fixed = replace(other, solutions=("BASES = [1]", *other.solutions))
    exercises, _ = mark_it(other=fixed, first="BASES = 7\n" + ADD)
    # A value without a length raises in the case, before it calls anything.
    assert [case.status for case in exercises[0].cases] == ["failed", "passed"]
    assert scores(exercises)[0] == 3


def test_the_inputs_depend_on_the_learner_and_the_salt():
    seeds = [seed_of("learner-01"), seed_of("learner-02"), seed_of("learner-01", "x")]
    assert len(set(seeds)) == 3
    assert seed_of("learner-01") == seeds[0]
    assert seed_of("\ud800") >= 0


def test_a_value_that_takes_for_ever_to_check_is_the_learners(mark_it):
    # Numbers whose hashes are equal: a set of them is slow to make.
    slow = "def add(a, b): return {i * ((1 << 61) - 1) for i in range(60000)}"
    exercises, _ = mark_it(first=slow)
    assert statuses(exercises)[1:] == ["passed", "passed"]
    assert scores(exercises)[0] == 0


def test_solutions_answer_each_learner_as_the_first(workshop):
    text = "import random\ndef draw(): return random.random()"
    channel = SolutionChannel((text,), workshop, 5.0)
    first = [channel.call(0, "draw", (), {}) for _ in range(2)]
    channel.begin_anew()
    assert [channel.call(0, "draw", (), {}) for _ in range(2)] == first
    channel.close()
