"""What is done, what is worth repeating, and how well confidence fits.

Left out: the table that people read, which is `course progress`'s.
"""

from typing import Any

from course.lessons import catalogue
from course.lessons.calibration import calibration
from course.lessons.catalogue import Card
from course.lessons.storage import Data, lesson_of, load, progress_file

MANY_ATTEMPTS = 5  # as many until the first pass, and an exercise is worth repeating
SURE = 0.7  # as sure as this and wrong: a prediction worth repeating


def summary(lesson: str | None = None) -> dict[str, Any]:
    """Sum up what a learner has done.

    Args:
        lesson: Two digits or the whole name; default all. The calibration is always
            that of the whole course.

    Returns:
        JSON data: `file`, `begun` whether anything is recorded, `lessons` by their two
        digits, `calibration`.

    Raises:
        CourseError: If there is no such lesson, or the file is damaged or newer.
    """
    chosen = catalogue.cards() if lesson is None else [catalogue.card(lesson).lesson]
    data = load()
    return {
        "file": str(progress_file()),
        "begun": any(
            records.get(section)
            for records in data["lessons"].values()
            for section in ("exercises", "predictions", "questions")
        ),
        "lessons": {n: sum_up(catalogue.card(n), lesson_of(data, n)) for n in chosen},
        "calibration": course_calibration(data),
    }


def course_calibration(data: Data) -> dict[str, Any]:
    """Score the predictions of all lessons that were committed in time and compared.

    Args:
        data: The content of the progress file.

    Example:
        >>> course_calibration({"format": 1, "lessons": {}})["n"]
        0
    """
    counted = [
        record
        for records in data["lessons"].values()
        for record in records.get("predictions", {}).values()
        if record.get("right") is not None
    ]
    confidences = [record["confidence"] for record in counted]
    return calibration(confidences, [record["right"] for record in counted])


def sum_up(card: Card, records: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Sum up one lesson.

    Args:
        card: What the lesson has.
        records: What is recorded of it: a dictionary of the sections of
            `course.lessons.storage`. Records that the card does not know do not count.
    """
    tried, said, asked = (
        _known(records[section], parts)
        for section, parts in (
            ("exercises", card.exercises),
            ("predictions", card.predictions),
            ("questions", card.questions),
        )
    )
    done = [name for name in tried if "attempts_to_pass" in tried[name]]
    last = {name: record["answers"][-1] for name, record in asked.items()}
    wrong = [name for name in last if not last[name]["right"]]
    repeat = {
        "not_passed": [name for name in tried if name not in done],
        "many_attempts": [
            name for name in done if tried[name]["attempts_to_pass"] >= MANY_ATTEMPTS
        ],
        "questions": wrong,
        "predictions": [name for name in said if _was_surprised(said[name])],
    }
    return {
        "title": card.title,
        "exercises": {
            "done": len(done),
            "total": len(card.exercises),
            "done_ids": done,
            "open_ids": [e.id for e in card.exercises if e.id not in done],
            "attempts": sum(record["attempts"] for record in tried.values()),
        },
        "predictions": {
            "committed": sum("value" in record for record in said.values()),
            "total": len(card.predictions),
        },
        "quiz": {
            "right": len(last) - len(wrong),
            "answered": len(last),
            "total": len(card.questions),
        },
        "repeat": repeat,
    }


def _known(section: dict[str, Any], parts: tuple[Any, ...]) -> dict[str, Any]:
    """Records of what the card has, in its order, without empty ones."""
    found = {part.id: section[part.id] for part in parts if part.id in section}
    return {name: record for name, record in found.items() if record.get("answers", 1)}


def _was_surprised(record: dict[str, Any]) -> bool:
    return record.get("right") is False and record["confidence"] >= SURE
