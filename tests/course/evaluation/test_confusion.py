"""Run alone: pytest tests/course/evaluation/test_confusion.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from course.evaluation.confusion import (
    average_scores,
    confusion_matrix,
    label_scores,
    resample_confusion,
)

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1)


def test_rows_are_the_right_labels():
    assert confusion_matrix([1, 1, 0], [0, 0, 2], 3).tolist() == [
        [0, 2, 0],
        [0, 0, 0],
        [1, 0, 0],
    ]


@pytest.mark.filterwarnings("ignore:A single label was found")
@given(PAIRS)
def test_scores_equal_scikit_learn(pairs):
    predictions, references = np.array(pairs).T
    table = confusion_matrix(predictions, references, 4)
    assert (
        table
        == sklearn_metrics.confusion_matrix(references, predictions, labels=range(4))
    ).all()
    theirs = sklearn_metrics.precision_recall_fscore_support(
        references, predictions, labels=range(4), zero_division=0
    )
    ours = label_scores(table[None])
    for name, expected in zip(("precision", "recall", "f1"), theirs, strict=False):
        assert np.allclose(np.nan_to_num(ours[name][0]), expected)
    averages = average_scores(table[None])
    macro = sklearn_metrics.precision_recall_fscore_support(
        references, predictions, average="macro", zero_division=0
    )
    for name, expected in zip(("precision", "recall", "f1"), macro, strict=False):
        assert averages[f"{name}_macro"][0] == pytest.approx(expected)
    matthews = sklearn_metrics.matthews_corrcoef(references, predictions)
    assert averages["matthews_correlation"][0] == pytest.approx(matthews, abs=1e-12)


def test_a_label_that_does_not_occur_is_nan_and_not_averaged():
    table = np.array([[[2, 0, 0], [0, 3, 0], [0, 0, 0]]])
    assert np.isnan(label_scores(table)["f1"][0, 2])
    assert average_scores(table)["f1_macro"].tolist() == [1.0]


def test_matthews_of_large_tables_does_not_overflow():
    table = np.array([[900_000, 100_000], [200_000, 800_000]])
    small = average_scores(table[None] // 100_000)["matthews_correlation"]
    large = average_scores(table[None])["matthews_correlation"]
    assert large == pytest.approx(small)


def test_drawing_tables_is_drawing_texts():
    table = np.array([[30, 10], [5, 55]])
    cells = np.repeat(np.arange(4), table.ravel())
    generator = np.random.default_rng(0)
    slow = np.array(
        [np.bincount(generator.choice(cells, 100), minlength=4) for _ in range(4000)]
    )
    fast = resample_confusion(table, 4000).reshape(4000, 4)
    # Standard errors: 0.08 of a mean, about 1 % of a standard deviation.
    assert np.abs(fast.mean(axis=0) - slow.mean(axis=0)).max() < 0.35
    assert np.allclose(fast.std(axis=0), slow.std(axis=0), rtol=0.06)
