"""The loop of one worker. Alone: pytest tests/course/hyperparameters/test_trials.py."""

import math
import threading

import pytest

from course.errors import CourseError
from course.hyperparameters.config import SearchConfig
from course.hyperparameters.space import Space
from course.hyperparameters.storage import open_storage
from course.hyperparameters.study import new_study, quiet_optuna
from course.hyperparameters.trials import Report, run_trials

SPACE = Space({"x": (0.0, 1.0)})


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    with quiet_optuna():
        yield tmp_path


def run(evaluate, space=SPACE, storage=None, stop=None, study=None, **options):
    config = SearchConfig(**{"sampler": "random", "n_trials": 6} | options)
    study = study or new_study(config, "s", storage and storage.optuna)
    error = run_trials(study, space, config, evaluate, storage, stop)
    return study, error


def states(study) -> list[str]:
    return [trial.state.name for trial in study.trials]


def test_value_is_the_mean_over_the_seeds():
    study, _ = run(lambda params, seed, report: seed, seeds=(1, 2, 6))
    assert [trial.value for trial in study.trials] == [3.0] * 6


def test_bad_trial_ends_at_its_first_report_and_is_spared_further_seeds():
    called = []

    def evaluate(params: dict, seed: int, report: Report) -> float:
        score = 0.1 if report.name.startswith("s-trial-3-") else 0.9
        for epoch in (1, 2):
            called.append((report.name, epoch))
            if report(epoch, score):
                return math.nan
        return score

    study, error = run(evaluate, seeds=(0, 1), n_trials=5, n_startup_trials=2)
    assert error is None
    expected = ["COMPLETE", "COMPLETE", "COMPLETE", "PRUNED", "COMPLETE"]
    assert states(study) == expected
    assert study.trials[3].value == 0.1
    assert [name for name in called if "trial-3" in name[0]] == [
        ("s-trial-3-seed-0", 1)
    ]


def test_later_seeds_neither_report_nor_prune():
    def evaluate(params: dict, seed: int, report: Report) -> float:
        for epoch in (1, 2) if seed == 0 else (2, 3, 4):
            assert not report(epoch, 0.5 if seed == 0 else -1.0)
        return 0.5

    study, error = run(evaluate, seeds=(0, 1), n_startup_trials=1)
    assert error is None
    assert [trial.intermediate_values for trial in study.trials] == [
        {1: 0.5, 2: 0.5}
    ] * 6


def test_undefined_report_is_left_out():
    study, _ = run(lambda params, seed, report: report(1, math.nan) or 0.5)
    assert {str(trial.intermediate_values) for trial in study.trials} == {"{}"}


@pytest.mark.parametrize("sampler", ["random", "grid"])
def test_budget_is_kept_when_it_is_raised_later(sampler):
    storage = open_storage(None, "s")
    space = Space({"x": list(range(10))})
    first, _ = run(lambda p, s, r: p["x"], space, storage, sampler=sampler, n_trials=4)
    assert len(first.trials) == 4
    run(lambda p, s, r: p["x"], space, storage, sampler=sampler, n_trials=7)
    assert states(first) == ["COMPLETE"] * 7


def test_grid_runs_every_point_once_and_then_ends():
    space = Space({"a": [1, 2, 3], "b": (0.0, 1.0)})
    study, _ = run(lambda p, s, r: 0.0, space, sampler="grid", n_trials=50)
    points = [tuple(trial.params.values()) for trial in study.trials]
    assert sorted(points) == sorted(
        tuple(point.values()) for point in space.grid(points=3)
    )


def test_grid_of_one_point_ends():
    study, _ = run(lambda p, s, r: 0.0, Space({"a": [1]}), sampler="grid")
    assert states(study) == ["COMPLETE"]


def test_grid_order_depends_on_the_seed():
    space = Space({"a": list(range(20))})

    def order(seed):
        study, _ = run(lambda *_: 0.0, space, sampler="grid", seed=seed, n_trials=20)
        return [trial.params["a"] for trial in study.trials]

    assert order(0) == order(0) != order(1)


def test_failed_trial_counts_and_tells_why_in_one_line():
    def evaluate(params: dict, seed: int, report: Report) -> float:
        if report.name.startswith("s-trial-1-"):
            raise RuntimeError("out of memory\nand much more")
        return 0.5

    study, error = run(evaluate)
    assert len(study.trials) == 6
    assert states(study).count("FAIL") == 1
    assert study.trials[1].user_attrs["error"] == "RuntimeError: out of memory"
    assert isinstance(error, RuntimeError)


def test_metric_that_is_no_number_fails_the_trial():
    study, error = run(lambda params, seed, report: math.nan, n_trials=1)
    assert states(study) == ["FAIL"]
    assert str(error) == "eval_accuracy is nan with seed 0."


def test_search_gives_up_when_the_first_trials_all_fail():
    def broken(params: dict, seed: int, report: Report) -> float:
        raise CourseError("The disk is full.")

    study, _ = run(broken, n_trials=50)
    assert states(study) == ["FAIL"] * 3
    assert study.trials[0].user_attrs["error"] == "The disk is full."


@pytest.mark.parametrize("sampler", ["tpe", "grid"])
def test_stopped_trial_is_queued_and_runs_later_with_the_same_values(sampler):
    storage, stop, names = open_storage(None, "s"), threading.Event(), []

    def evaluate(params: dict, seed: int, report: Report) -> float:
        names.append((report.name, report.is_retry))
        if len(names) == 3:
            stop.set()
        return math.nan if report(1, 0.5) else params["x"]

    options = {"sampler": sampler, "n_trials": 3}
    study, error = run(evaluate, storage=storage, stop=stop, **options)
    assert error is None
    assert states(study) == ["COMPLETE", "COMPLETE", "FAIL", "WAITING"]
    stop.clear()
    run(evaluate, storage=storage, stop=stop, **options)
    assert states(study) == ["COMPLETE", "COMPLETE", "FAIL", "COMPLETE"]
    assert study.trials[3].params == study.trials[2].params
    assert names[3] == ("s-trial-2-seed-0", True)
    assert names[2] == ("s-trial-2-seed-0", False)


def test_trial_that_finishes_in_spite_of_a_stop_is_kept():
    stop = threading.Event()

    def evaluate(params: dict, seed: int, report: Report) -> float:
        stop.set()
        return 0.5

    study, _ = run(evaluate, stop=stop)
    assert states(study) == ["COMPLETE"]


def test_stop_between_two_seeds_queues_the_trial_again():
    stop = threading.Event()

    def evaluate(params: dict, seed: int, report: Report) -> float:
        stop.set()
        return 0.5

    study, _ = run(evaluate, stop=stop, seeds=(0, 1))
    assert states(study) == ["FAIL", "WAITING"]


def test_ctrl_c_queues_the_trial_again_and_is_passed_on():
    storage = open_storage(None, "s")

    def evaluate(params: dict, seed: int, report: Report) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(evaluate, storage=storage)
    study = new_study(SearchConfig(), "s", storage.optuna)
    assert states(study) == ["FAIL", "WAITING"]
    assert not storage.claim_lock().is_locked


def test_no_trial_begins_after_the_time_is_up():
    study, _ = run(lambda params, seed, report: 0.5, max_seconds=1e-9)
    assert states(study) == []


def test_two_threads_share_the_budget_and_the_grid():
    space = Space({"x": list(range(12))})
    meet = threading.Barrier(2)

    def evaluate(params: dict, seed: int, report: Report) -> float:
        if report.name in ("s-trial-0-seed-0", "s-trial-1-seed-0"):
            meet.wait(timeout=20)  # both workers run a trial at the same time
        return params["x"]

    def work() -> None:
        run(evaluate, space, open_storage(None, "s"), sampler="grid", n_trials=12)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    study = new_study(SearchConfig(), "s", open_storage(None, "s").optuna)
    assert sorted(trial.value for trial in study.trials) == list(range(12))
    assert len({trial.user_attrs["worker"] for trial in study.trials}) == 2


def test_runs_are_recorded_with_the_trial(tmp_path):
    def evaluate(params: dict, seed: int, report: Report) -> float:
        report.add_run(tmp_path / report.name)
        return 0.5

    study, _ = run(evaluate, seeds=(0, 4), n_trials=1)
    assert study.trials[0].user_attrs["runs"] == [
        str(tmp_path / "s-trial-0-seed-0"),
        str(tmp_path / "s-trial-0-seed-4"),
    ]
