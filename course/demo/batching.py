"""Answer many callers in one pass of a model, and refuse each of them alone.

While a pass is on, whoever asks waits for the next one, which answers all of them. That
is done here and not by Gradio's own batches: those tell an error of one caller to all,
and one who sends too few values spoils them. Left out: the model.
"""

import asyncio
import functools
import inspect
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from course.demo.controls import as_gradio_error
from course.errors import CourseError

MOST_AT_ONCE = 32  # questions; more wait for the pass after


def batched(
    answer_all: Callable[..., Sequence[Any]], described: Callable[..., Any]
) -> Callable[..., Any]:
    """Return a function of one question that many may wait for at once.

    Args:
        answer_all: From a list for each parameter to the outcomes, one for each
            question: an answer or a `CourseError`. It is called in one thread.
        described: A function of one question; its signature and docstring are what
            programs are shown. It is not called.

    Example:
        >>> def double(number: int) -> int:
        ...     '''Double a number.'''
        >>> asyncio.run(batched(lambda numbers: [2 * n for n in numbers], double)(3))
        6
    """
    line = _Line(answer_all, described.__name__)

    # Not functools.wraps, behind which Gradio would look for what is called.
    async def answer(*question: Any) -> Any:
        return await line.ask(question)

    functools.update_wrapper(answer, described)
    del answer.__wrapped__
    answer.__signature__ = inspect.signature(described)
    return answer


class _Line:
    """Those who wait, and the pass that is on."""

    def __init__(self, answer_all: Callable[..., Sequence[Any]], name: str) -> None:
        self.answer_all = answer_all
        # One thread of its own: torch keeps a team of threads for each that calls it.
        self.thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self.waiting: list[tuple[tuple, asyncio.Future[Any]]] = []
        self.passing: asyncio.Task[None] | None = None

    async def ask(self, question: tuple) -> Any:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Any] = loop.create_future()
        self.waiting.append((question, answered))
        if self.passing is None or self.passing.done():
            self.passing = loop.create_task(self._pass(loop))
        return await answered

    async def _pass(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer those who wait, until nobody does."""
        while self.waiting:
            now = self.waiting[:MOST_AT_ONCE]
            del self.waiting[:MOST_AT_ONCE]
            columns = [
                list(column) for column in zip(*(q for q, _ in now), strict=True)
            ]
            try:
                outcomes = await loop.run_in_executor(
                    self.thread, self.answer_all, *columns
                )
            except Exception as error:  # our own fault: all who asked are told
                outcomes = [error] * len(now)
            for (_, answered), outcome in zip(now, outcomes, strict=True):
                if answered.done():  # who asked is gone
                    continue
                if isinstance(outcome, CourseError):
                    answered.set_exception(as_gradio_error(outcome))
                elif isinstance(outcome, Exception):
                    answered.set_exception(outcome)
                else:
                    answered.set_result(outcome)
