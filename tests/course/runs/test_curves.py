"""Curves of trainings. Alone: pytest tests/course/runs/test_curves.py."""

import json
import shutil

import pytest

from course.errors import CourseError
from course.runs import ADAPTERS, PARTIAL, open_run
from course.runs.curves import (
    EarlyStop,
    curve_names,
    differing_options,
    partial_names,
    points,
    read_curves,
    replay_early_stopping,
    smooth,
)


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    return tmp_path


def make_partial(runs, name="mine", plan=None):
    folder = runs / f"{name}{PARTIAL}"
    folder.mkdir()
    plan = {"task": "sentiment", "config": {"seed": 3}} if plan is None else plan
    (folder / "plan.json").write_text(json.dumps(plan))
    shutil.copy(ADAPTERS / "sentiment/history.jsonl", folder)
    return folder


def scored(*scores, metric="accuracy"):
    return [{"step": n, f"eval_{metric}": s} for n, s in enumerate(scores, 1)]


def test_without_patience_to_spare_the_kept_step_is_the_recorded_one():
    for name in ("sentiment", "spam", "topic"):
        curves = read_curves(name)
        found = replay_early_stopping(curves.history, curves.metric, 1000)
        assert found == EarlyStop(open_run(name).info["best_step"], None)


@pytest.mark.parametrize("metric", ["accuracy", "loss"])
@pytest.mark.parametrize("patience", [1, 2, 3])
def test_replay_equals_transformers(metric, patience):
    import random
    from types import SimpleNamespace

    from transformers import EarlyStoppingCallback

    generator = random.Random(patience)
    for _ in range(50):
        scores = [generator.randrange(5) / 4 for _ in range(8)]
        sign = -1 if metric == "loss" else 1
        callback = EarlyStoppingCallback(patience)
        state = SimpleNamespace(best_metric=None)
        args = SimpleNamespace(
            greater_is_better=metric != "loss", metric_for_best_model=metric
        )
        stopped_at = best_step = None
        for step, score in enumerate(scores, 1):
            control = SimpleNamespace(should_training_stop=False)
            callback.on_evaluate(args, state, control, {f"eval_{metric}": score})
            # Trainer keeps the best after its callbacks have looked.
            if state.best_metric is None or sign * score > sign * state.best_metric:
                state.best_metric, best_step = score, step
            if control.should_training_stop:
                stopped_at = step
                break
        found = replay_early_stopping(scored(*scores, metric=metric), metric, patience)
        assert found == EarlyStop(best_step, stopped_at)


def test_what_diverged_is_no_better_one():
    assert replay_early_stopping(scored(None, 0.5), patience=2) == EarlyStop(2, None)
    assert replay_early_stopping(scored(None, None), patience=2) == EarlyStop(None, 2)
    assert replay_early_stopping([], patience=1) == EarlyStop(None, None)


def test_smooth_by_hand():
    assert smooth([1.0, 2.0, 4.0], 0) == [1, 2, 4]
    # Weights 1, 2 and 4 of 7 with the factor one half.
    assert smooth([1.0, 2.0, 4.0], 0.5) == pytest.approx([1, 5 / 3, 21 / 7])
    assert smooth([3.0] * 5, 0.9) == pytest.approx([3.0] * 5)
    assert smooth([], 0.9) == []


def test_points_are_numbers_on_the_axis():
    records = [
        {"step": 1, "epoch": 0.5, "loss": 2.0},
        {"step": 2, "loss": 1.0},
        {"step": 3, "epoch": 1.5, "loss": None},
    ]
    assert points(records, "loss") == [(1, 2.0), (2, 1.0)]
    assert points(records, "loss", "epoch") == [(0.5, 2.0)]


def test_a_run_in_progress_is_found_by_name_and_path(runs):
    folder = make_partial(runs)
    for name in ("mine", f"mine{PARTIAL}", folder, f"{runs}/mine"):
        curves = read_curves(name)
        assert (curves.name, curves.state, curves.task) == (
            "mine",
            "stopped",
            "sentiment",
        )
        assert curves.config == {"seed": 3}
        assert len(curves.history) == 67
    assert partial_names() == ["mine"]
    assert curve_names("sentiment") == ["mine", "sentiment"]
    assert "sentiment" not in curve_names("spam")


def test_a_path_stays_right_when_the_run_is_complete(runs):
    folder = make_partial(runs)
    shutil.copy(ADAPTERS / "sentiment/run.json", folder / "run.json")
    assert read_curves(folder).state == "stopped", "its name is given last"
    folder.rename(runs / "mine")
    assert read_curves(folder).state == "complete"
    assert read_curves("mine").config["learning_rate"] == 0.001


@pytest.mark.parametrize("plan", [[], {"task": "spam"}, {"config": 5}])
def test_a_damaged_plan_is_one_line(runs, plan):
    make_partial(runs, plan=plan)
    with pytest.raises(CourseError, match=r"plan\.json is damaged"):
        read_curves("mine")
    assert "mine" not in curve_names("sentiment")


@pytest.mark.parametrize("name", ["", "nope", "/", "a/b", "..", "x" * 5000, "a\x00b"])
def test_no_run_is_one_line(name):
    with pytest.raises(CourseError, match="Unknown run"):
        read_curves(name)


def test_differing_options():
    assert differing_options([{"a": 1}]) == {}
    assert differing_options([{"a": 1, "b": 2}, {"a": 1, "c": 3}]) == {
        "b": [2, None],
        "c": [None, 3],
    }
