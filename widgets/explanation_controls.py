"""The controls of `ExplanationLab`, in the order in which Tab goes through them.

Each is linked with the lab's trait of the same meaning; three buttons change the picked
word. Left out: what a change leads to, which is the lab's.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from course.views.explanation import visible
from course.views.explanation_words import TITLES

if TYPE_CHECKING:
    from widgets.explanation import ExplanationLab

_METHODS = [(title, name) for name, title in TITLES.items()]


class Controls:
    """A lab's controls; `connect` makes them and the lab's traits follow each other.

    Args:
        labels: Of the run.

    Attributes:
        all: The controls in order.
    """

    def __init__(self, labels: list[str]) -> None:
        """Make them; nothing is connected yet."""
        wide = {"width": "100%", "max_width": "46em"}
        self.text = ipywidgets.Textarea(description="Text", rows=2, layout=wide)
        self.mode = ipywidgets.Dropdown(
            options=[("look", "look"), ("predict, then see", "predict")],
            description="Mode",
        )
        self.target = ipywidgets.Dropdown(
            options=target_options(labels), description="Label"
        )
        self.methods = ipywidgets.SelectMultiple(
            options=_METHODS, description="Methods", rows=len(_METHODS)
        )
        self.curve = ipywidgets.Dropdown(
            options=[("first method", ""), *_METHODS], description="Curve of"
        )
        self.word = ipywidgets.Text(description="New word")
        self.replace = ipywidgets.Button(description="Replace")
        self.remove = ipywidgets.Button(description="Remove")
        self.restore = ipywidgets.Button(description="Restore")

    @property
    def all(self) -> list[ipywidgets.Widget]:
        """The controls in the order of the Tab key."""
        return list(vars(self).values())

    def connect(self, lab: "ExplanationLab") -> None:
        """Let a lab hear the controls, and the controls its traits."""
        for name in ("text", "mode", "target", "curve"):
            traitlets.link((lab, name), (getattr(self, name), "value"))
        both = (tuple, list)
        traitlets.link((lab, "methods"), (self.methods, "value"), transform=both)
        self.replace.on_click(_do(lambda: lab.replace(self.word.value)))
        self.remove.on_click(_do(lambda: lab.replace("")))
        self.restore.on_click(_do(lab.restore))

    def show_picked(self, word: str | None, now: str | None, edited: bool) -> None:
        """Say which word the buttons are about.

        Args:
            word: The picked word of the text before the edits; None for none.
            now: What stands in its place, or None.
            edited: Whether there is any edit to take back.
        """
        shown = f"instead of “{visible(word)}”" if word else "pick a word below"
        self.word.placeholder = shown
        self.word.value = now or ""
        for control in (self.word, self.replace, self.remove):
            control.disabled = word is None
        self.restore.disabled = not edited
        self.restore.description = "Restore" if now is not None else "Restore all"


def target_options(labels: list[str]) -> list[tuple[str, str | None]]:
    """Return what the menu of labels offers; None stands for the model's answer."""
    return [("what it answers", None), *((label, label) for label in labels)]


def _do(action: Callable[[], Any]) -> Callable[[ipywidgets.Button], None]:
    """Leave out the button that a click hands over."""
    return lambda _: action()
