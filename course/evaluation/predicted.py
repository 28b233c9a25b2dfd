"""Texts with the right and the predicted labels: what an exploration looks at.

They come from a run and its own test split, or from a user's table. The shipped
adapters' logits on their test splits lie beside them in `predictions.json`, so that
nobody waits for a model; `python -m course.evaluation.predicted` makes that file again.
The texts themselves are not in it: they are read from the data. Left out: measuring,
see `course.evaluation.exploration`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from course.errors import CourseError, listed, unknown_name
from course.evaluation import own_split
from course.evaluation.probabilities import check_probabilities, softmax
from course.runs import ADAPTERS, open_run, shipped

if TYPE_CHECKING:
    from course.runs import Run

SHIPPED = ADAPTERS / "predictions.json"
DIGITS = 3  # of a logit: the probability is right to 0.0003


@dataclass(frozen=True)
class Predicted:
    """What a classifier said of n texts whose labels are known.

    Attributes:
        name: What to call it.
        texts: The n texts.
        references: Right label numbers, shape (n,), 0 to k - 1.
        probabilities: Shape (n, k), float64, rows sum to 1.
        labels: The k label names.
        positive: Number of the label that a threshold is about; None unless k is 2.

    Example:
        >>> predicted_from_table(
        ...     {"text": ["hi", "win!"], "label": ["ham", "spam"], "spam": [0.1, 0.7]}
        ... ).labels
        ['ham', 'spam']
    """

    name: str
    texts: list[str]
    references: np.ndarray
    probabilities: np.ndarray
    labels: list[str]
    positive: int | None

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)


def predicted_from_table(
    table: Mapping[str, Sequence[Any]],
    positive_label: str | None = None,
    name: str = "table",
) -> Predicted:
    """Read a table of texts, labels and probabilities.

    Args:
        table: Columns by name, a `pandas.DataFrame` or a dict of lists: `text`, `label`
            (names), and for each label a column of its name with its probability, 0 to
            1. Of two labels one column is enough; other columns do not count.
        positive_label: Of two labels the one that the threshold is about; default the
            one of the last column.
        name: What to call it.

    Raises:
        CourseError: If a column is missing or holds something else.

    Example:
        >>> table = {"text": ["a", "b"], "label": ["n", "y"], "y": [0.25, 0.75]}
        >>> predicted_from_table(table).probabilities.tolist()
        [[0.75, 0.25], [0.25, 0.75]]
    """
    columns = [str(column) for column in table]
    missing = [column for column in ("text", "label") if column not in columns]
    if missing:
        raise CourseError(
            f"The table has no column {missing[0]!r} but {listed(columns) or 'none'}: "
            "give text, label and a column of probabilities for each label."
        )
    texts = [str(text) for text in table["text"]]
    names = [str(label) for label in table["label"]]
    labels = [c for c in columns if c not in ("text", "label") and c in names]
    others = sorted(set(names) - set(labels))
    probabilities = _numbers(table, labels, len(texts))
    if len(labels) == 1 and len(others) == 1:
        labels, others = others + labels, []
        probabilities = np.hstack([1 - probabilities, probabilities])
    if others or len(labels) < 2:
        raise CourseError(
            f"The labels {listed(others or labels) or 'none'} have no column of their "
            "own: name a column of probabilities after each label, at least 2 labels."
        )
    references = np.array([labels.index(label) for label in names])
    probabilities, references = check_probabilities(probabilities, references)
    positive = _positive(labels, positive_label)
    return Predicted(name, texts, references, probabilities, labels, positive)


def _numbers(
    table: Mapping[str, Sequence[Any]], labels: list[str], n: int
) -> np.ndarray:
    try:
        columns = [np.asarray(list(table[c]), dtype=np.float64) for c in labels]
    except (TypeError, ValueError) as error:
        raise CourseError(
            f"A column of {listed(labels)} holds no numbers: give probabilities from "
            "0 to 1."
        ) from error
    inside = [len(c) == n and bool(((c >= 0) & (c <= 1)).all()) for c in columns]
    if not all(inside):
        raise CourseError(
            f"The column {labels[inside.index(False)]!r} does not hold a probability "
            "from 0 to 1 for each text: these may be logits; use softmax first."
        )
    return np.stack(columns, axis=1) if columns else np.zeros((n, 0))


def _positive(labels: list[str], wanted: str | None) -> int | None:
    if wanted is not None and wanted not in labels:
        raise unknown_name("label", wanted, labels)
    if len(labels) != 2:
        return None
    return 1 if wanted is None else labels.index(wanted)


def is_quick(run: "Run | str | Path") -> bool:
    """Tell whether `load_predicted` needs no model, because the kit ships its logits.

    Raises:
        CourseError: If there is no such run.

    Example:
        >>> is_quick("sentiment")
        True
    """
    folder = open_run(run).path
    return folder.parent == ADAPTERS and folder.name in _shipped_logits()


def load_predicted(
    run: "Run | str | Path", positive_label: str | None = None
) -> Predicted:
    """Return what a run says of its own test split.

    Args:
        run: A run, its name or its path.
        positive_label: Of two labels the one that the threshold is about; default the
            task's, else the second.

    Raises:
        CourseError: If the run or its data is not here, or a label is unknown.
    """
    from course.tasks import TASKS

    run = open_run(run)
    task = TASKS.get(run.task)
    positive = _positive(run.labels, positive_label or (task and task.positive_label))
    texts, references = own_split(run, "test")
    logits = _shipped_logits()[run.name] if is_quick(run) else _predict(run, texts)
    probabilities, references = check_probabilities(softmax(logits), references)
    return Predicted(run.name, texts, references, probabilities, run.labels, positive)


def _shipped_logits() -> dict[str, list[list[float]]]:
    return json.loads(SHIPPED.read_text("utf-8")) if SHIPPED.is_file() else {}


def _predict(run: "Run", texts: list[str]) -> np.ndarray:
    from course.inference import Classifier

    return Classifier(run).predict(texts).logits


def write_shipped(path: Path = SHIPPED) -> None:
    """Keep the logits of the shipped adapters' test splits, in bf16 as for their cards.

    Args:
        path: The file to write.
    """
    from course.inference import Classifier

    lines = []
    for name in shipped():
        texts, _ = own_split(open_run(name), "test")
        logits = Classifier(name, precision="bf16").predict(texts).logits
        rows = [[round(float(x), DIGITS) for x in row] for row in logits]
        lines.append(f"{json.dumps(name)}: {json.dumps(rows, separators=(',', ':'))}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write_shipped()
