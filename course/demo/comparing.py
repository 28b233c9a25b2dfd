"""Two to four models side by side: what each costs, and where they disagree.

A time is the median of several runs after warm-up, one text at a time, while no other
work of the demo runs. Models with other labels answer another question: they are
compared on time and size only. Left out: pages, and correcting for several pairs.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from course.demo.models import LoadedModels, check_text, find_run
from course.errors import CourseError
from course.runs import Run

if TYPE_CHECKING:
    from course.evaluation.comparison import Comparison
    from course.inference import Classifier

MOST_MODELS = 4
WARM_UP_RUNS, TIMED_RUNS = 3, 15
TEXTS_AT_ONCE = 16  # between two looks at whether to go on


@dataclass(frozen=True)
class Measured:
    """What one model says of a text, and what that costs.

    Attributes:
        run: The model's run.
        label: What it answers.
        confidence: Probability of that label, from 0 to 1.
        milliseconds: Median time of one answer.
        disk_bytes: Size of its weights; of an adapter's, those of the adapter.
        memory_bytes: Size of its weights as they are loaded, a base's included.
    """

    run: Run
    label: str
    confidence: float
    milliseconds: float
    disk_bytes: int
    memory_bytes: int


@dataclass(frozen=True)
class Agreement:
    """What models with the same labels say of the same texts.

    Attributes:
        texts: The n texts.
        answers: Name of a model -> its n labels.
        references: The right labels, or None.
        pairs: For each two models, the number of texts with the same answer.
        verdicts: For each two models, which is better; empty without references.
    """

    texts: list[str]
    answers: dict[str, list[str]]
    references: list[str] | None
    pairs: dict[tuple[str, str], int]
    verdicts: "list[Comparison]"

    @property
    def disputed(self) -> list[int]:
        """Numbers of the texts on which not all models agree."""
        rows = zip(*self.answers.values(), strict=True)
        return [number for number, row in enumerate(rows) if len(set(row)) > 1]


def check_names(names: object) -> list[str]:
    """Return the names of two to four different models.

    Args:
        names: What a visitor chose.

    Raises:
        CourseError: If they are fewer or more, or no list.

    Example:
        >>> check_names(["spam", "topic", "spam"])
        ['spam', 'topic']
    """
    chosen = names if isinstance(names, list) else []
    different = list(dict.fromkeys(str(name) for name in chosen))
    if not 2 <= len(different) <= MOST_MODELS:
        raise CourseError(
            f"{len(different)} models came, 2 to {MOST_MODELS} can be compared: choose "
            "others."
        )
    return different


def same_labels(names: Sequence[str]) -> list[str]:
    """Return those models that know the same labels as the first one, the first too.

    Raises:
        CourseError: If there is no such model.
    """
    labels = set(find_run(names[0]).labels)
    return [name for name in names if set(find_run(name).labels) == labels]


def measure(
    models: LoadedModels, names: list[str], text: str, on_step: Callable[[int], None]
) -> list[Measured]:
    """Ask models about one text, and take their time.

    Args:
        models: The loaded models.
        names: As `check_names` gives them.
        text: 1 to `TEXT_LIMIT` characters.
        on_step: Called before each answer, with the number of those given.

    Raises:
        CourseError: If a model or the text will not do.
    """
    text, found = check_text(text), []
    each = WARM_UP_RUNS + TIMED_RUNS
    for number, name in enumerate(names):
        on_step(number * each)
        classifier = models.get(name)
        seconds = []
        for step in range(each):
            on_step(number * each + step)
            start = time.perf_counter()
            said = classifier.predict([text])
            seconds.append(time.perf_counter() - start)
        found.append(
            Measured(
                run=classifier.run,
                label=said.labels[0],
                confidence=float(said.probabilities[0].max()),
                milliseconds=1000 * float(np.median(seconds[WARM_UP_RUNS:])),
                disk_bytes=classifier.run.bytes,
                memory_bytes=_memory(classifier),
            )
        )
    return found


def _memory(classifier: "Classifier") -> int:
    weights = [*classifier.model.parameters(), *classifier.model.buffers()]
    return sum(weight.numel() * weight.element_size() for weight in weights)


def sample_of_test_split(name: str, size: int) -> tuple[list[str], list[str]]:
    """Return texts and labels of a model's test split, always the same ones.

    Args:
        name: Of the model.
        size: How many texts, at most.

    Raises:
        CourseError: If the data is not here, or not that of the training.
    """
    from course.evaluation import own_split

    run = find_run(name)
    texts, numbers = own_split(run, "test")
    chosen = np.random.default_rng(0).permutation(len(texts))[:size].tolist()
    labels = [run.labels[numbers[number]] for number in chosen]
    return [texts[number] for number in chosen], labels


def other_splits(names: Sequence[str]) -> list[str]:
    """Return the models whose training was not on the first one's data and split.

    They may have been trained on what is a test text of the first.
    """
    prints = [find_run(n).info.get("data", {}).get("fingerprint") for n in names]
    return [
        name
        for name, seen in zip(names, prints, strict=True)
        if seen is None or seen != prints[0]
    ]


def compare_answers(
    models: LoadedModels,
    names: Sequence[str],
    texts: list[str],
    references: list[str] | None,
    on_step: Callable[[int], None],
) -> Agreement:
    """Ask models with the same labels about the same texts.

    Args:
        models: The loaded models.
        names: At least two, with the same labels.
        texts: At least one.
        references: The right label of each text, or None.
        on_step: Called before each few texts, with the number of answers given.

    Raises:
        CourseError: If a model will not do.
    """
    answers: dict[str, list[str]] = {}
    for number, name in enumerate(names):
        classifier, said = models.get(name), []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            on_step(number * len(texts) + start)
            said += classifier.predict(texts[start : start + TEXTS_AT_ONCE]).labels
        answers[name] = said
    pairs = {
        (a, b): sum(x == y for x, y in zip(answers[a], answers[b], strict=True))
        for a, b in combinations(names, 2)
    }
    verdicts = _verdicts(answers, references) if references else []
    return Agreement(texts, answers, references, pairs, verdicts)


def _verdicts(
    answers: dict[str, list[str]], references: list[str]
) -> "list[Comparison]":
    from course.evaluation.comparison import paired_comparison

    right = {
        name: np.array(said) == np.array(references) for name, said in answers.items()
    }
    return [
        paired_comparison(right[a], right[b], names=(a, b))
        for a, b in combinations(right, 2)
    ]
