"""A hand on a training. Alone: pytest tests/course/finetuning/test_steering.py."""

import threading
import time
from types import SimpleNamespace

import pytest
import torch
from transformers import get_linear_schedule_with_warmup

from course.errors import CourseError
from course.finetuning.recording import Recorder
from course.finetuning.steering import Steering
from course.runs import read_history

STATE = SimpleNamespace(global_step=3, epoch=0.5)


def schedule(rate=1.0):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    return get_linear_schedule_with_warmup(optimizer, 2, 10)


def advance(scheduler):
    scheduler.optimizer.step()
    scheduler.step()
    return scheduler.get_last_lr()[0]


def test_a_new_rate_scales_what_is_left_of_the_schedule(tmp_path):
    steered, plain = schedule(), schedule()
    recorder = Recorder(tmp_path, examples_per_step=8)
    recorder.on_train_begin(None, SimpleNamespace(global_step=0), None)
    steering = Steering().attach(threading.Event(), recorder)
    for _ in range(3):
        assert advance(steered) == advance(plain)
    steering.set_learning_rate(0.5)
    steering.on_step_end(None, STATE, None, lr_scheduler=steered)
    assert steered.get_last_lr()[0] == 0.5 * plain.get_last_lr()[0]
    assert steered.optimizer.param_groups[0]["lr"] == steered.get_last_lr()[0]
    for _ in range(5):
        assert advance(steered) == pytest.approx(0.5 * advance(plain))
    steering.on_step_end(None, STATE, None, lr_scheduler=steered)  # no second time
    recorder.on_train_end(None, STATE, None)
    (record,) = read_history(tmp_path)
    assert (record["step"], record["learning_rate_set"]) == (3, 0.5)


def test_a_checkpoint_keeps_the_rate():
    steered, restored = schedule(), schedule()
    steering = Steering()
    steering.set_learning_rate(0.25)
    steering.on_step_end(None, STATE, None, lr_scheduler=steered)
    restored.optimizer.load_state_dict(steered.optimizer.state_dict())
    restored.load_state_dict(steered.state_dict())
    for _ in range(6):
        assert advance(restored) == advance(steered)


def test_a_change_in_the_warm_up_begins_at_zero_too():
    steered = schedule()
    steering = Steering()
    steering.set_learning_rate(0.5)
    steering.on_step_end(None, STATE, None, lr_scheduler=steered)
    assert steered.get_last_lr() == [0.0]
    assert [advance(steered), advance(steered)] == [0.25, 0.5]


@pytest.mark.parametrize("value", [0, -1, 1, float("nan")])
def test_a_rate_out_of_range_is_one_line(value):
    with pytest.raises(CourseError, match="above 0 and below 1"):
        Steering().set_learning_rate(value)


@pytest.mark.parametrize("end", ["go_on", "stop"])
def test_a_pause_ends_on_request_and_costs_no_training_time(tmp_path, end):
    stop, recorder = threading.Event(), Recorder(tmp_path, examples_per_step=8)
    recorder.on_train_begin(None, SimpleNamespace(global_step=0), None)
    steering = Steering().attach(stop, recorder)
    steering.pause()
    timer = threading.Timer(0.5, stop.set if end == "stop" else steering.go_on)
    timer.start()
    start = time.perf_counter()
    steering.on_step_end(None, STATE, None)
    assert time.perf_counter() - start > 0.4
    recorder.on_train_end(None, STATE, None)
    assert recorder.seconds < 0.4


def test_a_run_is_trained_by_one_at_a_time(tmp_path, monkeypatch):
    from course.finetuning import _train, _Watch
    from course.runs.claims import claim

    folder = tmp_path / "mine.partial"
    folder.mkdir()
    watch = _Watch(threading.Event(), None, (), False, Steering())
    plan = {"config": {"first_stage": None}}
    with claim(folder), pytest.raises(CourseError, match="'mine' is being trained"):
        _train(folder, plan, {}, watch)
    assert folder.is_dir()
