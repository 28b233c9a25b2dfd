"""Work that takes seconds: it tells how far it is, and ends when nobody waits for it.

It runs in a thread of its own and asks before each step whether to go on, so that a
button, another question or a closed page ends it within one step. A handler that is a
generator passes on what it tells:

    with sessions.start(request, lambda on_step: slow(on_step)) as work:
        for steps in work.progress():
            yield f"{steps} so far"
    yield work.result()

Gradio closes such a generator when its page is closed; that is what ends the work then.
Left out: threads that do not ask, which nothing can end.
"""

import functools
import html
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import gradio as gr

from course.demo.controls import INSTANT, in_one_line
from course.demo.messages import Say

T = TypeVar("T")
OnStep = Callable[[int], None]

_END = object()
SECONDS_BETWEEN = 0.15  # what is told; a closed page is noticed as often


class _Ended(BaseException):
    """Leaves the work; no `except Exception` on the way holds it up."""


class Work(Generic[T]):
    """One piece of work, not begun yet.

    Args:
        function: Does it; calls what it is given before each step, with the number of
            steps done.

    Attributes:
        stopped: Whether it was told to end before it was done.

    Example:
        >>> work = Work(lambda on_step: sum(range(10)))
        >>> _ = list(work.progress())
        >>> work.result()
        45
    """

    def __init__(self, function: Callable[[OnStep], T]) -> None:
        """Keep the function for `progress`."""
        self._function = function
        self._steps = 0
        self._ending, self._over = threading.Event(), threading.Event()
        self._result: Any = None
        self._error: BaseException | None = None
        self.stopped = False

    def progress(self) -> Iterator[int]:
        """Do the work, and yield the number of steps done until it is over."""
        threading.Thread(target=self._run, daemon=True).start()
        while not self._over.wait(SECONDS_BETWEEN):
            if self._ending.is_set():
                return  # the thread ends with its step; nobody needs to wait for that
            yield self._steps

    def stop(self) -> None:
        """End the work with the step it is at; harmless when it is over."""
        self.stopped = self.stopped or not self._over.is_set()
        self._ending.set()

    def result(self) -> T | None:
        """Return what the function returned; None if it was stopped.

        Raises:
            Exception: What the function raised.
        """
        if self.stopped:
            return None
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._function(self._on_step)
        except _Ended:
            pass
        except BaseException as error:  # handed on by `result`
            self._error = error
        finally:
            self._over.set()

    def _on_step(self, steps: int) -> None:
        if self._ending.is_set():
            raise _Ended
        self._steps = steps


class Sessions:
    """Which work belongs to which open page, so that its button finds it.

    Example:
        >>> Sessions().stop("nobody's")
        False
    """

    def __init__(self) -> None:
        """Begin with no work."""
        self._running: defaultdict[str, set[Work]] = defaultdict(set)
        self._lock = threading.Lock()

    @contextmanager
    def start(
        self, session: str | None, function: Callable[[OnStep], T]
    ) -> Iterator[Work[T]]:
        """Give work to do that ends with the block, whatever ends the block.

        Args:
            session: The page's `request.session_hash`.
            function: As for `Work`.
        """
        work, key = Work(function), str(session)
        with self._lock:
            self._running[key].add(work)
        try:
            yield work
        finally:
            work.stop()
            with self._lock:
                self._running[key].discard(work)
                if not self._running[key]:
                    del self._running[key]

    def stop(self, session: str | None) -> bool:
        """End all work of a page; whether there was any."""
        with self._lock:
            running = list(self._running.get(str(session), ()))
        for work in running:
            work.stop()
        return bool(running)


def streamed(function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Show a `CourseError` of a generator as one line, as `in_one_line` does."""

    @functools.wraps(function)
    def handler(*arguments: Any, **options: Any) -> Iterator[Any]:
        steps = function(*arguments, **options)
        advance = in_one_line(next)
        try:
            while (step := advance(steps, _END)) is not _END:
                yield step
        finally:
            steps.close()

    return handler


def render_stopped(say: Say) -> str:
    """Return the line that says that somebody ended the work, as HTML."""
    return f'<p class="hint" role="status">{html.escape(say("work.stopped"))}</p>'


def followed(
    sessions: Sessions,
    session: str | None,
    function: Callable[[OnStep], T],
    tell: Callable[[int], str],
    draw: Callable[[T], str],
    say: Say,
) -> Iterator[str]:
    """Do work, tell how far it is, and draw what came of it, as HTML.

    Args:
        sessions: Where it can be stopped.
        session: The page's `request.session_hash`.
        function: As for `Work`.
        tell: From the number of steps done to a line.
        draw: From what the function returned to a picture.
        say: The demo's words.
    """
    with sessions.start(session, function) as work:
        yield from map(tell, work.progress())
    found = work.result()
    yield render_stopped(say) if found is None else draw(found)


def connect_stop(
    say: Say, button: gr.Button, sessions: Sessions, events: list, output: gr.HTML
) -> None:
    """Let a button end what its page is doing or waiting to do.

    Args:
        say: The demo's words.
        button: The button.
        sessions: Where the work is started.
        events: What is taken out of the line of model work.
        output: Where it is said; it stays as it is if there was nothing to end.
    """

    def stop(request: gr.Request) -> Any:
        was_there = sessions.stop(request.session_hash)
        return render_stopped(say) if was_there else gr.skip()

    button.click(stop, None, output, cancels=events, **INSTANT)
