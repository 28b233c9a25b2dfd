"""Drift and its alarm. Alone: pytest tests/course/monitoring/test_drift.py."""

from types import SimpleNamespace

import numpy as np
import pytest

from course.errors import CourseError
from course.monitoring import drift, records
from course.monitoring.drift import (
    ALARM,
    MIN_FEEDBACK,
    MIN_LIVE,
    TESTS,
    Window,
    compare_windows,
    reference_of,
    window_of,
)

MEASURED = {"value": 0.9, "low": 0.88, "high": 0.92, "n": 1000}


def window(rng, n, right=0.5, longer=1.0, sure=8.0):
    return Window(
        rng.beta(sure, 1, size=n),
        rng.integers(20, 200, size=n) * longer,
        rng.choice(["a", "b"], size=n, p=[right, 1 - right]).tolist(),
    )


@pytest.mark.parametrize("n", [MIN_LIVE, 200])
def test_false_alarms_are_as_rare_as_promised(n):
    rng = np.random.default_rng(0)
    reference = window(rng, 1000)
    alarms = 0
    for _ in range(500):
        judged = (rng.random(40) < 0.9).tolist()
        found = compare_windows(reference, window(rng, n), judged, MEASURED)
        assert len(found.shifts) == len(TESTS)
        alarms += found.status == "alarm"
    assert alarms <= 500 * ALARM * 2


@pytest.mark.parametrize(
    ("change", "name"),
    [({"right": 0.85}, "labels"), ({"longer": 2.0}, "length"), ({"sure": 2.0}, None)],
)
def test_each_change_is_found_and_named(change, name):
    rng = np.random.default_rng(1)
    found = compare_windows(window(rng, 1000), window(rng, 100, **change))
    assert found.status == "alarm"
    alarms = [shift.name for shift in found.shifts if shift.alarm]
    assert alarms == [name or "confidence"]
    if name != "labels":
        (shift,) = [shift for shift in found.shifts if shift.alarm]
        assert shift.stability[0] > shift.stability[1]


def test_too_few_texts_are_not_tested():
    rng = np.random.default_rng(2)
    live = window(rng, MIN_LIVE - 1, sure=1.0)
    found = compare_windows(window(rng, 1000), live)
    assert (found.status, found.shifts) == ("few", ())
    assert compare_windows(window(rng, 0), window(rng, 100)).status == "few"


def test_feedback_alone_can_give_an_alarm():
    judged = [True] * 10 + [False] * 10
    found = compare_windows(None, window_of([]), judged, MEASURED)
    assert found.status == "alarm"
    assert found.shifts[0].name == "accuracy"
    assert found.shifts[0].distance == pytest.approx(0.4)
    assert (found.accuracy.value, found.accuracy.n) == (0.5, 20)
    assert found.measured.value == 0.9


def test_better_feedback_than_measured_is_no_alarm():
    found = compare_windows(None, window_of([]), [True] * 99, MEASURED)
    assert found.status == "few"
    assert found.shifts[0].distance == 0


@pytest.mark.parametrize("measured", [None, {}, {"value": 0.9, "n": 0}])
def test_without_a_measurement_feedback_is_only_counted(measured):
    found = compare_windows(None, window_of([]), [False] * 50, measured)
    assert (found.shifts, found.measured) == ((), None)
    assert found.accuracy.n == 50


def test_little_feedback_is_only_counted():
    judged = [False] * (MIN_FEEDBACK - 1)
    found = compare_windows(None, window_of([]), judged, {"value": 0.9, "n": 100})
    assert found.shifts == ()
    assert np.isnan(found.measured.low)


def test_a_window_holds_what_was_logged():
    row = records.Prediction("i", 0.0, "m", "a", 0.75, {}, 12, 1.0)
    found = window_of([row])
    assert found.confidences.tolist() == [0.75]
    assert found.lengths.tolist() == [12]
    assert found.labels == ["a"]


def test_the_reference_of_a_shipped_adapter_is_recorded():
    from course.runs import open_run

    run = open_run("spam")
    found = reference_of(run)
    assert len(found) == run.metrics["accuracy"]["n"]
    assert set(found.labels) == {"ham", "spam"}
    assert found.confidences.min() >= 0.5
    assert compare_windows(found, found).status == "same"


def test_the_reference_of_another_run_is_asked_of_its_model(monkeypatch):
    texts = [f"text {number}" for number in range(1000)]
    monkeypatch.setattr("course.evaluation.own_split", lambda *_: (texts, None))
    monkeypatch.setattr("course.evaluation.predicted.is_quick", lambda _: False)
    asked = []

    def predict(texts):
        asked.extend(texts)
        return SimpleNamespace(probabilities=[[0.25, 0.75]] * len(texts))

    classifier = SimpleNamespace(labels=["a", "b"], predict=predict)
    run = SimpleNamespace(name="mine")
    found = reference_of(run, classifier)
    assert len(set(asked)) == len(found) == drift.REFERENCE_TEXTS
    assert (found.labels[0], found.confidences[0]) == ("b", 0.75)
    assert found.lengths.tolist() == [len(text) for text in asked]
    with pytest.raises(CourseError, match="mine are not recorded"):
        reference_of(run)
