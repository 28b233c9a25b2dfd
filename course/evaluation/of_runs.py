"""Runs measured: on their own split, on a user's file, by groups, against each other.

Left out: measuring while training, which is `course.finetuning.training`'s.

Source: Dietterich 1998 (comparing two classifiers on one test set).
"""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from course.errors import CourseError, unknown_name
from course.evaluation.classification import Evaluation, evaluate_predictions
from course.evaluation.comparison import Comparison, paired_comparison
from course.evaluation.intervals import bootstrap
from course.evaluation.resampling import common_length
from course.evaluation.shares import Interval, wilson

if TYPE_CHECKING:
    from course.runs import Run


def slices(scores: np.ndarray, groups: Sequence[Hashable]) -> dict[str, Interval]:
    """Measure each group of texts by itself, the worst first.

    Args:
        scores: Score per text, shape (n,): right or wrong as bool, or any number.
        groups: Group of each text, shape (n,): a label, a source, a range of lengths.

    Returns:
        Interval of the mean by the group's name; Wilson for right and wrong, bootstrap
        for other numbers. Of many small groups some look bad by chance alone.

    Raises:
        CourseError: If there is no text or the lengths differ.

    Example:
        >>> right = np.array([True, True, False, True])
        >>> lengths = ["short", "short", "long", "long"]
        >>> for name, share in slices(right, lengths).items():
        ...     print(name, share)
        long 0.500 [0.095, 0.905], n=2
        short 1.000 [0.342, 1.000], n=2
    """
    scores, names = np.asarray(scores), np.array([str(group) for group in groups])
    common_length((scores, names))
    measured = {}
    for name in np.unique(names):
        inside = scores[names == name]
        if scores.dtype == bool:
            measured[str(name)] = wilson(int(inside.sum()), len(inside))
        else:
            measured[str(name)] = bootstrap(lambda x: x.mean(axis=1), inside)
    return dict(sorted(measured.items(), key=lambda item: item[1].value))


def evaluate_run(
    run: "Run | str | Path",
    data: str | Path | None = None,
    split: str = "test",
    text_column: str = "text",
    label_column: str = "label",
) -> Evaluation:
    """Measure a run on a split of its own task, or on a file of the user's.

    Args:
        run: A run, its name or its path.
        data: A csv, tsv or jsonl file with texts and the run's label names; all its
            rows are measured, so it must not be the file that was trained on. Default:
            the run's own task, split by the run's seed, so that no text was trained on.
        split: "train", "validation" or "test"; of the run's own task only.
        text_column: Column of the file that holds the text.
        label_column: Column of the file that holds the label.

    Raises:
        CourseError: If the run, split or file is unusable, or a label is not the run's.
    """
    from course.data import TASKS
    from course.inference import Classifier

    classifier = Classifier(run)
    run = classifier.run
    if data is None:
        texts, references = own_split(run, split)
    else:
        texts, references = _own_file(run, Path(data), text_column, label_column)
    predictions = classifier.predict(texts)
    task = TASKS.get(run.task)
    return evaluate_predictions(
        predictions.probabilities,
        references,
        run.labels,
        positive_label=task and task.positive_label,
        truncated=int(predictions.truncated.sum()),
    )


def compare_runs(
    run_a: "Run | str | Path", run_b: "Run | str | Path", seed: int = 0
) -> Comparison:
    """Compare the accuracy of two runs on the test split that both left untouched.

    Args:
        run_a: A run, its name or its path.
        run_b: Another of the same task and split.
        seed: Seed of the bootstrap.

    Returns:
        Which is better, or that the texts cannot tell.

    Raises:
        CourseError: If the two were not trained on the same data and split.
    """
    from course.inference import Classifier
    from course.runs import open_run

    runs = [open_run(run) for run in (run_a, run_b)]
    origins = [(run.task, _trained_on(run), run.labels) for run in runs]
    if origins[0] != origins[1] or _trained_on(runs[0]) is None:
        a, b = (f"{run.name} ({run.task}, {_trained_on(run)})" for run in runs)
        raise CourseError(
            f"{a} and {b} were not trained on the same data and split, so their test "
            "texts differ: train both on one task with one seed."
        )
    texts, references = own_split(runs[0], "test")
    correct = [
        Classifier(run).predict(texts).probabilities.argmax(axis=1) == references
        for run in runs
    ]
    return paired_comparison(*correct, seed=seed, names=(runs[0].name, runs[1].name))


def _trained_on(run: "Run") -> str | None:
    """Fingerprint of the data and split that a run was trained on, if it has one."""
    return run.info.get("data", {}).get("fingerprint")


def own_split(run: "Run", split: str) -> tuple[list[str], np.ndarray]:
    """Texts and label numbers of a split of the data that the run was trained on."""
    from course.data import TASKS, fingerprint, load_task

    source = run.info.get("source", run.task)
    if source not in TASKS and not (source and Path(source).is_file()):
        raise CourseError(
            f"{run.name} was trained on {run.task or 'data that it does not name'}, "
            "which is not here: name a file of other texts with their labels."
        )
    columns = run.info.get("columns", ("text", "label"))
    dataset = load_task(source, run.config.get("seed", 0), *columns)
    if split not in dataset:
        raise unknown_name("split", split, dataset)
    trained_on = _trained_on(run)
    if trained_on not in (None, fingerprint(dataset)):
        raise CourseError(
            f"The data of {run.name} changed since it was trained ({trained_on} came, "
            f"{fingerprint(dataset)} is here), so its test texts may have been trained "
            "on: train again, or name a file to measure it on."
        )
    return list(dataset[split]["text"]), np.asarray(dataset[split]["label"])


def _own_file(
    run: "Run", path: Path, text_column: str, label_column: str
) -> tuple[list[str], np.ndarray]:
    """Texts and label numbers of a user's file, whose labels must be the run's."""
    from course.data import read_table

    table = read_table(path, text_column, label_column)
    numbers = {label: number for number, label in enumerate(run.labels)}
    unknown = sorted(set(table["label"]) - set(numbers))
    if unknown:
        shown = ", ".join(map(repr, unknown[:5])) + (", ..." if unknown[5:] else "")
        raise CourseError(
            f"{path.name} has labels that {run.name} does not know: {shown}; it knows "
            f"{', '.join(run.labels)}: rename or remove those rows."
        )
    return table["text"].tolist(), table["label"].map(numbers).to_numpy()
