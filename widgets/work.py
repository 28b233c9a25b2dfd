"""Work that takes long, beside the notebook: it can be stopped, the kernel is free.

A kernel that runs a cell hears no button, so long work goes to a thread. With
`COURSE_HEADLESS=1` it is done before the call returns. Left out: several at once; new
work of a lab ends the one before it.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from course.errors import CourseError
from course.libraries import import_transformers
from widgets.lab import FAULT, headless

_log = logging.getLogger(__name__)


class Work:
    """One piece of work at a time.

    Args:
        on_result: Called with what the work returned, in the work's thread.
        on_problem: Called with one line if it ended in an error. One that is not a
            `CourseError` is the kit's fault: its traceback goes to the log, and with
            `COURSE_HEADLESS=1` it is raised.

    Example:
        >>> results = []
        >>> work = Work(results.append, print)
        >>> work.start(lambda stop: 6 * 7)
        >>> work.wait()
        True
        >>> results
        [42]
    """

    def __init__(
        self, on_result: Callable[[Any], None], on_problem: Callable[[str], None]
    ) -> None:
        """Begin with nothing to do."""
        self._on_result, self._on_problem = on_result, on_problem
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._busy = False

    @property
    def is_running(self) -> bool:
        """Whether the newest work is going on; not any more when it is told of."""
        return self._busy

    def start(self, function: Callable[[threading.Event], Any]) -> None:
        """Begin something new; what was going on is told to stop and no longer heard.

        Args:
            function: Called with an event that is set when it should stop; it looks at
                it often and returns early then.
        """
        self.stop()
        self._stop = stop = threading.Event()
        self._busy = True
        thread = threading.Thread(target=self._run, args=(function, stop), daemon=True)
        if headless():
            self._run(function, stop)
            return
        self._thread = thread
        thread.start()

    def stop(self) -> None:
        """Tell the work to stop; it does at its next look."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the work has ended.

        Args:
            timeout: Seconds; default no limit.

        Returns:
            Whether it has.
        """
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()

    def _run(
        self, function: Callable[[threading.Event], Any], stop: threading.Event
    ) -> None:
        """Do the work and tell of it, unless newer work came meanwhile."""
        try:
            import_transformers()  # most work needs it, and a cell may too
            result = function(stop)
            self._end(stop)
            if stop is self._stop and not stop.is_set():
                self._on_result(result)
        except CourseError as error:
            self._end(stop)
            if stop is self._stop:
                self._on_problem(str(error))
        except Exception as error:
            self._end(stop)
            if headless():
                raise
            _log.exception("Work of a widget failed.")
            if stop is self._stop:
                self._on_problem(FAULT.format(type(error).__name__))

    def _end(self, stop: threading.Event) -> None:
        # Before it is told of: who draws the result must not see work going on.
        if stop is self._stop:
            self._busy = False
