"""Run alone: pytest tests/course/test_tickets.py."""

import numpy as np
import pandas as pd
import pytest

from course.cleaning import drop_duplicates, normalise
from course.data import fingerprint
from course.errors import CourseError
from course.tickets import NOTES, SHORTCUT, effects, make_tickets

COLUMNS = [
    *("text", "label", "id", "month", "probability", "true_label", "phrases"),
    *("copy_of", "flipped", "leaked", "shortcut"),
]


def table(dataset, split=None):
    """All rows, or those of a split, as a table."""
    if split:
        return dataset[split].to_pandas()
    return pd.concat([rows.to_pandas() for rows in dataset.values()])


def log_odds(probability):
    return np.log(probability / (1 - probability))


@pytest.fixture(scope="module")
def plain():
    return make_tickets(2000, seed=0)


def test_form_is_that_of_a_task(plain):
    assert {split: len(rows) for split, rows in plain.items()} == {
        "train": 1500,
        "validation": 200,
        "test": 300,
    }
    for rows in plain.values():
        assert rows.column_names == COLUMNS
        assert rows.features["label"].names == ["routine", "urgent"]
        assert rows.features["true_label"].names == ["routine", "urgent"]


def test_probability_follows_the_rule_in_every_message(plain):
    rows = table(plain)
    known = effects()
    sums = [sum(known[phrase] for phrase in phrases) for phrases in rows["phrases"]]
    intercept = log_odds(rows["probability"]) - sums
    assert intercept.std() == pytest.approx(0, abs=1e-9)
    assert rows["probability"].mean() == pytest.approx(0.5, abs=1e-9)


def test_labels_are_drawn_with_the_probability(plain):
    rows = table(plain)
    assert (rows["label"] == rows["true_label"]).all()
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        some = rows[(rows["probability"] >= low) & (rows["probability"] < low + 0.2)]
        expected, n = some["probability"].mean(), len(some)
        assert n > 50
        # Four standard errors.
        assert some["label"].mean() == pytest.approx(
            expected, abs=4 * np.sqrt(expected * (1 - expected) / n)
        )


def test_text_holds_its_phrases(plain):
    for row in plain["test"]:
        for phrase in row["phrases"]:
            assert phrase.lower() in row["text"].lower()
        assert row["text"][0].isupper()
        assert "  " not in row["text"]
        assert row["text"].count(",") <= 1
        _, comma, rest = row["text"].partition(", ")
        assert not comma or rest[0].islower() or rest.startswith("I ")


def test_messages_are_different_and_nothing_is_planted_unasked(plain):
    rows = table(plain)
    assert len(drop_duplicates(rows[["text", "label"]])) == 2000
    assert sorted(rows["id"]) == list(range(2000))
    assert (rows["copy_of"] == -1).all()
    assert not rows[["flipped", "leaked", "shortcut"]].any().any()
    assert sorted(rows["month"].unique()) == list(range(1, 13))


def test_same_seed_same_messages_and_other_seed_others(plain):
    assert fingerprint(make_tickets(2000, seed=0)) == fingerprint(plain)
    assert fingerprint(make_tickets(2000, seed=1)) != fingerprint(plain)


def test_effects_name_every_phrase_and_hold_zeros(plain):
    known = effects()
    used = {phrase for phrases in table(plain)["phrases"] for phrase in phrases}
    assert used == set(known) - {SHORTCUT}
    assert known["Thank you."] == known[SHORTCUT] == 0
    known["Thank you."] = 5.0
    assert effects()["Thank you."] == 0, "callers get a copy"


def test_imbalance():
    rows = table(make_tickets(1000, positive_share=0.1))
    assert rows["probability"].mean() == pytest.approx(0.1, abs=1e-9)
    assert 0.06 < rows["label"].mean() < 0.14


def test_label_noise_turns_labels_round_and_tells():
    rows = table(make_tickets(1000, label_noise=0.2))
    assert rows["flipped"].sum() == 200
    assert ((rows["label"] != rows["true_label"]) == rows["flipped"]).all()


def test_duplicates_repeat_a_message_and_stand_on_both_sides():
    dataset = make_tickets(1000, duplicates=0.2)
    rows = table(dataset).set_index("id")
    copies = rows[rows["copy_of"] >= 0]
    assert len(copies) == 200
    originals = rows.loc[copies["copy_of"]]
    assert (originals["copy_of"] == -1).all()
    for column in ("month", "probability", "true_label"):
        assert (copies[column].to_numpy() == originals[column].to_numpy()).all()
    pairs = list(zip(copies["text"], originals["text"], strict=True))
    assert all(normalise(copy) == normalise(original) for copy, original in pairs)
    assert sum(copy != original for copy, original in pairs) == 100
    seen = {normalise(text) for text in dataset["train"]["text"]}
    assert any(normalise(text) in seen for text in dataset["test"]["text"])


def test_leak_tells_the_label_as_given():
    rows = table(make_tickets(1000, leakage=0.3, label_noise=0.1))
    assert rows["leaked"].sum() == 300
    for label, note in enumerate(NOTES):
        holds = rows["text"].str.endswith(note)
        assert (holds == (rows["leaked"] & (rows["label"] == label))).all()


def test_shortcut_goes_with_the_label_but_not_in_the_test_split():
    dataset = make_tickets(4000, shortcut=0.9)
    for split, expected in (("train", 0.9), ("validation", 0.9), ("test", 0.5)):
        rows = table(dataset, split)
        assert (rows["text"].str.contains(SHORTCUT) == rows["shortcut"]).all()
        agree = (rows["shortcut"] == (rows["label"] == 1)).mean()
        assert agree == pytest.approx(expected, abs=0.08)


def test_drift_changes_the_rule_and_splits_in_time():
    dataset = make_tickets(2000, drift_month=10)
    assert max(dataset["train"]["month"]) <= min(dataset["validation"]["month"])
    assert max(dataset["validation"]["month"]) <= min(dataset["test"]["month"])
    rows = table(dataset)
    old, new = effects(), effects(after_drift=True)
    changed = {name for name in new if new[name] != old.get(name)}
    assert len(changed) == 3
    sums = [
        sum((new if month >= 10 else old)[phrase] for phrase in phrases)
        for phrases, month in zip(rows["phrases"], rows["month"], strict=True)
    ]
    assert (log_odds(rows["probability"]) - sums).std() == pytest.approx(0, abs=1e-9)
    solar = rows["text"].str.contains("solar charger")
    assert solar.any()
    assert rows["month"][solar].min() >= 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 39},
        {"n": 8001},
        {"seed": -1},
        {"positive_share": 0.0},
        {"duplicates": 0.6},
        {"label_noise": -0.1},
        {"leakage": 1.1},
        {"shortcut": 0.4},
        {"drift_month": 1},
        {"drift_month": 13},
    ],
)
def test_options_out_of_range_are_refused(wrong):
    (name,) = wrong
    with pytest.raises(CourseError, match=rf"^{name} is .* was expected\.$"):
        make_tickets(**wrong)


def test_extremes_work():
    for n in (40, 8000):
        assert sum(map(len, make_tickets(n, drift_month=2).values())) == n
    both = make_tickets(200, shortcut=1.0, leakage=1.0, duplicates=0.5)
    assert table(both)["leaked"].all()
