"""Slices of texts: by label, by length, by what stands in them; and what may be chosen.

Simple on purpose: whoever reads a slice's name can tell which texts are in it. Left
out: finding the slices that are worst, for of many small ones some look bad by chance.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from course.errors import CourseError, unknown_name
from course.evaluation.predicted import Predicted

METRICS = ("accuracy", "f1")  # that slices are measured by
LENGTHS = ("short", "medium", "long")  # a third of the texts each
SIGNS = {
    "digit": r"\d",
    "link": r"https?:|www\.|\.com\b",
    "question mark": r"\?",
    "exclamation mark": r"!",
    "capitals": r"\b[A-Z]{3,}\b",
    "negation": r"(?i)\b(?:not|no|never|nothing|without)\b|n['’]t\b",  # noqa: RUF001
    "contrast": r"(?i)\b(?:but|yet|though|although|however)\b",
}


def slice_names(labels: Sequence[str]) -> list[str]:
    """Return the names of all slices: by label, by length, by what stands in the text.

    Args:
        labels: Names of the labels.

    Example:
        >>> slice_names(["ham", "spam"])[:3]
        ['label ham', 'label spam', 'short']
    """
    return [*(f"label {label}" for label in labels), *LENGTHS, *SIGNS]


def text_slices(predicted: Predicted) -> dict[str, np.ndarray]:
    """Return which texts each slice holds; a text is in several.

    Args:
        predicted: The texts with their labels.

    Returns:
        By name as in `slice_names`, bool of shape (n,).
    """
    found = {
        f"label {label}": predicted.references == number
        for number, label in enumerate(predicted.labels)
    }
    words = np.array([len(text.split()) for text in predicted.texts])
    first, second = np.quantile(words, [1 / 3, 2 / 3])
    thirds = (words <= first, (words > first) & (words <= second), words > second)
    found |= dict(zip(LENGTHS, thirds, strict=True))
    for name, pattern in SIGNS.items():
        search = re.compile(pattern).search
        found[name] = np.array([bool(search(text)) for text in predicted.texts])
    return found


def check_choice(
    name: str, value: Any, labels: Sequence[str] = (), n: int | None = None
) -> None:
    """Raise a `CourseError` unless a part of an exploration may be chosen so.

    Args:
        name: "threshold", "cell", "slice", "row", "metric", or a cost's name.
        value: What was chosen.
        labels: Names of the labels; for cells and slices.
        n: Number of texts, if it is known; for rows.

    Example:
        >>> check_choice("threshold", 50)
        Traceback (most recent call last):
        ...
        course.errors.CourseError: threshold is 50; a number from 0 to 1 is expected.
    """
    if name == "cell":
        if len(value) not in (0, 2):
            raise CourseError(
                f"cell has {len(value)} names; the right and the predicted label are "
                "expected, or none for all cells."
            )
        for label in value:
            if label not in labels:
                raise unknown_name("label", label, labels)
    elif name == "slice" and value and value not in slice_names(labels):
        raise unknown_name("slice", value, slice_names(labels))
    elif name == "metric" and value not in METRICS:
        raise unknown_name("metric", value, METRICS)
    elif name == "row" and not -1 <= value < (value + 1 if n is None else n):
        raise CourseError(
            f"row is {value}; the number of a text is expected"
            f"{'' if n is None else f', 0 to {n - 1}'}, or -1 for none."
        )
    elif name == "threshold" and not 0 <= value <= 1:
        raise CourseError(f"threshold is {value}; a number from 0 to 1 is expected.")
    elif name.startswith("cost") and not 0 <= value < float("inf"):
        raise CourseError(f"{name} is {value}; a number from 0 is expected.")
