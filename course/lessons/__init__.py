"""Lessons: built from their sources, and what a learner does in them remembered.

`predict` and `reveal` are imported when they are asked for: they bring in the file of
progress, which who builds or grades has no use for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.lessons.predictions import predict, reveal

__all__ = ["predict", "reveal"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course.lessons import predictions

    return getattr(predictions, name)
