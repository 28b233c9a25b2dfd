"""Searches as a whole.

pytest tests/course/hyperparameters/test_hyperparameters.py
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from course.errors import CourseError
from course.hyperparameters import (
    SAMPLERS,
    SearchConfig,
    SearchStopped,
    Space,
    open_search,
    search,
    search_names,
)
from course.hyperparameters.practice import PRACTICE_SPACE, practice_training

# What a killed worker of these tests runs: from trial number sys.argv[1] on, it hangs.
WORKER = """
import sys, time
from course.hyperparameters import SearchConfig, search
from course.hyperparameters.practice import PRACTICE_SPACE, practice_training

def evaluate(params, seed, report):
    number = int(report.name.split("-")[2])
    time.sleep(0.01 if number < int(sys.argv[1]) else 600)
    return practice_training(params, seed, report)

config = SearchConfig(sampler="random", n_trials=400, pruner="none")
search("practice", PRACTICE_SPACE, config, name="s", evaluate=evaluate, progress=False)
"""


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    return tmp_path


def practise(evaluate=practice_training, space=PRACTICE_SPACE, name="s", **options):
    keywords = {
        key: options.pop(key)
        for key in ("storage", "workers", "on_trial", "stop")
        if key in options
    }
    config = SearchConfig(**{"sampler": "random", "n_trials": 5} | options)
    return search(
        "practice",
        space,
        config,
        name=name,
        evaluate=evaluate,
        progress=False,
        **keywords,
    )


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_runs_its_budget(sampler):
    found = practise(sampler=sampler, n_trials=8, n_startup_trials=4)
    assert len(found.trials) == 8
    assert found.is_complete
    assert found.best["value"] == found.history[-1]["best"]
    assert json.loads(json.dumps(found.to_json()))["best"] == found.best


def test_continued_search_is_the_uninterrupted_one():
    whole = practise(name="whole", sampler="tpe", n_trials=12)
    practise(name="parts", sampler="tpe", n_trials=5)
    seen = []
    parts = practise(name="parts", sampler="tpe", n_trials=12, on_trial=seen.append)
    points = [[trial["params"] for trial in found.trials] for found in (whole, parts)]
    assert points[0] == points[1]
    assert [trial["number"] for trial in seen] == list(range(5, 12))


def test_finished_search_runs_nothing_more():
    first = practise()
    again = practise(evaluate=lambda *_: pytest.fail("no trial should run"))
    assert again == first == open_search("s")


def test_search_is_named_and_found_again(runs):
    found = practise(name=None)
    assert found.name.startswith("practice-random-")
    assert search_names() == [found.name]


def test_progress_line_tells_the_best(capfd):
    config = SearchConfig(sampler="random", n_trials=3)
    found = search(
        "practice", PRACTICE_SPACE, config, name="s", evaluate=practice_training
    )
    shown = capfd.readouterr()
    assert f"best eval_accuracy {found.best['value']:.4f}" in shown.err
    assert "3/3" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"space": Space({"learning_rate": [1e-3]})}, "begun with hidden_dropout"),
        ({"seed": 1}, "begun with seed 0, not 1"),
        ({"sampler": "tpe"}, "begun with sampler 'random', not 'tpe'"),
        ({"seeds": (0, 1)}, r"begun with seeds \[0\], not \[0, 1\]"),
        ({"metric": "eval_loss"}, "begun with metric"),
    ],
)
def test_name_of_a_different_search_is_refused(options, message):
    practise(n_trials=2)
    with pytest.raises(CourseError, match=f"{message}.*choose another name"):
        practise(n_trials=2, **options)
    assert len(open_search("s").trials) == 2


def test_changed_data_are_refused():
    def evaluate(params, seed, report):
        return 0.5

    evaluate.fingerprint = "aaaa"
    practise(evaluate, n_trials=1)
    evaluate.fingerprint = "bbbb"
    with pytest.raises(CourseError, match="begun with data 'aaaa', not 'bbbb'"):
        practise(evaluate, n_trials=2)


def test_runs_of_a_lost_search_are_not_mixed_in(runs):
    def evaluate(params, seed, report):
        return 0.5

    evaluate.fingerprint = "aaaa"
    (runs / "s-trial-0-seed-0").mkdir()
    with pytest.raises(CourseError, match="1 runs of an earlier search 's'"):
        practise(evaluate)


def test_all_trials_failing_is_one_line():
    def broken(params, seed, report):
        raise RuntimeError("no\nluck")

    with pytest.raises(CourseError, match="All 3 trials of search 's' failed") as error:
        practise(broken)
    assert str(error.value).endswith("RuntimeError: no")
    assert isinstance(error.value.__cause__, RuntimeError)


def test_stop_returns_what_is_finished():
    stop = threading.Event()
    found = practise(on_trial=lambda trial: stop.set(), stop=stop)
    assert len(found.trials) == 1
    assert not found.is_complete
    stop.clear()
    assert practise(stop=stop).is_complete


def test_ctrl_c_says_how_to_continue():
    def evaluate(params, seed, report):
        if "trial-2-" in report.name and not report.is_retry:
            raise KeyboardInterrupt
        return practice_training(params, seed, report)

    with pytest.raises(SearchStopped, match=r"after 2 of 5 trials.*the name 's'"):
        practise(evaluate)
    found = practise(evaluate)
    assert [trial["number"] for trial in found.trials] == [0, 1, 3, 4, 5]
    assert found.is_complete


def test_database_keeps_and_continues_a_search(tmp_path):
    url = f"sqlite:///{tmp_path / 'all.db'}"
    practise(storage=url, n_trials=2)
    found = practise(storage=url, n_trials=4)
    assert [trial["number"] for trial in found.trials] == [0, 1, 2, 3]
    assert open_search("s", url) == found
    with pytest.raises(CourseError, match=r"Unknown search 'z'.*Known: s"):
        open_search("z", url)


def test_storage_that_fails_midway_is_one_line(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    practise(n_trials=1)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CourseError, match=r"storage of search 's' failed \(No space"):
        practise(n_trials=2)


@pytest.mark.parametrize("workers", [0, 1.5, True])
def test_wrong_number_of_workers_is_refused(workers):
    with pytest.raises(CourseError, match=r"workers is .*; at least 1"):
        practise(workers=workers)


def test_unknown_hyperparameter_or_task_is_refused_before_anything_is_kept(runs):
    with pytest.raises(CourseError, match="Unknown hyperparameter 'lr'"):
        search("sentiment", Space({"lr": [1]}), name="s")
    with pytest.raises(CourseError, match="Unknown task 'sentimnet'"):
        search("sentimnet", Space({"weight_decay": [0.1]}), name="s")
    assert search_names() == []


# --- Several processes ----------------------------------------------------------------


def test_two_workers_share_a_grid_without_running_a_point_twice():
    seen = []
    found = practise(
        space=Space({"learning_rate": [10**-n for n in range(1, 9)]})
        | {"hidden_dropout_prob": [0.1, 0.2]},
        sampler="grid",
        n_trials=16,
        pruner="none",
        workers=2,
        on_trial=seen.append,
    )
    points = {tuple(trial["params"].values()) for trial in found.trials}
    assert len(points) == len(found.trials) == len(seen) == 16
    assert {trial["state"] for trial in found.trials} == {"complete"}


def test_stop_ends_all_workers_and_they_continue_later(runs):
    stop = threading.Event()
    options = {"n_trials": 3000, "workers": 2, "pruner": "none"}
    found = practise(on_trial=lambda trial: stop.set(), stop=stop, **options)
    assert 1 <= len(found.trials) < 3000
    assert {trial["state"] for trial in found.trials} == {"complete"}
    logs = sorted((runs / "searches" / "s").glob("worker-*.log"))
    assert [log.read_text() for log in logs] == ["", ""]
    more = practise(n_trials=len(found.trials) + 2, workers=2, pruner="none")
    assert more.is_complete
    assert more.trials[: len(found.trials)] == found.trials


def trials_by_state(state: str) -> dict[int, dict]:
    if "s" not in search_names():
        return {}
    try:
        trials = open_search("s").trials
    except CourseError:
        return {}  # being begun
    return {trial["number"]: trial for trial in trials if trial["state"] == state}


def kill_two_workers(script: Path, hang_from: int) -> list[dict]:
    """Let two workers run until both hang, kill them; the trials they had."""
    command = [sys.executable, script, str(hang_from)]
    workers = [subprocess.Popen(command) for _ in range(2)]
    deadline = time.monotonic() + 60
    hanging: list[dict] = []
    while len(hanging) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
        running = trials_by_state("running").values()
        began = [t for t in running if len(t["params"]) == len(PRACTICE_SPACE)]
        hanging = [t for t in began if t["number"] >= hang_from]
    for worker in workers:
        worker.send_signal(signal.SIGKILL)
    assert [worker.wait() for worker in workers] == [-signal.SIGKILL] * 2
    return hanging


def test_two_killed_workers_lose_no_finished_trial_and_leave_no_zombie(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    kept: dict[int, dict] = {}
    for hang_from in (6, 14):  # killed, restarted, and killed again
        hanging = kill_two_workers(script, hang_from)
        assert len(hanging) == 2
        complete = trials_by_state("complete")
        assert {number: complete[number] for number in kept} == kept
        assert len(complete) > len(kept)
        kept = complete
    found = practise(n_trials=len(kept) + 4, pruner="none")
    complete = trials_by_state("complete")
    assert {number: complete[number] for number in kept} == kept
    assert len(found.trials) == len(complete) == len(kept) + 4
    drawn = [trial["params"] for trial in found.trials]
    assert all(trial["params"] in drawn for trial in hanging)
    assert len({tuple(params.values()) for params in drawn}) == len(drawn)
