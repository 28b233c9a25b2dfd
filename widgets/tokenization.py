"""Type once, and see where several tokenizers cut.

What to notice: point at any character, and every lane lights the token that holds it,
with its number and bytes. Spaces belong to tokens, digits go in groups, and an emoji is
several tokens that no one of them shows.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from course.errors import unknown_name
from course.tokenization import TOKENIZERS, load_tokenizer
from course.views.drawing import Drawing
from course.views.lanes import draw_lanes
from widgets.lab import Lab
from widgets.traits import Text

if TYPE_CHECKING:
    from course.tokenization import Encoding

EXAMPLE = "Unbelievably naïve: 12345 users can't pay 👩‍🚀"


MOST_TYPED = 5_000  # characters that are encoded: more would keep the learner waiting


class TokenizerLab(Lab):
    """The same text in aligned lanes, one for each tokenizer.

    Args:
        text: What is cut. At most `MOST_TYPED` characters are, and of these at most
            `course.views.lanes.MOST_CHARACTERS` are drawn.
        tokenizers: Names from `course.tokenization.TOKENIZERS`, at least one.
        picked: A character's place in the text, from 0; -1 for none.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        encodings: Name -> encoding of the present text.

    Raises:
        CourseError: If there is no tokenizer of a name, or `picked` is below -1.

    Example:
        >>> TokenizerLab("low", tokenizers=["gpt2"])
        3 characters: gpt2 makes 1 token of them.
    """

    state = ("text", "tokenizers", "picked")
    text = Text(EXAMPLE)
    tokenizers = traitlets.List(traitlets.Unicode(), list(TOKENIZERS))
    picked = traitlets.Int(-1, min=-1)

    def __init__(
        self,
        text: str = EXAMPLE,
        tokenizers: Sequence[str] = tuple(TOKENIZERS),
        picked: int = -1,
        **kwargs: Any,
    ) -> None:
        """Make the controls and draw."""
        wide = {"width": "100%", "max_width": "46em"}
        box = ipywidgets.Textarea(description="Text", rows=2, layout=wide)
        chosen = ipywidgets.SelectMultiple(
            options=list(TOKENIZERS), description="Tokenizers", rows=len(TOKENIZERS)
        )
        super().__init__(
            [box, chosen],
            text=text,
            tokenizers=list(tokenizers),
            picked=picked,
            **kwargs,
        )
        self.observe(self._forget_picked, "text")
        self.link("text", box)
        self.link("tokenizers", chosen, tuple, list)

    @traitlets.validate("tokenizers")
    def _check_tokenizers(self, proposal: dict[str, Any]) -> list[str]:
        for name in proposal["value"]:
            if name not in TOKENIZERS:
                raise traitlets.TraitError(
                    str(unknown_name("tokenizer", name, TOKENIZERS))
                )
        # An empty choice would be an empty picture: the last one stays.
        return list(dict.fromkeys(proposal["value"])) or self.tokenizers

    def _forget_picked(self, change: dict[str, Any]) -> None:
        # The place holds another character now.
        self.picked = -1

    @property
    def encodings(self) -> dict[str, Any]:
        """What each tokenizer makes of the text."""
        return {name: _encode(name, self.text[:MOST_TYPED]) for name in self.tokenizers}

    def draw(self) -> Drawing:
        """Draw the lanes."""
        if not self.text:
            return Drawing("<p>Type a text.</p>", "There is no text yet.")
        picked = self.picked if 0 <= self.picked < len(self.text) else None
        drawing = draw_lanes(list(self.encodings.items()), picked)
        if len(self.text) > MOST_TYPED:
            first = f"Only the first of {len(self.text):,} characters are read. "
            drawing = replace(drawing, summary=first + drawing.summary)
        return drawing

    def on_pick(self, name: str) -> None:
        """Tell all about the character that was chosen."""
        self.picked = int(name)


@lru_cache(64)
def _encode(name: str, text: str) -> "Encoding":
    """Encode once: a pick draws the same text again."""
    return load_tokenizer(name).encode(text)
