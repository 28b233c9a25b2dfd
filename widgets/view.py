"""The part of every lab that is drawn: a picture with marks, a sentence, a table, code.

The script beside it (`view.js`) shows what `course.views` drew, lights linked parts,
tells which part was picked and where a handle was dragged, by pointer and by keys. It
is the only JavaScript of the kit. Left out: what a picture means, which is a lab's.
"""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course.views.drawing import Drawing

_HERE = Path(__file__).parent


class View(anywidget.AnyWidget):
    """Shows a drawing and hears what is done to it.

    Attributes:
        picture: HTML with the marks of `course.views.drawing`.
        summary: One sentence, spoken when it changes.
        table: HTML of a table with the same facts, folded; "" for none.
        code: A cell that makes the present state, folded, with a button to copy it.
        picked: `{"name": ..., "count": ...}` of the part chosen last; empty at first.
        dragged: `{"name": ..., "value": 0 to 1}` of the handle moved last.

    Example:
        >>> view = View()
        >>> view.show(Drawing("<b>2</b>", "There are 2."))
        >>> view.summary
        'There are 2.'
    """

    _esm = _HERE / "view.js"
    _css = _HERE / "view.css"

    picture = traitlets.Unicode("").tag(sync=True)
    summary = traitlets.Unicode("").tag(sync=True)
    table = traitlets.Unicode("").tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)
    dragged = traitlets.Dict().tag(sync=True)

    def show(self, drawing: Drawing, code: str = "") -> None:
        """Show a drawing; all of it changes at once.

        Args:
            drawing: From a view of `course.views`.
            code: A cell that makes the present state.
        """
        with self.hold_sync():
            self.picture = _sendable(drawing.picture)
            self.summary = _sendable(drawing.summary)
            self.table = _sendable(drawing.table)
            self.code = _sendable(code)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the drawing also where no kernel brings the view to life."""
        bundle = super()._repr_mimebundle_(**kwargs)
        static = Drawing(self.picture, self.summary, self.table)
        return with_fallback(bundle, static)


def _sendable(text: str) -> str:
    """Write out halves of characters: one of them and nothing reaches the page."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def with_fallback(bundle: Any, drawing: Drawing) -> Any:
    """Put a static picture into what Jupyter stores of a widget.

    Args:
        bundle: A mimebundle, or a pair of one and its metadata.
        drawing: What to show where the widget cannot live.
    """
    static = {"text/plain": drawing.summary, "text/html": drawing.html()}
    if isinstance(bundle, tuple):
        return ({**bundle[0], **static}, *bundle[1:])
    return {**(bundle or {}), **static}
