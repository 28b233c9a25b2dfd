"""Run alone: pytest tests/course/test_data.py."""

import json

import numpy as np
import pandas as pd
import pytest
from datasets import DatasetDict
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight

from course import data
from course.cleaning import normalise
from course.data import (
    SPLITS,
    TASKS,
    class_weights,
    fingerprint,
    label_names,
    load_task,
    oversample,
    split_table,
    to_dataset,
    undersample,
)
from course.errors import CourseError


def table(**counts: int) -> pd.DataFrame:
    """As many different texts of each label as asked for."""
    rows = [(f"{name} {i}", name) for name, n in counts.items() for i in range(n)]
    return pd.DataFrame(rows, columns=["text", "label"])


def rows_of(dataset: DatasetDict) -> dict[str, list[tuple[str, int]]]:
    return {
        split: list(zip(rows["text"], rows["label"], strict=True))
        for split, rows in dataset.items()
    }


@pytest.fixture
def csv_file(tmp_path):
    """Write a csv of texts and labels and return its path."""

    def write(frame: pd.DataFrame, name: str = "mine.csv"):
        frame.to_csv(tmp_path / name, index=False)
        return tmp_path / name

    return write


# --- Splitting ----------------------------------------------------------------------

COUNTS = st.lists(st.integers(3, 40), min_size=2, max_size=4)


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.integers(0, 1000))
def test_every_row_is_in_one_split_with_its_label(counts, seed):
    frame = table(**{f"label{i}": n for i, n in enumerate(counts)})
    labels = sorted(frame["label"].unique())
    split = rows_of(split_table(frame, labels, seed))
    found = [(text, labels[number]) for rows in split.values() for text, number in rows]
    assert sorted(found) == sorted(frame.itertuples(index=False, name=None))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(7, 40), min_size=2, max_size=4), st.integers(0, 1000))
def test_every_label_has_its_share_of_every_split_within_a_row(counts, seed):
    frame = table(**{f"label{i}": n for i, n in enumerate(counts)})
    split = split_table(frame, sorted(frame["label"].unique()), seed)
    for name, share in SPLITS.items():
        found = np.bincount(split[name]["label"])
        # What rounding gives to validation and test is missing in train.
        allowed = 1 if name == "train" else 0.5
        assert np.abs(found - share * np.array(counts)).max() <= allowed + 1e-9


@pytest.mark.parametrize("n", range(3, 7))
def test_every_split_has_a_row_of_the_rarest_label(n):
    split = split_table(table(a=n, b=30), ["a", "b"])
    assert all(0 in rows["label"][:] for rows in split.values())


def test_split_sizes_of_a_hundred_are_the_shares():
    split = split_table(table(a=100, b=20), ["a", "b"])
    assert {name: len(rows) for name, rows in split.items()} == {
        "train": 90,
        "validation": 12,
        "test": 18,
    }


def test_same_seed_same_split_other_seed_other_split():
    frame = table(a=30, b=30)
    first, again, other = (
        rows_of(split_table(frame, ["a", "b"], seed)) for seed in (1, 1, 2)
    )
    assert first == again
    assert {text for text, _ in first["test"]} != {text for text, _ in other["test"]}


def test_labels_are_mixed_within_a_split():
    train = split_table(table(a=40, b=40), ["a", "b"])["train"]["label"][:]
    assert train != sorted(train)
    assert train != sorted(train, reverse=True)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"a": 5}, "has 5 usable rows and 1 label.s. .a.; at least 2 labels"),
        ({}, "has 0 usable rows and 0 label.s. .none.; at least 2 labels"),
        ({"a": 5, "b": 2}, "Label 'b' of mine has 2 different text.s.; at least 3"),
        ({"a": 1, "b": 5}, "Label 'a' of mine has 1 different text.s.; at least 3"),
    ],
)
def test_too_few_labels_or_rows(counts, message):
    with pytest.raises(CourseError, match=message):
        split_table(table(**counts), sorted(counts), origin="mine")


def test_a_label_without_rows():
    with pytest.raises(CourseError, match="Label 'c' of the data has 0 different"):
        split_table(table(a=5, b=5), ["a", "b", "c"])


def test_a_huge_label_is_shown_in_part():
    label = "very\nlong " * 10_000
    with pytest.raises(CourseError, match="at least 3 are needed") as raised:
        split_table(table(**{"a": 5, label: 1}), ["a", label])
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 300


def test_a_negative_seed():
    with pytest.raises(CourseError, match="seed is -1; at least 0"):
        split_table(table(a=5, b=5), ["a", "b"], seed=-1)


# --- Tasks --------------------------------------------------------------------------


LARGE = {"reviews", "complaints"}  # seconds each


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[pytest.mark.slow] * (name in LARGE))
        for name in sorted(TASKS)
    ],
)
def loaded(request):
    return request.param, load_task(request.param)


def test_no_text_of_a_task_is_in_two_splits(loaded):
    _, dataset = loaded
    keys = [normalise(text) for rows in dataset.values() for text in rows["text"]]
    assert len(set(keys)) == len(keys)


def test_labels_of_a_task_are_its_names(loaded):
    name, dataset = loaded
    assert label_names(dataset) == list(TASKS[name].labels)
    assert set(dataset["test"]["label"]) == set(range(len(TASKS[name].labels)))


def test_texts_of_a_task_are_clean(loaded):
    _, dataset = loaded
    texts = list(dataset["validation"]["text"])
    assert all(text == " ".join(text.split()) for text in texts)
    assert not any("<br" in text for text in texts)


def test_shares_of_a_task(loaded):
    _, dataset = loaded
    total = sum(len(rows) for rows in dataset.values())
    for split, share in SPLITS.items():
        assert len(dataset[split]) / total == pytest.approx(share, abs=0.002)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.text(alphabet="aAbBcC .!é", min_size=1, max_size=4),
            st.sampled_from("xy"),
        ),
        min_size=20,
        max_size=120,
    )
)
def test_no_text_of_any_file_is_in_two_splits(tmp_path, rows):
    path = tmp_path / "any.jsonl"
    lines = [json.dumps({"text": text, "label": label}) for text, label in rows]
    path.write_text("\n".join(lines))
    try:
        dataset = load_task(path)
    except CourseError:
        assume(False)  # too few texts were left
    keys = [normalise(text) for split in dataset.values() for text in split["text"]]
    assert len(set(keys)) == len(keys)


def test_a_file_gives_its_labels_in_order(csv_file):
    dataset = load_task(csv_file(table(zebra=10, ape=10)))
    assert label_names(dataset) == label_names(dataset["test"]) == ["ape", "zebra"]
    assert set(dataset) == set(SPLITS)


def test_duplicates_of_a_file_count_once(csv_file):
    frame = table(a=3, b=3)
    twice = pd.concat([frame, frame.assign(text=frame["text"].str.upper() + "!")])
    assert sum(map(len, load_task(csv_file(twice)).values())) == 6


def test_rows_that_are_all_the_same_are_too_few(csv_file):
    frame = pd.DataFrame({"text": ["Same!", "same"] * 9, "label": ["x", "x"] * 9})
    with pytest.raises(CourseError, match="has 1 usable rows and 1 label"):
        load_task(csv_file(frame))


@pytest.mark.parametrize("n", [0, 1])
def test_no_row_or_one_row(csv_file, n):
    with pytest.raises(CourseError, match=r"mine\.csv has (no row|1 usable rows)"):
        load_task(csv_file(table(a=1)[:n]))


def test_odd_texts_are_split_like_others(tmp_path):
    texts = ["😀" * i for i in range(1, 9)] + ["\x00" * i for i in range(1, 9)]
    texts += ["\ud800" * i + "a" * i for i in range(1, 9)] + ["x" * 100_000]
    lines = [json.dumps({"text": t, "label": "ab"[i % 2]}) for i, t in enumerate(texts)]
    (tmp_path / "odd.jsonl").write_text("\n".join(lines))
    assert sum(map(len, load_task(tmp_path / "odd.jsonl").values())) == 25


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sentimnet", "Unknown task 'sentimnet'. Did you mean 'sentiment'"),
        ("", "Unknown task ''. Known: a .csv, .tsv or .jsonl file, complaints"),
        ("data.xlsx", r"Unknown task 'data.xlsx'"),
        ("nowhere.csv", r"There is no file nowhere\.csv"),
    ],
)
def test_unknown_tasks_and_files(name, message):
    with pytest.raises(CourseError, match=message):
        load_task(name)


def test_an_unknown_column(csv_file):
    with pytest.raises(CourseError, match="no column 'stars'; it has text, label"):
        load_task(csv_file(table(a=3, b=3)), label_column="stars")


# --- Identity -----------------------------------------------------------------------


def test_fingerprint_is_the_same_for_the_same_data():
    frame = table(a=5, b=5)
    assert fingerprint(split_table(frame, ["a", "b"])) == fingerprint(
        split_table(frame, ["a", "b"])
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.replace("a 0", "a 0!"),
        lambda f: f.assign(label=f["label"].iloc[::-1].to_numpy()),
        lambda f: f.iloc[::-1],
        lambda f: f.iloc[:-1],
    ],
    ids=["text", "label", "order", "row"],
)
def test_fingerprint_changes_with(change):
    frame = table(a=3, b=3)
    before, after = (
        fingerprint(DatasetDict(test=to_dataset(rows, ["a", "b"])))
        for rows in (frame, change(frame))
    )
    assert before != after


def test_fingerprint_changes_with_label_names_and_split_names():
    rows = to_dataset(table(a=3, b=3), ["a", "b"])
    renamed = to_dataset(table(a=3, b=3).replace("b", "c"), ["a", "c"])
    names = [DatasetDict(test=rows), DatasetDict(train=rows), DatasetDict(test=renamed)]
    assert len({fingerprint(dataset) for dataset in names}) == 3


# --- Balancing ----------------------------------------------------------------------

LABELS = st.lists(st.integers(0, 3), min_size=1, max_size=50)


@given(LABELS)
def test_class_weights_equal_scikit_learn(labels):
    """Whose weights are those of the labels that occur, as if there were no others."""
    occurring = np.unique(labels)
    expected = compute_class_weight("balanced", classes=occurring, y=np.array(labels))
    ours = class_weights(labels, 4)
    np.testing.assert_allclose(ours[occurring] * 4 / len(occurring), expected)
    assert (np.delete(ours, occurring) == 0).all()


def test_class_weights_of_nothing_are_zero():
    assert class_weights([], 2).tolist() == [0, 0]


@pytest.mark.parametrize(("balance", "size"), [(oversample, 9), (undersample, 3)])
def test_balanced_labels_are_equally_frequent(balance, size):
    train = to_dataset(table(a=9, b=3, c=4), ["a", "b", "c"])
    balanced = balance(train, seed=0)
    assert np.bincount(balanced["label"]).tolist() == [size] * 3
    assert set(balanced["text"]) <= set(train["text"])
    assert label_names(balanced) == ["a", "b", "c"]


def test_oversample_keeps_every_text():
    train = to_dataset(table(a=9, b=2), ["a", "b"])
    repeats = pd.Series(list(oversample(train)["text"])).value_counts()
    assert set(repeats.index) == set(train["text"])
    assert repeats[["b 0", "b 1"]].tolist() in ([5, 4], [4, 5])


def test_undersample_repeats_no_text():
    texts = list(undersample(to_dataset(table(a=9, b=2), ["a", "b"]))["text"])
    assert len(set(texts)) == len(texts) == 4


@pytest.mark.parametrize("balance", [oversample, undersample])
def test_balancing_is_seeded(balance):
    train = to_dataset(table(a=20, b=7), ["a", "b"])
    first, again, other = (list(balance(train, seed)["text"]) for seed in (0, 0, 1))
    assert first == again != other


def test_what_is_exported_exists():
    assert all(hasattr(data, name) for name in data.__all__)
