"""One selection of texts, and everything that follows from it.

An exploration is a state: predictions, a threshold, a cell of the confusion matrix and
a slice of the texts. Whoever shows it asks for its parts, which therefore agree: what
is measured is the slice; the cell picks texts out of it. Left out: drawing.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from course.errors import CourseError
from course.evaluation.confusion import (
    confusion_matrix,
    label_scores,
    resample_confusion,
)
from course.evaluation.intervals import Interval, percentile_interval, wilson
from course.evaluation.predicted import Predicted
from course.evaluation.text_slices import check_choice, text_slices
from course.evaluation.thresholds import CostCurve, ranking_areas, threshold_by_cost

N_RESAMPLES = 500  # of a table of counts: the ends move by some 0.002


class Exploration:
    """Predictions seen through a threshold, a cell and a slice.

    Args:
        predicted: The texts, right labels and probabilities.
        threshold: Probability of the positive label from which it is predicted, 0 to 1;
            without meaning where there are not two labels.
        cell: Right and predicted label's names; empty for all.
        slice_name: A name of `slice_names`; "" for all texts.
        slices: What `text_slices` returned, if it is known already.

    Raises:
        CourseError: If a cell or slice is unknown, or the threshold out of range.

    Example:
        >>> from course.evaluation.predicted import predicted_from_table
        >>> texts = {"text": ["hi", "win!"], "label": ["ham", "spam"]}
        >>> seen = Exploration(predicted_from_table(texts | {"spam": [0.1, 0.4]}))
        >>> seen.confusion.tolist(), seen.errors()[0]["text"]
        ([[1, 0], [1, 0]], 'win!')
    """

    def __init__(
        self,
        predicted: Predicted,
        threshold: float = 0.5,
        cell: Sequence[str] = (),
        slice_name: str = "",
        slices: dict[str, np.ndarray] | None = None,
    ) -> None:
        """Check the names; all else is computed when it is asked for."""
        check_choice("threshold", threshold)
        check_choice("cell", cell, predicted.labels)
        check_choice("slice", slice_name, predicted.labels)
        self.predicted, self.threshold = predicted, threshold
        self.cell, self.slice_name = tuple(cell), slice_name
        self.slice_masks = text_slices(predicted) if slices is None else slices

    @cached_property
    def predictions(self) -> np.ndarray:
        """Predicted label numbers, shape (n,)."""
        positive = self.predicted.positive
        if positive is None:
            return self.predicted.probabilities.argmax(axis=1)
        return np.where(self.scores >= self.threshold, positive, 1 - positive)

    @cached_property
    def scores(self) -> np.ndarray:
        """Probability of the positive label, or of the best one of several, (n,)."""
        probabilities, positive = self.predicted.probabilities, self.predicted.positive
        return probabilities.max(1) if positive is None else probabilities[:, positive]

    @cached_property
    def in_slice(self) -> np.ndarray:
        """Which texts are measured, bool of shape (n,)."""
        everything = np.ones(len(self.predicted), dtype=bool)
        return self.slice_masks[self.slice_name] if self.slice_name else everything

    @cached_property
    def in_cell(self) -> np.ndarray:
        """Which texts of all are in the picked cell, bool of shape (n,)."""
        if not self.cell:
            return np.ones(len(self.predicted), dtype=bool)
        right, said = (self.predicted.labels.index(label) for label in self.cell)
        return (self.predicted.references == right) & (self.predictions == said)

    @property
    def selection(self) -> list[int]:
        """Numbers of the texts that are in both, from 0."""
        return np.flatnonzero(self.in_slice & self.in_cell).tolist()

    @cached_property
    def confusion(self) -> np.ndarray:
        """Counts of the slice, shape (k, k): row = right, column = predicted label."""
        return self._count(self.predictions, self.in_slice)

    def _count(self, predictions: np.ndarray, inside: np.ndarray) -> np.ndarray:
        references, k = self.predicted.references, len(self.predicted.labels)
        return confusion_matrix(predictions[inside], references[inside], k)

    @cached_property
    def majority(self) -> int:
        """Number of the commonest label of all texts."""
        return int(np.bincount(self.predicted.references).argmax())

    @cached_property
    def metrics(self) -> dict[str, Interval]:
        """Of the slice: accuracy, precision, recall and f1 of the positive label.

        Of several labels accuracy and f1, which is then the plain mean over labels.
        What the texts do not define is left out.
        """
        return self._measure(self.confusion)

    @cached_property
    def baseline(self) -> dict[str, Interval]:
        """The same for who always says the commonest label of all texts."""
        always = np.full(len(self.predicted), self.majority)
        return self._measure(self._count(always, self.in_slice))

    def _measure(self, confusion: np.ndarray) -> dict[str, Interval]:
        n = int(confusion.sum())
        if not n:
            return {}
        found = {"accuracy": wilson(int(confusion.trace()), n)}
        positive = self.predicted.positive
        if positive is not None:
            hits = int(confusion[positive, positive])
            for name, axis in (("precision", 0), ("recall", 1)):
                total = int(confusion.sum(axis=axis)[positive])
                if total:
                    found[name] = wilson(hits, total)
        value, many = (_f1(c, positive) for c in (confusion[None], _drawn(confusion)))
        if not np.isnan(value[0]):
            found["f1"] = percentile_interval(value[0], many, n)
        return found

    def slices(self, metric: str = "accuracy") -> dict[str, tuple[int, Interval | str]]:
        """Measure every slice by itself, whatever slice is picked.

        Args:
            metric: A name of `METRICS` in `text_slices`. With a cell picked it does not
                matter: then the share of the slice's texts in the cell is returned.

        Returns:
            By name: number of texts, and the interval or why there is none.

        Raises:
            CourseError: If there is no such metric.
        """
        check_choice("metric", metric)
        rows = {}
        for name, mask in self.slice_masks.items():
            n = int(mask.sum())
            if not n:
                rows[name] = (0, "no text")
            elif self.cell:
                rows[name] = (n, wilson(int((mask & self.in_cell).sum()), n))
            elif metric == "f1" and len(set(self.predicted.references[mask])) < 2:
                rows[name] = (n, "one label only")
            elif metric == "accuracy":
                right = self.predictions == self.predicted.references
                rows[name] = (n, wilson(int((mask & right).sum()), n))
            else:
                measured = self._measure(self._count(self.predictions, mask))
                rows[name] = (n, measured.get(metric, "not defined"))
        return rows

    def errors(self) -> list[dict]:
        """Return the selected texts, without a cell the wrong ones: the worst first.

        Wrong answers come from the surest to the least sure, right ones after them and
        the other way round.

        Returns:
            One dictionary per text: `row` (its number), `text`, `label`, `predicted`
            and `probability` (of the predicted label).
        """
        predicted, said = self.predicted, self.predictions
        wrong = said != predicted.references
        rows = np.flatnonzero(self.in_slice & (self.in_cell if self.cell else wrong))
        sure = predicted.probabilities[rows, said[rows]]
        order = np.argsort(np.where(wrong[rows], -sure, sure), kind="stable")
        return [self.describe(int(row)) for row in rows[order]]

    def describe(self, row: int) -> dict:
        """Return the dictionary of one text, as in `errors`.

        Args:
            row: Number of the text, from 0.
        """
        predicted, said = self.predicted, int(self.predictions[row])
        return {
            "row": row,
            "text": predicted.texts[row],
            "label": predicted.labels[predicted.references[row]],
            "predicted": predicted.labels[said],
            "probability": float(predicted.probabilities[row, said]),
        }

    def why_no_curve(self) -> str:
        """Say why there is no threshold to choose here; "" if there is."""
        if self.predicted.positive is None:
            return (
                f"A threshold needs two labels; there are {len(self.predicted.labels)}."
            )
        if not self.in_slice.any():
            return "No text is in this slice."
        if len(set(self.predicted.references[self.in_slice])) < 2:
            return "The texts of this slice have one label only."
        return ""

    def costs(self, false_positive: float, false_negative: float) -> CostCurve:
        """Return what each threshold costs on the slice.

        Args:
            false_positive: Cost of a false alarm, from 0.
            false_negative: Cost of a miss, from 0, in the same unit.

        Raises:
            CourseError: If the slice has no two labels, or a cost is negative.
        """
        if why := self.why_no_curve():
            raise CourseError(f"{why} Choose another slice or run.")
        truth = self.predicted.references[self.in_slice] == self.predicted.positive
        scores = self.scores[self.in_slice]
        return threshold_by_cost(scores, truth, false_positive, false_negative)

    def areas(self) -> tuple[float, float]:
        """Return the slice's area under the ROC curve and its average precision."""
        truth = self.predicted.references[self.in_slice] == self.predicted.positive
        once = np.ones((len(truth), 1))
        area, precision = ranking_areas(self.scores[self.in_slice], truth, once)
        return float(area[0]), float(precision[0])


def _drawn(confusion: np.ndarray) -> np.ndarray:
    return resample_confusion(confusion, N_RESAMPLES)


def _f1(confusions: np.ndarray, positive: int | None) -> np.ndarray:
    """F1 of the positive label, or the mean over the labels that occur; (tables,)."""
    scores = label_scores(confusions)["f1"]
    return np.nanmean(scores, axis=1) if positive is None else scores[:, positive]
