"""From what a visitor fills in to a training's plan: every number within its bounds.

Left out: running it, see `course.demo.training_job`.
"""

import csv
import io
from typing import Any

from course.demo.csv_input import CSV_ROWS, read_rows
from course.demo.evaluation_picture import as_number
from course.demo.training_job import csv_of, run_name
from course.errors import CourseError, listed, one_line, unknown_name
from course.files import write_whole

# Of `course.finetuning`, whose import takes seconds; a test holds them together.
# "best" trains on another task first, which is too long for a page.
PRESETS, METHODS = ("quick", "default"), ("full", "lora", "head")
# What the shipped adapters were trained with, and the library's own default: LoRA
# matrices and a head begin from nothing and take larger steps than a whole model.
LEARNING_RATES = {"full": 1e-4, "lora": 1e-3, "head": 1e-3}
EPOCHS, SECONDS = (1, 20), (10, 300)  # least and most
LEAST_TEXTS = 8  # of each label: one of them at least is for validation, one for test
MOST_LABELS = 50
MOST_LABEL = 60  # characters
SMALL = 1_000  # texts; below, batches are small, or an epoch would be a step or two
SMALL_BATCH = 8


def make_plan(
    csv_text: str | None,
    task: str,
    wish: str,
    preset: str,
    method: str,
    epochs: Any,
    seconds: Any,
) -> dict[str, Any]:
    """Check all that came, write down the csv, and return the plan.

    Args:
        csv_text: Columns `text` and `label`; None to train on a task of the kit.
        task: Name of the task; without meaning where there is a csv.
        wish: What to call the run; anything.
        preset: One of `PRESETS`.
        method: One of `METHODS`.
        epochs: Passes over the texts, held within `EPOCHS`.
        seconds: Most seconds of training, held within `SECONDS`.

    Returns:
        What `course.demo.training_process` is given.

    Raises:
        CourseError: If one of them will not do; then nothing is written.
    """
    from course.tasks import TASKS

    for name, value, known in (
        ("preset", preset, PRESETS),
        ("method", method, METHODS),
    ):
        if value not in known:
            raise unknown_name(name, str(value), known)
    changes = {
        "method": method,
        "learning_rate": LEARNING_RATES[method],
        "num_train_epochs": as_number(epochs, *EPOCHS, "epochs"),
        "max_seconds": as_number(seconds, *SECONDS, "seconds"),
    }
    if csv_text is None:
        _check_name("task", task, tuple(TASKS))
        name = run_name(wish or task)
    else:
        rows = check_rows(csv_text)
        if len(rows) < SMALL:
            changes["per_device_train_batch_size"] = SMALL_BATCH
        name = run_name(wish)
        task = str(csv_of(name))
        write_whole(csv_of(name), as_csv(rows))
    return {"task": task, "name": name, "preset": preset, "changes": changes}


def _check_name(kind: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise unknown_name(kind, one_line(str(value), 40), known)


def check_rows(csv_text: str) -> list[dict[str, str]]:
    """Read a csv of texts and labels that can be learnt from.

    Args:
        csv_text: Columns `text` and `label`.

    Returns:
        Its rows, with these two columns.

    Raises:
        CourseError: If it is no such csv, or a label has too few different texts.
    """
    import pandas as pd

    from course.cleaning import drop_duplicates

    read = read_rows(csv_text, ("text", "label"), CSV_ROWS)
    rows = [{"text": row["text"], "label": row["label"].strip()} for row in read]
    labels = {row["label"] for row in rows}
    if not 2 <= len(labels) <= MOST_LABELS:
        raise CourseError(
            f"The csv has {len(labels)} label{'s' * (len(labels) != 1)}; 2 to "
            f"{MOST_LABELS} are expected: add texts of another, or join some."
        )
    long = [label for label in labels if len(label) > MOST_LABEL]
    if long:
        raise CourseError(
            f"The label {one_line(long[0], 20)!r} has {len(long[0])} characters, at "
            f"most {MOST_LABEL} are taken: shorten it."
        )
    counts = drop_duplicates(pd.DataFrame(rows))["label"].value_counts()
    rare = sorted(label for label in labels if counts.get(label, 0) < LEAST_TEXTS)
    if rare:
        raise CourseError(
            f"Too few different texts of {listed(rare)}: at least {LEAST_TEXTS} of "
            "each label are needed; those that stand with two labels do not count."
        )
    return rows


def as_csv(rows: list[dict[str, str]]) -> str:
    r"""Write texts and labels as a csv that `course.tables.read_table` reads back.

    Args:
        rows: With `text` and `label`.

    Example:
        >>> as_csv([{"text": "Good, warm", "label": "p"}])
        'text,label\n"Good, warm",p\n'
    """
    file = io.StringIO()
    writer = csv.DictWriter(file, ("text", "label"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
