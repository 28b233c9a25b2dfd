"""Read a user's own table of texts and labels: csv, tsv or jsonl.

Every value is read as text, so that a label "01" stays "01". Left out: guessing the
separator or the columns; a clear error is better than a wrong guess.
"""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from course.errors import CourseError

MAX_FILE_BYTES = 500_000_000


def _read_separated(separator: str) -> Callable[[Path], pd.DataFrame]:
    def read(path: Path) -> pd.DataFrame:
        return pd.read_csv(
            path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )

    return read


def _read_json_lines(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("a line is not an object")
    return pd.DataFrame(rows)


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
    except (
        ValueError,
        csv.Error,
    ) as error:  # pandas' and json's errors are ValueErrors
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CourseError(
            f"{path.name} cannot be read as {path.suffix[1:]} ({reason}): "
            "save it again as UTF-8 with a header line."
        ) from error
    for column in (text_column, label_column):
        if column not in table.columns:
            raise CourseError(
                f"{path.name} has no column {column!r}; it has "
                f"{', '.join(map(str, table.columns)) or 'none'}: rename one, or name "
                "it with --text-column or --label-column."
            )
    table = table[[text_column, label_column]].set_axis(["text", "label"], axis=1)
    table = table.dropna().astype(str)
    table["label"] = table["label"].str.strip()
    table = table[(table["text"].str.strip() != "") & (table["label"] != "")]
    if table.empty:
        raise CourseError(
            f"{path.name} has no row with a text and a label: add at least one."
        )
    return table.reset_index(drop=True)
