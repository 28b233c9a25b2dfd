"""Tasks: labelled texts, cleaned of duplicates, split once, ready for training.

`load_task` gives a `DatasetDict` with the splits train, validation and test. Texts that
are equal after normalisation count as one text and are removed *before* splitting, so
that no test text was seen in training. Cleaning and balancing are functions of their
own, to be called, compared and left out: see `course.cleaning` for the first. Left out:
collecting data, and labels per token.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value

from course import assets
from course.cleaning import drop_duplicates
from course.errors import CourseError, listed, one_line, unknown_name
from course.libraries import import_transformers
from course.tables import READERS, read_table
from course.tasks import TASKS, Task

# Shares of train, validation and test. The test split is large enough that a 95 %
# interval of an accuracy near 0.8 is about +-0.02 on 1,300 sentences.
SPLITS = {"train": 0.75, "validation": 0.10, "test": 0.15}

__all__ = [
    "SPLITS",
    "TASKS",
    "Task",
    "class_weights",
    "fingerprint",
    "label_names",
    "load_task",
    "oversample",
    "read_table",
    "split_table",
    "to_dataset",
    "undersample",
]


# --- Splitting and identity ---------------------------------------------------------


def split_table(
    table: pd.DataFrame, labels: list[str], seed: int = 0, origin: str = "the data"
) -> DatasetDict:
    """Split at random, with the same share of every label in each split.

    Args:
        table: Columns `text` and `label` (a name from `labels`).
        labels: Label names; a name's position is its number.
        seed: Seed of the shuffle, from 0.
        origin: What the data is called in an error.

    Returns:
        `DatasetDict` of train, validation and test with columns `text` and `label`.

    Raises:
        CourseError: If there are fewer than two labels, or fewer than three rows of
            one, or the seed is negative.
    """
    if seed < 0:
        raise CourseError(f"seed is {seed}; at least 0 is expected.")
    counts = table["label"].value_counts()
    if len(labels) < 2:
        raise CourseError(
            f"{origin} has {len(table)} usable rows and {len(labels)} label(s) "
            f"({listed(labels) or 'none'}); at least 2 labels are needed: add rows of "
            "another label."
        )
    rare = [name for name in labels if counts.get(name, 0) < len(SPLITS)]
    if rare:
        raise CourseError(
            f"Label {one_line(rare[0], 60)!r} of {origin} has "
            f"{counts.get(rare[0], 0)} different text(s); at least {len(SPLITS)} are "
            f"needed, one for each of {', '.join(SPLITS)}: add rows, or remove it."
        )
    generator = np.random.default_rng(seed)
    parts: dict[str, list[np.ndarray]] = {split: [] for split in SPLITS}
    for name in labels:
        rows = generator.permutation(np.flatnonzero(table["label"] == name))
        held_out = {
            split: max(1, round(share * len(rows)))
            for split, share in SPLITS.items()
            if split != "train"
        }
        bounds = np.cumsum([len(rows) - sum(held_out.values()), *held_out.values()])
        for split, part in zip(SPLITS, np.split(rows, bounds[:-1]), strict=True):
            parts[split].append(part)
    return DatasetDict(
        {
            split: to_dataset(
                table.iloc[generator.permutation(np.concatenate(rows))], labels
            )
            for split, rows in parts.items()
        }
    )


def to_dataset(table: pd.DataFrame, labels: list[str]) -> Dataset:
    """Turn rows with label names into a `Dataset` with a `ClassLabel` column.

    Args:
        table: Columns `text` and `label` (names).
        labels: All label names in the order of their numbers.

    Example:
        >>> rows = pd.DataFrame({"text": ["a", "b"], "label": ["ham", "spam"]})
        >>> to_dataset(rows, ["ham", "spam"])["label"][:]
        [0, 1]
    """
    numbers = {name: number for number, name in enumerate(labels)}
    return Dataset.from_dict(
        {"text": table["text"].tolist(), "label": table["label"].map(numbers).tolist()},
        features=Features({"text": Value("string"), "label": ClassLabel(names=labels)}),
    )


def label_names(dataset: DatasetDict | Dataset) -> list[str]:
    """Return the label names in the order of their numbers."""
    one = next(iter(dataset.values())) if isinstance(dataset, DatasetDict) else dataset
    return list(one.features["label"].names)


def fingerprint(dataset: DatasetDict) -> str:
    """Return 16 hex digits that change with any text, label, order or split.

    Example:
        >>> rows = pd.DataFrame({"text": ["a"], "label": ["x"]})
        >>> fingerprint(DatasetDict(test=to_dataset(rows, ["x", "y"])))
        '720ea2770bdb2a19'
    """
    digest = hashlib.sha256(json.dumps(label_names(dataset)).encode())
    for split in sorted(dataset):
        rows = zip(dataset[split]["text"], dataset[split]["label"], strict=True)
        digest.update(json.dumps([split, *rows]).encode())
    return digest.hexdigest()[:16]


# --- Balancing: of the training split alone ------------------------------------------


def class_weights(labels: list[int] | np.ndarray, num_labels: int) -> np.ndarray:
    """Weigh each label by the inverse of its share, with mean 1 over the examples.

    Args:
        labels: Label numbers of the training split, shape (n,).
        num_labels: How many labels there are.

    Returns:
        Weights, shape (num_labels,): n / (num_labels * count), as scikit-learn's
        "balanced". A label without examples weighs 0.

    Example:
        >>> class_weights([0, 0, 0, 1], 2).round(2).tolist()
        [0.67, 2.0]
    """
    counts = np.bincount(np.asarray(labels, dtype=int), minlength=num_labels)
    weights = len(labels) / (num_labels * np.maximum(counts, 1))
    return np.where(counts > 0, weights, 0.0)


def oversample(train: Dataset, seed: int = 0) -> Dataset:
    """Repeat examples of the rarer labels until every label is as frequent as the most.

    Only ever for the training split: a repeated text in a test split counts twice.
    """
    return _resample(train, max, seed)


def undersample(train: Dataset, seed: int = 0) -> Dataset:
    """Drop examples of the commoner labels until every label is as rare as the rarest.

    Only ever for the training split: the test split must stay as frequent as life.
    """
    return _resample(train, min, seed)


def _resample(train: Dataset, choose: Callable, seed: int) -> Dataset:
    generator = np.random.default_rng(seed)
    labels = np.asarray(train["label"])
    groups = [np.flatnonzero(labels == number) for number in np.unique(labels)]
    size = choose(len(group) for group in groups)
    picked = []
    for group in groups:
        whole, rest = divmod(size, len(group))
        picked += [group] * whole + [generator.permutation(group)[:rest]]
    return train.select(generator.permutation(np.concatenate(picked)))


def load_task(
    name: str | Path,
    seed: int = 0,
    text_column: str = "text",
    label_column: str = "label",
) -> DatasetDict:
    """Load a task by name, or a csv/jsonl file of the user's own.

    Args:
        name: A name in `TASKS`, or the path of a `.csv`, `.tsv` or `.jsonl` file.
        seed: Seed of the split, from 0.
        text_column: Column of a file that holds the text.
        label_column: Column of a file that holds the label.

    Returns:
        `DatasetDict` of train, validation and test (75, 10 and 15 %), columns `text`
        (string) and `label` (`ClassLabel`); no text stands on two sides.

    Raises:
        CourseError: If the task or a column is unknown, or the file has too few usable
            rows or labels.

    Example:
        >>> sorted(TASKS)
        ['complaints', 'reviews', 'sentiment', 'spam', 'topic']
    """
    import_transformers()  # datasets looks into it wherever it has begun to exist
    task = TASKS.get(str(name))
    if task is not None:
        table = task.read(assets.path(task.asset))
        for step in task.clean:
            table["text"] = table["text"].map(step)
        origin, labels = f"Task {task.name}", list(task.labels)
    elif Path(name).suffix.lower() in READERS:
        table = read_table(name, text_column, label_column)
        origin, labels = Path(name).name, []
    else:
        raise unknown_name("task", str(name), [*TASKS, "a .csv, .tsv or .jsonl file"])
    table = drop_duplicates(table)
    labels = labels or sorted(table["label"].unique())
    return split_table(table, labels, seed, origin)
