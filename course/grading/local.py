"""A channel to the learner's functions in this process, each value copied on its way.

`check` in a notebook uses it, and so do the tests of the cases. Left out: protection.
The learner's code could reach into the case here; when graded, it runs elsewhere.
"""

import linecache
import re
from collections.abc import Callable
from types import FunctionType, TracebackType
from typing import Any

from course.errors import one_line
from course.grading.answers import (
    AnswerError,
    NotAttempted,
    NotDefined,
    StudentError,
    words_of,
)
from course.grading.plain import copy_plain
from course.grading.student import NAMESPACE, Handle

_STUB = re.compile(r"^Exercise (\d\d\.\d+): ")


class LocalChannel:
    """Calls functions of a namespace in this process.

    Args:
        namespace: Name -> object, as `globals()` of a notebook.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        """Begin with no objects but the namespace."""
        self.namespace = namespace
        self.objects: list[Any] = [None]  # by target; the first is the namespace

    def call(
        self, target: int, name: str, arguments: tuple, keywords: dict[str, Any]
    ) -> Any:
        """Call with copies, and return a copy; see `Channel`.

        Raises:
            AnswerError: If there is no such function, or it raised.
        """
        function = self._find(target, name) if name else self.objects[target]
        arguments = tuple(copy_plain(value, self._to_learner) for value in arguments)
        keywords = {
            key: copy_plain(value, self._to_learner) for key, value in keywords.items()
        }
        return copy_plain(self.run(function, *arguments, **keywords), self._handle)

    def run(
        self, function: Callable[..., Any], *arguments: Any, **keywords: Any
    ) -> Any:
        """Call the learner's code as it is, and return what it returns.

        Args:
            function: Theirs, or one that runs theirs.
            *arguments: For it; not copied.
            **keywords: Likewise.

        Raises:
            AnswerError: If it raised.
        """
        try:
            return function(*arguments, **keywords)
        except KeyboardInterrupt:
            raise  # the learner's own Ctrl-C, or the menu
        except BaseException as error:
            raise self._answer_error(error) from None

    def get(self, target: int, name: str) -> Any:
        """Return a copy of a variable or an attribute; see `Channel`."""
        return copy_plain(self._find(target, name), self._handle)

    def _find(self, target: int, name: str) -> Any:
        if target == NAMESPACE:
            if name not in self.namespace:
                raise NotDefined(name)
            return self.namespace[name]
        try:
            return getattr(self.objects[target], name)
        except Exception as error:  # a property is the learner's code too
            raise self._answer_error(error) from None

    def _handle(self, value: Any) -> Handle:
        self.objects.append(value)
        kind = one_line(type(value).__name__, 60)
        return Handle(self, len(self.objects) - 1, kind)

    def _to_learner(self, value: Any) -> Any:
        if isinstance(value, Handle) and value._channel is self:
            return self.objects[value._target]
        if isinstance(value, FunctionType):
            return self._copying(value)
        raise TypeError(f"a case passed a {type(value).__name__}: plain data, arrays, "
                        "handles and functions can cross")  # fmt: skip

    def _copying(self, function: FunctionType) -> FunctionType:
        """Return a function of the case as the learner may call it."""

        def call(*arguments: Any, **keywords: Any) -> Any:
            arguments = (copy_plain(item, self._handle) for item in arguments)
            keywords = {k: copy_plain(v, self._handle) for k, v in keywords.items()}
            return copy_plain(function(*arguments, **keywords), self._to_learner)

        return call

    def _answer_error(self, error: BaseException) -> AnswerError:
        message = words_of(error)
        stub = _STUB.match(message)
        if isinstance(error, NotImplementedError) and stub:
            return NotAttempted(stub[1])
        line, code = self._place(error.__traceback__)
        return StudentError(type(error).__name__, message, line, code)

    def _place(self, trace: TracebackType | None) -> tuple[int | None, str]:
        """Return the last line of the notebook's code that an error went through."""
        line, code = None, ""
        while trace:
            if trace.tb_frame.f_globals is self.namespace:
                line = trace.tb_lineno
                code = linecache.getline(
                    trace.tb_frame.f_code.co_filename, line
                ).strip()
            trace = trace.tb_next
        return line, code
