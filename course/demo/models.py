"""The classifiers that the demo offers: found by name, loaded when first asked for.

Whoever uses the demo sends names, never paths: only what is listed here is opened. A
few models stay loaded, the least recently used one goes first. Texts that come together
are answered together, and one that will not do harms no other. Left out: Gradio.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course import runs
from course.errors import CourseError, unknown_name
from course.runs import Run, list_runs, open_run, run_names, runs_dir, shipped

if TYPE_CHECKING:  # torch comes in with the first model, not with the page
    from course.inference import Classifier

TEXT_LIMIT = 10_000  # characters of one text
CAPACITY = 3  # loaded models; one takes 45 MB in bf16, 90 MB in fp32
NO_MODEL = (
    "There is no model yet. Train one, which takes about a minute: course train "
    "sentiment. Then load this page again."
)


def list_models() -> dict[str, Run]:
    """Return what can be asked, by name: shipped adapters, then runs, newest first.

    A run of the user's with an adapter's name takes its place, as in `open_run`.

    Example:
        >>> all(isinstance(run, Run) for run in list_models().values())
        True
    """
    models = {}
    for name in shipped():
        try:
            models[name] = open_run(runs.ADAPTERS / name)
        except CourseError:
            continue  # a damaged adapter must not close the demo
    return models | {run.name: run for run in list_runs()}


def find_run(name: str) -> Run:
    """Open a listed model by its name.

    Args:
        name: A shipped adapter's or a run's name; anything else, a path included, is
            refused unread.

    Returns:
        The run; its weights are not loaded yet.

    Raises:
        CourseError: If there is no such model, or it is damaged.

    Example:
        >>> find_run("../secrets")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: ...
    """
    own = run_names()
    if name in own:
        return open_run(runs_dir() / name)
    if name in shipped():
        return open_run(runs.ADAPTERS / name)
    if not own and not shipped():
        raise CourseError(NO_MODEL)
    raise unknown_name("model", str(name), [*own, *shipped()])


def check_text(text: str) -> str:
    """Return a text that is worth asking a model about.

    Args:
        text: What a user sent, 1 to `TEXT_LIMIT` characters that are not all blank.

    Raises:
        CourseError: If it is no text, blank, or too long.

    Example:
        >>> check_text("A joy.")
        'A joy.'
    """
    if not isinstance(text, str):
        raise CourseError(f"A {type(text).__name__} came where a text is expected.")
    if len(text) > TEXT_LIMIT:
        raise CourseError(
            f"The text has {len(text):,} characters, at most {TEXT_LIMIT:,} are read "
            "here: shorten it."
        )
    if not text.strip():
        raise CourseError("The text is empty: write one, or choose an example.")
    return text


class LoadedModels:
    """The models in memory, at most `capacity` of them.

    Args:
        capacity: Models to keep; the least recently used one is dropped for a new one.

    Example:
        >>> LoadedModels().get("sentiment").labels
        ['negative', 'positive']
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Start with none loaded."""
        self.capacity = capacity
        self._loaded: OrderedDict[tuple[Path, int], Classifier] = OrderedDict()
        self._lock = threading.Lock()  # two first requests load a model once

    def loaded(self) -> dict[str, "Classifier"]:
        """Return the models in memory, by name."""
        return {path.name: model for (path, _), model in list(self._loaded.items())}

    def get(self, name: str) -> "Classifier":
        """Return a model that is ready to predict.

        Args:
            name: A name in `list_models()`.

        Raises:
            CourseError: If there is no such model, or it cannot be loaded.
        """
        run = find_run(name)
        # A run that was trained again under its old name is another model.
        key = (run.path, run.path.stat().st_mtime_ns)
        with self._lock:
            if key not in self._loaded:
                from course.inference import Classifier

                self._loaded[key] = Classifier(run)
            self._loaded.move_to_end(key)
            while len(self._loaded) > self.capacity:
                self._loaded.popitem(last=False)
            return self._loaded[key]


def classify_texts(
    models: LoadedModels, texts: Sequence[str], names: Sequence[str]
) -> list[dict[str, Any] | CourseError]:
    """Ask models about texts, each model once about all of its texts.

    Args:
        models: The loaded models.
        texts: n texts; 1 to `TEXT_LIMIT` characters each.
        names: n names in `list_models()`.

    Returns:
        For each text the error that it or its model causes, or: `label`; `confidence`,
        its probability; `probabilities`, label to probability, largest first;
        `truncated`, whether the text was cut; `max_length`, the tokens that the model
        reads at most.
    """
    outcomes: list[Any] = [None] * len(texts)
    places: dict[str, list[int]] = {}
    for place, (text, name) in enumerate(zip(texts, names, strict=True)):
        try:
            check_text(text)
        except CourseError as error:
            outcomes[place] = error
        else:
            # What is no text may not be hashable; as text it is no name either.
            places.setdefault(str(name), []).append(place)
    for name, own in places.items():
        try:
            answers = _answers(models.get(name), [texts[place] for place in own])
        except CourseError as error:
            answers = [error] * len(own)
        for place, answer in zip(own, answers, strict=True):
            outcomes[place] = answer
    return outcomes


def _answers(classifier: "Classifier", texts: list[str]) -> list[dict[str, Any]]:
    """Return what one model says of each text."""
    said = classifier.predict(texts)
    answers = []
    for row, label, cut in zip(
        said.probabilities.tolist(), said.labels, said.truncated.tolist(), strict=True
    ):
        pairs = zip(classifier.labels, row, strict=True)
        probabilities = dict(sorted(pairs, key=lambda pair: -pair[1]))
        answers.append(
            {
                "label": label,
                "confidence": probabilities[label],
                "probabilities": probabilities,
                "truncated": cut,
                "max_length": classifier.max_length,
            }
        )
    return answers


def classify_text(models: LoadedModels, text: str, name: str) -> dict[str, Any]:
    """Ask one model about one text.

    Args:
        models: The loaded models.
        text: 1 to `TEXT_LIMIT` characters.
        name: A name in `list_models()`.

    Returns:
        An answer as in `classify_texts`.

    Raises:
        CourseError: If the text or the name will not do.
    """
    (outcome,) = classify_texts(models, [text], [name])
    if isinstance(outcome, CourseError):
        raise outcome
    return outcome
