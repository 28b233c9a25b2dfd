"""What lesson 06 says in words is so. Alone: pytest tests/lessons.

A number that a cell prints needs no test; these are the sentences that round or compare
what cells print. The lesson's own cells are run, so that there is no second training
loop that could differ.
"""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import stats

from course.hyperparameters import SearchConfig, Space, search
from course.hyperparameters.comparison import compare_samplers
from course.hyperparameters.practice import PRACTICE_SPACE, practice_training
from course.hyperparameters.recorded import recorded_search
from course.lessons.lesson import read_lesson
from course.lessons.source import solved

NEEDED = ("setup", "dataset =", "def train(", "def step(")


@pytest.fixture(scope="module")
def lesson():
    """Names of the cells that define the net, its training and one optimizer step."""
    from course.lessons.lesson import source_of

    threads = torch.get_num_threads()
    namespace = {"__name__": "lesson_06", "source": source_of("06")}
    for cell in read_lesson(source_of("06")).cells:
        text = solved(cell) if cell.kind == "code" else ""
        if cell.tag == "setup" or any(part in text for part in NEEDED[1:3]):
            exec(compile(text, "lesson 06", "exec"), namespace)
        elif NEEDED[3] in text:
            exec(compile(text.split("\n\n\n")[0], "lesson 06", "exec"), namespace)
    yield namespace
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def gap(lesson):
    def measure(seed, **options):
        *_, (fit, new, accuracy) = lesson["train"](0.01, seed=seed, **options)
        return new - fit, accuracy

    return measure


def test_recorded_random_search():
    found = recorded_search("random")
    values = [trial["value"] for trial in found.trials]
    assert sum(value <= 140 / 256 for value in values) == len(values) / 2  # half
    assert 0.65 < found.importance["learning_rate"] < 0.75  # about 70 %
    assert max(found.importance, key=found.importance.get) == "learning_rate"


def test_both_recorded_searches_have_the_same_best():
    best = [recorded_search(sampler).best for sampler in ("tpe", "random")]
    assert best[0]["params"] == best[1]["params"]
    assert best[0]["number"] == 3  # the fourth trial; TPE models from the sixth
    assert recorded_search("tpe").config["n_startup_trials"] == 5


def test_the_live_search_repeats_the_first_rates_of_the_recording():
    found = search(
        "rates",
        Space({"learning_rate": (1e-5, 1e-2, "log")}),
        SearchConfig("random", n_trials=4, pruner="none"),
        evaluate=lambda values, seed, report: 0.0,
        progress=False,
    )
    rates = [trial["params"]["learning_rate"] for trial in found.trials]
    recorded = recorded_search("random").trials[:4]
    assert rates == [trial["params"]["learning_rate"] for trial in recorded]
    assert [f"{rate:.1e}" for rate in rates[:3]] == ["4.0e-04", "8.3e-03", "4.9e-04"]
    assert recorded[1]["value"] == 140 / 256  # 0.0083 breaks the model


def test_after_half_an_epoch_no_recorded_trial_stands_out():
    trials = [t for s in ("tpe", "random") for t in recorded_search(s).trials]
    assert len(trials) == 48
    assert max(t["intermediate_values"]["1"] for t in trials) < 140 / 256 + 0.021
    assert max(t["value"] for t in trials) > 0.75  # later some do


def test_what_256_sentences_leave_uncertain():
    for share in (0.547, 0.70, 0.76):
        interval = stats.binomtest(round(256 * share), 256).proportion_ci(
            method="wilson"
        )
        assert 0.05 < (interval.high - interval.low) / 2 < 0.065  # five to six points


def test_best_quarter_narrows_the_learning_rate():
    found = recorded_search("tpe")
    ordered = sorted(found.trials, key=lambda trial: -trial["value"])[:6]
    rates = [trial["params"]["learning_rate"] for trial in ordered]
    assert max(rates) / min(rates) < 10


def test_rates_and_batch_sizes(lesson):
    assert (lesson["y_val"] == 1).float().mean().item() == pytest.approx(0.5)
    ends = {rate: list(lesson["train"](rate))[-1] for rate in (1e-5, 1e-3, 0.1, 10)}
    assert max(ends[1e-5][2], ends[10][2]) < 0.56  # guess
    assert abs(ends[1e-3][2] - ends[0.1][2]) < 0.04  # hardly differs
    assert ends[0.1][1] > 2 * ends[1e-3][1]  # loss does
    big = list(lesson["train"](1e-3, batch_size=500, epochs=5))[-1]
    small = list(lesson["train"](1e-3, batch_size=5, epochs=5))[-1]
    assert big[0] > 0.6 > small[0]  # hardly begun


def test_validation_loss_turns_and_accuracy_does_not_tell(lesson):
    curve = list(lesson["train"](0.01))
    validation = [row[1] for row in curve]
    assert int(np.argmin(validation)) == 1  # after two epochs
    assert validation[-1] > 2 * min(validation)
    assert curve[-1][0] < 0.05
    accuracies = [row[2] for row in curve]
    assert max(accuracies) - min(accuracies) < 0.06  # a few points


def test_what_narrows_the_gap(gap):
    kinds = {
        "plain": {},
        "norm": {"norm": True},
        "dropout": {"dropout": 0.5},
        "decay": {"weight_decay": 1.0},
        "l1": {"l1": 3e-4},
    }
    rows = {k: [gap(seed, **v) for seed in range(5)] for k, v in kinds.items()}
    gaps = {name: [row[0] for row in rows[name]] for name in rows}
    for name in ("dropout", "decay", "l1"):
        assert max(gaps[name]) < min(gaps["plain"])
    assert np.mean(gaps["norm"]) > np.mean(gaps["plain"])
    means = {name: np.mean([row[1] for row in rows[name]]) for name in rows}
    assert max(means.values()) - means["plain"] < 0.02  # accuracy is not higher


def test_l2_in_adam_is_not_decay(lesson, gap):
    step = lesson["step"]
    for gradient in (0.01, 100.0):
        pulls = [
            step(name, gradient, 0.0) - step(name, gradient, 0.1)
            for name in ("SGD", "Adam", "AdamW")
        ]
        assert pulls == pytest.approx([0.01, 0.0, 0.01], abs=1e-6)
    adam, _ = gap(0, weight_decay=0.01, optimizer="Adam")
    adamw, _ = gap(0, weight_decay=0.01)
    plain, _ = gap(0)
    assert adam < plain / 3  # a fraction
    assert adamw == pytest.approx(plain, rel=0.1)  # hardly changes


def test_decay_has_no_effect_in_practice():
    def score(decay):
        values = {"learning_rate": 3e-4, "hidden_dropout_prob": 0.1}
        return practice_training(
            values | {"weight_decay": decay}, 0, lambda epoch, value: False
        )

    assert score(0.0) == pytest.approx(score(0.2), abs=0.03)  # the noise alone


def test_bayesian_samplers_lead_on_the_practice_score():
    space = PRACTICE_SPACE | {"learning_rate": (1e-6, 1e-2, "log")}
    race = compare_samplers(space=space, n_trials=18, seeds=range(3))["samplers"]
    means = {name: np.mean(row["final"]) for name, row in race.items()}
    others = max(means[name] for name in ("genetic", "random", "grid"))
    assert min(means["tpe"], means["gp"]) > others


def test_the_best_of_many_is_lucky():
    right = np.random.default_rng(0).binomial(256, 0.70, size=(2000, 24))
    assert 0.045 < right.max(axis=1).mean() / 256 - 0.70 < 0.06  # five points


def test_recorded_training_and_patience():
    from widgets.training import TrainingLab

    lab = TrainingLab("sentiment", patience=1)
    assert (lab.best_step, lab.stopped_at) == (200, 300)
    measured = [row for row in lab.history if "eval_accuracy" in row]
    rows = {row["step"]: row["eval_accuracy"] for row in measured}
    assert rows[200] == pytest.approx(0.804, abs=0.001)
    assert rows[600] == pytest.approx(0.831, abs=0.001)
    assert max(rows, key=rows.get) == 600


@pytest.mark.whole
@pytest.mark.timeout(300)
def test_live_search_of_real_finetuning(lesson):
    """Some machine may prune another trial: bands, and what holds on any."""
    (cell,) = [
        solved(cell)
        for cell in read_lesson(lesson["source"]).cells
        if cell.kind == "code" and "FinetuningTrial(" in solved(cell)
    ]
    names = {**lesson, "recorded": recorded_search("random")}
    exec(compile(cell, "lesson 06", "exec"), names)
    live = names["live"].trials
    assert [trial["state"] for trial in live[:2]] == ["complete", "complete"]
    assert {trial["state"] for trial in live} <= {"complete", "pruned"}
    assert live[1]["value"] < 0.60  # breaks the model
    assert names["live"].best["value"] > 0.65  # smaller rates can learn
    assert names["low"] > 140 / 256  # the baseline lies outside
    assert max(trial["intermediate_values"]["1"] for trial in live) < 0.60
    left = [path for trial in live for path in trial["runs"] if Path(path).exists()]
    assert left == []
