"""Does a learner know how much they know? Confidence against being right.

The Brier score is the mean squared distance of confidence from what happened (1 right,
0 wrong): 0 is perfect, 0.25 is what always saying 50 % earns. Whether someone is too
sure is said from five predictions on, and only where the interval of the share right
allows it. Left out: a curve by bins, which needs more predictions than a course has.

Sources: Brier 1950 (score), Wilson 1927 (interval).
"""

from typing import Any

from course.evaluation.shares import wilson

_FEWEST = 5  # predictions before anything is said of anyone


def calibration(confidences: list[float], right: list[bool]) -> dict[str, Any]:
    """Score how well confidence matched being right.

    Args:
        confidences: One per prediction, 0 to 1.
        right: Whether each came true; as many.

    Returns:
        `n`, `brier` (0 to 1, lower is better), `mean_confidence`, `share_right` with
        its 95 % interval, and a `verdict` in a sentence; None where n is 0.

    Example:
        >>> calibration([0.9, 0.6], [True, False])["brier"]
        0.185
    """
    n = len(confidences)
    if n == 0:
        empty = dict.fromkeys(("brier", "mean_confidence", "share_right"))
        return {"n": 0, **empty, "verdict": "No prediction has met its answer yet."}
    pairs = zip(confidences, right, strict=True)
    brier = sum((confidence - was_right) ** 2 for confidence, was_right in pairs) / n
    mean = sum(confidences) / n
    interval = wilson(sum(right), n)
    low, high = interval.low, interval.high
    share = {"value": interval.value, "low": low, "high": high}
    return {
        "n": n,
        "brier": round(brier, 6),
        "mean_confidence": mean,
        "share_right": share,
        "verdict": _verdict(n, mean, low, high),
    }


def _verdict(n: int, mean: float, low: float, high: float) -> str:
    if n >= _FEWEST and mean > high:
        return "Over-confident: you are surer than you are right."
    if n >= _FEWEST and mean < low:
        return "Under-confident: you are right more often than you think."
    return "Over- or under-confidence: not distinguishable."


def describe(scores: dict[str, Any]) -> str:
    """Say a calibration in words.

    Args:
        scores: From `calibration`.

    Example:
        >>> print(describe(calibration([0.75, 0.75], [True, False])))
        2 predictions: on average 75 % sure, 1 right (50 %, 95 % interval 9 % to 91 %),
        Brier score 0.31. Over- or under-confidence: not distinguishable.
    """
    if not scores["n"]:
        return scores["verdict"]
    share = scores["share_right"]
    count = f"{scores['n']} prediction" + ("s" if scores["n"] > 1 else "")
    return (
        f"{count}: on average {percent(scores['mean_confidence'])} sure, "
        f"{round(share['value'] * scores['n'])} right ({percent(share['value'])}, "
        f"95 % interval {percent(share['low'])} to {percent(share['high'])}), "
        f"Brier score {scores['brier']:.2f}. {scores['verdict']}"
    )


def percent(share: float) -> str:
    """Write a share as a whole percentage.

    Example:
        >>> percent(0.7)
        '70 %'
    """
    return f"{share * 100:.0f} %"
