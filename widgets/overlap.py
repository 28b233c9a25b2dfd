"""Edit a text or its reference, and see what BLEU and ROUGE count.

What to notice: point at any word, and its matches light on both sides. Overlap is not
meaning: a good paraphrase scores near 0, and the same words in an order that means
something else score high. "the the the" shows what clipping is for, a short text what
brevity costs.
"""

import re
from collections.abc import Sequence
from typing import Any

import ipywidgets
import traitlets

from course.errors import CourseError, one_line, unknown_name
from course.evaluation.ngrams import (
    MAX_ORDER,
    ROUGE_ORDERS,
    ngram_matches,
    rouge_matches,
)
from course.views.drawing import Drawing
from course.views.overlap import draw_bleu, draw_rouge
from widgets.lab import Lab

METRICS = {
    "BLEU": "bleu",
    "ROUGE-1": "rouge1",
    "ROUGE-2": "rouge2",
    "ROUGE-L": "rougeL",
}
_OWN = "your own"
_MAT = "the cat is on the mat"
# Name -> prediction, references. Clipping is example 2 of Papineni et al. 2002.
EXAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "a good paraphrase": (
        "I dozed off in the middle because the movie dragged on.",
        ("The film was so boring that I fell asleep halfway through.",),
    ),
    "the the the": ("the the the the the the the", (_MAT, "there is a cat on the mat")),
    "too short": ("the cat", (_MAT,)),
    "another order, another meaning": (
        "the dog did not bite the man but the man bit the dog",
        ("the man did not bite the dog but the dog bit the man",),
    ),
    "identical": (_MAT, (_MAT,)),
}
PREDICTION, REFERENCES = EXAMPLES["a good paraphrase"]


class OverlapLab(Lab):
    """A text above its references, with what BLEU or ROUGE counts of it.

    Args:
        prediction: The text that is scored.
        references: A text, or several, that it is compared with; a line break in one
            becomes a space, and empty ones are left out.
        metric: "bleu", "rouge1", "rouge2" or "rougeL".
        n: Length of the n-grams that BLEU's picture lights, 1 to 4.
        picked: An n-gram of the picture, its tokens with spaces between; "" for none.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        score: Of BLEU 0 to 100, as `sacrebleu.sentence_bleu`; of ROUGE the F-measure, 0
            to 1, as rouge-score.
        parts: Counts and what was made of them, from `course.evaluation.ngrams`.

    Raises:
        CourseError: If there is no reference or no metric of that name, or n is not
            from 1 to 4.

    Example:
        >>> lab = OverlapLab("the the the", "the cat")
        >>> round(lab.score, 2), lab.parts["counts"], lab.parts["totals"]
        (27.52, [1, 0, 0, 0], [3, 2, 1, 0])
    """

    state = ("prediction", "references", "metric", "n", "picked")
    prediction = traitlets.Unicode(PREDICTION)
    references = traitlets.List(traitlets.Unicode(), list(REFERENCES), minlen=1)
    metric = traitlets.Unicode("bleu")
    n = traitlets.Int(1)
    picked = traitlets.Unicode("")

    def __init__(
        self,
        prediction: str = PREDICTION,
        references: str | Sequence[str] = REFERENCES,
        metric: str = "bleu",
        n: int = 1,
        picked: str = "",
        **kwargs: Any,
    ) -> None:
        """Make the controls and draw."""
        state = {
            "prediction": prediction,
            "references": [references] if isinstance(references, str) else references,
            "metric": metric,
            "n": n,
            "picked": picked,
        }
        for name, value in state.items():
            if problem := _problem(name, value):
                raise CourseError(problem)
        state["references"] = list(state["references"])
        wide = {"width": "100%", "max_width": "46em"}
        self._text = ipywidgets.Textarea(description="Prediction", rows=2, layout=wide)
        self._lines = ipywidgets.Textarea(
            description="References", rows=2, layout=wide, placeholder="one per line"
        )
        self._example = ipywidgets.Dropdown(
            options=[*EXAMPLES, _OWN], value=_OWN, description="Example"
        )
        measure = ipywidgets.Dropdown(options=METRICS, description="Measure")
        self._lit = ipywidgets.Dropdown(
            options=range(1, MAX_ORDER + 1), description="Light n ="
        )
        self._whole = prediction  # what the handle cuts from
        controls = [self._example, measure, self._lit, self._text, self._lines]
        super().__init__(controls, **state, **kwargs)
        traitlets.link((self, "prediction"), (self._text, "value"))
        traitlets.link((self, "metric"), (measure, "value"))
        traitlets.link((self, "n"), (self._lit, "value"))
        self.observe(self._follow, ["prediction", "references", "metric"])
        self._follow()
        self._lines.observe(self._read_lines, "value")
        self._example.observe(self._take_example, "value")

    @property
    def score(self) -> float:
        """The present score."""
        return self.parts["score" if self.metric == "bleu" else "fmeasure"]

    @property
    def parts(self) -> dict[str, Any]:
        """What was counted, and what was made of it."""
        if self.metric == "bleu":
            return ngram_matches(self.prediction, self.references)
        return rouge_matches(self.prediction, self.references, self.metric)

    def draw(self) -> Drawing:
        """Draw texts and steps, or say which text is missing."""
        parts = self.parts
        for name, tokens in (
            ("prediction", parts["tokens"]),
            ("reference", any(parts["reference_tokens"])),
        ):
            if not tokens:
                return _nothing(name, self.metric)
        picked = tuple(self.picked.split(" ")) if self.picked else ()
        if self.metric == "bleu":
            if not self._whole.startswith(self.prediction):
                self._whole = self.prediction  # a new text, not a cut one
            kept = len(self.prediction.split()), len(self._whole.split())
            return draw_bleu(parts, self.n, picked, kept)
        return draw_rouge(parts, self.metric, picked)

    def on_pick(self, name: str) -> None:
        """Light n-grams of another length, or tell all about one; again: no longer."""
        kind, _, number = name.partition(" ")
        if kind == "order":
            self.n = int(number)
            return
        side, place = map(int, name.split(":"))
        parts = self.parts
        texts = [parts["tokens"], *parts["reference_tokens"]]
        if self.metric != "bleu":  # which draws the best reference alone
            texts = [texts[0], texts[1 + parts["reference"]]]
        n = self.n if self.metric == "bleu" else ROUGE_ORDERS[self.metric] or 1
        if side >= len(texts):  # a picture that has just been replaced
            return
        gram = " ".join(texts[side][place : place + n])
        self.picked = "" if gram == self.picked else gram

    def on_drag(self, name: str, value: float) -> None:
        """Cut the prediction to some of its words, at least one."""
        words = re.findall(r"\s*\S+", self._whole)
        kept = max(1, round(value * len(words)))
        cut = "".join(words[:kept])
        self.prediction = cut if kept < len(words) else self._whole

    @traitlets.validate(*state)
    def _check(self, proposal: dict[str, Any]) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        if problem := _problem(name, value):
            raise traitlets.TraitError(problem)
        if name == "references":
            # Each stands on one line of its box.
            return _lines_of("\n".join(" ".join(text.splitlines()) for text in value))
        return value

    def _follow(self, _: object = None) -> None:
        """Let the controls show the present state."""
        self._lit.disabled = self.metric != "bleu"
        if _lines_of(self._lines.value) != self.references:
            self._lines.value = "\n".join(self.references)
        now = (self.prediction, tuple(self.references))
        names = [name for name, texts in EXAMPLES.items() if texts == now]
        self._example.value = names[0] if names else _OWN

    def _read_lines(self, change: dict[str, Any]) -> None:
        self.references = _lines_of(change["new"])

    def _take_example(self, change: dict[str, Any]) -> None:
        if change["new"] in EXAMPLES:
            prediction, references = EXAMPLES[change["new"]]
            with self.hold_trait_notifications():
                self.prediction, self.references = prediction, list(references)


def _lines_of(text: str) -> list[str]:
    """The references that stand in a box: its lines but empty ones, or one empty."""
    return [line for line in text.splitlines() if line.strip()] or [""]


def _problem(name: str, value: Any) -> str:
    """What is wrong with a value of the state, in one line; "" if nothing."""
    if name == "metric" and value not in METRICS.values():
        return str(unknown_name("metric", str(value), METRICS.values()))
    if name == "n" and value not in range(1, MAX_ORDER + 1):
        return f"n {value!r} came: give a whole number from 1 to {MAX_ORDER}."
    if name == "references" and not (value and all(isinstance(t, str) for t in value)):
        return "No reference came, or one that is not a text: give one or more texts."
    if name in ("prediction", "picked") and not isinstance(value, str):
        return f"{name} {one_line(repr(value))} came: give a text."
    return ""


def _nothing(name: str, metric: str) -> Drawing:
    """In the picture's place while a text is missing."""
    line = f"There is no {name} yet: type one."
    if metric != "bleu":
        line = f"ROUGE reads a to z and digits only: the {name} has none yet."
    return Drawing(f"<p>{line}</p>", line)
