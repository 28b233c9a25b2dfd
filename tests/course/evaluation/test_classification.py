"""Run alone: pytest tests/course/evaluation/test_classification.py."""

import json
import time

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from course.errors import CourseError
from course.evaluation.classification import evaluate_predictions
from course.evaluation.probabilities import softmax


def _predictions(n: int, k: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of a fair model, and references."""
    generator = np.random.default_rng(seed)
    references = generator.integers(k, size=n)
    logits = generator.normal(size=(n, k))
    logits[np.arange(n), references] += 1.2
    return softmax(logits), references


@pytest.fixture(scope="module")
def topic():
    """Four labels."""
    probabilities, references = _predictions(800, 4)
    return (
        probabilities,
        references,
        evaluate_predictions(probabilities, references, ["a", "b", "c", "d"]),
    )


@pytest.fixture(scope="module")
def spam():
    """Two labels, one designated."""
    probabilities, references = _predictions(500, 2, seed=1)
    return (
        probabilities,
        references,
        evaluate_predictions(
            probabilities, references, ["ham", "spam"], positive_label="spam"
        ),
    )


def test_accuracy_known_by_hand():
    """Two of three right; Wilson for 2 of 3 is [0.208, 0.939]."""
    result = evaluate_predictions([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1], "ab")
    assert str(result.metrics["accuracy"]) == "0.667 [0.208, 0.939], n=3"
    assert result.confusion.tolist() == [[1, 0], [1, 1]]
    assert result.majority == ("b", pytest.approx(2 / 3))


def test_values_of_many_labels_equal_scikit_learn(topic):
    probabilities, references, result = topic
    predictions = probabilities.argmax(axis=1)
    macro = {"average": "macro"}
    one_hot = np.eye(4)[references]
    m = sklearn_metrics
    expected = {
        "accuracy": m.accuracy_score(references, predictions),
        "f1_macro": m.f1_score(references, predictions, **macro),
        "f1_micro": m.f1_score(references, predictions, average="micro"),
        "precision_macro": m.precision_score(references, predictions, **macro),
        "recall_macro": m.recall_score(references, predictions, **macro),
        "matthews_correlation": m.matthews_corrcoef(references, predictions),
        "roc_auc": m.roc_auc_score(references, probabilities, multi_class="ovr"),
        "average_precision": m.average_precision_score(one_hot, probabilities),
        "log_loss": m.log_loss(references, probabilities),
    }
    values = {name: each.value for name, each in result.metrics.items()}
    calibration_error = values.pop("expected_calibration_error")
    assert values == pytest.approx(expected)
    assert 0 < calibration_error < 1


def test_values_of_the_positive_label_equal_scikit_learn(spam):
    probabilities, references, result = spam
    predictions, m = probabilities.argmax(axis=1), sklearn_metrics
    values = {name: each.value for name, each in result.metrics.items()}
    assert values["f1"] == pytest.approx(m.f1_score(references, predictions))
    assert values["precision"] == pytest.approx(
        m.precision_score(references, predictions)
    )
    assert values["recall"] == pytest.approx(m.recall_score(references, predictions))
    scores = probabilities[:, 1]
    assert values["roc_auc"] == pytest.approx(m.roc_auc_score(references, scores))
    assert values["average_precision"] == pytest.approx(
        m.average_precision_score(references, scores)
    )


def test_the_positive_label_may_be_the_first(spam):
    probabilities, references, _ = spam
    swapped = evaluate_predictions(
        probabilities, references, ["spam", "ham"], positive_label="spam"
    )
    assert swapped.metrics["f1"] == swapped.per_class["spam"]["f1"]
    assert swapped.metrics["average_precision"].value == pytest.approx(
        sklearn_metrics.average_precision_score(1 - references, probabilities[:, 0])
    )


def test_without_a_positive_label_the_second_is_ranked(spam):
    probabilities, references, result = spam
    plain = evaluate_predictions(probabilities, references, ["ham", "spam"])
    for name in ("roc_auc", "average_precision"):
        assert plain.metrics[name] == result.metrics[name]
    assert "f1" not in plain.metrics


def test_scores_by_label_equal_scikit_learn(topic):
    probabilities, references, result = topic
    report = sklearn_metrics.classification_report(
        references,
        probabilities.argmax(axis=1),
        target_names=result.labels,
        output_dict=True,
    )
    for label, row in result.per_class.items():
        assert row["support"] == report[label]["support"] == row["recall"].n
        for ours, theirs in (("f1", "f1-score"), ("recall", "recall")):
            assert row[ours].value == pytest.approx(report[label][theirs])
        assert row["precision"].value == pytest.approx(report[label]["precision"])


def test_intervals_equal_a_bootstrap_over_texts(topic):
    probabilities, references, result = topic
    generator, m = np.random.default_rng(9), sklearn_metrics
    slow = {"f1_macro": [], "matthews_correlation": [], "roc_auc": [], "log_loss": []}
    for _ in range(100):
        rows = generator.integers(len(references), size=len(references))
        p, y = probabilities[rows], references[rows]
        slow["f1_macro"].append(m.f1_score(y, p.argmax(axis=1), average="macro"))
        slow["matthews_correlation"].append(m.matthews_corrcoef(y, p.argmax(axis=1)))
        slow["roc_auc"].append(m.roc_auc_score(y, p, multi_class="ovr"))
        slow["log_loss"].append(m.log_loss(y, p))
    for name, values in slow.items():
        ends = np.quantile(values, [0.025, 0.975])
        ours = result.metrics[name]
        # An end of 100 resamples is known to about 0.3 standard deviations.
        assert np.allclose([ours.low, ours.high], ends, atol=0.9 * np.std(values))
        assert ours.low < ours.value < ours.high


def test_same_seed_same_numbers():
    probabilities, references = _predictions(60, 3)
    first, again, other = (
        evaluate_predictions(probabilities, references, "abc", seed=seed).to_dict()
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first["metrics"]["f1_macro"] != other["metrics"]["f1_macro"]
    assert first["metrics"]["accuracy"] == other["metrics"]["accuracy"]


def test_json_shape(spam):
    _, _, result = spam
    data = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert {"n", "metrics", "confusion", "labels"} <= set(data)
    assert set(data["metrics"]["f1"]) == {"value", "low", "high", "n"}
    assert np.sum(data["confusion"]) == data["n"] == 500
    assert data["labels"] == ["ham", "spam"]


def test_text_names_every_metric_and_the_majority(spam):
    _, _, result = spam
    text = str(result)
    assert all(f"{name} " in text for name in result.metrics)
    assert f"always {result.majority[0]}" in text


def test_one_label_only_gives_accuracy_and_the_reasons():
    result = evaluate_predictions(
        [[0.9, 0.1], [0.3, 0.7], [0.8, 0.2]], [0, 0, 0], ["ham", "spam"]
    )
    assert result.metrics["accuracy"].value == pytest.approx(2 / 3)
    gone = {"roc_auc", "average_precision", "matthews_correlation"}
    assert set(result.omitted) == gone
    assert not gone & set(result.metrics)
    assert "roc_auc                     left out: the texts have one label" in str(
        result
    )


def test_a_positive_label_that_does_not_occur_is_left_out():
    result = evaluate_predictions(
        [[0.9, 0.1], [0.8, 0.2]], [0, 0], ["ham", "spam"], positive_label="spam"
    )
    assert {"f1", "precision", "recall"} <= set(result.omitted)
    assert json.dumps(result.to_dict(), allow_nan=False)


def test_one_text_has_an_accuracy_alone():
    result = evaluate_predictions([[0.9, 0.1]], [0], ["ham", "spam"])
    assert set(result.metrics) == {"accuracy", "f1_micro"}
    assert str(result.metrics["accuracy"]) == "1.000 [0.207, 1.000], n=1"


def test_a_label_without_texts_is_not_averaged():
    probabilities = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]] * 20
    result = evaluate_predictions(probabilities, [0, 1] * 20, ["a", "b", "c"])
    assert result.metrics["f1_macro"].value == 1
    assert result.metrics["roc_auc"].value == 1
    assert result.per_class["c"]["support"] == 0
    assert json.dumps(result.to_dict(), allow_nan=False)


def test_truncated_texts_are_told():
    result = evaluate_predictions([[0.9, 0.1]] * 3, [0, 1, 0], "ab", truncated=2)
    assert result.to_dict()["truncated"] == 2
    assert "2 of 3 texts were truncated" in str(result)


def test_five_thousand_texts_of_eight_labels_take_under_a_second():
    probabilities, references = _predictions(5000, 8)
    seconds = []
    for _ in range(3):  # processor time, and the best of three: the machine may be busy
        start = time.process_time()
        evaluate_predictions(probabilities, references, "abcdefgh")
        seconds.append(time.process_time() - start)
    assert min(seconds) < 1


def test_wrong_number_of_names_is_refused():
    with pytest.raises(CourseError, match="3 label names came for 2 columns"):
        evaluate_predictions([[0.9, 0.1]], [0], "abc")


def test_unknown_positive_label_is_refused():
    with pytest.raises(CourseError, match=r"Unknown label 'spma'.*'spam'"):
        evaluate_predictions([[0.9, 0.1]], [0], ["ham", "spam"], positive_label="spma")


def test_no_rows_are_refused():
    with pytest.raises(CourseError, match="at least 1"):
        evaluate_predictions(np.zeros((0, 2)), [], ["ham", "spam"])
