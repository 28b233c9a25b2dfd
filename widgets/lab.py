"""What all labs share: controls above a view, a state, and the code that makes it.

A lab is its traits: those named in `state` can be set and read in Python, and each
change draws anew, at most ten times a second. A lab writes three things of its own:
which controls it has, what to `draw`, and what a pick or a drag changes. Left out: work
that takes long (`widgets.work`).
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import ipywidgets
import traitlets

from course.errors import CourseError, one_line, unknown_name
from course.views.drawing import Drawing
from course.views.shown import escape
from widgets.traits import Summary
from widgets.traits import Text as Text  # labs take it from here
from widgets.view import View, with_fallback

SHORTEST_PAUSE = 0.1  # seconds between two drawings
FAULT = "This is a fault of the kit ({}), not yours: its log holds the traceback."
_log = logging.getLogger(__name__)


def headless() -> bool:
    """Whether nobody looks (`COURSE_HEADLESS=1`): long work is done at once then."""
    return os.environ.get("COURSE_HEADLESS") == "1"


class Lab(ipywidgets.VBox):
    r"""Controls, a picture, a sentence, a table, and the state as code.

    Attributes:
        state: Names of the traits that make the state, in the order of the arguments.
        summary: What the picture shows, in one sentence.
        view: The drawn part.

    Example:
        >>> class Doubler(Lab):
        ...     state = ("number",)
        ...     number = traitlets.Int(1)
        ...     def draw(self):
        ...         return Drawing("", f"Twice {self.number} is {2 * self.number}.")
        >>> doubler = Doubler([], number=2)
        >>> doubler.number = 21
        >>> doubler.summary, doubler.as_code()
        ('Twice 21 is 42.', 'from ... import Doubler\n\nDoubler(number=21)')
    """

    state: ClassVar[tuple[str, ...]] = ()
    summary = Summary("", read_only=True)

    def __init__(self, controls: Sequence[ipywidgets.Widget], **state: Any) -> None:
        """Put the controls above the view and draw.

        Args:
            controls: In the order in which Tab goes through them, each with a label.
            **state: Values of the traits named in `state`; others are options of
                `ipywidgets.VBox`.

        Raises:
            CourseError: If there is no argument of a name, or its value is not right.
        """
        for name in state:
            if not self.has_trait(name):
                raise unknown_name("argument", name, self.state)
        self.view = View()
        self._drawn, self._due = 0.0, None
        self._drawing = threading.RLock()  # work in a thread draws too
        for control in controls:
            if hasattr(control.style, "description_width"):
                control.style.description_width = "initial"  # else long names are cut
        row = ipywidgets.HBox(list(controls), layout={"flex_flow": "row wrap"})
        parts = [row, self.view] if controls else [self.view]
        try:
            super().__init__(parts, **state)
        except traitlets.TraitError as error:
            raise CourseError(one_line(str(error), 300)) from error
        self.add_class("course-lab")
        self.view.observe(self._hear_pick, "picked")
        self.view.observe(self._hear_drag, "dragged")
        self.observe(lambda _: self.refresh(), list(self.state))
        self._show(self._draw())

    # What a lab writes itself

    def draw(self) -> Drawing:
        """Return the picture of the present state."""
        raise NotImplementedError(f"{type(self).__name__} does not say what to draw.")

    def on_pick(self, name: str) -> None:
        """Change the state, because the part of that name was chosen."""

    def on_drag(self, name: str, value: float) -> None:
        """Change the state, because the handle of that name went to 0 to 1."""

    # What it gets

    def link(
        self,
        name: str,
        control: ipywidgets.Widget,
        to_control: Callable[[Any], Any] = lambda value: value,
        to_state: Callable[[Any], Any] = lambda value: value,
    ) -> None:
        """Let a control show a trait and set it.

        A value that the trait refuses is told above the picture, and the control goes
        back; `traitlets.link` leaves the two apart then.

        Args:
            name: The trait.
            control: Has a `value`.
            to_control: Makes the control's value of the trait's.
            to_state: Makes the trait's value of the control's.
        """
        showing = False

        def show(_: Any = None) -> None:
            nonlocal showing
            value = to_control(getattr(self, name))
            if control.value != value:
                showing = True  # what a slider makes of it is not the learner's wish
                try:
                    control.value = value
                finally:
                    showing = False

        def hear(change: dict[str, Any]) -> None:
            if not showing:
                self._hear(lambda: setattr(self, name, to_state(change["new"])))
                show()

        show()
        self.observe(show, name)
        control.observe(hear, "value")

    def redraw(self) -> None:
        """Draw the present state now."""
        with self._drawing:
            due, self._due = self._due, None
            if due is not None:
                due.cancel()
            try:
                drawing = self._draw()
            except Exception as error:
                drawing = self._failure(error)
            self._show(drawing)

    def refresh(self) -> None:
        """Draw the present state soon: now, or after a pause since the last drawing."""
        pause = self._drawn + SHORTEST_PAUSE - time.monotonic()
        loop, in_thread = _running_loop(), _in_thread()
        if pause <= 0 or (loop is None and not in_thread):
            self.redraw()
        elif self._due is None and in_thread:
            self._due = threading.Timer(pause, self.redraw)
            self._due.daemon = True
            self._due.start()
        elif self._due is None:
            self._due = loop.call_later(pause, self.redraw)

    def as_code(self) -> str:
        """Return a cell that makes a lab with the present state.

        Arguments that are as they are by default are left out.
        """
        kind = type(self)
        values = []
        for name in self.state:
            value = getattr(self, name)
            if value != self.traits()[name].default(self):
                values.append(f"{name}={value!r}")
        return (
            f"from {kind.__module__} import {kind.__name__}\n\n"
            f"{kind.__name__}({', '.join(values)})"
        )

    def _draw(self) -> Drawing:
        """The picture, or the line that says what the learner can mend."""
        try:
            return self.draw()
        except CourseError as error:
            return _line(str(error))

    def _failure(self, error: Exception) -> Drawing:
        """The line of an error that comes where no cell runs to show a traceback."""
        if isinstance(error, CourseError | traitlets.TraitError):
            return _line(one_line(str(error), 300))
        if headless():
            raise error
        _log.error("%s failed.", type(self).__name__, exc_info=error)
        return _line(FAULT.format(type(error).__name__))

    def _show(self, drawing: Drawing) -> None:
        self.view.show(drawing, self.as_code())
        self.set_trait("summary", drawing.summary)
        self._drawn = time.monotonic()

    def _hear(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Do what the page asks; what cannot be stands above the present picture."""
        try:
            function(*arguments)
        except Exception as error:
            line = self._failure(error)
            with self._drawing:
                self.redraw()
                picture = line.picture + self.view.picture
                self._show(Drawing(picture, line.summary, self.view.table))

    def _hear_pick(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self._hear(self.on_pick, str(change["new"].get("name", "")))

    def _hear_drag(self, change: dict[str, Any]) -> None:
        if change["new"]:
            value = min(1.0, max(0.0, float(change["new"].get("value", 0))))
            self._hear(self.on_drag, str(change["new"].get("name", "")), value)

    def __repr__(self) -> str:
        """Return the sentence: a terminal shows no picture."""
        return self.summary

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the drawing also where no kernel brings the lab to life."""
        if self._due is not None:
            self.redraw()
        bundle = super()._repr_mimebundle_(**kwargs)
        static = Drawing(self.view.picture, self.view.summary, self.view.table)
        return with_fallback(bundle, static)


def _line(sentence: str) -> Drawing:
    """A sentence in the picture's place."""
    return Drawing(f"<p>⚠ {escape(sentence)}</p>", sentence)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _in_thread() -> bool:
    return threading.current_thread() is not threading.main_thread()
