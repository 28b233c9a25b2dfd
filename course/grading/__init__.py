"""Exercises checked: cases on a proxy of the learner's functions, and what they say.

`check` is imported when it is asked for: it brings in pytest, which the processes that
run learners' code when grading have no use for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.grading.checking import check

__all__ = ["check"]


def __getattr__(name: str) -> Any:
    if name != "check":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course.grading.checking import check

    return check
