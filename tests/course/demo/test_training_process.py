"""The process that trains. Alone: pytest tests/course/demo/test_training_process.py."""

import json
import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from course.demo.training_process import MARK, make_callback
from course.runs import open_run

WORDS = {"good": "warm witty lovely", "bad": "dull grim empty"}


@pytest.fixture
def csv(places):
    rows = [
        f"{word} film number {i},{label}"
        for label, words in WORDS.items()
        for word in words.split()
        for i in range(8)
    ]
    path = places / "mine.csv"
    path.write_text("\n".join(["text,label", *rows]))
    return path


@pytest.fixture
def begin(places, csv, tiny_model_dir):
    """Start the process with a plan for a tiny model."""
    started = []

    def start(**changes):
        changes = {"model": str(tiny_model_dir), "max_length": 16, "seed": 0} | changes
        plan = {"task": str(csv), "name": "mine", "preset": "quick", "changes": changes}
        process = subprocess.Popen(
            [sys.executable, "-m", "course.demo.training_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"COURSE_THREADS": "1"},
        )
        started.append(process)
        process.stdin.write(json.dumps(plan) + "\n")
        process.stdin.flush()
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def read(process, until=lambda line: False):
    lines = []
    for text in process.stdout:
        lines.append(json.loads(text))
        if until(lines[-1]):
            break
    return lines


def test_a_plan_becomes_a_marked_run(begin, places):
    lines = read(begin(num_train_epochs=2, per_device_train_batch_size=8))
    stages = [line["stage"] for line in lines if "stage" in line]
    assert stages == ["loading", "training", "measuring"]
    records = [line["record"] for line in lines if "record" in line]
    assert any("loss" in record for record in records)
    assert any("eval_loss" in record for record in records)
    assert lines[-1] == {"run": "mine"}
    run = open_run("mine")
    assert set(run.info["baselines"]) == {"majority", "tfidf_logistic_regression"}
    assert json.loads((run.path / MARK).read_text()) == {"name": "mine"}


def test_stop_ends_it_at_once_with_a_run_that_predicts(begin):
    process = begin(num_train_epochs=900)
    lines = read(process, lambda line: line.get("record", {}).get("step", 0) > 3)
    process.stdin.write("stop\n")
    process.stdin.flush()
    lines += read(process)
    assert lines[-1] == {"run": "mine"}
    run = open_run("mine")
    assert run.info["steps"] < 900
    assert run.labels == ["bad", "good"]
    assert run.metrics["accuracy"]["n"] == run.info["data"]["test"]


def test_it_ends_with_the_demo(begin, places):
    process = begin(num_train_epochs=900)
    read(process, lambda line: "record" in line)
    began = time.monotonic()
    process.stdin.close()
    assert process.wait(5) == 1
    assert time.monotonic() - began < 1
    assert not (places / "runs" / "mine").exists()


def test_an_error_is_one_line(begin):
    assert read(begin(num_train_epochs=-1))[-1] == {
        "error": "num_train_epochs is -1; above 0 and below 1000 is expected."
    }


def test_the_callback_ends_at_the_present_step():
    stop, told = threading.Event(), []
    callback = make_callback(stop, told.append)
    control = SimpleNamespace(should_training_stop=False)
    callback.on_step_end(None, None, control)
    assert control.should_training_stop is False
    stop.set()
    callback.on_step_end(None, None, control)
    assert control.should_training_stop
    assert control.should_evaluate
    assert control.should_save
    callback.on_train_end()
    assert told == [{"stage": "measuring"}]
