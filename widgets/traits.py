"""Kinds of traits that labs have, beside those of `traitlets`.

Left out: how a lab draws what they hold (`widgets.lab`).
"""

from typing import Any

import traitlets

from course.tokenization.encoding import replace_surrogates


class Text(traitlets.Unicode):
    r"""A trait for what learners type: halves of characters become U+FFFD.

    A message with one never reaches the page.

    Example:
        >>> class Note(traitlets.HasTraits):
        ...     text = Text("")
        >>> Note(text="a\ud83d").text == "a\ufffd"
        True
    """

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the text as it can be sent."""
        return replace_surrogates(super().validate(obj, value))


class Summary(traitlets.Unicode):
    """A sentence that is never older than the state: reading it draws what is due."""

    def get(self, obj: Any, cls: Any = None) -> Any:
        """Return the sentence, after the drawing that is due."""
        if getattr(obj, "_due", None) is not None:
            obj.redraw()
        return super().get(obj, cls)
