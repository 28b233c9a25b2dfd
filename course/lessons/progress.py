"""What a learner has done: attempts, predictions and answers, per lesson.

Recording never raises for what is wrong with the disk: the result carries one line to
show, and the lesson goes on. Left out: the file itself (`course.lessons.storage`) and
judging an answer, which is done by whoever records it.
"""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

from course.errors import CourseError
from course.lessons import catalogue
from course.lessons.overview import summary as summary
from course.lessons.storage import Data, lesson_of, load, new_name, now, update
from course.lessons.storage import progress_file as progress_file


class Attempt(NamedTuple):
    """What recording an attempt tells.

    Attributes:
        failures: How often this exercise failed at this case, this time included: the
            number of the hint to show. 0 if it passed.
        note: One line on why it is not saved, or None.
    """

    failures: int
    note: str | None


def lesson_number(identifier: str) -> str:
    """Return the lesson that an exercise, a prediction or a question belongs to.

    Example:
        >>> lesson_number("02.p1")
        '02'
    """
    return identifier.split(".")[0]


def record_attempt(
    exercise: str, passed: bool, failed_case: str | None = None
) -> Attempt:
    """Record that an exercise was checked.

    Args:
        exercise: Its id, as "02.3".
        passed: Whether all visible cases passed.
        failed_case: Name of the first case that failed; None if it passed.
    """
    when = now()

    def change(data: Data) -> int:
        records = lesson_of(data, lesson_number(exercise))["exercises"]
        record = records.setdefault(exercise, {"attempts": 0, "failed": {}})
        record["attempts"] += 1
        record["status"] = "passed" if passed else "failed"
        if passed and "attempts_to_pass" not in record:
            record |= {"first_passed": when, "attempts_to_pass": record["attempts"]}
        if passed or failed_case is None:
            return 0
        record["failed"][failed_case] = record["failed"].get(failed_case, 0) + 1
        return record["failed"][failed_case]

    return Attempt(*update(change))


def record_prediction(prediction: str, value: Any, confidence: float) -> dict[str, Any]:
    """Record a prediction; the last one before the answer is shown counts.

    Args:
        prediction: Its id, as "02.p1".
        value: What the learner expects, as JSON keeps it.
        confidence: How sure, 0 to 1.

    Returns:
        The record: `value` and `confidence` of the one that counts, `shown` whether the
        answer had been shown before, `note` on the disk or None.
    """
    said = {"value": value, "confidence": confidence, "at": now()}

    def change(data: Data) -> dict[str, Any]:
        records = lesson_of(data, lesson_number(prediction))["predictions"]
        record = records.setdefault(prediction, {"shown": False})
        same = all(record.get(k) == said[k] for k in ("value", "confidence"))
        if not record["shown"]:
            record |= said
        elif not same:
            record["late"] = said  # kept, and never counted
        return dict(record)

    record, note = update(change)
    return record | {"note": note}


def record_shown(
    prediction: str, actual: Any, score: float | None, right: bool | None
) -> dict[str, Any]:
    """Record that the answer was shown, once; showing it again changes nothing.

    Args:
        prediction: Its id, as "02.p1".
        actual: The answer.
        score: Share of its items that the prediction has right; None without one.
        right: Whether all are right; None without a prediction.

    Returns:
        The record, `shown` true, with `note` on the disk or None.
    """
    shown = {"actual": actual, "score": score, "right": right, "shown_at": now()}

    def change(data: Data) -> dict[str, Any]:
        records = lesson_of(data, lesson_number(prediction))["predictions"]
        record = records.setdefault(prediction, {"shown": False})
        if not record["shown"]:
            record |= shown | {"shown": True}
        return dict(record)

    record, note = update(change)
    return record | {"note": note}


def record_answers(answers: list[tuple[str, str, bool]]) -> str | None:
    """Record answers to questions of any lessons, all at once.

    Args:
        answers: Question id, text of the chosen option, whether it is right.

    Returns:
        One line on why they are not saved, or None.
    """
    when = now()

    def change(data: Data) -> None:
        for question, option, right in answers:
            records = lesson_of(data, lesson_number(question))["questions"]
            record = records.setdefault(question, {"answers": []})
            record["answers"].append({"option": option, "right": right, "at": when})

    return update(change)[1]


def record_draw(lesson: str, day: str, questions: list[str]) -> list[str]:
    """Record which earlier questions a quiz asks today; the day's first draw stays.

    Args:
        lesson: The lesson of the quiz, two digits.
        day: As "2026-01-31".
        questions: Ids of the questions to ask if none were drawn this day.

    Returns:
        The ids that this day's quiz asks.
    """

    def change(data: Data) -> list[str]:
        draws = lesson_of(data, lesson)["draws"]
        if draws.get("today", {}).get("day") != day:
            draws["today"] = {"day": day, "questions": questions}
        return list(draws["today"]["questions"])

    return update(change)[0]


def forget(lesson: str) -> Path | None:
    """Remove a lesson's records; a copy of the whole file stays beside it.

    Args:
        lesson: Two digits, or the whole name.

    Returns:
        The copy; None if there was nothing to forget.

    Raises:
        CourseError: If there is no such lesson, or the file cannot be changed.
    """
    number = catalogue.card(lesson).lesson
    file = progress_file()
    if number not in load()["lessons"] or not file.exists():
        return None
    try:
        copy = new_name(file, f"before-forgetting-{number}")
        shutil.copyfile(file, copy)
    except OSError as error:
        raise CourseError(
            f"No copy of {file} can be made ({error.strerror}), so nothing was "
            "forgotten: free space, or make the folder writable."
        ) from error
    _, note = update(lambda data: data["lessons"].pop(number, None))
    if note:
        raise CourseError(note)
    return copy
