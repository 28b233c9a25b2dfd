"""Messages to a help desk whose truth is known: each phrase moves the label by so much.

Real data never say why a label is what it is. These are made by a rule, so that an
explanation, a cleaning step or an alarm can be compared with the truth: a message is a
few phrases, each phrase adds its log-odds to an intercept, and the label is drawn with
the probability that comes out. `effects` gives the log-odds. What goes wrong with real
data can be added by the spoonful, and columns tell where:

    positive_share   imbalance: how many messages are urgent
    duplicates       copies, which may stand in two splits
    label_noise      labels that are wrong
    leakage          a note of the desk, written when the label was known
    shortcut         a phrase that goes with the label, but not in the test split
    drift_month      a month from which some phrases mean something else

Left out: phrases whose effect depends on other phrases, typing errors, and sense: the
phrases are drawn, nobody wrote these messages and nobody is meant.
"""

import numpy as np
import pandas as pd
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value
from datasets import List as ListOf

from course.data import SPLITS
from course.errors import CourseError
from course.ticket_rule import MONTHS, SHORTCUT, Message, draw_messages, effects

__all__ = ["LABELS", "MONTHS", "NOTES", "SHORTCUT", "effects", "make_tickets"]

LABELS = ("routine", "urgent")
NOTES = ("[queue B]", "[queue A]")  # the desk's, for routine and urgent
FEWEST, MOST = 40, 8_000  # messages; some 50,000 different ones are possible

_FEATURES = Features(
    {
        "text": Value("string"),
        "label": ClassLabel(names=list(LABELS)),
        "id": Value("int64"),
        "month": Value("int64"),
        "probability": Value("float64"),
        "true_label": ClassLabel(names=list(LABELS)),
        "phrases": ListOf(Value("string")),
        "copy_of": Value("int64"),
        "flipped": Value("bool"),
        "leaked": Value("bool"),
        "shortcut": Value("bool"),
    }
)


def make_tickets(
    n: int = 4000,
    *,
    seed: int = 0,
    positive_share: float = 0.5,
    duplicates: float = 0.0,
    label_noise: float = 0.0,
    leakage: float = 0.0,
    shortcut: float | None = None,
    drift_month: int | None = None,
) -> DatasetDict:
    """Make messages to a help desk, labelled "routine" or "urgent".

    Args:
        n: How many, from 40 to 8,000. All are different but for `duplicates`.
        seed: From 0. The same arguments give the same messages.
        positive_share: Mean probability of "urgent", 0.02 to 0.98.
        duplicates: Share of messages that repeat another, 0 to 0.5; half of these in
            small letters. They are copied before the split.
        label_noise: Share of labels turned round, 0 to 0.5, in all splits.
        leakage: Share of messages with the desk's note, which tells the label, 0 to 1,
            in all splits.
        shortcut: Probability that an urgent message ends with `SHORTCUT`, 0.5 to 1, and
            a routine one does not. In the test split it is 0.5 for both. Default: no
            message has the phrase.
        drift_month: Month, 2 to 12, from which `effects(after_drift=True)` holds and a
            new fault occurs. The splits then follow each other in time. Default: none,
            and the splits are made by chance.

    Returns:
        Train, validation and test (75, 10 and 15 %) with the columns `text` and `label`
        (`ClassLabel`) and the truth beside them: `id` (number from 0), `month` (1 to
        12), `probability` (of "urgent", 0 to 1, by the rule), `true_label` (drawn with
        it), `phrases` (those with a place in the rule), `copy_of` (id of the message
        that it repeats but for what is added behind, else -1), `flipped`, `leaked`,
        `shortcut` (whether it is so).

    Raises:
        CourseError: If an argument is out of its range.

    Example:
        >>> tickets = make_tickets(100, seed=3)
        >>> {split: len(rows) for split, rows in tickets.items()}
        {'train': 75, 'validation': 10, 'test': 15}
        >>> tickets["train"].features["label"].names
        ['routine', 'urgent']
    """
    _check_range("n", n, FEWEST, MOST)
    _check_range("seed", seed, 0, 2**63)
    _check_range("positive_share", positive_share, 0.02, 0.98)
    _check_range("duplicates", duplicates, 0, 0.5)
    _check_range("label_noise", label_noise, 0, 0.5)
    _check_range("leakage", leakage, 0, 1)
    if shortcut is not None:
        _check_range("shortcut", shortcut, 0.5, 1)
    if drift_month is not None:
        _check_range("drift_month", drift_month, 2, MONTHS)
    generator = np.random.default_rng(seed)
    table = _label(draw_messages(generator, n, drift_month), positive_share, generator)
    table = _repeat(table, duplicates, generator)
    table["flipped"] = _some(n, label_noise, generator)
    table["label"] = table["true_label"] ^ table["flipped"]
    table = _split(table, generator, in_time=drift_month is not None)
    table["leaked"] = _some(n, leakage, generator)
    table["shortcut"] = _with_shortcut(table, shortcut, generator)
    table["text"] = [_ending(row) for row in table.to_dict("records")]
    return DatasetDict(
        {
            split: Dataset.from_dict(
                table[table["split"] == split][list(_FEATURES)].to_dict("list"),
                features=_FEATURES,
            )
            for split in SPLITS
        }
    )


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise CourseError(
            f"{name} is {value!r}: a number from {low:,} to {high:,} was expected."
        )


def _label(
    messages: list[Message], share: float, generator: np.random.Generator
) -> pd.DataFrame:
    """Find the intercept that gives the share, and draw the labels."""
    log_odds = np.array([message.log_odds for message in messages])
    low, high = -20.0, 20.0
    for _ in range(60):  # halves the range until it is a point
        intercept = (low + high) / 2
        too_many = _sigmoid(log_odds + intercept).mean() > share
        low, high = (low, intercept) if too_many else (intercept, high)
    probability = _sigmoid(log_odds + intercept)
    return pd.DataFrame(
        {
            "text": [message.text for message in messages],
            "id": range(len(messages)),
            "month": [message.month for message in messages],
            "probability": probability,
            "true_label": (generator.random(len(messages)) < probability).astype(int),
            "phrases": [list(message.phrases) for message in messages],
            "copy_of": -1,
        }
    )


def _sigmoid(log_odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-log_odds))


def _repeat(
    table: pd.DataFrame, share: float, generator: np.random.Generator
) -> pd.DataFrame:
    """Let some messages repeat others, in all that is known of them but the id."""
    order = generator.permutation(len(table))
    copies = order[: round(share * len(table))]
    originals = generator.choice(order[len(copies) :], len(copies))
    kept = table["id"].to_numpy()
    taken = table.copy()
    for column in table.columns.drop(["id", "copy_of"]):
        values = table[column].to_numpy(copy=True)
        values[copies] = values[originals]
        taken[column] = values
    taken.loc[copies, "copy_of"] = kept[originals]
    small = copies[: len(copies) // 2]
    taken.loc[small, "text"] = taken.loc[small, "text"].str.lower()
    return taken


def _some(n: int, share: float, generator: np.random.Generator) -> np.ndarray:
    """Choose exactly this share of n rows, shape (n,), bool."""
    return generator.permutation(n) < round(share * n)


def _split(
    table: pd.DataFrame, generator: np.random.Generator, in_time: bool
) -> pd.DataFrame:
    table = table.iloc[generator.permutation(len(table))]
    if in_time:
        table = table.sort_values("month", kind="stable")
    held_out = [round(SPLITS[name] * len(table)) for name in ("validation", "test")]
    sizes = [len(table) - sum(held_out), *held_out]
    return table.assign(split=np.repeat(list(SPLITS), sizes)).reset_index(drop=True)


def _with_shortcut(
    table: pd.DataFrame, strength: float | None, generator: np.random.Generator
) -> np.ndarray:
    """Choose who ends with the shortcut, shape (n,), bool."""
    drawn = generator.random(len(table))
    if strength is None:
        return np.zeros(len(table), dtype=bool)
    chance = np.where(table["label"] == 1, strength, 1 - strength)
    return drawn < np.where(table["split"] == "test", 0.5, chance)


def _ending(row: dict) -> str:
    """Return a message's text with what was added behind it."""
    added = [SHORTCUT] * row["shortcut"] + [NOTES[row["label"]]] * row["leaked"]
    return " ".join([row["text"], *added])
