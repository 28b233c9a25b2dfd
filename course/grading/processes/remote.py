"""The learner's functions in another process, behind the interface that cases know.

Every wait has a deadline. A process that breaks it, dies, or sends what is no frame is
to be ended: `ProcessEnded` says how. Whatever it sends is a value like any other, so a
forged answer gives no more than a wrong one. Left out: how the process is made
(`workshop`), what it runs (`learner_side`), and what to do about its end (`session`).
"""

import math
from types import FunctionType
from typing import Any

from course.grading.answers import NotAttempted, NotDefined, StudentError
from course.grading.plain import copy_plain
from course.grading.processes.connection import Connection
from course.grading.processes.wire import FrameError, Reference
from course.grading.student import Handle


class ProcessEnded(BaseException):
    """The learner's process is no more; no `Exception`, so that no case catches it.

    Attributes:
        status: "timeout", "memory" or "crashed".
        detail: What is known of it, in a few words.
    """

    def __init__(self, status: str, detail: str) -> None:
        """Say how it ended."""
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


class RemoteChannel:
    """Calls functions of another process; see `course.grading.student.Channel`.

    Args:
        connection: To it.

    Attributes:
        deadline: Of the next answers, by `time.monotonic`.
        notes: What was left out of its cells, a line each.
    """

    def __init__(self, connection: Connection) -> None:
        """Begin with no time limit."""
        self.connection = connection
        self.deadline = math.inf
        self.notes: list[str] = []
        self.functions: list[FunctionType] = []  # of cases, that the learner may call

    def call(
        self, target: int, name: str, arguments: tuple, keywords: dict[str, Any]
    ) -> Any:
        """Call with copies, and return a copy; see `Channel`.

        Raises:
            AnswerError: If there is no such function, or it raised.
            ProcessEnded: If there is no answer.
        """
        return self._ask(
            do="call",
            target=target,
            name=name,
            arguments=self._packed(arguments),
            keywords=self._packed(keywords),
        )

    def get(self, target: int, name: str) -> Any:
        """Return a copy of a variable or an attribute; see `Channel`."""
        return self._ask(do="get", target=target, name=name)

    def run(self, text: str, name: str) -> None:
        """Run a cell.

        Args:
            text: Its source.
            name: What to call it in an error.
        """
        self._ask(do="run", text=text, name=name)

    def _ask(self, **request: Any) -> Any:
        try:
            self.connection.send(request, self.deadline)
            while True:
                answer = self.connection.receive(self._refer, self.deadline)
                if not isinstance(answer, dict) or "callback" not in answer:
                    return self._value(answer)
                self.connection.send(self._called_back(answer), self.deadline)
        except TimeoutError:
            raise ProcessEnded("timeout", "no answer in time") from None
        except (EOFError, FrameError) as error:
            raise ProcessEnded("crashed", str(error)) from None

    def _value(self, answer: Any) -> Any:
        """Return the value of an answer, or raise what it says; it may say anything."""
        match answer:
            case {"notes": [*notes], **_rest}:
                self.notes = [str(note)[:200] for note in notes[:20]]
        match answer:
            case {"value": value}:
                return value
            case {"stub": str(exercise)}:
                raise NotAttempted(exercise[:10])
            case {"missing": str(name)}:
                raise NotDefined(name[:100])
            case {"raised": [str(kind), str(message), int() | None as line, str(code)]}:
                raise StudentError(kind[:100], message[:300], line, code[:300])
        raise FrameError("no answer came")

    def _called_back(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a case's function with what the learner's code gave it."""
        match request:
            case {
                "callback": int(number),
                "arguments": tuple(arguments),
                "keywords": dict(keywords),
            } if 0 <= number < len(self.functions):
                try:
                    value = self.functions[number](*arguments, **keywords)
                    return {"value": self._packed(value)}
                except Exception as error:  # what it raises, the learner's code sees
                    return {"raised": f"{type(error).__name__}: {error}"[:300]}
        raise FrameError("no call came")

    def _refer(self, reference: Reference) -> Handle:
        if reference.role != "handle":
            raise FrameError("a function came where none may be")
        return Handle(self, reference.number, reference.kind)

    def _packed(self, value: Any) -> Any:
        return copy_plain(value, self._to_learner)

    def _to_learner(self, value: Any) -> Reference:
        if isinstance(value, Handle) and value._channel is self:
            return Reference("handle", value._target, value._kind)
        if isinstance(value, FunctionType):
            self.functions.append(value)
            return Reference("function", len(self.functions) - 1)
        raise TypeError(f"a case passed a {type(value).__name__}: plain data, arrays, "
                        "handles and functions can cross")  # fmt: skip
