"""Drift: are the texts that a model is asked about those that it was measured on?

A window of live predictions is compared with what the same model says of its test
split: confidence and length (Kolmogorov-Smirnov), labels (chi-square), and whether
people find it right as often as it was measured (Fisher). An alarm is given when one of
these `TESTS` has p < `ALARM` / 4 (Bonferroni), so that a window in which nothing has
changed gives one with a probability of 1 % at most, if its texts do not depend on each
other; who looks every hour has one in four days by chance. Fewer than `MIN_LIVE`
texts are not tested. Left out: that the right label of a text changes while the texts
stay, which only feedback shows; whoever gives feedback does so more often of errors.

Sources: Rabanser, Günnemann & Lipton 2019 (testing a classifier's outputs, one number
at a time with Bonferroni, finds most shifts); Lipton, Wang & Smola 2018 (labels).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from course.errors import CourseError
from course.evaluation.intervals import Interval, wilson
from course.monitoring.distances import (
    fewer_right,
    kolmogorov_smirnov,
    label_shift,
    population_stability_index,
    stability_by_chance,
)
from course.monitoring.records import Prediction

if TYPE_CHECKING:
    from course.inference import Classifier
    from course.runs import Run

ALARM = 0.01  # highest probability of a false alarm of one window
TESTS = ("confidence", "length", "labels", "accuracy")
MIN_LIVE, MIN_FEEDBACK = 30, 10
REFERENCE_TEXTS = 400  # that a model without recorded answers is asked about


@dataclass(frozen=True)
class Window:
    """What a model said of n texts, without the texts.

    Attributes:
        confidences: Probability of the answer, shape (n,), 0 to 1.
        lengths: Characters, shape (n,).
        labels: The n answers.
    """

    confidences: np.ndarray
    lengths: np.ndarray
    labels: list[str]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.labels)


@dataclass(frozen=True)
class Shift:
    """One comparison.

    Attributes:
        name: One of `TESTS`.
        distance: 0 to 1; of accuracy, how far it fell.
        p: How often chance alone does as much, 0 to 1.
        stability: PSI, and what it stays below by chance; None for labels and accuracy.
    """

    name: str
    distance: float
    p: float
    stability: tuple[float, float] | None = None

    @property
    def alarm(self) -> bool:
        """Whether chance alone hardly ever does as much."""
        return self.p < ALARM / len(TESTS)


@dataclass(frozen=True)
class Drift:
    """What the comparisons of one window say.

    Attributes:
        shifts: Those that could be made.
        n: Live texts.
        n_reference: Texts of the reference.
        accuracy: On feedback; None without any.
        measured: Accuracy on the test split; None if it was not measured.

    Example:
        >>> Drift((), 3, 400).status
        'few'
    """

    shifts: tuple[Shift, ...]
    n: int
    n_reference: int
    accuracy: Interval | None = None
    measured: Interval | None = None

    @property
    def status(self) -> str:
        """One of few (too few texts to tell), same (no change is seen), alarm."""
        if any(shift.alarm for shift in self.shifts):
            return "alarm"
        return "same" if self.n >= MIN_LIVE and self.n_reference else "few"


def window_of(predictions: Sequence[Prediction]) -> Window:
    """Return a window of logged predictions.

    Example:
        >>> len(window_of([]))
        0
    """
    return Window(
        np.array([row.confidence for row in predictions]),
        np.array([row.length for row in predictions]),
        [row.label for row in predictions],
    )


def _window(
    texts: Sequence[str], probabilities: np.ndarray, labels: Sequence[str]
) -> Window:
    best = probabilities.argmax(axis=1)
    return Window(
        probabilities.max(axis=1),
        np.array([len(text) for text in texts]),
        [labels[number] for number in best],
    )


def answers(classifier: "Classifier", texts: Sequence[str]) -> Window:
    """Return a window of what a model says of texts now.

    Args:
        classifier: The model.
        texts: At least 1.
    """
    probabilities = np.asarray(classifier.predict(list(texts)).probabilities)
    return _window(texts, probabilities, classifier.labels)


def reference_of(run: "Run", classifier: "Classifier | None" = None) -> Window:
    """Return what a model says of its own test split, which it has not learned from.

    Args:
        run: The run. Of a shipped adapter the answers are recorded.
        classifier: The run's model, for one whose answers are not; asked about
            `REFERENCE_TEXTS` texts at most.

    Raises:
        CourseError: If the data is not here, or changed since the training.
    """
    from course.evaluation import own_split
    from course.evaluation.predicted import is_quick, load_predicted

    if is_quick(run):
        known = load_predicted(run)
        return _window(known.texts, known.probabilities, known.labels)
    texts, _ = own_split(run, "test")
    if classifier is None:
        raise CourseError(f"The answers of {run.name} are not recorded: load it.")
    order = np.random.default_rng(0).permutation(len(texts))[:REFERENCE_TEXTS]
    return answers(classifier, [texts[i] for i in order])


def compare_windows(
    reference: Window | None,
    live: Window,
    judged: Sequence[bool] = (),
    measured: dict[str, Any] | None = None,
) -> Drift:
    """Compare live predictions with a reference, and feedback with a measurement.

    Args:
        reference: From `reference_of`; None leaves only feedback.
        live: From `window_of`.
        judged: Whether each prediction that somebody judged was right.
        measured: Accuracy as in `run.metrics`: value, low, high, n.
    """
    shifts: list[Shift] = []
    if reference is not None and len(reference) and len(live) >= MIN_LIVE:
        for name in ("confidences", "lengths"):
            pair = getattr(reference, name), getattr(live, name)
            index = population_stability_index(*pair)
            chance = stability_by_chance(len(reference), len(live))
            shift = Shift(
                name[:-1], *kolmogorov_smirnov(*pair), stability=(index, chance)
            )
            shifts.append(shift)
        shifts.append(Shift("labels", *label_shift(reference.labels, live.labels)))
    right, n = sum(judged), len(judged)
    known = None
    if measured and measured.get("n"):
        ends = (measured.get("low"), measured.get("high"))
        low, high = (float("nan") if end is None else end for end in ends)
        known = Interval(measured["value"], low, high, measured["n"])
        if n >= MIN_FEEDBACK:
            hits = round(known.value * known.n)
            p = fewer_right(right, n, hits, known.n)
            shifts.append(Shift("accuracy", max(0.0, known.value - right / n), p))
    accuracy = wilson(right, n) if n else None
    n_reference = 0 if reference is None else len(reference)
    return Drift(tuple(shifts), len(live), n_reference, accuracy, known)
