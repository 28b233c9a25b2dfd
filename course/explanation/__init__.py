"""Explain a prediction: how much each word speaks for a label or against it.

Four methods answer the same question about the same masks, so that they can be laid
side by side:

    partition              Owen values: Shapley values over a tree of phrases
    exact                  Shapley values from all 2^n choices, up to 12 words
    lime                   a linear model fitted to randomly masked texts
    integrated_gradients   gradients along the way from a fully masked text

Each comes as a `shap.Explanation` of one text and one label, with a `report` that says
what it cost and whether it can be relied on. What an explanation does not say: whether
the model is right, or what it would do with other words in these places.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shap

from course.errors import CourseError, unknown_name
from course.explanation.attribution import integrated_gradients, lime_values
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import MaskedText, read_text
from course.explanation.shapley import Attribution, exact_values, owen_values, word_tree
from course.inference import Classifier
from course.runs import Run, open_run

METHODS = ("partition", "exact", "lime", "integrated_gradients")


@dataclass(frozen=True)
class ExplanationReport:
    """What is to be known about an explanation beside its values.

    Attributes:
        method: One of `METHODS`.
        target: The label that is explained.
        output: `"log_odds"` or `"probability"`: the units of all values.
        unit: `"word"` or `"token"`: what has a value.
        prediction: Probability of the target for the whole text, from 0 to 1.
        evaluations: Rows that the model computed.
        cache_hits: Rows that it did not have to compute again.
        complete: Whether the method did all it set out to do: every branch opened, all
            choices made, enough samples to tell the words apart, integral converged.
        additivity_gap: |base value + sum of values - output|, at least 0.
        seconds: Time the explanation took, without loading the model.
        truncated: Whether only the beginning of the text was read.
        masked_with: The token that stood in for hidden words.
        note: What else is to be known, in plain words, or "".
        text: The text as it came.
    """

    method: str
    target: str
    output: str
    unit: str
    prediction: float
    evaluations: int
    cache_hits: int
    complete: bool
    additivity_gap: float
    seconds: float
    truncated: bool
    masked_with: str
    note: str
    text: str


def explain(
    run: Run | Classifier | str | Path,
    text: str,
    method: str = "partition",
    *,
    target: str | None = None,
    output: str = "log_odds",
    unit: str = "word",
    max_evals: int = 500,
    batch_size: int = 128,
    seed: int = 0,
    tree: np.ndarray | None = None,
    on_batch: Callable[[int], None] | None = None,
) -> shap.Explanation:
    """Explain what a classifier says of one text.

    Args:
        run: A `Classifier`, or what `open_run` takes; such a model stays loaded.
        text: Any text, also an empty one. What the model does not read has no value.
        method: One of `METHODS`.
        target: Label to explain; default the predicted one.
        output: Explain `"log_odds"`, in which words add up, or `"probability"`.
        unit: Give a value to each `"word"` or to each `"token"`.
        max_evals: Most rows the model computes, at least 4; `lime` takes as many
            samples, `integrated_gradients` at most as many steps in one integration,
            `exact` always needs 2^n.
        batch_size: Rows in one forward pass, at most.
        seed: Of `lime`'s samples; the other methods leave nothing to chance.
        tree: A tree of the words for `partition`, shape (n - 1, 4), as scipy's
            `linkage` gives it; default `word_tree` of the text.
        on_batch: Called before each batch with the rows computed so far, to show how it
            goes on; what it raises ends the work.

    Returns:
        A `shap.Explanation` with `values` of shape (n,), a number as `base_values`,
        `data` (the n words with their spaces: joined, they are the text that was read),
        `feature_names` (the words alone), `output_names` (the label) and `report`, an
        `ExplanationReport`.

    Raises:
        CourseError: If an option is not known, or the text too long for `exact`.

    Example:
        >>> explain("sentiment", "Not bad at all.", "guess")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: Unknown method 'guess'. Known: exact, ...
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    if max_evals < 4 or batch_size < 1:
        raise CourseError(
            f"max_evals={max_evals} and batch_size={batch_size} came; at least 4 and 1 "
            "are needed."
        )
    classifier = load_classifier(run)
    if target is not None and target not in classifier.labels:
        raise unknown_name("label", target, classifier.labels)
    start = time.perf_counter()
    masked = read_text(classifier, text, unit)
    number = None if target is None else classifier.labels.index(target)
    model = MaskedModel(classifier, masked, number, output, batch_size, on_batch)
    found = _attribute(model, method, max_evals, seed, tree)
    gap = abs(found.base_value + found.values.sum() - found.output)
    report = ExplanationReport(
        method=method,
        target=classifier.labels[model.target],
        output=output,
        unit=unit,
        prediction=float(model.probability([[True] * len(masked.players)])[0]),
        evaluations=model.evaluations,
        cache_hits=model.cache_hits,
        complete=found.complete,
        additivity_gap=float(gap),
        seconds=time.perf_counter() - start,
        truncated=masked.truncated,
        masked_with=masked.mask_token,
        note=_note(found, masked),
        text=text,
    )
    return _as_shap(found, masked, report)


def _attribute(
    model: MaskedModel,
    method: str,
    max_evals: int,
    seed: int,
    tree: np.ndarray | None,
) -> Attribution:
    """Let the method do its work; one word or none leaves little to do."""
    players = model.text.players
    if players and method == "integrated_gradients":
        return integrated_gradients(model, max_evals)
    if method == "exact" or len(players) < 2:
        return exact_values(model, len(players))
    if method == "lime":
        return lime_values(model, len(players), max_evals, seed)
    tree = word_tree(players) if tree is None else tree
    return owen_values(model, tree, max_evals)


def _note(found: Attribution, masked: MaskedText) -> str:
    notes = [found.note] if found.note else []
    if not masked.players:
        notes.append("there is no word to explain")
    if masked.truncated:
        notes.append(f"only the first {len(masked.input_ids)} tokens were read")
    return "; ".join(notes)


def _as_shap(
    found: Attribution, masked: MaskedText, report: ExplanationReport
) -> shap.Explanation:
    explanation = shap.Explanation(
        values=found.values,
        base_values=found.base_value,
        # shap reads the first element of an array, so that it cannot be empty.
        data=np.array(masked.players, dtype=object) if masked.players else [],
        # A player of spaces alone keeps them: a name should not be empty.
        feature_names=[player.strip() or player for player in masked.players],
    )
    explanation.output_names = report.target
    explanation.report = report
    return explanation


def to_json(explanation: shap.Explanation) -> dict[str, Any]:
    """Return an explanation as what `course explain --json` prints.

    Args:
        explanation: From `explain`.

    Returns:
        A dictionary of plain Python values: tokens and values of equal length, base
        value, prediction, and what the report says about how they were found.
    """
    report = explanation.report
    return {
        "tokens": list(explanation.feature_names),
        "values": [float(value) for value in explanation.values],
        "base_value": float(explanation.base_values),
        "prediction": report.prediction,
        "target": report.target,
        "output": report.output,
        "unit": report.unit,
        "method": report.method,
        "evaluations": report.evaluations,
        "cache_hits": report.cache_hits,
        "complete": report.complete,
        "additivity_gap": report.additivity_gap,
        "seconds": report.seconds,
        "truncated": report.truncated,
        "masked_with": report.masked_with,
        "note": report.note,
    }


def load_classifier(run: Run | Classifier | str | Path) -> Classifier:
    """Return a run's classifier, the one loaded before if the run has not changed.

    Args:
        run: A `Classifier`, which is returned as it is, or what `open_run` takes.

    Returns:
        The classifier. The last two stay in memory, and with them what they were asked.

    Raises:
        CourseError: If there is no such run.
    """
    if isinstance(run, Classifier):
        return run
    path = open_run(run).path
    changed = max(file.stat().st_mtime_ns for file in path.glob("*.safetensors"))
    return _loaded(path, changed)


@functools.lru_cache(maxsize=2)
def _loaded(path: Path, changed: int) -> Classifier:
    return Classifier(path)
