"""What the learner's process answers: run a cell, call a function, read a name.

    {"do": "run", "text", "name"}                      -> None
    {"do": "call", "target", "name", "arguments", "keywords"} -> the value
    {"do": "get", "target", "name"}                    -> the value

An answer is {"value"}, {"raised": [kind, message, line, code]}, {"missing": name},
{"stub": exercise} or {"notes": [...]} beside one of these. While a call runs, the
learner's code may call a function of the case: {"callback", "arguments", "keywords"}
goes out, and {"value"} or {"raised"} comes back. Nothing here is trusted by the other
side: it is the learner's process, and they can make it say what they like.
"""

from types import FunctionType
from typing import Any

from course.grading.answers import NotAttempted, NotDefined, StudentError
from course.grading.local import LocalChannel
from course.grading.plain import copy_plain
from course.grading.processes.cells import Cells
from course.grading.processes.connection import Connection
from course.grading.processes.wire import FrameError, Reference
from course.grading.student import Handle


def serve(connection: Connection, cells: Cells) -> None:
    """Answer until the other end is closed.

    Args:
        connection: To the process that grades.
        cells: The notebook's names.
    """
    side = _LearnerSide(connection, cells)
    try:
        while True:
            side.answer(connection.receive(side.refer))
    except EOFError:
        return


class _LearnerSide:
    def __init__(self, connection: Connection, cells: Cells) -> None:
        self.connection, self.cells = connection, cells
        self.local = LocalChannel(cells.namespace)

    def refer(self, reference: Reference) -> Any:
        """Return what stands for an object of this process, or a case's function."""
        if reference.role == "handle":
            return Handle(self.local, reference.number, reference.kind)
        return self._function(reference.number)

    def _function(self, number: int) -> FunctionType:
        def call(*arguments: Any, **keywords: Any) -> Any:
            self.connection.send(
                {
                    "callback": number,
                    "arguments": _packed(arguments),
                    "keywords": _packed(keywords),
                }
            )
            while True:
                came = self.connection.receive(self.refer)
                if "do" not in came:
                    break
                self.answer(came)  # the case calls back while it is called
            if "raised" in came:
                raise RuntimeError(came["raised"])
            return came["value"]

        return call

    def answer(self, request: dict[str, Any]) -> None:
        try:
            said = {"value": self._do(request)}
        except NotAttempted as error:
            said = {"stub": error.exercise}
        except NotDefined as error:
            said = {"missing": error.name}
        except StudentError as error:
            said = {"raised": [error.kind, error.message, error.line, error.code]}
        except (Exception, KeyboardInterrupt) as error:
            said = {"raised": [type(error).__name__, str(error)[:300], None, ""]}
        if self.cells.notes:
            said["notes"] = list(self.cells.notes)
        try:
            self.connection.send(said)
        except FrameError as error:
            self.connection.send({"raised": ["CourseError", str(error), None, ""]})

    def _do(self, request: dict[str, Any]) -> Any:
        if request["do"] == "run":
            # As a call, so that an error is described as that of a function is.
            return self.local.run(self.cells.run, request["text"], request["name"])
        target, name = request["target"], request["name"]
        if request["do"] == "get":
            return _packed(self.local.get(target, name))
        return _packed(
            self.local.call(target, name, request["arguments"], request["keywords"])
        )


def _packed(value: Any) -> Any:
    """Return plain data with a reference in place of each handle."""

    def other(found: Any) -> Reference:
        if isinstance(found, Handle):
            return Reference("handle", found._target, found._kind)
        raise TypeError(f"a {type(found).__name__} cannot be handed over")

    return copy_plain(value, other)
