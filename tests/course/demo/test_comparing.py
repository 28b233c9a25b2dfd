"""Models side by side. Alone: pytest tests/course/demo/test_comparing.py."""

from types import SimpleNamespace

import numpy as np
import pytest
from demo_runs import make_run

from course.demo import comparing
from course.demo.comparing import (
    TIMED_RUNS,
    WARM_UP_RUNS,
    check_names,
    compare_answers,
    measure,
    other_splits,
    same_labels,
)
from course.demo.models import LoadedModels
from course.errors import CourseError


@pytest.fixture
def three(places, tiny_model_dir):
    """Two of one task and split, and one with other labels."""
    data = {"fingerprint": "a"}
    make_run(places / "runs" / "one", tiny_model_dir, data=data)
    make_run(places / "runs" / "two", tiny_model_dir, data=data)
    labels = ["ham", "spam"]
    make_run(places / "runs" / "other", tiny_model_dir, task="spam", labels=labels)
    return ["one", "two", "other"]


class Fixed:
    """Models that answer what they are told to."""

    def __init__(self, **answers):
        self.answers, self.batches = answers, []

    def get(self, name):
        def predict(texts):
            self.batches.append(len(texts))
            return SimpleNamespace(labels=[self.answers[name][int(t)] for t in texts])

        return SimpleNamespace(predict=predict)


@pytest.mark.parametrize(
    "names", [None, "one", [], ["one"], ["one"] * 3, list("abcde")]
)
def test_two_to_four_different_models_are_compared(names):
    with pytest.raises(CourseError, match="models came, 2 to 4"):
        check_names(names)


def test_models_are_measured(three):
    steps, models = [], LoadedModels()
    found = measure(models, three, "A joy.", steps.append)
    assert [each.run.name for each in found] == three
    classifier = models.get("one")
    said = classifier.predict(["A joy."])
    assert found[0].label == said.labels[0]
    assert found[0].confidence == pytest.approx(said.probabilities.max())
    assert found[0].disk_bytes == classifier.run.bytes > 0
    size = {"bf16": 2, "fp32": 4}[classifier.precision]
    weights = sum(p.numel() for p in classifier.model.parameters())
    assert weights * size <= found[0].memory_bytes < weights * size * 1.5
    assert all(each.milliseconds > 0 for each in found)
    assert len(set(steps)) == 3 * (WARM_UP_RUNS + TIMED_RUNS)


def test_the_warm_up_does_not_count(three, monkeypatch):
    ticks = iter(np.cumsum([0, 9] * WARM_UP_RUNS + [0, 0.002] * TIMED_RUNS).tolist())
    clock = SimpleNamespace(perf_counter=lambda: next(ticks))
    monkeypatch.setattr(comparing, "time", clock)
    (found,) = measure(LoadedModels(), ["one"], "A joy.", lambda step: None)
    assert found.milliseconds == pytest.approx(2)


def test_other_labels_and_other_splits_are_told(three, places, tiny_model_dir):
    assert same_labels(three) == ["one", "two"]
    assert same_labels(["other", "one"]) == ["other"]
    make_run(places / "runs" / "new", tiny_model_dir, data={"fingerprint": "b"})
    make_run(places / "runs" / "unknown", tiny_model_dir)
    assert other_splits(["one", "two", "new", "unknown"]) == ["new", "unknown"]


def test_disagreements_are_found_and_judged():
    n = 40
    models = Fixed(a=["x"] * n, b=["x"] * 30 + ["y"] * 10)
    texts, steps = [str(i) for i in range(n)], []
    found = compare_answers(models, ["a", "b"], texts, ["x"] * n, steps.append)
    assert found.pairs == {("a", "b"): 30}
    assert found.disputed == list(range(30, 40))
    (verdict,) = found.verdicts
    assert (verdict.only_a, verdict.only_b, verdict.better) == (10, 0, "a")
    assert max(models.batches) == 16
    assert steps == [0, 16, 32, 40, 56, 72]


def test_without_right_labels_nobody_is_right():
    found = compare_answers(Fixed(a="x", b="y"), ["a", "b"], ["0"], None, print)
    assert (found.verdicts, found.disputed) == ([], [0])
