"""What the picture of a model at work says, in English.

Whoever speaks another language hands `draw_monitoring` words of the same names. Left
out: that language.
"""

from typing import Any

WORDS = {
    "volume": "Predictions over time",
    "volume_told": "{n} predictions over time",
    "days": "days before now",
    "hours": "hours before now",
    "minutes": "minutes before now",
    "sureness": "Share of answers",
    "sureness_told": "Confidences of the answers, {mean} on average",
    "shares": "Answers (test split)",
    "more": "and {n} more labels",
    "live": "live",
    "reference": "test split",
    "confidence": "confidence",
    "length": "length of the texts",
    "labels": "labels",
    "accuracy": "accuracy",
    "confidence_row": "confidence (mean)",
    "length_row": "length (median, characters)",
    "labels_row": "labels (number of answers)",
    "accuracy_row": "right answers (feedback)",
    "distance": "distance",
    "p": "p",
    "stability": "PSI (by chance)",
    "verdict": "verdict",
    "differs": "differs",
    "agrees": "no difference seen",
    "untested": "not tested",
    "alarm": (
        "Alarm: {names} of {n} predictions differ from the test split more than chance "
        "explains."
    ),
    "same": "No alarm: {n} predictions are not distinguishable from the test split.",
    "few": "Too few to tell: {n} of the {least} predictions that are needed at least.",
    "alone": "{n} predictions, and no test split to compare them with.",
    "caption": (
        "A comparison differs if p is below {bound}; without any change, {alarm} of "
        "windows at most give an alarm."
    ),
}


def english(name: str, **values: Any) -> str:
    """Return what the picture says.

    Args:
        name: A key of `WORDS`.
        **values: For the places in it.

    Example:
        >>> english("more", n=3)
        'and 3 more labels'
    """
    return WORDS[name].format(**values)
