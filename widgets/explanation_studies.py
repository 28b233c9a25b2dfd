"""Ask for studies of texts in a thread, and remember them.

What is known is shown at once, the rest part by part as methods end. Left out: the
state of the lab that asks, and pictures.
"""

import functools
from collections import OrderedDict
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple

import traitlets

from course.errors import CourseError, unknown_name
from course.runs import open_run
from course.views.explanation_words import TITLES
from widgets.lab import Lab, headless
from widgets.work import Work

if TYPE_CHECKING:
    import shap

    from course.explanation.deletion import DeletionCurve
    from course.explanation.study import Study

EXAMPLE = "Not a good film, but never dull."
METHODS = ("exact", "lime", "integrated_gradients")
REMEMBERED = 50  # so that an edit taken back is there at once


class Question(NamedTuple):
    """What a study depends on: the arguments of `course.explanation.study.study`.

    Example:
        >>> Question("sentiment", "Not bad.", ((1, "good"),), ("exact",)).target
    """

    run: str
    text: str
    edits: tuple[tuple[int, str], ...]
    methods: tuple[str, ...]
    target: str | None = None


class Studies:
    """The study that was asked for last, and those before it.

    Args:
        on_change: Called when more of it is there, or a problem; in the work's thread.

    Attributes:
        last: The newest that is there, perhaps of an earlier question; None at first.
        problem: Why there is none, in one line, or "".
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        """Begin with nothing."""
        self.last: Study | None = None
        self.problem = ""
        self._on_change = on_change
        self._asked: Question | None = None
        self._answered: Question | None = None
        self._known: OrderedDict[Question, Study] = OrderedDict()
        self._work = Work(self._keep, self._fail)

    def ask(self, question: Question, pause: float = 0.0) -> None:
        """Ask for a study; a question of before is no longer answered.

        Args:
            question: Nothing happens if it was the last one.
            pause: Seconds to wait for another question before the model is asked.
        """
        if question == self._asked:
            return
        self._asked, self.problem = question, ""
        if question in self._known:
            self._work.stop()
            self._known.move_to_end(question)
            self._take(question, self._known[question])
        else:
            self._work.start(lambda stop: self._study(question, pause, stop))

    def answer(self, question: Question) -> "Study | None":
        """Return the study of a question if it is there, at least its first part."""
        return self.last if question == self._answered else None

    def whole(self) -> "Study":
        """Wait for all of the study that was asked for last.

        Raises:
            CourseError: If there is none.
        """
        self._work.wait()
        if self.problem:
            raise CourseError(self.problem)
        return self._known[self._asked]

    def _study(
        self, question: Question, pause: float, stop: Event
    ) -> "tuple[Question, Study] | None":
        """Make a study, and tell of each part as soon as it is there."""
        if not headless() and stop.wait(pause):
            return None
        from course.explanation.study import study  # brings in torch: seconds

        for found in study(
            question.run,
            question.text,
            dict(question.edits),
            question.methods,
            question.target,
        ):
            if stop.is_set():
                return None
            self._take(question, found)
        return question, found

    def _take(self, question: Question, study: "Study") -> None:
        if question == self._asked:
            self.last, self._answered = study, question
            self._on_change()

    def _keep(self, result: "tuple[Question, Study]") -> None:
        self._known[result[0]] = result[1]
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._on_change()


class StudyLab(Lab):
    """A lab about one study: its question as traits, its parts as properties.

    The traits are those of `widgets.explanation.ExplanationLab`.
    """

    run = traitlets.Unicode("sentiment")
    text = traitlets.Unicode(EXAMPLE)
    edits = traitlets.Dict(
        value_trait=traitlets.Unicode(),
        key_trait=traitlets.Int(min=0),
        default_value={},
    )
    target = traitlets.Unicode(None, allow_none=True)
    methods = traitlets.List(traitlets.Unicode(), list(METHODS))

    _quiet = False  # while traits change that belong together

    # What the next cell can use

    @property
    def explanations(self) -> "tuple[shap.Explanation, ...]":
        """An explanation of the text with its edits by each method; waits for them."""
        return self._studies.whole().explanations

    @property
    def explanation(self) -> "shap.Explanation":
        """That by the first method."""
        return self.explanations[0]

    @property
    def deletion_curves(self) -> "tuple[DeletionCurve, ...]":
        """One for each explanation."""
        return self._studies.whole().curves

    @property
    def prediction(self) -> float:
        """Probability of the explained label for the text with its edits."""
        return self.explanation.report.prediction

    # Asking

    @functools.cached_property
    def _studies(self) -> Studies:
        return Studies(self._on_study)

    def _on_study(self) -> None:
        self.refresh()

    def _begin(self, pause: float = 0.0) -> None:
        if not self._quiet:
            self._studies.ask(self._question(), pause)

    def _question(self) -> Question:
        edits, methods = tuple(sorted(self.edits.items())), tuple(self.methods)
        return Question(self.run, self.text, edits, methods, self.target)

    def _ready(self) -> "Study | None":
        """The study of the present state, if it is there."""
        return self._studies.answer(self._question())

    # What a trait may be

    @traitlets.validate("run")
    def _check_run(self, proposal: dict[str, Any]) -> str:
        try:
            open_run(proposal["value"])
        except CourseError as error:
            raise traitlets.TraitError(str(error)) from None
        return proposal["value"]

    @traitlets.validate("target")
    def _check_target(self, proposal: dict[str, Any]) -> str | None:
        labels = open_run(self.run).labels
        return known_name(proposal["value"], "label", [None, *labels])

    @traitlets.validate("methods")
    def _check_methods(self, proposal: dict[str, Any]) -> list[str]:
        # None chosen would be an empty picture: the last ones stay.
        names = proposal["value"] or self.methods
        return [known_name(name, "method", list(TITLES)) for name in names]


def known_name(name: Any, kind: str, known: list[Any]) -> Any:
    """Return the name, or raise a `TraitError` with one line if it is not known."""
    if name not in known:
        names = [str(each) for each in known if each]
        raise traitlets.TraitError(str(unknown_name(kind, str(name), names)))
    return name
