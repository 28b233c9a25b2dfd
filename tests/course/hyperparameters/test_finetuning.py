"""Trials that fine-tune.

pytest tests/course/hyperparameters/test_finetuning.py
"""

import dataclasses
import json
import math

import pytest

from course.errors import CourseError
from course.finetuning import Interrupted, finetune
from course.finetuning.configuration import FinetuningConfig
from course.hyperparameters import SearchConfig, Space, open_search, search
from course.hyperparameters.finetuning import FinetuningTrial
from course.runs import PARTIAL, open_run, read_history


class FakeReport:
    """A report that ends the trial after so many evaluations."""

    def __init__(self, name="s-trial-0-seed-0", is_retry=False, end_after=math.inf):
        self.name, self.is_retry, self.end_after = name, is_retry, end_after
        self.reported, self.runs = [], []
        self.is_pruned = self.ended_early = False

    def __call__(self, step, value):
        self.reported.append((step, value))
        self.is_pruned = len(self.reported) >= self.end_after
        return self.should_end()

    def should_end(self):
        self.ended_early |= self.is_pruned
        return self.ended_early

    def add_run(self, path):
        self.runs.append(path)


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def reviews(tmp_path):
    """Eighty sentences whose label one word tells."""
    words = {"good": ("joy", "fun"), "bad": ("bore", "mess")}
    rows = [
        f"a {word} of part {number},{label}"
        for label, (even, odd) in words.items()
        for number in range(40)
        for word in [odd if number % 2 else even]
    ]
    file = tmp_path / "reviews.csv"
    file.write_text("\n".join(["text,label", *rows]))
    return str(file)


@pytest.fixture
def config(tiny_model_dir) -> FinetuningConfig:
    return FinetuningConfig(
        model=str(tiny_model_dir),
        num_train_epochs=2,
        per_device_train_batch_size=16,
        max_length=16,
    )


def trial(task, config, metric="eval_accuracy") -> FinetuningTrial:
    return FinetuningTrial(task, config, metric)


def test_value_is_the_best_evaluation_which_the_run_keeps(runs, reviews, config):
    report = FakeReport()
    value = trial(reviews, config, "eval_loss")({"learning_rate": 1e-2}, 3, report)
    run = open_run("s-trial-0-seed-0")
    losses = [row["eval_loss"] for row in run.history() if "eval_loss" in row]
    assert value == min(losses)
    assert report.runs == [run.path]
    assert report.reported == [(step + 1, loss) for step, loss in enumerate(losses)]
    assert run.config["metric_for_best_model"] == "loss"
    assert (run.config["learning_rate"], run.config["seed"]) == (1e-2, 3)


def test_trial_does_not_look_at_the_test_split(runs, reviews, config):
    evaluate = trial(reviews, config)
    validation = evaluate.dataset["validation"]
    evaluate.dataset["test"] = evaluate.dataset["test"].select([])  # nothing to see
    evaluate({}, 0, FakeReport())
    run = open_run("s-trial-0-seed-0")
    assert run.info["measured_on"] == "validation"
    assert run.metrics["accuracy"]["n"] == len(validation)


def test_seeds_share_one_split(runs, reviews, config):
    evaluate = trial(reviews, config)
    prints = set()
    for seed in (0, 1):
        evaluate({}, seed, FakeReport(name=f"run-{seed}"))
        prints.add(open_run(f"run-{seed}").info["data"]["fingerprint"])
    assert prints == {evaluate.fingerprint}


def test_pruned_trial_ends_early_and_frees_its_checkpoints(runs, reviews, config):
    report = FakeReport(end_after=1)
    assert math.isnan(trial(reviews, config)({}, 0, report))
    folder = runs / f"s-trial-0-seed-0{PARTIAL}"
    assert report.runs == [folder]
    evaluations = [row for row in read_history(folder) if "eval_loss" in row]
    assert len(evaluations) < 4
    assert not list(folder.glob("checkpoint-*"))
    assert (folder / "plan.json").is_file()


@pytest.mark.parametrize("remains", ["checkpoint", "nothing", "complete"])
def test_retry_continues_whatever_a_killed_worker_left(
    runs, reviews, config, remains, monkeypatch
):
    evaluate = trial(reviews, config)
    whole = evaluate({"learning_rate": 1e-2}, 0, FakeReport(name="whole"))
    name = "s-trial-0-seed-0"
    folder = runs / f"{name}{PARTIAL}"
    if remains == "checkpoint":
        report = FakeReport(name, end_after=2)
        monkeypatch.setattr(
            "course.hyperparameters.finetuning._drop_checkpoints", lambda _: 0
        )
        evaluate({"learning_rate": 1e-2}, 0, report)
        assert list(folder.glob("checkpoint-*"))
    elif remains == "nothing":
        folder.mkdir(parents=True)
    else:
        evaluate({"learning_rate": 1e-2}, 0, FakeReport(name))
        monkeypatch.setattr("course.hyperparameters.finetuning.finetune", pytest.fail)
        monkeypatch.setattr("course.hyperparameters.finetuning.resume", pytest.fail)
    report = FakeReport(name, is_retry=True)
    assert evaluate({"learning_rate": 1e-2}, 0, report) == whole
    assert report.runs == [runs / name]


def test_ctrl_c_in_a_training_is_one_of_the_search(reviews, config, monkeypatch):
    def interrupted(*_, **__):
        raise Interrupted("Stopped at step 3 of 9.")

    monkeypatch.setattr("course.hyperparameters.finetuning.finetune", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trial(reviews, config)({}, 0, FakeReport())


def test_search_over_fine_tunings(runs, reviews, config):
    fixed = dataclasses.asdict(config)
    fixed = {name: fixed[name] for name in ("model", "max_length", "num_train_epochs")}
    options = SearchConfig(
        "random", n_trials=2, seeds=(0, 1), max_train_samples=40, fixed=fixed
    )
    space = Space(
        {"learning_rate": (1e-4, 1e-2, "log"), "per_device_train_batch_size": [8, 16]}
    )
    found = search(reviews, space, options, name="s", progress=False)
    assert [trial["state"] for trial in found.trials] == ["complete"] * 2
    for record in found.trials:
        assert set(record["seed_values"]) == {"0", "1"}
        for path in record["runs"]:
            run = open_run(path)
            for name, value in record["params"].items():
                assert run.config[name] == value
            assert run.config["max_train_samples"] == 40
    names = {path.name for path in runs.iterdir()}
    trials = {f"s-trial-{n}-seed-{seed}" for n in (0, 1) for seed in (0, 1)}
    assert names == trials | {"searches"}
    assert json.loads(json.dumps(found.to_json()))["best"]["value"] >= 0.5
    assert open_search("s") == found


def test_other_data_under_the_same_name_are_refused(runs, reviews, config):
    options = SearchConfig("random", 1, fixed={"model": config.model, "max_length": 16})
    space = Space({"learning_rate": [1e-3]})
    search(reviews, space, options, name="s", progress=False)
    with open(reviews, "a") as file:
        file.write("\na new sentence,good")
    with pytest.raises(CourseError, match="begun with data"):
        search(reviews, space, options, name="s", progress=False)


def test_name_of_older_runs_is_refused(runs, reviews, config):
    options = SearchConfig("random", 1, fixed={"model": config.model, "max_length": 16})
    quiet = {"baselines": False, "progress": False, "test": False}
    finetune(reviews, config, name="s-trial-0-seed-0", **quiet)
    with pytest.raises(CourseError, match="runs of an earlier search"):
        search(reviews, Space({"r": [1]}), options, name="s", progress=False)
