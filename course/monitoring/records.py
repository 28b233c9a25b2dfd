"""The rows of a prediction log, and their way into a file that others read.

Left out: where they are kept (`course.monitoring.prediction_log`).
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from course.spreadsheets import guarded


@dataclass(frozen=True)
class Feedback:
    """What a person said of a prediction.

    Attributes:
        prediction: The prediction's id.
        time: Seconds since 1970, UTC.
        right: Whether the label was right.
        label: What would have been right; None if that was not said.
    """

    prediction: str
    time: float
    right: bool
    label: str | None = None


@dataclass(frozen=True)
class Prediction:
    """What a model answered, once.

    Attributes:
        id: 16 characters, hard to guess.
        time: Seconds since 1970, UTC.
        model: Name of the run.
        label: Its answer.
        confidence: Probability of that label, 0 to 1.
        probabilities: Label to probability.
        length: Of the text, in characters.
        milliseconds: How long the answer took.
        text: The text; None unless its author agreed.
        right: Whether it was right; None if nobody said.
        right_label: What would have been right; None if nobody said.
    """

    id: str
    time: float
    model: str
    label: str
    confidence: float
    probabilities: dict[str, float]
    length: int
    milliseconds: float
    text: str | None = None
    right: bool | None = None
    right_label: str | None = None


COLUMNS = tuple(field.name for field in fields(Prediction))


def _plain(row: Prediction) -> dict[str, Any]:
    moment = datetime.fromtimestamp(row.time, UTC)
    return asdict(row) | {"time": moment.isoformat(timespec="milliseconds")}


def to_jsonl(rows: Iterable[Prediction]) -> str:
    """Return one JSON object on each line, ASCII only.

    Args:
        rows: The predictions.
    """
    return "".join(json.dumps(_plain(row)) + "\n" for row in rows)


def to_csv(rows: Iterable[Prediction]) -> str:
    r"""Return a table with a header: text in quotes, numbers bare, as RFC 4180 has it.

    A spreadsheet takes a cell that begins with `=` for a formula and computes it,
    whoever wrote it, so such text gets an apostrophe in front.

    Args:
        rows: The predictions.

    Example:
        >>> row = Prediction("a", 0.0, "spam", "ham", 0.5, {}, 4, 1.0, text="=1+1")
        >>> to_csv([row]).split("\r\n")[1].split(",")[8]
        '"\'=1+1"'
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        plain = _plain(row) | {"probabilities": json.dumps(row.probabilities)}
        writer.writerow([_cell(plain[column]) for column in COLUMNS])
    return written.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    return guarded(value) if isinstance(value, str) else value
