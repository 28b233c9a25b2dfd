"""A text, words changed in it, and what several methods say of it: one thing to show.

An edit keeps its place: the words of the text before are slots, and a slot holds its
word, another one, or nothing. So the explanation of the text with edits can be laid
beside that before them, word by word, also where an edit made two words of one. Left
out: changes of the text that are not in place, which make another study.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shap

from course.errors import CourseError
from course.explanation import explain, load_classifier
from course.explanation.deletion import DeletionCurve, deletion_curve
from course.explanation.masking import read_text
from course.explanation.shapley import EXACT_PLAYERS
from course.inference import Classifier
from course.runs import Run


@dataclass(frozen=True)
class Study:
    """What is known so far of a text with edits.

    Attributes:
        words: The words of the text before the edits, spaces included.
        edits: Number of a word, from 0 -> what stands in its place; "" for nothing.
        before: Explanation of the text before the edits, by the first method.
        explanations: Of the text with the edits, by each method; at least one.
        places: Number of the word before for each word of these, shape (players,).
        curves: A deletion curve for each explanation, as far as they are known.
        note: What else is to be known, in plain words, or "".
    """

    words: tuple[str, ...]
    edits: dict[int, str]
    before: shap.Explanation
    explanations: tuple[shap.Explanation, ...]
    places: tuple[int, ...]
    curves: tuple[DeletionCurve, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        """The text with the edits."""
        return edit_text(self.words, self.edits)

    @property
    def promised(self) -> float:
        """Probability if taking the edited words away did just what their values say.

        Those of the explanation before, in log-odds; from 0 to 1.
        """
        p = np.clip(self.before.report.prediction, 1e-12, 1 - 1e-12)
        values = sum(float(self.before.values[number]) for number in self.edits)
        return float(1 / (1 + np.exp(-(np.log(p / (1 - p)) - values))))

    def values(self, method: int = 0) -> np.ndarray:
        """Return a value for each word before, shape (n,): 0 where nothing is now.

        Args:
            method: Number of the explanation, from 0.
        """
        return self._values[method]

    @functools.cached_property
    def _values(self) -> list[np.ndarray]:
        places = np.array(self.places, dtype=int)
        return [
            np.bincount(places, explanation.values, minlength=len(self.words))
            for explanation in self.explanations
        ]

    @property
    def extremes(self) -> tuple[int, ...]:
        """Numbers of the words that speak most for the label and most against it."""
        here, values = sorted(set(self.places)), self.values()
        if not here:
            return ()
        return (
            max(here, key=lambda number: values[number]),
            min(here, key=lambda number: values[number]),
        )

    def judge(self, predicted: Sequence[int]) -> tuple[bool, ...]:
        """Compare what a learner said with the first method's values.

        Args:
            predicted: Numbers of the words said to speak most for the label and most
                against it; or of the first alone.

        Returns:
            For each, whether no word's value is higher, or lower.
        """
        values = self.values()
        best = (values[number] for number in self.extremes)
        return tuple(
            bool(abs(values[guess] - value) < 1e-9)
            for guess, value in zip(predicted, best, strict=False)
        )


def study(
    run: Run | Classifier | str | Path,
    text: str,
    edits: Mapping[int, str] | None = None,
    methods: Sequence[str] = ("exact", "lime", "integrated_gradients"),
    target: str | None = None,
    on_batch: Callable[[int], None] | None = None,
) -> Iterator[Study]:
    """Explain a text with edits, and tell what is known as soon as it is.

    Args:
        run: As for `explain`.
        text: Any text.
        edits: Number of a word, from 0 -> what stands in its place; default no edits.
        methods: Of `course.explanation.METHODS`, at least one. In a text too long for
            `exact`, `partition` stands in for it.
        target: A label; default the one predicted for the text before the edits.
        on_batch: As for `explain`, in each explanation and curve anew.

    Yields:
        A study with the first method's explanation, then with one more each time, then
        with their curves.

    Raises:
        CourseError: If an edit is of a word that is not there, or an option not known.
    """
    classifier = load_classifier(run)
    words = tuple(read_text(classifier, text).players)
    edits = dict(sorted((edits or {}).items()))
    for number in edits:
        if not 0 <= number < len(words):
            raise CourseError(
                f"An edit of word {number} came; the text has words 0 to "
                f"{len(words) - 1}: choose one of these."
            )
    edited = edit_text(words, edits) if edits else text
    players = read_text(classifier, edited).players
    methods, note = _possible(methods, max(len(players), len(words)))
    watched = {"on_batch": on_batch}
    before = explain(classifier, text, methods[0], target=target, **watched)
    target = before.report.target
    found = Study(words, edits, before, (), _places(words, edits, players), note=note)
    for method in methods:
        known = before if not edits and method == methods[0] else None
        more = known or explain(classifier, edited, method, target=target, **watched)
        found = replace(found, explanations=(*found.explanations, more))
        yield found
    curves = tuple(
        deletion_curve(classifier, each, **watched) for each in found.explanations
    )
    yield replace(found, curves=curves)


def edit_text(words: Sequence[str], edits: Mapping[int, str]) -> str:
    """Put the edits into a text.

    Args:
        words: Strings that make up the text, spaces included.
        edits: Number of a word -> what stands in its place; "" for nothing.

    Example:
        >>> edit_text(["Not ", "bad", "."], {1: "good"})
        'Not good.'
        >>> edit_text(["Not ", "bad", "."], {1: ""})
        'Not.'
    """
    return "".join(_pieces(words, edits))


def _pieces(words: Sequence[str], edits: Mapping[int, str]) -> list[str]:
    """What stands in each place, spaces included."""
    pieces: list[str] = []
    for number, word in enumerate(words):
        now = edits.get(number, word.strip()).strip()
        space = word[len(word.rstrip()) :]
        if number not in edits:
            pieces.append(word)
        elif now:
            pieces.append(now + space)
        else:
            pieces.append("")
            if pieces[:-1] and not space:  # no space is left before a full stop
                pieces[-2] = pieces[-2].rstrip()
    return pieces


def _places(
    words: Sequence[str], edits: Mapping[int, str], players: Sequence[str]
) -> tuple[int, ...]:
    """The place in which each player of the text with edits starts."""
    ends = np.cumsum([len(piece) for piece in _pieces(words, edits)])
    starts = np.cumsum([0, *(len(player) for player in players)])[:-1]
    return tuple(np.searchsorted(ends, starts, side="right").tolist())


def _possible(methods: Sequence[str], n: int) -> tuple[list[str], str]:
    """The methods that a text of n words allows, and what is to be said of it."""
    if not methods:
        raise CourseError("No method came: give at least one, such as 'partition'.")
    if n <= EXACT_PLAYERS or "exact" not in methods:
        return list(methods), ""
    allowed = ["partition" if method == "exact" else method for method in methods]
    note = f"exact takes up to {EXACT_PLAYERS} words: partition stands in for it"
    return list(dict.fromkeys(allowed)), note
