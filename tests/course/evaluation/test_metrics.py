"""Run alone: pytest tests/course/evaluation/test_metrics.py."""

import evaluate
import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from course.errors import CourseError
from course.evaluation import metrics
from course.evaluation.metrics import METRICS, combine, load_metric

GENERATOR = np.random.default_rng(0)
REFERENCES = GENERATOR.integers(2, size=60)
PREDICTIONS = np.where(GENERATOR.random(60) < 0.8, REFERENCES, 1 - REFERENCES)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("accuracy", sklearn_metrics.accuracy_score),
        ("f1", sklearn_metrics.f1_score),
        ("precision", sklearn_metrics.precision_score),
        ("recall", sklearn_metrics.recall_score),
        ("matthews_correlation", sklearn_metrics.matthews_corrcoef),
    ],
)
def test_result_has_the_hubs_key_and_scikit_learns_value(name, theirs):
    metric = load_metric(name)
    assert isinstance(metric, evaluate.Metric)
    assert metric.name == name
    result = metric.compute(predictions=PREDICTIONS, references=REFERENCES)
    assert result == {name: pytest.approx(theirs(REFERENCES, PREDICTIONS))}
    assert type(result[name]) is float


def test_options_reach_scikit_learn():
    result = load_metric("f1").compute(
        predictions=[0, 1, 2, 2], references=[0, 1, 1, 2], average=None
    )
    assert result["f1"] == pytest.approx([1, 2 / 3, 2 / 3])
    result = load_metric("accuracy").compute(
        predictions=[0, 1], references=[0, 0], normalize=False
    )
    assert result == {"accuracy": 1}


def test_batches_add_up():
    metric = load_metric("accuracy")
    for start in range(0, 60, 20):
        rows = slice(start, start + 20)
        metric.add_batch(predictions=PREDICTIONS[rows], references=REFERENCES[rows])
    whole = load_metric("accuracy").compute(
        predictions=PREDICTIONS, references=REFERENCES
    )
    assert metric.compute() == whole


def test_a_metric_starts_afresh_after_compute():
    metric = load_metric("accuracy")
    metric.add(prediction=1, reference=0)
    assert metric.compute() == {"accuracy": 0.0}
    assert metric.compute(predictions=[1], references=[1]) == {"accuracy": 1.0}


def test_evaluates_own_combine_works_with_them():
    both = evaluate.combine([load_metric("accuracy"), load_metric("f1")])
    both.add_batch(predictions=[1, 0, 1], references=[1, 1, 1])
    assert both.compute() == {
        "accuracy": pytest.approx(2 / 3),
        "f1": pytest.approx(0.8),
    }


def test_combine_takes_names_and_prefixes_on_request():
    result = combine(["precision", load_metric("recall")], force_prefix=True).compute(
        predictions=[1, 0], references=[1, 1]
    )
    assert result == {"precision_precision": 1.0, "recall_recall": 0.5}


def test_calibration_error_reads_probabilities():
    result = load_metric("expected_calibration_error").compute(
        predictions=[[0.9, 0.1], [0.7, 0.3]], references=[0, 1], n_bins=1
    )
    assert result == {"expected_calibration_error": pytest.approx(0.3)}


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_loads_afresh(name):
    first, second = load_metric(name), load_metric(name)
    assert first is not second
    assert first.description


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(
        CourseError, match=r"Unknown metric 'acuracy'.*'accuracy'.*rouge"
    ):
        load_metric("acuracy")


def test_the_hub_is_not_asked_while_offline(monkeypatch):
    monkeypatch.delenv("COURSE_ONLINE", raising=False)
    with pytest.raises(CourseError, match="set COURSE_ONLINE=1"):
        load_metric("hub:accuracy")


def test_the_hub_is_asked_on_request(monkeypatch):
    monkeypatch.setenv("COURSE_ONLINE", "1")
    asked = []
    monkeypatch.setattr(
        metrics.evaluate, "load", lambda name, **options: asked.append((name, options))
    )
    load_metric("hub:wer", keep_in_memory=True)
    assert asked == [("wer", {"keep_in_memory": True})]
