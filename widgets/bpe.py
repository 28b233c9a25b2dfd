"""Learn byte-pair merges from your own text, one at a time.

What to notice: the commonest pair becomes one symbol, and that changes which pairs
there are. Predict the next one before you look: point at a pair and count its places.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import ipywidgets
import traitlets

from course.tokenization.bpe import Pair
from course.tokenization.steps import Merges, learn_merges, word_steps
from course.views.bpe import Guesses, draw_merges
from course.views.bpe_parts import say
from course.views.drawing import Drawing
from widgets.lab import Lab
from widgets.traits import Text

EXAMPLE = (
    "She sells seashells by the seashore. The shells she sells are seashells, I'm sure."
)
MOST_TYPED = 2_000  # characters that are learned from: each step counts all pairs
MOST_MERGES = 60


class BPEStepper(Lab):
    """The merges of a text, step by step, with a prediction before each.

    Args:
        text: What is learned from; of more than `MOST_TYPED` characters the first.
        merges: How many merges are learned at most, from 1 to `MOST_MERGES`.
        step: How many of them are done, from 0 to the number learned.
        word: Encoded with the merges done so far.
        predicted: Step -> pair that was guessed to be merged next.
        seen: The next pair is known at all steps below this number.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        score: How many of the predictions are right.
        learned: All steps: `course.tokenization.steps.Merges`.

    Raises:
        CourseError: If a value is out of its range.

    Example:
        >>> stepper = BPEStepper("low low lower")
        >>> stepper.predict("l", "o")
        >>> stepper.score, stepper.step
        (1, 0)
    """

    state = ("text", "merges", "step", "word", "predicted", "seen")
    text = Text(EXAMPLE)
    merges = traitlets.Int(30, min=1, max=MOST_MERGES)
    step = traitlets.Int(0, min=0)
    word = Text("seashell")
    predicted = traitlets.Dict()
    seen = traitlets.Int(0, min=0)
    score = traitlets.Int(0, read_only=True)

    def __init__(
        self,
        text: str = EXAMPLE,
        merges: int = 30,
        step: int = 0,
        word: str = "seashell",
        predicted: Mapping[int, Pair] | None = None,
        seen: int = 0,
        **kwargs: Any,
    ) -> None:
        """Make the controls and draw."""
        wide = {"width": "100%", "max_width": "46em"}
        box = ipywidgets.Textarea(
            description="Text", rows=2, layout=wide, continuous_update=False
        )
        most = ipywidgets.BoundedIntText(
            description="Merges", min=1, max=MOST_MERGES, layout={"width": "11em"}
        )
        self._slider = ipywidgets.IntSlider(
            description="Merges done", continuous_update=False
        )
        self._guess = ipywidgets.Dropdown(description="Next pair")
        self._buttons = [
            ipywidgets.Button(description="Predict"),
            ipywidgets.Button(description="Reveal"),
            ipywidgets.Button(description="Merge"),
        ]
        own = ipywidgets.Text(description="Your word", continuous_update=False)
        controls = [box, most, self._slider, self._guess, *self._buttons, own]
        self._ready = False  # what the constructor sets is one state, and stays
        super().__init__(
            controls,
            text=text,
            merges=merges,
            step=step,
            word=word,
            predicted=dict(predicted or {}),
            seen=seen,
            **kwargs,
        )
        self._ready = True
        self._fit()
        for trait, control in (("text", box), ("merges", most), ("word", own)):
            self.link(trait, control)
        self.link("step", self._slider)
        actions = (self._predict_chosen, self.reveal, self.advance)
        for button, action in zip(self._buttons, actions, strict=True):
            button.on_click(lambda _, action=action: action())

    # State

    @property
    def learned(self) -> Merges:
        """All steps of learning from the present text."""
        return _learn(self.text[:MOST_TYPED], self.merges)

    @property
    def encoded(self) -> list[list[str]]:
        """The symbols of the learner's word, chunk by chunk."""
        chunks = word_steps(self.learned, self.step, self.word)
        return [states[-1] for states in chunks]

    @traitlets.validate("step")
    def _check_step(self, proposal: dict[str, Any]) -> int:
        last = len(self.learned.pairs)
        if proposal["value"] > last:
            raise traitlets.TraitError(
                f"step {proposal['value']} came; this text has {last} merges: give a "
                f"number from 0 to {last}."
            )
        return proposal["value"]

    @traitlets.validate("predicted")
    def _check_predicted(self, proposal: dict[str, Any]) -> dict[int, Pair]:
        last, checked = len(self.learned.pairs), {}
        for step, pair in proposal["value"].items():
            pair = tuple(pair) if isinstance(pair, list | tuple) else (pair,)
            if step not in range(last) or [type(s) for s in pair] != [str, str]:
                raise traitlets.TraitError(
                    f"predicted {step!r}: {pair!r} came; give a step from 0 to "
                    f"{last - 1} and a pair of two strings."
                )
            checked[step] = pair
        return checked

    # What a learner does

    def predict(self, left: str, right: str) -> None:
        """Guess the pair that is merged next; only the first guess of a step counts.

        Args:
            left: The first symbol.
            right: The second.
        """
        if self._is_hidden:
            self.predicted = {**self.predicted, self.step: (left, right)}
            self.reveal()

    def reveal(self) -> None:
        """Show which pair is merged next, without a prediction."""
        if self.step < len(self.learned.pairs):
            self.seen = max(self.seen, self.step + 1)

    def advance(self) -> None:
        """Do the next merge."""
        if self.step < len(self.learned.pairs):
            self.step += 1

    def on_pick(self, name: str) -> None:
        """Predict the pair that was chosen."""
        candidates = self.learned.candidates(self.step)
        if name.isdecimal() and int(name) < len(candidates):
            self.predict(*candidates[int(name)])

    def on_drag(self, name: str, value: float) -> None:
        """Go to a step."""
        self.step = round(value * len(self.learned.pairs))

    def draw(self) -> Drawing:
        """Draw the present step."""
        known = max(self.seen, self.step)
        guesses = Guesses(self.predicted, known, self._count_right())
        drawing = draw_merges(self.learned, self.step, guesses, self.word)
        if len(self.text) > MOST_TYPED:
            first = f"Only the first of {len(self.text):,} characters are read. "
            drawing = replace(drawing, summary=first + drawing.summary)
        return drawing

    # Controls

    @property
    def _is_hidden(self) -> bool:
        return self.seen <= self.step < len(self.learned.pairs)

    def _predict_chosen(self) -> None:
        if self._guess.value is not None:
            self.predict(*self._guess.value)

    def _count_right(self) -> int:
        pairs = self.learned.pairs
        return sum(pairs[step] == pair for step, pair in self.predicted.items())

    # By decorator, so that it comes before the drawing that the change asks for.
    @traitlets.observe("text", "merges")
    def _start_again(self, change: dict[str, Any]) -> None:
        """Another text has other merges: what was predicted of the old one is gone."""
        if not self._ready:
            return
        last = 0 if change["name"] == "text" else len(self.learned.pairs)
        with self.hold_trait_notifications():
            self.predicted = {s: p for s, p in self.predicted.items() if s < last}
            self.seen = min(self.seen, last)
            self.step = min(self.step, last)
        self._fit()

    @traitlets.observe("step", "seen", "predicted")
    def _fit(self, change: Any = None) -> None:
        """Make the controls say what can be done now."""
        if not self._ready:
            return
        last = len(self.learned.pairs)
        if self._slider.value > last:
            # A slider moves by itself to a smaller maximum, and would take the step on.
            self._slider.value = self.step
        self._slider.max = last
        self.seen = max(self.seen, self.step)
        self.set_trait("score", self._count_right())
        hidden = self._is_hidden
        pairs = self.learned.candidates(self.step) if hidden else []
        options = [("choose a pair", None), *((say(pair), pair) for pair in pairs)]
        if tuple(options) != tuple(self._guess.options):
            self._guess.options = options
        self._guess.disabled = not hidden
        predict, show, advance = self._buttons
        predict.disabled = show.disabled = not hidden
        advance.disabled = self.step >= last


@lru_cache(16)
def _learn(text: str, num_merges: int) -> Merges:
    """Learn once: each picture and control asks."""
    return learn_merges(text, num_merges)
