"""What a model says of many labelled texts: of its own test split, or of a csv.

The shipped adapters' answers on their test splits lie in the kit and are read at once.
Whatever else is asked for is predicted piece by piece, so that a page can show how far
it is and end it between two pieces. The newest results stay in memory for whoever asks
again. Left out: measuring, see `course.evaluation`, and showing.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from course.demo.csv_input import read_rows
from course.demo.models import LoadedModels, find_run
from course.errors import CourseError, listed

if TYPE_CHECKING:  # numpy and what stands on it come in with the first measurement
    import numpy as np

    from course.evaluation.predicted import Predicted
    from course.inference import Classifier
    from course.runs import Run

CAPACITY = 8  # results kept; one takes some megabytes at most
TOKENS_AT_ONCE = 2_000  # a few tenths of a second on one slow core
TEXTS_AT_ONCE = 256  # to be turned into tokens


@dataclass(frozen=True)
class Measured:
    """A model's answers to labelled texts.

    Attributes:
        key: By which `PredictedTexts.find` finds it again.
        run: The model.
        predicted: Texts, right labels and probabilities.
        own: Whether the texts are the model's own test split, else a csv's.
        slices: Which texts each slice holds.
    """

    key: str
    run: "Run"
    predicted: "Predicted"
    own: bool
    slices: "dict[str, np.ndarray]" = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """How far a prediction is.

    Attributes:
        done: Texts that have been predicted.
        total: Texts in all.
        measured: The result, with the last step.
    """

    done: int
    total: int
    measured: Measured | None = None


class PredictedTexts:
    """The newest results, for all visitors; at most `capacity` of them.

    Args:
        models: The models in memory.
        capacity: Results to keep; the least recently used one is dropped.

    Example:
        >>> PredictedTexts(LoadedModels()).find("nothing yet") is None
        True
    """

    def __init__(self, models: LoadedModels, capacity: int = CAPACITY) -> None:
        """Start with none."""
        self.models, self.capacity = models, capacity
        self._kept: OrderedDict[str, Measured] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: str) -> Measured | None:
        """Return a result that is still kept.

        Args:
            key: Of a `Measured`.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def steps(self, name: str, csv: str = "") -> Iterator[Step]:
        """Predict piece by piece, unless the result is known.

        Args:
            name: A name in `list_models()`.
            csv: Columns `text` and `label`, the latter with the model's label names;
                "" for the model's own test split.

        Yields:
            How far it is; the last step has the result.

        Raises:
            CourseError: If the model, its data or the csv will not do.
        """
        run = find_run(name)
        key = _key(run, csv)
        known = self.find(key)
        if known is None:
            yield from self._measure(run, key, csv)
        else:
            yield Step(len(known.predicted), len(known.predicted), known)

    def measure(self, name: str, csv: str = "") -> Measured:
        """Return the result of `steps`, without a look in between.

        Args:
            name: As for `steps`.
            csv: As for `steps`.

        Raises:
            CourseError: As for `steps`.
        """
        *_, last = self.steps(name, csv)
        return last.measured

    def _measure(self, run: "Run", key: str, csv: str) -> Iterator[Step]:
        import numpy as np

        from course.evaluation.predicted import is_quick, load_predicted
        from course.evaluation.text_slices import text_slices

        if not csv and is_quick(run):
            predicted = load_predicted(run)
        else:
            texts, references = _labelled(run, csv)
            yield Step(0, len(texts))
            logits = np.zeros((len(texts), len(run.labels)))
            for done in _predict(self.models.get(run.name), texts, logits):
                yield Step(done, len(texts))
            predicted = _together(run, texts, references, logits)
        slices = text_slices(predicted)
        measured = Measured(key, run, predicted, not csv, slices)
        with self._lock:
            self._kept[key] = measured
            while len(self._kept) > self.capacity:
                self._kept.popitem(last=False)
        n = len(predicted)
        yield Step(n, n, measured)


def _key(run: "Run", csv: str) -> str:
    # A run that was trained again under its old name is another model.
    digest = hashlib.sha256(csv.encode("utf-8", "replace"))
    digest.update(f"{run.path}\n{run.path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def _labelled(run: "Run", csv: str) -> "tuple[list[str], np.ndarray]":
    """Return texts and label numbers, of the run's test split or of a csv."""
    import numpy as np

    from course.evaluation import own_split

    if not csv:
        return own_split(run, "test")
    rows = read_rows(csv, ("text", "label"))
    labels = [row["label"].strip() for row in rows]
    unknown = sorted(set(labels) - set(run.labels))
    if unknown:
        raise CourseError(
            f"The csv has labels that {run.name} does not know: {listed(unknown)}; it "
            f"knows {listed(run.labels)}: rename or remove those rows."
        )
    numbers = {label: number for number, label in enumerate(run.labels)}
    return [row["text"] for row in rows], np.array([numbers[name] for name in labels])


def _predict(
    classifier: "Classifier", texts: list[str], logits: "np.ndarray"
) -> Iterator[int]:
    """Fill in the logits, shape (n, k); yield how many texts are done."""
    rows: list[list[int]] = []
    while len(rows) < len(texts):
        ids, _ = classifier.encode(texts[len(rows) : len(rows) + TEXTS_AT_ONCE])
        rows += ids
        yield 0
    # Rows of like length stand together, so that little padding is computed.
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    done = 0
    while done < len(order):
        longest = len(rows[order[min(done + TEXTS_AT_ONCE, len(order)) - 1]])
        piece = order[done : done + max(1, TOKENS_AT_ONCE // max(1, longest))]
        found = classifier.logits_from_ids([rows[row] for row in piece])
        logits[piece] = found.numpy()
        done += len(piece)
        yield done


def _together(
    run: "Run", texts: list[str], references: "np.ndarray", logits: "np.ndarray"
) -> "Predicted":
    import numpy as np

    from course.evaluation.predicted import Predicted
    from course.evaluation.probabilities import check_probabilities, softmax
    from course.tasks import TASKS

    if not np.isfinite(logits).all():
        raise CourseError(
            f"{run.name} gives no numbers (NaN), as after a training that diverged: "
            "train again with a lower learning_rate."
        )
    probabilities, references = check_probabilities(softmax(logits), references)
    positive = None
    if len(run.labels) == 2:
        task = TASKS.get(run.task)
        wanted = task.positive_label if task else None
        positive = run.labels.index(wanted) if wanted in run.labels else 1
    return Predicted(run.name, texts, references, probabilities, run.labels, positive)
