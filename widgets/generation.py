"""Cut the distribution of SmolLM2's next token, take one, and branch.

What to notice: temperature moves all bars, top_k cuts after a count and top_p after a
sum, so the same top_p keeps two tokens here and two hundred there. A token that is cut
is never drawn, and what stays shares its probability.
"""

from collections.abc import Sequence
from typing import Any

import traitlets

from course import generation
from course.errors import CourseError
from course.generation import PROMPT
from course.views.drawing import Drawing
from course.views.generation import draw_next_token, draw_text
from widgets.generation_controls import check_setting, make_controls
from widgets.lab import Lab, Text
from widgets.work import Work

PATIENCE = 0.2  # seconds; a known text is there sooner, and nothing flickers


class NextTokenLab(Lab):
    """One distribution, three cuts, and the texts that other tokens make.

    Args:
        prompt: The text to go on from.
        temperature: From 0.05 to 5; 1 is the model's own distribution.
        top_k: How many tokens stay, to 100; 0 is off.
        top_p: What the tokens that stay have together, 0 to 1; 1 is off.
        seed: For "Sample one": the same seed draws the same token at the same place.
        chosen: Numbers of the tokens taken after the prompt.
        branches: Other paths that were taken, each as numbers of tokens.
        asked: A word whose probability and rank to tell; "" for none.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        distribution: Tokens that stay and their probabilities, the likeliest first.
        text: The prompt and all that was taken.
        path: What was taken: tokens and their probabilities as the model says them.

    Raises:
        CourseError: If a setting is outside of its range.

    Example:
        >>> lab = NextTokenLab(top_k=1)
        >>> lab.distribution
        [(' wise', 1.0)]
    """

    state = ("prompt", "temperature", "top_k", "top_p", "seed", "chosen", "branches")
    state += ("asked",)
    prompt = Text(PROMPT)
    temperature = traitlets.Float(1.0)
    top_k = traitlets.Int(0)
    top_p = traitlets.Float(1.0)
    seed = traitlets.Int(0)
    chosen = traitlets.Tuple()
    branches = traitlets.Tuple()
    asked = Text("")

    def __init__(
        self,
        prompt: str = PROMPT,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        chosen: Sequence[int] = (),
        branches: Sequence[Sequence[int]] = (),
        asked: str = "",
        **kwargs: Any,
    ) -> None:
        """Make the controls, draw what is known, and begin to load the model."""
        self._busy = True  # nothing is read before all is set
        self._problem = ""
        self._offered: dict[str, list[tuple[int, ...]]] = {}  # paths to pick, as drawn
        self._reading: generation.Reading | None = None
        self._work = Work(self._hear_reading, self._hear_problem)
        controls = make_controls()
        super().__init__(
            list(controls.values()),
            prompt=prompt,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            seed=seed,
            chosen=tuple(chosen),
            branches=tuple(tuple(path) for path in branches),
            asked=asked,
            **kwargs,
        )
        for name in set(self.state) & set(controls):
            traitlets.link((self, name), (controls[name], "value"))
        controls["Sample one"].on_click(lambda _: self._hear(self.sample))
        controls["Greedy"].on_click(lambda _: self._hear(self.take_likeliest))
        controls["Back"].on_click(lambda _: self._hear(self.back))
        self._busy = False
        self._begin()

    # What a next cell uses

    @property
    def distribution(self) -> list[tuple[str, float]]:
        """Tokens that stay and their probabilities; waits for the model."""
        cut, texts = self._cut(self._wait().logits), generation.token_texts()
        kept = cut.order[: cut.kept]
        return [(texts[n], float(cut.probabilities[n])) for n in kept]

    @property
    def text(self) -> str:
        """The prompt and all that was taken."""
        return generation.continue_text(self.prompt, self.chosen)

    @property
    def path(self) -> list[tuple[str, float]]:
        """Tokens taken, with the model's own probabilities; waits for the model."""
        return self._wait().taken()

    def take(self, number: int) -> None:
        """Add the token of a number to the text."""
        self.chosen = (*self.chosen, int(number))

    def take_likeliest(self) -> None:
        """Add the likeliest token; waits for the model."""
        self.take(generation.greedy(self._wait().logits))

    def sample(self) -> None:
        """Add a token drawn with the present settings and seed; waits for the model."""
        cut = self._cut(self._wait().logits)
        self.take(generation.sample(cut.probabilities, self.seed, len(self.chosen)))

    def back(self) -> None:
        """Take the last token back; its branch stays."""
        self.chosen = self.chosen[:-1]

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the model has read the present text: at most so many seconds."""
        return self._work.wait(timeout)

    # What the view asks for

    def draw(self) -> Drawing:
        """Draw the distribution, or what is in its way."""
        self._offered = {}
        if self._problem:
            raise CourseError(self._problem)
        chosen, reading = self.chosen, self._current()
        note, taken, rows = "", [], []
        if reading is not None:
            logits, taken, rows = reading.logits, reading.taken(), reading.rows()
        elif (self.prompt, chosen) == (PROMPT, ()):
            logits = generation.first_logits()
            note = "SmolLM2 is loading; this distribution was computed before."
        else:
            texts = generation.token_texts()
            note = "SmolLM2 is reading the text; the distribution follows."
            text = draw_text(self.prompt, [texts[number] for number in chosen])
            return Drawing(f"{text}<p>{note}</p>", note)
        cut = self._cut(logits)
        self._offered = {
            "take": [(*chosen, candidate.number) for candidate in cut.candidates],
            "asked": [(*chosen, candidate.number) for candidate in cut.asked],
            "back": [chosen[:length] for length in range(len(chosen) + 1)],
            "go": [row.path for row in rows],
        }
        return draw_next_token(cut, self.prompt, taken, rows, note)

    def on_pick(self, name: str) -> None:
        """Take a token, or go to another place of the tree."""
        kind, _, place = name.partition(":")
        # A late pick may point at what is not there any more.
        for path in self._offered.get(kind, [])[int(place) :][:1]:
            self.chosen = path

    def on_drag(self, name: str, value: float) -> None:
        """Move a cut; top_k counts the rows above its line, and is off at the end."""
        if name == "top_p":
            self.top_p = round(value, 2)
        elif name == "top_k":
            rows = generation.MOST_SHOWN
            count = max(1, round((1 - value) * rows))
            self.top_k = count if count < rows else 0

    def refresh(self) -> None:
        """Draw soon, but nothing in the midst of a change."""
        if not self._busy:
            super().refresh()

    # How it follows

    @traitlets.validate(*state)
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        try:
            check_setting(proposal["trait"].name, proposal["value"])
        except CourseError as error:
            raise traitlets.TraitError(str(error)) from error
        return proposal["value"]

    @traitlets.observe("prompt", "chosen", "branches")
    def _follow(self, change: dict[str, Any]) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            if change["name"] == "prompt":
                self.chosen, self.branches = (), ()
            elif change["name"] == "chosen":
                kept = generation.keep_path(change["old"], self.branches)
                kept = generation.keep_path(self.chosen, kept)
                kept = tuple(path for path in kept if path)
                self.branches = () if kept == (self.chosen,) else kept
        finally:
            self._busy = False
        self._begin()

    def _begin(self) -> None:
        """Have the model read the present text; soon there, it is drawn at once."""
        self._problem = ""
        text, before = (self.prompt, self.chosen, self.branches), self._reading
        known = before.chances if before and before.prompt == self.prompt else None
        self._work.start(lambda stop: generation.read_text(*text, known, stop.is_set))
        self._work.wait(PATIENCE)

    def _hear_reading(self, reading: generation.Reading) -> None:
        self._reading = reading
        self.refresh()

    def _hear_problem(self, line: str) -> None:
        self._problem = line
        self.refresh()

    def _current(self) -> generation.Reading | None:
        reading, text = self._reading, (self.prompt, self.chosen, self.branches)
        return reading if reading is not None and reading.is_of(*text) else None

    def _wait(self) -> generation.Reading:
        self._work.wait()
        if (reading := self._current()) is None:
            raise CourseError(self._problem or "The text has changed: ask again.")
        return reading

    def _cut(self, logits: Any) -> generation.NextToken:
        settings = self.temperature, self.top_k, self.top_p
        asked = generation.word_tokens(self.asked)
        texts = generation.token_texts()
        return generation.cut_distribution(logits, texts, *settings, asked)
