"""Explanations for the demo: checked questions, and answers kept for the next to ask.

The same text, model, method and label once more is answered from memory; a run that was
trained again under its old name counts as another model. Left out: pictures, and the
rows of single masked texts, which `course.explanation` keeps as well.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, get_args

from course.demo.models import LoadedModels, check_text, find_run
from course.errors import CourseError, unknown_name

if TYPE_CHECKING:
    import shap

    from course.inference import Classifier

Method = Literal["partition", "exact", "lime", "integrated_gradients"]
PREDICTED = ""  # the target that means: the label that the model answers
KEPT = 200  # explanations; some 10 kB each


def explain_text(
    models: LoadedModels,
    text: str,
    name: str,
    method: str,
    target: str,
    on_batch: Callable[[int], None] | None = None,
) -> "shap.Explanation":
    """Explain what one model says of one text.

    Args:
        models: The loaded models.
        text: 1 to `TEXT_LIMIT` characters.
        name: A name in `list_models()`.
        method: One of `Method`.
        target: A label of the model, or `PREDICTED`.
        on_batch: As for `course.explanation.explain`.

    Raises:
        CourseError: If one of them will not do, or the text is too long for `exact`.
    """
    text = check_text(text)
    classifier = check_question(models, name, method, target)
    from course.explanation import explain  # brings in shap: seconds

    return explain(classifier, text, method, target=target or None, on_batch=on_batch)


def check_question(
    models: LoadedModels, name: str, method: str, target: str
) -> "Classifier":
    """Return the model that is asked, if it can be asked so.

    Args:
        models: The loaded models.
        name: A name in `list_models()`.
        method: One of `Method`.
        target: A label of the model, or `PREDICTED`.

    Raises:
        CourseError: If one of them will not do.
    """
    if method not in get_args(Method):
        raise unknown_name("method", str(method), get_args(Method))
    classifier = models.get(name)
    if target and target not in classifier.labels:
        raise unknown_name("label", str(target), classifier.labels)
    return classifier


class Explanations:
    """The explanations given last. Safe to share among threads.

    Args:
        models: The loaded models.
        size: Most explanations kept; the one not asked for longest goes first.

    Example:
        >>> Explanations(LoadedModels()).known("A joy.", "sentiment", "exact", "")
    """

    def __init__(self, models: LoadedModels, size: int = KEPT) -> None:
        """Begin with none."""
        self.models, self.size = models, size
        self._kept: OrderedDict[tuple, shap.Explanation] = OrderedDict()
        self._lock = threading.Lock()

    def known(
        self, text: str, name: str, method: str, target: str
    ) -> "shap.Explanation | None":
        """Return an explanation that was given before; None if there is none.

        Args:
            text: As for `explain_text`, and so are the others; wrong ones have none.
            name: Of the model.
            method: One of `Method`.
            target: A label, or `PREDICTED`.
        """
        try:
            key = self._key(text, name, method, target)
        except CourseError:
            return None  # `get` says what is wrong
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def get(
        self,
        text: str,
        name: str,
        method: str,
        target: str,
        on_batch: Callable[[int], None] | None = None,
    ) -> "shap.Explanation":
        """Return an explanation, the kept one if there is one.

        Args:
            text: As for `explain_text`, and so are the others.
            name: Of the model.
            method: One of `Method`.
            target: A label, or `PREDICTED`.
            on_batch: Called while it is computed.

        Raises:
            CourseError: As `explain_text` does.
        """
        if (kept := self.known(text, name, method, target)) is not None:
            return kept
        made = explain_text(self.models, text, name, method, target, on_batch)
        with self._lock:
            for label in {target, made.report.target}:
                self._kept[self._key(text, name, method, label)] = made
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return made

    def _key(self, *question: Any) -> tuple:
        if not all(isinstance(part, str) for part in question):
            raise CourseError("A text, a model, a method and a label are expected.")
        run = find_run(question[1])
        return (*question, run.path, run.path.stat().st_mtime_ns)
