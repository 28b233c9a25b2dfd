"""Change a word, and see what becomes of the answer and of its explanation.

What to notice: methods that explain the same answer disagree, and a word's value is a
promise that taking the word away does not always keep. In the mode `predict` the values
stay hidden until the learner has said which words speak most for and most against.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.runs import open_run
from course.views.drawing import Drawing
from course.views.explanation_lab import draw_study, draw_waiting
from course.views.explanation_words import TITLES, draw_question, verdict
from course.views.shown import escape
from widgets.explanation_controls import Controls, target_options
from widgets.explanation_studies import EXAMPLE, METHODS, StudyLab, known_name

if TYPE_CHECKING:
    from course.explanation.study import Study

MODES = ("look", "predict")
_PAUSE = 0.3  # seconds that typing has to rest before the model is asked


class ExplanationLab(StudyLab):
    """Words to change, their values by several methods, and a deletion curve.

    Args:
        run: What `course.runs.open_run` takes: a shipped adapter, a run, a folder.
        text: What the model reads. A new text begins without edits.
        edits: Number of a word of the text, from 0 -> what stands in its place; "" for
            nothing. Default no edits.
        target: A label; None for the one that the model answers before the edits.
        methods: Of `course.explanation.METHODS`, at least one. The first is shown
            below the words; `partition` stands in for `exact` above 12 words.
        curve: Whose deletion curve is drawn; "" for the first method's.
        picked: Number of the word that the buttons change, or -1.
        mode: `"look"`, or `"predict"`: values are hidden until both guesses are made.
        predicted: Numbers of the words guessed most for and most against.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        score: Right guesses and all guesses so far, in this lab.

    Raises:
        CourseError: If there is no such run, label, method or mode.

    Example:
        >>> ExplanationLab(run="sentimant")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: Unknown run 'sentimant'. Did you mean ...
    """

    state = (
        *("run", "text", "edits", "target", "methods"),
        *("curve", "picked", "mode", "predicted"),
    )
    curve = traitlets.Unicode("")
    picked = traitlets.Int(-1, min=-1)
    mode = traitlets.Enum(MODES, "look")
    predicted = traitlets.List(traitlets.Int(min=0), [], maxlen=2)
    score = traitlets.Tuple(default_value=(0, 0), read_only=True)

    def __init__(
        self,
        run: str | Path = "sentiment",
        text: str = EXAMPLE,
        edits: Mapping[int, str] | None = None,
        target: str | None = None,
        methods: Sequence[str] = METHODS,
        curve: str = "",
        picked: int = -1,
        mode: str = "look",
        predicted: Sequence[int] = (),
        **kwargs: Any,
    ) -> None:
        """Make the controls, draw the text, and begin to explain it."""
        labels = open_run(run).labels
        self._counted, self._quiet = False, True
        self._controls = Controls(labels)
        try:
            super().__init__(
                self._controls.all,
                run=str(run),
                text=text,
                edits=dict(edits or {}),
                target=target,
                methods=list(methods) or list(METHODS),
                curve=curve,
                picked=picked,
                mode=mode,
                predicted=list(predicted),
                **kwargs,
            )
        except traitlets.TraitError as error:
            raise CourseError(str(error)) from None
        self._controls.connect(self)
        self._quiet = False
        self._begin()

    # What the learner does

    def replace(self, word: str) -> None:
        """Put something in the place of the picked word; "" takes it away."""
        if self.picked >= 0:
            self.edits = {**self.edits, self.picked: word.strip()}

    def restore(self) -> None:
        """Take back the picked word's edit; all edits if it has none."""
        left = {n: word for n, word in self.edits.items() if n != self.picked}
        self.edits = left if self.picked in self.edits else {}

    def on_pick(self, name: str) -> None:
        """Choose a word for the buttons, or as the next guess."""
        number = int(name)
        study = self._ready()
        if study and self._is_guessing(study) and number not in self.predicted:
            self.predicted = [*self.predicted, number]
        self.picked = number

    # What follows from a change

    @traitlets.observe("text")
    def _on_text(self, change: dict[str, Any]) -> None:
        self._change(edits={}, picked=-1, predicted=[])
        self._begin(pause=_PAUSE)

    @traitlets.observe("run")
    def _on_run(self, change: dict[str, Any]) -> None:
        if not self._quiet:
            self._change(target=None, predicted=[])
            labels = open_run(self.run).labels
            self._controls.target.options = target_options(labels)
        self._begin()

    @traitlets.observe("edits", "target", "methods", "mode")
    def _on_question(self, change: dict[str, Any]) -> None:
        self._change(predicted=[])
        self._begin()

    @traitlets.observe("predicted")
    def _on_predicted(self, change: dict[str, Any]) -> None:
        self._counted = self._counted and len(self.predicted) == 2
        self._count()

    def _change(self, **state: Any) -> None:
        """Set traits that follow from another's change, without asking in between."""
        if self._quiet:
            return
        self._quiet = True
        try:
            for name, value in state.items():
                setattr(self, name, value)
        finally:
            self._quiet = False

    def _on_study(self) -> None:
        self._count()
        self._tell_controls()
        self.refresh()

    # The game

    def _guesses(self, study: "Study") -> list[int]:
        return [number for number in self.predicted if number < len(study.words)]

    def _is_guessing(self, study: "Study") -> bool:
        enough = len(set(study.places)) > 1  # one word is no choice
        return self.mode == "predict" and enough and len(self._guesses(study)) < 2

    def _count(self) -> None:
        """Add both guesses to the score, once."""
        study = self._ready()
        if self.mode != "predict" or len(self.predicted) < 2 or study is None:
            return
        if not self._counted and not self._is_guessing(study):
            right, all_guesses = self.score
            hits = sum(study.judge(self.predicted))
            self.set_trait("score", (right + hits, all_guesses + 2))
            self._counted = True

    # What is seen

    def draw(self) -> Drawing:
        """Draw the study, or what is to be seen before it is there."""
        if problem := self._studies.problem:
            return Drawing(f"<p>{escape(problem)}</p>", problem)
        study, old = self._ready(), self._studies.last
        if study is None:
            # In the game an old picture would give values away.
            if old is None or self.mode == "predict":
                return draw_waiting(self.text)
            return draw_waiting(self.text, draw_study(old, self.picked, self.curve))
        if self._is_guessing(study):
            return draw_question(study, self._guesses(study))
        drawing = draw_study(study, self.picked, self.curve)
        if self.mode == "look" or len(self._guesses(study)) < 2:
            return drawing
        lines = [
            *verdict(study, self._guesses(study)),
            "Score: {} of {}.".format(*self.score),
        ]
        said = "".join(f"<p>{escape(line)}</p>" for line in lines)
        summary = " ".join([*lines, drawing.summary])
        return Drawing(said + drawing.picture, summary, drawing.table)

    @traitlets.observe("picked")
    def _on_picked(self, change: dict[str, Any]) -> None:
        self._tell_controls()

    def _tell_controls(self) -> None:
        study = self._ready()
        there = study is not None and self.picked < len(study.words)
        word = study.words[self.picked] if there and self.picked >= 0 else None
        self._controls.show_picked(word, self.edits.get(self.picked), bool(self.edits))

    @traitlets.validate("curve")
    def _check_curve(self, proposal: dict[str, Any]) -> str:
        return known_name(proposal["value"], "method", ["", *TITLES])
