"""The one training of the demo. Alone: pytest tests/course/demo/test_training_job.py.

A small program stands in for the process that trains; that one is tested by itself.
"""

import os
import threading
import time
from types import SimpleNamespace

import pytest
from demo_training import replace_training

from course.demo import training_job
from course.demo.training_job import (
    OneTraining,
    TrainingJob,
    check_room,
    csv_of,
    made_here,
    remove_oldest,
    run_name,
)
from course.demo.training_process import MARK
from course.errors import CourseError


@pytest.fixture
def start(places, monkeypatch, tiny_model_dir):
    """Start a job whose process is the stand-in; none is left running."""
    commands, jobs = replace_training(monkeypatch, tiny_model_dir), []

    def begin(name="mine", one=None):
        plan = {"name": name, "task": "spam", "changes": {"num_train_epochs": 2}}
        job = TrainingJob(plan, owner="ana")
        jobs.append(job)
        assert (one or OneTraining()).begin(job)
        wait_for(lambda: job.history)
        assert commands[-1][1:] == ["-m", "course.demo.training_process"]
        return job

    yield begin
    for job in jobs:
        job.kill()


def wait_for(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def make_made_here(folder, name, age):
    run = folder / "runs" / name
    run.mkdir()
    (run / "run.json").write_text("{}")
    (run / MARK).write_text(f'{{"name": "{name}"}}\n')
    os.utime(run, (time.time() - age,) * 2)
    csv_of(name).parent.mkdir(exist_ok=True)
    csv_of(name).write_text("text,label\n")


@pytest.mark.parametrize(
    ("wish", "beginning"),
    [
        ("../../etc/passwd", "etc-passwd-2"),
        ("Größe", "gr-e-2"),
        ("", "demo-2"),
        (".partial", "partial-2"),
        (None, "none-2"),
        ("x" * 10_000, "x" * 40 + "-2"),
    ],
)
def test_a_name_is_no_path(wish, beginning):
    name = run_name(wish)
    assert name.startswith(beginning)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_names_differ_from_moment_to_moment():
    first = run_name("a")
    time.sleep(0.002)
    assert run_name("a") != first


def test_a_training_is_followed_and_stopped_with_a_run(start, places):
    job = start()
    assert job.stage == "training"
    assert job.curves.state == "training"
    assert job.curves.history[0]["loss"] == 0.5
    job.changed.clear()
    job.stop()
    assert job.stage in ("stopping", "measuring")
    assert job.changed.is_set()
    assert job.ended.wait(20)
    assert (job.run, job.error) == ("mine", "")
    assert [record["step"] for record in job.history] == [1, 2]
    assert job.curves.state == "complete"
    assert (places / "runs" / "mine").is_dir()


def test_a_killed_training_is_gone_within_a_second_and_leaves_nothing(start, places):
    job = start()
    csv_of("mine").parent.mkdir()
    csv_of("mine").write_text("text,label\n")
    assert (places / "runs" / "mine.partial").is_dir()
    began = time.monotonic()
    job.kill()
    assert time.monotonic() - began < 1
    assert job.ended.is_set()
    assert job.run == ""
    assert "ended before it was complete" in job.error
    assert [path.name for path in (places / "runs").iterdir()] == ["demo-csv"]
    assert list((places / "runs" / "demo-csv").iterdir()) == []


def test_one_training_at_a_time(start):
    one = OneTraining()
    job = start(one=one)
    assert one.is_busy
    assert one.begin(TrainingJob({"name": "other", "changes": {}}, "ben")) is False
    assert one.of("ana") is job
    assert one.of("ben") is None
    job.kill()
    assert not one.is_busy
    assert one.of("ana") is None
    start("again", one)


def test_of_many_at_once_one_begins(start, monkeypatch):
    one, begun = OneTraining(), []
    jobs = [TrainingJob({"name": f"n{i}", "changes": {}}, "x") for i in range(8)]
    monkeypatch.setattr(TrainingJob, "start", lambda job: time.sleep(0.05))
    threads = [
        threading.Thread(target=lambda job=job: begun.append(one.begin(job)))
        for job in jobs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == [False] * 7 + [True]


def test_a_training_that_takes_too_long_is_ended(start, monkeypatch):
    monkeypatch.setattr(training_job, "MOST_SECONDS", 0.5)
    job = start()
    assert job.ended.wait(20)
    assert job.run == ""


def test_only_the_oldest_of_the_demos_own_are_removed(places):
    for age, name in enumerate(["newest", "middle", "oldest"]):
        make_made_here(places, name, age * 100)
    make_made_here(places, "copied", 10_000)
    (places / "runs" / "copied" / MARK).write_text('{"name": "oldest"}\n')
    own = places / "runs" / "own"
    own.mkdir()
    (own / "run.json").write_text("{}")
    os.utime(own, (0, 0))
    assert [run.name for run in made_here()] == ["newest", "middle", "oldest"]
    assert remove_oldest(2) == ["oldest"]
    left = {path.name for path in (places / "runs").iterdir()}
    assert left == {"newest", "middle", "copied", "own", "demo-csv"}
    assert not csv_of("oldest").exists()
    assert csv_of("middle").exists()


def test_room_is_asked_for_before(places, monkeypatch):
    import psutil

    check_room()
    full = SimpleNamespace(free=900_000_000)
    with monkeypatch.context() as patch:
        patch.setattr(training_job.shutil, "disk_usage", lambda folder: full)
        with pytest.raises(CourseError, match=r"Only 0\.9 GB of disk are free"):
            check_room()
    short = SimpleNamespace(available=100_000_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: short)
    with pytest.raises(CourseError, match=r"Only 0\.1 GB of memory are free"):
        check_room()
