"""A distribution that is there before the model is: that of the default prompt.

`first.json` beside it has the likeliest tokens with their logits, made by
`python -m course.generation`. The thousands of others are an estimate: they share what
is left by a power of their rank, as words of a language roughly do (Zipf 1949).
Left out: other prompts, which wait for the model.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("first.json")
PROMPT = "Once upon a time, in a small village, there lived a"
MOST_STORED = 500  # tokens


@cache
def first_logits() -> np.ndarray:
    """Return the logits after `PROMPT`, exact for the likeliest `MOST_STORED` tokens.

    Returns:
        Shape (vocab_size,), float32: logarithms of probabilities.

    Example:
        >>> float(np.exp(first_logits()).sum().round(3))
        1.0
    """
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    known = np.array(stored["logits"])
    logits = np.empty(stored["vocab_size"], dtype=np.float32)
    others = np.setdiff1d(np.arange(len(logits)), stored["tokens"])
    logits[stored["tokens"]] = known
    logits[others] = _tail(known[-1], len(known), len(others), 1 - np.exp(known).sum())
    logits.flags.writeable = False
    return logits


def _tail(last: float, ranks: int, others: int, rest: float) -> np.ndarray:
    """Logits that fall from the last known one on and have the rest together."""
    steps = np.log(1 + np.arange(1, others + 1) / ranks)
    flat, steep = 0.0, 100.0
    for _ in range(60):  # halves what is open each time: exact to the last digit
        power = (flat + steep) / 2
        if np.exp(last - power * steps).sum() > rest:
            flat = power
        else:
            steep = power
    return last - power * steps


def store_first(logits: np.ndarray, file: Path = FILE) -> None:
    """Write the likeliest tokens of a distribution.

    Args:
        logits: Shape (vocab_size,), after `PROMPT`.
        file: Where to.
    """
    from course.generation.cutting import ranking, softmax

    likeliest = ranking(logits)[:MOST_STORED]
    known = np.log(softmax(logits)[likeliest])
    content = {
        "prompt": PROMPT,
        "vocab_size": len(logits),
        "tokens": likeliest.tolist(),
        "logits": known.round(4).tolist(),
    }
    file.write_text(json.dumps(content) + "\n", encoding="utf-8")
