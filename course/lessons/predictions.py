"""Commit to a prediction, see the answer, and learn how sure to be.

    predict("02.p1", 3, confidence=0.7)     before
    reveal("02.p1", len(tokens))            in the cell that shows the answer

A learner's mistake is one line that is shown, never a traceback into the kit. Left out:
answers in free text, which nothing here could judge.
"""

from dataclasses import dataclass
from types import EllipsisType
from typing import Any

from course.errors import CourseError, unknown_name
from course.lessons import catalogue
from course.lessons.calibration import describe, percent
from course.lessons.overview import course_calibration
from course.lessons.progress import lesson_number, record_prediction, record_shown
from course.lessons.storage import peek
from course.lessons.values import NONE_YET, as_data, as_python, compare, show
from course.views.feedback import Item, render_outcome
from course.views.shown import Shown, render_line


@dataclass(frozen=True, repr=False)
class Committed(Shown):
    """A prediction that is recorded, or one line on why it is not.

    Attributes:
        id: As it came.
        value: What counts; None if nothing does.
        confidence: 0 to 1; None if nothing counts.
        counts: Whether a prediction was committed before the answer was shown.
    """

    id: str
    value: Any = None
    confidence: float | None = None
    counts: bool = False


@dataclass(frozen=True, repr=False)
class Outcome(Shown):
    """A prediction beside the answer.

    Attributes:
        id: As it came.
        predicted: What counts; None without a prediction.
        actual: The answer.
        right: Whether all items agree; None without a prediction.
        score: Share of the items that agree, 0 to 1; None without a prediction.
    """

    id: str
    predicted: Any = None
    actual: Any = None
    right: bool | None = None
    score: float | None = None


def predict(
    prediction: str, value: Any = ..., confidence: float | EllipsisType = ...
) -> Committed:
    """Commit to a prediction; until the answer is shown, the last one counts.

    Args:
        prediction: Its id, as "02.p1".
        value: A number, text, bool, or a list or dict of those; `...` is none yet.
        confidence: How sure, 0 to 1.

    Returns:
        What counts; it shows itself.

    Example:
        >>> predict("no.p1", 3, 0.7)
        Unknown prediction 'no.p1'. ...
    """
    try:
        _check_id(prediction)
        sure, value = _confidence(confidence), as_data(value)
    except CourseError as error:
        shown = render_line(str(error))
        return Committed(shown.text, shown.html, str(prediction))
    record = record_prediction(prediction, value, sure)
    shown = render_line(_say_committed(prediction, record))
    return Committed(
        shown.text,
        shown.html,
        prediction,
        record.get("value"),
        record.get("confidence"),
        "value" in record,
    )


def _say_committed(prediction: str, record: dict[str, Any]) -> str:
    note = f" {record['note']}" if record["note"] else ""
    if "value" not in record:
        return f"{prediction}: kept, but not counted: the answer came before.{note}"
    said = f"{show(record['value'])}, {percent(record['confidence'])} sure"
    if record["shown"]:
        return f"{prediction}: before the answer was shown you said {said}.{note}"
    return (
        f"{prediction}: you predict {said}. Until the answer is shown you may change "
        f"it.{note}"
    )


def reveal(prediction: str, actual: Any, within: float = 0) -> Outcome:
    """Show the answer beside the prediction.

    Args:
        prediction: Its id, as "02.p1".
        actual: The answer: a number, text, bool, or a list or dict of those; an array
            of one axis is a list.
        within: How far a number may be off, in its own unit, from 0.

    Returns:
        What was predicted and what came; it shows itself.
    """
    try:
        _check_id(prediction)
        actual, within = as_data(actual), _tolerance(within)
    except CourseError as error:
        shown = render_line(str(error))
        return Outcome(shown.text, shown.html, str(prediction))
    records = peek()["lessons"].get(lesson_number(prediction), {})
    before = records.get("predictions", {}).get(prediction, {})
    if "value" not in before:
        record = record_shown(prediction, actual, None, None)
        shown = _show_alone(prediction, actual, record)
        return Outcome(shown.text, shown.html, prediction, actual=actual)
    items = compare(before["value"], actual, within)
    hits = sum(item.right for item in items)
    right, score = hits == len(items), hits / len(items) if items else 1.0
    record = record_shown(prediction, actual, score, right)
    shown = _show_outcome(prediction, record, items, right)
    return Outcome(
        shown.text, shown.html, prediction, before["value"], actual, right, score
    )


def _show_alone(prediction: str, actual: Any, record: dict[str, Any]) -> Shown:
    verdict = f"{prediction}: it is {show(actual)}. You had made no prediction."
    lines = ["What you said afterwards is kept and does not count."]
    notes = [record["note"]] if record["note"] else []
    return render_outcome(
        verdict, [], (lines if "late" in record else []) + notes, None
    )


def _show_outcome(
    prediction: str, record: dict[str, Any], items: list[Item], right: bool
) -> Shown:
    hits = sum(item.right for item in items)
    many = f" ({hits} of {len(items)})" if len(items) > 1 else ""
    verdict = (
        f"{prediction}: {'right' if right else 'not right'}{many}; you were "
        f"{percent(record['confidence'])} sure."
    )
    lines = [describe(course_calibration(peek()))]
    if record.get("right") not in (None, right):
        lines.insert(0, "What was compared when it was first shown still counts.")
    return render_outcome(
        verdict, items, lines + ([record["note"]] if record["note"] else []), right
    )


def _check_id(prediction: Any) -> None:
    known = [p.id for card in catalogue.cards().values() for p in card.predictions]
    if not isinstance(prediction, str):
        raise CourseError(
            f"{show(prediction)} came, a prediction's id in quotation marks "
            'was expected: write "02.p1".'
        )
    if prediction not in known:
        raise unknown_name("prediction", prediction, known)


def _confidence(value: Any) -> float:
    if value is ...:
        raise CourseError(NONE_YET)
    value = as_python(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1:
        raise CourseError(
            f"confidence is {show(value)}; a number from 0 to 1 was "
            "expected: write 0.75 for 75 %."
        )
    return float(value)


def _tolerance(value: Any) -> float:
    if not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise CourseError(
            f"within is {show(value)}; a number from 0 was expected: write "
            "how far a number may be off."
        )
    return float(value)
