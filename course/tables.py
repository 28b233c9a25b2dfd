"""Read a user's own table of texts and labels: csv, tsv or jsonl.

Every value is read as text, so that a label "01" stays "01". Left out: guessing the
separator or the columns; a clear error is better than a wrong guess.
"""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from course.errors import CourseError, listed, one_line

MAX_FILE_BYTES = 500_000_000


def _read_separated(separator: str) -> Callable[[Path], pd.DataFrame]:
    def read(path: Path) -> pd.DataFrame:
        # Without index_col=False a row with one field too many would shift the
        # columns: a text with an unquoted comma would lose its beginning.
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                path,
                sep=separator,
                dtype=str,
                keep_default_na=False,
                index_col=False,
                encoding="utf-8-sig",
            )

    return read


def _read_json_lines(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig") as lines:
        rows = [
            _read_object(line, number)
            for number, line in enumerate(lines, start=1)
            if line.strip()
        ]
    # As objects: pandas would make 1.0 of a label 1 if another row has none.
    return pd.DataFrame(rows, dtype=object)


def _read_object(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"line {number} is not JSON") from error
    if not isinstance(row, dict):
        raise ValueError(f"line {number} is not an object")
    # A list or an object is no text; the row counts as one without this column.
    return {n: value for n, value in row.items() if not isinstance(value, list | dict)}


def _as_text(value: Any) -> str:
    # Lone surrogates, which UTF-8 cannot express, can be written in JSON.
    return str(value).encode("utf-8", "replace").decode("utf-8")


READERS = {
    ".csv": _read_separated(","),
    ".tsv": _read_separated("\t"),
    ".jsonl": _read_json_lines,
}


def read_table(
    path: str | Path, text_column: str = "text", label_column: str = "label"
) -> pd.DataFrame:
    """Read the texts and labels of a csv, tsv or jsonl file.

    Args:
        path: The file; UTF-8.
        text_column: Its column of texts.
        label_column: Its column of labels.

    Returns:
        Columns `text` and `label`, both strings; rows without a text or label left out.

    Raises:
        CourseError: If the file cannot be read as such, lacks a column or has no row.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise CourseError(
            f"{path.name} is not a {', '.join(READERS)} file: save it as one of these."
        )
    if not path.is_file():
        raise CourseError(f"There is no file {path}: check the name and the folder.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise CourseError(
            f"{path.name} has {path.stat().st_size:,} bytes, at most "
            f"{MAX_FILE_BYTES:,} are read: use a part of it."
        )
    try:
        table = reader(path)
    except (ValueError, OSError, pd.errors.ParserWarning) as error:
        raise CourseError(_why_not(path, error)) from error
    for column in (text_column, label_column):
        if column not in table.columns:
            raise CourseError(
                f"{path.name} has no column {one_line(column)!r}; it has "
                f"{listed(table.columns) or 'none'}: rename one, or name it with "
                "--text-column or --label-column."
            )
    table = table[[text_column, label_column]].set_axis(["text", "label"], axis=1)
    table = table.dropna().map(_as_text)
    table["label"] = table["label"].map(str.strip)
    table = table[(table["text"].map(str.strip) != "") & (table["label"] != "")]
    if table.empty:
        raise CourseError(
            f"{path.name} has no row with a text and a label: add at least one."
        )
    return table.reset_index(drop=True)


def _why_not(path: Path, error: Exception) -> str:
    """Say in one line why a file was not read, and what to do."""
    if isinstance(error, OSError):
        return f"{path} cannot be read ({error.strerror}): check its permissions."
    if isinstance(error, pd.errors.ParserWarning):
        reason = "a row has more fields than the header"
    else:
        reason = one_line(str(error).strip() or type(error).__name__, 150)
    remedy = (
        "write one JSON object on each line"
        if path.suffix.lower() == ".jsonl"
        else "save it as UTF-8 with a header line and quotation marks around the texts"
    )
    return (
        f"{path.name} cannot be read as {path.suffix[1:].lower()} ({reason}): {remedy}."
    )
