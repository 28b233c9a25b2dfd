"""Many calls in several processes: pytest tests/course/grading/test_spreading.py.

The cluster is a local one of two workers; that test is one of those marked `whole`.
"""

import os
import sys

import pytest
from tiny_assignment import answers, write_assignment

from course.errors import CourseError
from course.grading.jobs import Plan
from course.grading.limits import Limits
from course.grading.outcome import grade_folder
from course.grading.sandbox import choose
from course.grading.spreading import spread


def square_and_process(number):
    return number, number * number, os.getpid()


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_every_task_is_done_once(workers):
    done = list(spread(square_and_process, [(n,) for n in range(20)], workers))
    assert sorted(row[:2] for row in done) == [(n, n * n) for n in range(20)]
    here = {row[2] for row in done} == {os.getpid()}
    assert here == (workers < 2)


def test_tasks_are_taken_as_they_are_needed():
    taken = []

    def tasks():
        for number in range(5):
            taken.append(number)
            yield (number,)

    first = next(spread(square_and_process, tasks()))
    assert (first[0], taken) == (0, [0])


def test_what_a_task_raises_comes_out():
    with pytest.raises(ZeroDivisionError):
        list(spread(divmod, [(1, 0)]))


def test_what_there_is_not_is_one_line(monkeypatch):
    with pytest.raises(CourseError, match="Unknown backend 'dask'"):
        list(spread(pow, [], backend="dask"))
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(CourseError, match=r"pip install 'llm-teaching-kit\[cluster\]'"):
        list(spread(pow, [(1, 1)], backend="ray"))


@pytest.mark.whole
def test_a_cluster_gives_the_same_results(tmp_path):
    import ray

    source, cases = write_assignment(tmp_path)
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number in range(20):
        first = "def add(a, b):\n    return a + b" if number % 2 else "def add(a): pass"
        (folder / f"learner-{number:02}.ipynb").write_bytes(answers(first=first))
    plan = Plan(None, source, cases, choose(), Limits(2.0, 10.0))
    grade_folder(folder, tmp_path / "here", plan)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        outcome = grade_folder(folder, tmp_path / "there", plan, backend="ray")
    finally:
        ray.shutdown()
    assert outcome.graded == 20
    names = ["gradebook.csv"]
    names += [f"learner-{n:02}/{name}" for n in range(20) for name in
              ("result.json", "feedback.html")]  # fmt: skip
    for name in names:
        assert (tmp_path / "here" / name).read_bytes() == (
            tmp_path / "there" / name
        ).read_bytes()
