"""Fine-tuning, on a tiny model.

pytest tests/course/finetuning/test_finetuning.py
"""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from datasets import DatasetDict
from safetensors import SafetensorError

from course.data import split_table
from course.errors import CourseError
from course.evaluation import compare_runs, evaluate_run
from course.finetuning import Interrupted, finetune, resume, training
from course.finetuning.configuration import FinetuningConfig
from course.runs import PARTIAL, open_run, read_history, runs_dir

POSITIVE = ("a joy", "great fun", "a lovely film", "warm and funny")
NEGATIVE = ("a bore", "no fun", "a dull film", "cold and flat")


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture(scope="module")
def dataset() -> DatasetDict:
    """240 sentences whose label a bag of words can tell."""
    import pandas as pd

    rows = [
        (f"{words[number % 4]} number {number}", label)
        for label, words in (("negative", NEGATIVE), ("positive", POSITIVE))
        for number in range(120)
    ]
    table = pd.DataFrame(rows, columns=["text", "label"])
    return split_table(table, ["negative", "positive"], seed=0)


@pytest.fixture
def config(tiny_model_dir) -> FinetuningConfig:
    return FinetuningConfig(
        model=str(tiny_model_dir),
        learning_rate=5e-3,
        num_train_epochs=2,
        per_device_train_batch_size=8,
        max_length=16,
        train_embeddings=True,
    )


def train(config, dataset, name="run", **options):
    options = {"baselines": False, "progress": False} | options
    return finetune("sentiment", config, name=name, dataset=dataset, **options)


def weights(run) -> dict[str, torch.Tensor]:
    return run.model().state_dict()


def assert_same_result(run, other):
    """The same weights to the bit, the same curves, the same metrics."""
    ours, theirs = weights(run), weights(other)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert run.metrics == other.metrics

    def curves(one):
        timed = ("seconds", "examples_per_second", "eval_runtime")
        return [
            {k: v for k, v in record.items() if k not in timed}
            for record in one.history()
        ]

    assert curves(run) == curves(other)


def test_the_run_directory_is_as_designed(runs, config, dataset):
    run = train(config, dataset, baselines=True)
    assert run.metrics["accuracy"]["value"] > 0.95
    assert run.metrics["accuracy"]["n"] == len(dataset["test"])
    assert run.path == runs / "run"
    files = {str(file.relative_to(run.path)) for file in run.path.rglob("*")}
    assert {"model.safetensors", "tokenizer.json", "config.json", "README.md"} <= files
    assert {"run.json", "history.jsonl", "tensorboard"} <= files
    assert not [f for f in files if f.endswith((".bin", ".pt", ".pth", ".pkl", ".tmp"))]
    assert not [f for f in files if f.startswith(("checkpoint", "plan"))]
    baselines = run.info["baselines"]
    assert baselines["majority"]["metrics"]["accuracy"]["value"] == 0.5
    assert baselines["tfidf_logistic_regression"]["seconds"] > 0
    assert run.info["data"]["train"] == len(dataset["train"])
    assert run.info["seconds"] > 0


def test_history_grows_while_it_trains(runs, config, dataset):
    lengths = []

    def on_log(record):
        lengths.append(len(read_history(runs / f"run{PARTIAL}")))

    run = train(config, dataset, on_log=on_log)
    assert lengths == list(range(1, len(run.history()) + 1))
    losses = [r for r in run.history() if "loss" in r]
    assert {"learning_rate", "grad_norm", "examples_per_second"} <= losses[0].keys()
    assert [r for r in run.history() if "eval_accuracy" in r]


def test_tensorboard_reads_the_curves(runs, config, dataset):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run = train(config, dataset)
    events = EventAccumulator(str(run.path / "tensorboard")).Reload()
    curve = [round(event.value, 5) for event in events.Scalars("loss")]
    assert curve == [round(r["loss"], 5) for r in run.history() if "loss" in r]


def test_same_seed_same_result_other_seed_another(runs, config, dataset):
    first = train(config, dataset, "first")
    assert_same_result(first, train(config, dataset, "again"))
    other = train(replace(config, seed=1), dataset, "other")
    assert other.history()[0]["loss"] != first.history()[0]["loss"]


@pytest.mark.parametrize("method", ["full", "lora"])
@pytest.mark.parametrize("stop_at", [1, 15, 22, 33])
def test_a_stopped_run_continues_to_the_same_result(
    runs, config, dataset, method, stop_at
):
    config = replace(config, method=method, hidden_dropout_prob=0.3)
    whole = train(config, dataset, "whole")
    stop = threading.Event()

    def on_log(record):
        if record["step"] >= stop_at:
            stop.set()

    with pytest.raises(Interrupted, match=r"course train --resume stopped"):
        train(config, dataset, "stopped", stop=stop, on_log=on_log)
    with pytest.raises(CourseError, match="not complete"):
        open_run("stopped" + PARTIAL)
    continued = resume("stopped", dataset=dataset, progress=False)
    assert_same_result(continued, whole)


KILLED = """
import sys
from course.finetuning.configuration import FinetuningConfig
from course.finetuning import finetune

finetune(
    sys.argv[1],
    FinetuningConfig(
        model=sys.argv[2], learning_rate=5e-3, num_train_epochs=40, max_length=16,
        per_device_train_batch_size=8,
    ),
    name="killed", baselines=False, progress=False,
)
"""


def test_a_killed_run_continues(runs, tiny_model_dir, tmp_path):
    rows = [
        f'"{w} {n}",{label}'
        for n in range(30)
        for w, label in [
            *((w, "bad") for w in NEGATIVE),
            *((w, "good") for w in POSITIVE),
        ]
    ]
    file = tmp_path / "mine.csv"
    file.write_text("text,label\n" + "\n".join(rows) + "\n")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file), str(tiny_model_dir)],
        env=os.environ | {"COURSE_RUNS": str(runs)},
    )
    partial = runs / f"killed{PARTIAL}"
    deadline = time.monotonic() + 60
    while training.latest_checkpoint(partial) is None:
        assert process.poll() is None, "ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    run = resume("killed", progress=False)
    assert run.task == "mine.csv"
    assert run.labels == ["bad", "good"]
    steps = [r["step"] for r in run.history() if "loss" in r]
    assert steps == sorted(set(steps)), "a step was recorded twice"
    assert run.info["steps"] == 40 * -(-run.info["data"]["train"] // 8)


def test_changed_data_are_noticed(runs, config, dataset):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        train(config, dataset, stop=stop)
    changed = DatasetDict(dataset | {"test": dataset["train"]})
    with pytest.raises(CourseError, match="have changed"):
        resume("run", dataset=changed)
    resume("run", dataset=dataset, progress=False)
    with pytest.raises(CourseError, match="is complete"):
        resume("run", dataset=dataset)
    with pytest.raises(CourseError, match="does not exist"):
        resume("never", dataset=dataset)


def test_head_leaves_the_encoder_as_it_was(runs, config, dataset, tiny_model_dir):
    run = train(replace(config, method="head"), dataset)
    before, after = open_run(tiny_model_dir).model(), run.model()
    for (name, old), new in zip(
        before.named_parameters(), after.parameters(), strict=True
    ):
        changed = not torch.equal(old, new)
        assert changed == ("pooler" in name or "classifier" in name), name


def test_full_trains_embeddings_only_when_asked(runs, config, dataset, tiny_model_dir):
    table = "bert.embeddings.word_embeddings.weight"
    before = open_run(tiny_model_dir).model().state_dict()[table]
    frozen = train(replace(config, train_embeddings=False), dataset, "frozen")
    assert torch.equal(weights(frozen)[table], before)
    assert not torch.equal(weights(train(config, dataset, "trained"))[table], before)


def test_lora_writes_a_small_adapter(runs, config, dataset, tiny_model_dir):
    run = train(replace(config, method="lora", r=2), dataset)
    assert run.is_adapter
    assert not (run.path / "model.safetensors").exists()
    assert run.bytes < (tiny_model_dir / "model.safetensors").stat().st_size / 20
    assert run.info["trainable_parameters"] < run.info["parameters"] / 20
    adapter = json.loads((run.path / "adapter_config.json").read_text())
    assert adapter["base_model_name_or_path"] == str(tiny_model_dir)
    assert adapter["r"] == 2


def test_early_stopping_keeps_the_best_step(runs, config, dataset):
    config = replace(
        config, num_train_epochs=30, early_stopping_patience=2, learning_rate=1e-2
    )
    run = train(config, dataset)
    assert run.info["steps"] < 30 * len(dataset["train"]) / 8
    scores = {
        r["step"]: r["eval_accuracy"] for r in run.history() if "eval_accuracy" in r
    }
    best = max(scores.values())
    assert run.info["best_step"] == min(
        s for s, value in scores.items() if value == best
    )


def test_time_budget_ends_with_a_complete_run(runs, config, dataset):
    config = replace(config, num_train_epochs=900, max_seconds=1.0)
    start = time.monotonic()
    run = train(config, dataset)
    assert time.monotonic() - start < 30
    assert run.info["steps"] < 900 * len(dataset["train"]) / 8
    assert run.metrics["accuracy"]["n"] == len(dataset["test"])


def test_first_stage_is_trained_first_and_started_from(
    runs, config, dataset, monkeypatch, tiny_model_dir
):
    from course import finetuning

    monkeypatch.setattr(finetuning, "load_task", lambda *_: dataset)
    monkeypatch.setattr(
        finetuning,
        "preset",
        lambda name, task, **changes: replace(config, **changes),
    )
    run = train(replace(config, first_stage="reviews"), dataset)
    first = open_run("run-first-stage")
    assert first.task == "reviews"
    assert first.info["measured_on"] == "validation", "the test split is for the end"
    assert run.info["model"] == str(tiny_model_dir)
    start = run.history()[0]["loss"]
    assert start < 0.9 * first.history()[0]["loss"], "it starts where the first ended"


def test_search_never_looks_at_the_test_split(runs, config, dataset):
    blind = DatasetDict({k: v for k, v in dataset.items() if k != "test"})
    run = train(config, blind, test=False)
    assert run.info["measured_on"] == "validation"
    assert run.metrics["accuracy"]["n"] == len(dataset["validation"])


def test_truncated_texts_are_counted(runs, config, dataset):
    run = train(replace(config, max_length=5, num_train_epochs=1), dataset)
    data = run.info["data"]
    assert 0 < data["truncated_train"] <= len(dataset["train"])
    assert 0 < data["truncated_test"] <= len(dataset["test"])


FULL_DISK = (
    OSError(errno.ENOSPC, "No space left on device"),
    SafetensorError(
        "Error while serializing: I/O error: No space left on device (os error 28)"
    ),
)


@pytest.mark.parametrize("error", FULL_DISK, ids=lambda error: type(error).__name__)
def test_full_disk_is_one_line_and_loses_nothing(
    runs, config, dataset, monkeypatch, error
):
    real, calls = training.CourseTrainer._save_optimizer_and_scheduler, []

    def full(self, folder):
        calls.append(folder)
        if len(calls) == 2:
            raise error
        real(self, folder)

    monkeypatch.setattr(training.CourseTrainer, "_save_optimizer_and_scheduler", full)
    with pytest.raises(CourseError, match="The disk is full") as caught:
        train(config, dataset)
    assert "\n" not in str(caught.value)
    run = resume("run", dataset=dataset, progress=False)
    assert run.info["steps"] == 2 * -(-len(dataset["train"]) // 8)


@pytest.mark.parametrize("name", ["a/b", "../up", ".hidden"])
def test_names_that_are_no_names(runs, config, dataset, name):
    with pytest.raises(CourseError, match="not a run's name"):
        train(config, dataset, name=name)
    assert not runs.exists()


def test_a_run_without_a_name_gets_one(runs, config, dataset):
    run = train(replace(config, num_train_epochs=0.2), dataset, name=None)
    assert run.name.startswith("sentiment-full-")


def test_a_name_is_taken_once(runs, config, dataset):
    train(config, dataset)
    with pytest.raises(CourseError, match="already: choose another name"):
        train(config, dataset)


def test_negative_rate_is_one_line(runs, config, dataset):
    with pytest.raises(CourseError, match=r"learning_rate is -1; above 0"):
        train(replace(config, learning_rate=-1), dataset)
    assert not runs.exists()


def test_validation_metrics_equal_sklearn():
    from sklearn.metrics import accuracy_score, f1_score

    from course.finetuning.preparation import _validation_metrics

    generator = np.random.default_rng(0)
    logits, labels = generator.normal(size=(50, 3)), generator.integers(0, 3, 50)
    ours = _validation_metrics(SimpleNamespace(predictions=logits, label_ids=labels))
    chosen = logits.argmax(-1)
    assert ours["accuracy"] == accuracy_score(labels, chosen)
    assert ours["f1_macro"] == f1_score(labels, chosen, average="macro")


def test_runs_folder_follows_the_environment(runs):
    assert runs_dir() == runs


def test_a_run_of_a_file_is_measured_and_compared_again(runs, config, tmp_path):
    rows = [
        f'"{words} {number}",{label}'
        for number in range(40)
        for label, sentences in (("bad", NEGATIVE), ("good", POSITIVE))
        for words in sentences
    ]
    file = tmp_path / "mine.csv"
    file.write_text("review,verdict\n" + "\n".join(rows) + "\n")
    run = finetune(
        str(file),
        replace(config, num_train_epochs=1),
        text_column="review",
        label_column="verdict",
        baselines=False,
        progress=False,
    )
    again = evaluate_run(run)
    assert again.metrics["accuracy"].value == run.metrics["accuracy"]["value"]
    assert again.n == run.metrics["accuracy"]["n"]
    assert compare_runs(run, run).better is None
    file.write_text(file.read_text().replace("dull", "weak"))
    with pytest.raises(CourseError, match="changed since it was trained"):
        evaluate_run(run)
    file.unlink()
    with pytest.raises(CourseError, match=r"mine\.csv, which is not here"):
        evaluate_run(run)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "no-such-model"}, "Unknown model 'no-such-model'"),
        ({"method": "lora", "target_modules": ("nope",)}, "target_modules is nope"),
    ],
)
def test_what_cannot_begin_leaves_nothing(runs, config, dataset, change, message):
    with pytest.raises(CourseError, match=message):
        train(replace(config, **change), dataset)
    assert list(runs.iterdir()) == []


def test_a_diverging_loss_is_null_in_the_history(tmp_path):
    from course.finetuning.recording import Recorder

    state = SimpleNamespace(global_step=1, epoch=0.5)
    recorder = Recorder(tmp_path, examples_per_step=8)
    recorder.on_train_begin(None, SimpleNamespace(global_step=0), None)
    recorder.on_log(None, state, None, {"loss": float("nan"), "grad_norm": 2.0})
    recorder.on_train_end(None, state, None)
    (record,) = read_history(tmp_path)
    assert record["loss"] is None
    assert record["grad_norm"] == 2.0


def test_training_warns_of_nothing(runs, config, dataset, recwarn):
    train(replace(config, method="lora"), dataset)
    assert [str(warning.message) for warning in recwarn] == []
