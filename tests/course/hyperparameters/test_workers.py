"""Workers as processes. Alone: pytest tests/course/hyperparameters/test_workers.py."""

import io
import os
import threading
import time

import pytest

from course.errors import CourseError
from course.hyperparameters.practice import practice_training
from course.hyperparameters.workers import (
    load_function,
    name_function,
    read_job,
    run_workers,
)

JOB = {
    "name": "s",
    "task": "practice",
    "space": {"learning_rate": {"low": 1e-5, "high": 1e-2, "log": True}},
    "config": None,
    "columns": ["text", "label"],
    "storage": None,
    "evaluate": "course.hyperparameters.practice:practice_training",
}


def test_function_is_found_again_by_its_name():
    assert load_function(name_function(practice_training)) is practice_training


@pytest.mark.parametrize("function", [lambda: 0, print.__call__, io.StringIO().read])
def test_function_that_others_cannot_import_is_refused(function):
    with pytest.raises(CourseError, match="cannot be found by other processes"):
        name_function(function)


def test_end_of_the_input_stops_a_worker():
    reading, writing = os.pipe()
    stop = threading.Event()
    with os.fdopen(reading) as lines:
        with os.fdopen(writing, "w") as parent:
            parent.write('{"name": "s"}\n')
            parent.flush()
            assert read_job(lines, stop) == {"name": "s"}
            assert not stop.wait(0.05)
        assert stop.wait(10)


def test_error_of_the_workers_is_told_in_one_line(tmp_path):
    job = JOB | {"name": "../up", "config": {}}
    with pytest.raises(CourseError, match=r"workers failed: The search's name is"):
        run_workers(job, 1, tmp_path, lambda: None, threading.Event())


def test_failure_of_the_caller_ends_the_workers(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))

    def poll() -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_workers(JOB, 2, tmp_path, poll, threading.Event())
    assert time.monotonic() - start < 30
