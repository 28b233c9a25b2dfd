"""Where a lab gets a classifier's predictions: from the kit, a table, or the model.

Left out: which of them are looked at, see `widgets.evaluation`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from course.errors import unknown_name
from course.evaluation.predicted import (
    Predicted,
    is_quick,
    load_predicted,
    predicted_from_table,
)
from course.evaluation.text_slices import text_slices
from course.runs import Run, open_run
from widgets.work import Work

if TYPE_CHECKING:
    import pandas

    Source = str | Path | Run | Mapping[str, Sequence] | pandas.DataFrame

TABLE = "(your table)"  # stands for a run's name where a table came


class Predictions:
    """The predictions of one run or table at a time.

    Args:
        run: A run, its name or folder, or a table for `predicted_from_table`.
        on_ready: Called when a run has predicted, or could not, in the work's thread.
        positive_label: Of two labels the one that is looked for; "" for the task's,
            else the second.

    Attributes:
        name: Of the run, as `open_run` takes it; `TABLE` for a table.
        positive_label: As above.
        labels: Names of its labels.
        predicted: The predictions; None until they are there.
        slices: What `text_slices` returned of them.
        problem: Why there are none, in one line; "" if nothing is wrong.
        work: The model at work.

    Raises:
        CourseError: If there is no such run or label, or the table is unusable.

    Example:
        >>> texts = {"text": ["hi", "win!"], "label": ["ham", "spam"]}
        >>> Predictions(texts | {"spam": [0.1, 0.4]}, print).labels
        ['ham', 'spam']
    """

    def __init__(
        self,
        run: "Source",
        on_ready: Callable[[], None],
        positive_label: str = "",
    ) -> None:
        """Find the labels, and the predictions if they are at hand."""
        self.work = Work(self._have, self._fail)
        self._on_ready = on_ready
        self._table = None if isinstance(run, (str, Path, Run)) else run
        name = run if isinstance(run, str) else TABLE
        if isinstance(run, (Path, Run)):
            name = str(open_run(run).path)
        self.find(name, positive_label)

    def check(self, name: str) -> None:
        """Raise a `CourseError` unless `find` would find it."""
        if name != TABLE or self._table is None:
            open_run(name)

    def find(self, name: str, positive_label: str = "") -> None:
        """Change to another run, or back to the table.

        Args:
            name: A run's name or folder; `TABLE` for the table that came first.
            positive_label: As above.

        Raises:
            CourseError: If there is no such run or label, or its texts are not here.
        """
        self.work.stop()
        self.name, self.positive_label, self.problem = name, positive_label, ""
        self._keep(None)
        if name == TABLE and self._table is not None:
            self._keep(predicted_from_table(self._table, positive_label or None))
            return
        self.labels = open_run(name).labels
        if positive_label and positive_label not in self.labels:
            raise unknown_name("label", positive_label, self.labels)
        if is_quick(name):
            self._keep(load_predicted(name, positive_label or None))

    def begin(self) -> None:
        """Let the model predict, if that is to do."""
        if self.predicted is None and not self.problem:
            name, label = self.name, self.positive_label or None
            self.work.start(lambda stop: load_predicted(name, label))

    def _keep(self, predicted: Predicted | None) -> None:
        self.predicted = predicted
        self.slices: dict[str, np.ndarray] = {}
        if predicted is not None:
            self.labels, self.slices = predicted.labels, text_slices(predicted)

    def _have(self, predicted: Predicted) -> None:
        self._keep(predicted)
        self._on_ready()

    def _fail(self, problem: str) -> None:
        if self.predicted is not None:
            return  # of a run that was left meanwhile
        self.problem = problem
        self._on_ready()
