"""A log of predictions and of what people say of them, in one SQLite file.

Several threads and processes may use the file at once. A prediction is written a moment
later, so that nobody waits for it (a crash may lose the last tenth of a second); an
answer about feedback, or about deletion, is given when it is on the disk. A text is
kept only if it is handed over, which is for whoever asked its author. Left out:
comparing (`course.monitoring.drift`) and file formats (`course.monitoring.records`).
"""

import contextlib
import hashlib
import json
import math
import secrets
import sqlite3
import time
from pathlib import Path

from course.assets.folders import home
from course.errors import CourseError
from course.monitoring.records import Feedback, Prediction, to_csv, to_jsonl
from course.monitoring.schema import connect, prepare
from course.monitoring.statements import SELECT, insert, judge, prediction_from
from course.monitoring.writer import Writer

MAX_ROWS = 50_000
TEXT_LIMIT = 2_000  # characters kept of a text
READ_LIMIT = 5_000


def default_path() -> Path:
    """Return where the demo keeps its log.

    Example:
        >>> default_path().name
        'predictions.sqlite'
    """
    return home() / "demo" / "predictions.sqlite"


def _hashed(session: str | None) -> str | None:
    return hashlib.sha256(session.encode()).hexdigest()[:32] if session else None


class PredictionLog:
    """A log in a file; of several on one file, each sees what the others committed.

    Args:
        path: The file; default `default_path()`. Made if it is not there.
        max_rows: Of more predictions than these, the oldest go.

    Raises:
        CourseError: If the file is something else, of a newer kit, or not writable.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     log = PredictionLog(Path(folder) / "log.sqlite")
        ...     id = log.add_prediction("spam", "ham", 0.9, {"ham": 0.9}, 12, 7.5)
        ...     log.add_feedback(id, right=True)
        ...     [(row.label, row.right) for row in log.predictions()]
        ...     log.close()
        [('ham', True)]
    """

    def __init__(self, path: str | Path | None = None, max_rows: int = MAX_ROWS):
        """Open the file, or make it."""
        self.path = Path(path) if path else default_path()
        self.max_rows = max_rows
        prepare(self.path)
        self._writer = Writer(self.path)

    @property
    def lost(self) -> int:
        """How many predictions could not be written."""
        return self._writer.lost

    def close(self) -> None:
        """Write what is waiting; the log takes nothing more."""
        self._writer.close()

    def add_prediction(
        self,
        model: str,
        label: str,
        confidence: float,
        probabilities: dict[str, float],
        length: int,
        milliseconds: float,
        text: str | None = None,
        session: str | None = None,
    ) -> str:
        """Keep a prediction; returns before it is written.

        Args:
            model: Name of the run.
            label: What it answered.
            confidence: Probability of that label, 0 to 1.
            probabilities: Label to probability.
            length: Of the text, in characters, from 0.
            milliseconds: How long the answer took, from 0.
            text: The text, only if its author agreed; cut at `TEXT_LIMIT`.
            session: Whose it is, to be taken back later; only its hash is kept.

        Returns:
            An id, to be given with feedback.

        Raises:
            CourseError: If a number is out of its range.
        """
        numbers = (confidence, float(length), milliseconds)
        if not all(math.isfinite(x) and x >= 0 for x in numbers) or confidence > 1.001:
            raise CourseError(
                f"confidence {confidence}, length {length}, milliseconds {milliseconds}"
                " came; numbers from 0, the first to 1, are expected."
            )
        id, text = secrets.token_hex(8), text and text[:TEXT_LIMIT]
        # Lone surrogates, which UTF-8 cannot express, would not be stored.
        kept = [s and s.encode("utf-8", "replace").decode() for s in (label, text)]
        row = (id, time.time(), model, kept[0], min(1.0, confidence))
        row += (json.dumps(probabilities), length, milliseconds, kept[1])
        row += (_hashed(session),)
        self._writer.later(lambda connection: insert(connection, row, self.max_rows))
        return id

    def add_feedback(
        self, prediction_id: str, right: bool, label: str | None = None
    ) -> None:
        """Keep what a person says of a prediction; a second time replaces the first.

        Args:
            prediction_id: From `add_prediction`.
            right: Whether the label was right.
            label: What would have been right, a label of the model.

        Raises:
            CourseError: If there is no such prediction or label, or it cannot be
                written. Without an error it is on the disk.
        """
        row = (str(prediction_id), time.time(), bool(right), label)
        self._writer.now(lambda connection: judge(connection, *row))

    def predictions(
        self, model: str | None = None, since: float = 0.0, limit: int = READ_LIMIT
    ) -> list[Prediction]:
        """Return predictions with their feedback, the newest first.

        Args:
            model: Of this model alone; None for all.
            since: Not older than this, in seconds since 1970.
            limit: How many at most, from 0.
        """
        return self._read("(? IS NULL OR p.model = ?)", (model, model), since, limit)

    def prediction(self, id: str) -> Prediction | None:
        """Return one prediction, or None if there is none of that id."""
        return next(iter(self._read("p.id = ?", (str(id),), 0.0, 1)), None)

    def of_session(self, session: str, limit: int = READ_LIMIT) -> list[Prediction]:
        """Return the predictions of one visitor, the newest first."""
        return self._read("p.session = ?", (_hashed(session),), 0.0, limit)

    def feedback(
        self, model: str | None = None, since: float = 0.0, limit: int = READ_LIMIT
    ) -> list[Feedback]:
        """Return what people said, the newest first; arguments as for `predictions`."""
        query = """
            SELECT f.prediction, f.time, f.right, f.label
            FROM feedback f JOIN predictions p ON p.id = f.prediction
            WHERE (? IS NULL OR p.model = ?) AND f.time >= ?
            ORDER BY f.time DESC LIMIT ?
        """
        rows = self._fetch(query, (model, model, since, max(0, limit)))
        return [Feedback(id, at, bool(right), label) for id, at, right, label in rows]

    def models(self) -> list[str]:
        """Return the names of the models that were asked, sorted."""
        rows = self._fetch("SELECT DISTINCT model FROM predictions ORDER BY model", ())
        return [name for (name,) in rows]

    def export_csv(self, model: str | None = None, limit: int = MAX_ROWS) -> str:
        """Return the predictions as a table; see `course.monitoring.records.to_csv`."""
        return to_csv(self.predictions(model, limit=limit))

    def export_jsonl(self, model: str | None = None, limit: int = MAX_ROWS) -> str:
        """Return the predictions as JSON lines."""
        return to_jsonl(self.predictions(model, limit=limit))

    def delete_all(self) -> int:
        """Delete all predictions with their feedback, and return how many there were.

        Raises:
            CourseError: If that cannot be written. Without an error they are gone.
        """
        return self._delete("DELETE FROM predictions", ())

    def delete_session(self, session: str) -> int:
        """Delete one visitor's predictions; otherwise as `delete_all`."""
        hashed = (_hashed(session),)
        return self._delete("DELETE FROM predictions WHERE session = ?", hashed)

    def _delete(self, command: str, values: tuple) -> int:
        deleted = self._writer.now(lambda c: c.execute(command, values).rowcount)
        with contextlib.closing(connect(self.path)) as connection:
            # The write-ahead log still has the old pages.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted

    def _read(
        self, where: str, values: tuple, since: float, limit: int
    ) -> list[Prediction]:
        query = f"{SELECT} WHERE {where} AND p.time >= ?"
        query += " ORDER BY p.number DESC LIMIT ?"
        rows = self._fetch(query, (*values, since, max(0, limit)))
        return [prediction_from(row) for row in rows]

    def _fetch(self, query: str, values: tuple) -> list[tuple]:
        """Read what is committed, our own rows among it."""
        self._writer.flush()
        try:
            with contextlib.closing(connect(self.path)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise CourseError(
                f"{self.path.name} cannot be read ({error}): move it away."
            ) from error
