"""The `student` of a case: calls the learner's functions, wherever they run.

    student.count_pairs(words)      calls a function of the notebook
    student["vocab_size"]           reads a variable of the notebook
    layer = student.LoRALinear(8)   an object that is no plain data stays there:
    layer(inputs), layer["r"]       its handle calls it and reads its attributes

A channel does the work. The one here runs in this process, for `check` in a notebook
and for the tests of the cases; grading puts another process behind the same interface.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

NAMESPACE = 0  # the target that stands for the learner's notebook


class Channel(Protocol):
    """The way to the learner's functions; on it are values as `copy_plain` makes."""

    def call(
        self, target: int, name: str, arguments: tuple, keywords: dict[str, Any]
    ) -> Any:
        """Call an attribute of a target, or the target itself if the name is empty."""

    def get(self, target: int, name: str) -> Any:
        """Return the value of an attribute of a target."""


@dataclass(frozen=True)
class Call:
    """A call as a case made it.

    Attributes:
        name: What was called.
        arguments: By position.
        keywords: By name.
    """

    name: str
    arguments: tuple
    keywords: dict[str, Any]


class Handle:
    """An object on the learner's side, known to the case by its number only.

    Args:
        channel: The way to it.
        target: Its number there.
        kind: Name of its class, to show.
    """

    def __init__(self, channel: Channel, target: int, kind: str) -> None:
        """Note where the object is."""
        self._channel, self._target, self._kind = channel, target, kind

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a function that calls the object's method of that name."""
        if name.startswith("_"):
            raise AttributeError(name)  # what Python itself looks for in every object
        return lambda *arguments, **keywords: self._call(name, arguments, keywords)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the object."""
        return self._call("", arguments, keywords)

    def __getitem__(self, name: str) -> Any:
        """Return the value of the object's attribute of that name."""
        return self._channel.get(self._target, name)

    def __iter__(self) -> Iterator[Any]:
        """Refuse: a loop over items is a case's, and the items are not here."""
        raise TypeError(f"plain data was expected, such as a list, not a {self._kind}")

    def __bool__(self) -> bool:
        """Refuse: whether an object counts as true, only its own side can say."""
        raise TypeError(f"plain data was expected, such as True, not a {self._kind}")

    def __repr__(self) -> str:
        """Show the kind: what is in the object is on the other side."""
        return f"<{self._kind}>"

    def _call(self, name: str, arguments: tuple, keywords: dict[str, Any]) -> Any:
        return self._channel.call(self._target, name, arguments, keywords)


class Student(Handle):
    """The learner's notebook, as a case sees it.

    Args:
        channel: The way to it.

    Attributes:
        last: The last call, or None; what `check` shows as the input.

    Example:
        >>> from course.grading.local import LocalChannel
        >>> student = Student(LocalChannel({"double": lambda x: 2 * x}))
        >>> student.double(21), student.last
        (42, Call(name='double', arguments=(21,), keywords={}))
    """

    def __init__(self, channel: Channel) -> None:
        """Begin with no call made."""
        super().__init__(channel, NAMESPACE, "student")
        self.last: Call | None = None

    def _call(self, name: str, arguments: tuple, keywords: dict[str, Any]) -> Any:
        self.last = Call(name, arguments, keywords)
        return super()._call(name, arguments, keywords)
