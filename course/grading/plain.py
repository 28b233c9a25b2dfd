"""What may cross between a case and a learner's function: plain data and arrays.

In a notebook both live in one process, when graded they do not. One rule holds in both,
so that an exercise behaves the same: values are copied, subclasses become the type that
they derive from, and anything else stays where it is, known by a handle only.
"""

import sys
from collections.abc import Callable
from typing import Any

from course.errors import CourseError

DEEPEST = 40  # containers within containers
MOST_ITEMS = 2_000_000  # in all containers together
# How a value, also one of a subclass, becomes one of the type itself. Subclasses, such
# as an enumeration's members, may answer everything else as they like.
_EXACT = {
    bool: bool.__bool__,
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: bytes.__bytes__,
}


def copy_plain(value: Any, other: Callable[[Any], Any]) -> Any:
    """Return a copy that shares nothing with a value.

    Args:
        value: None, a bool, number, str or bytes; a list, tuple, set, frozenset or dict
            of such; a numpy or torch array, of any shape, without objects in it.
        other: Called with whatever is none of these; what it returns takes its place.

    Raises:
        CourseError: If the value is nested too deeply, as one that holds itself is, or
            is too large.

    Example:
        >>> words = [["a", "b"]]
        >>> copied = copy_plain(words, repr)
        >>> copied == words, copied[0] is words[0]
        (True, False)
    """
    return _Copier(other).copy(value, 0)


class _Copier:
    def __init__(self, other: Callable[[Any], Any]) -> None:
        self.other = other
        self.items = 0

    def copy(self, value: Any, depth: int) -> Any:
        if value is None:
            return None
        # Of the type alone: an object's own `__class__` may lie, or raise.
        for kind, exact in _EXACT.items():
            if issubclass(type(value), kind):
                return exact(value)
        if depth >= DEEPEST:
            raise CourseError(
                f"A value is nested more than {DEEPEST} containers deep: does it hold "
                "itself?"
            )
        if issubclass(type(value), dict):
            self.count(dict.__len__(value))
            return {
                self.copy(key, depth + 1): self.copy(item, depth + 1)
                for key, item in dict.items(value)
            }
        for kind in (list, tuple, set, frozenset):
            if issubclass(type(value), kind):
                self.count(kind.__len__(value))
                return kind(self.copy(item, depth + 1) for item in kind.__iter__(value))
        return self.copy_array(value)

    def count(self, items: int) -> None:
        self.items += items
        if self.items > MOST_ITEMS:
            raise CourseError(
                f"A value has more than {MOST_ITEMS:,} items: return a smaller one."
            )

    def copy_array(self, value: Any) -> Any:
        # Only who has loaded numpy or torch can have made one of their arrays.
        numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
        if numpy and issubclass(type(value), numpy.ndarray | numpy.generic):
            if value.ndim and not value.dtype.hasobject:
                return numpy.array(value)
            # Objects, dates and numbers of more than 64 bits have no plain counterpart.
            item = None if value.ndim else value.item()
            return item if type(item) in _EXACT else self.other(value)
        if torch and issubclass(type(value), torch.Tensor):
            return value.detach().to("cpu", copy=True)
        return self.other(value)
