"""The file behind a prediction log: its tables, its version, its privacy.

A database says its version itself (`PRAGMA user_version`): the number of `STEPS` that
made it. An older one is brought up to date, a newer one is left alone. Left out: what
is written to it, see `course.monitoring.prediction_log`.

Source: the SQLite documentation on write-ahead logging and on `user_version`.
"""

import contextlib
import os
import sqlite3
from pathlib import Path

from course.errors import CourseError, one_line

BUSY_SECONDS = 10  # to wait for another process that is writing
# Never change one that was released: add another.
STEPS = (
    """
    CREATE TABLE predictions (
        number INTEGER PRIMARY KEY,  -- rises with each row
        id TEXT NOT NULL UNIQUE,     -- hard to guess: whoever knows it may judge it
        time REAL NOT NULL,          -- seconds since 1970, UTC
        model TEXT NOT NULL,
        label TEXT NOT NULL,
        confidence REAL NOT NULL,    -- 0 to 1
        probabilities TEXT NOT NULL, -- JSON, label to probability
        length INTEGER NOT NULL,     -- of the text, in characters
        milliseconds REAL NOT NULL,
        text TEXT,                   -- NULL unless its author agreed
        session TEXT                 -- a hash, so that a visitor can take rows back
    );
    CREATE TABLE feedback (
        prediction TEXT PRIMARY KEY REFERENCES predictions (id) ON DELETE CASCADE,
        time REAL NOT NULL,
        right INTEGER NOT NULL,      -- 0 or 1
        label TEXT                   -- what would have been right, if somebody said
    );
    """,
    """
    CREATE INDEX predictions_by_model ON predictions (model, time);
    CREATE INDEX predictions_by_session ON predictions (session);
    """,
)


def connect(path: Path) -> sqlite3.Connection:
    """Open the file for one thread.

    Args:
        path: A file that `prepare` has seen.

    Returns:
        A connection without a transaction: whoever writes begins one.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    # What is committed outlasts a power cut, and what is deleted is overwritten.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def prepare(path: Path) -> None:
    """Make the file, or bring an older one up to date.

    Args:
        path: The file; it and its folder are made for this user alone.

    Raises:
        CourseError: If it is something else, of a newer kit, or cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its helper files the permissions of this one.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with contextlib.closing(connect(path)) as connection:
            _migrate(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise CourseError(
            f"{path} cannot be used as a prediction log ({one_line(str(error))}): move "
            "it away, or choose another file."
        ) from error


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that a file has not seen yet, all or none."""
    if _version(connection, path) == len(STEPS):
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")  # two processes may start at once
    try:
        for step in STEPS[_version(connection, path) :]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: Path) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if not 0 <= version <= len(STEPS):
        raise CourseError(
            f"{path} has version {version}, this kit knows {len(STEPS)}: update the "
            "kit, or move the file away."
        )
    return version
