"""What is said to the database behind a prediction log: rows in, rows out.

Left out: when it is said, and by which thread.
"""

import json
import sqlite3

from course.errors import CourseError, unknown_name
from course.monitoring.records import Prediction

SELECT = """
    SELECT p.id, p.time, p.model, p.label, p.confidence, p.probabilities, p.length,
           p.milliseconds, p.text, f.right, f.label
    FROM predictions p LEFT JOIN feedback f ON f.prediction = p.id
"""
_INSERT = """
    INSERT INTO predictions (id, time, model, label, confidence, probabilities, length,
                             milliseconds, text, session)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def insert(connection: sqlite3.Connection, row: tuple, max_rows: int) -> None:
    """Add a prediction, and let go of the oldest beyond so many.

    Args:
        connection: In a transaction.
        row: The ten values of `_INSERT`.
        max_rows: Predictions to keep, the newest.
    """
    number = connection.execute(_INSERT, row).lastrowid
    oldest = (number - max_rows,)
    connection.execute("DELETE FROM predictions WHERE number <= ?", oldest)


def judge(
    connection: sqlite3.Connection,
    id: str,
    time: float,
    right: bool,
    label: str | None,
) -> None:
    """Add feedback, in place of what was there.

    Args:
        connection: In a transaction.
        id: The prediction's.
        time: Seconds since 1970, UTC.
        right: Whether it was right.
        label: What would have been right, or None.

    Raises:
        CourseError: If there is no such prediction, or its model has no such label.
    """
    query = "SELECT probabilities FROM predictions WHERE id = ?"
    found = connection.execute(query, (id,)).fetchone()
    if found is None:
        raise CourseError("That prediction is no longer in the log: ask again.")
    labels = json.loads(found[0])
    if label is not None and label not in labels:
        raise unknown_name("label", str(label), labels)
    connection.execute(
        "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?)", (id, time, right, label)
    )


def prediction_from(row: tuple) -> Prediction:
    """Return what a row of `SELECT` says."""
    *known, probabilities, length, milliseconds, text, right, label = row
    right = None if right is None else bool(right)
    rest = (json.loads(probabilities), length, milliseconds, text, right, label)
    return Prediction(*known, *rest)
