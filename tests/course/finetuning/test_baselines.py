"""Run alone: pytest tests/course/finetuning/test_baselines.py."""

import numpy as np
import pandas as pd
import pytest

from course.data import split_table
from course.finetuning.baselines import majority, measure, tfidf_model

WORDS = {
    "good": ["fine", "lovely", "great", "warm"],
    "bad": ["dull", "weak", "poor", "flat"],
}


def make_dataset(n_good=60, n_bad=30, text=None):
    """Texts whose label their words tell."""
    text = text or (lambda name, i: f"{WORDS[name][i % 4]} film {i}")
    rows = [
        (text(name, i), name)
        for name, n in (("good", n_good), ("bad", n_bad))
        for i in range(n)
    ]
    table = pd.DataFrame(rows, columns=["text", "label"])
    return split_table(table, ["bad", "good"])


@pytest.fixture(scope="module")
def measured():
    return measure(make_dataset(), positive_label="good")


def test_majority_repeats_the_shares_of_the_training_split():
    dataset = make_dataset()
    shares = majority(dataset, "validation")
    assert shares.shape == (len(dataset["validation"]), 2)
    counts = np.bincount(dataset["train"]["label"])
    np.testing.assert_allclose(shares, np.tile(counts / counts.sum(), (len(shares), 1)))


def test_majority_scores_the_share_of_the_commonest_label(measured):
    accuracy = measured["majority"]["metrics"]["accuracy"]
    assert accuracy["value"] == pytest.approx(9 / 13)  # of 60 and 30, 15 % rounded
    assert accuracy["n"] == 13
    assert accuracy["low"] < 9 / 13 < accuracy["high"]
    assert measured["majority"]["bytes"] == 0


def test_words_that_tell_the_label_are_learnt(measured):
    result = measured["tfidf_logistic_regression"]
    assert result["metrics"]["accuracy"]["value"] == 1
    assert result["metrics"]["f1"]["value"] == 1
    assert result["seconds"] > 0


def test_bytes_are_those_of_numbers_and_words():
    """Terms of train "ab cd", "ef": ab, cd, ab cd, ef; idf and weight are 8 bytes."""
    dataset = make_dataset(3, 3, lambda name, i: "ab cd" if name == "good" else "ef")
    size = measure(dataset)["tfidf_logistic_regression"]["bytes"]
    assert size == 4 * (8 + 8) + sum(
        len(term) + 4 for term in ("ab", "cd", "ab cd", "ef")
    )


def test_a_measurement_repeats():
    results = [measure(make_dataset(), "validation") for _ in range(2)]
    metrics = [
        {name: baseline["metrics"] for name, baseline in result.items()}
        for result in results
    ]
    assert metrics[0] == metrics[1]
    assert metrics[0]["majority"]["accuracy"]["n"] == 9


def test_texts_without_words_are_counted_by_character():
    """TF-IDF's words have two letters; without any it would stop with an error."""
    emoji = {"good": "😀", "bad": "👎"}
    dataset = make_dataset(20, 20, lambda name, i: emoji[name] * (i + 1))
    result = measure(dataset)["tfidf_logistic_regression"]
    assert result["metrics"]["accuracy"]["value"] == 1


def test_a_label_without_training_texts_gets_probability_zero():
    dataset = make_dataset()
    train = dataset["train"]
    features = train.features.copy()
    for split in dataset:
        features["label"] = type(features["label"])(names=["bad", "good", "none"])
        dataset[split] = dataset[split].cast(features)
    result = measure(dataset)["tfidf_logistic_regression"]
    assert result["metrics"]["accuracy"]["value"] == 1


def test_one_character_texts_are_seen_by_the_character_model():
    model = tfidf_model(analyzer="char").fit(["a", "b", "aa"], [0, 1, 0])
    assert model.predict(["a", "b"]).tolist() == [0, 1]
