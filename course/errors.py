"""The one exception that is the user's to mend.

Its message is a single line that says what came, what was expected and what to do. The
command line prints that line and exits with 2; notebooks and the demo show it as it is.
Everything else that is raised is a fault of the kit and keeps its traceback.
"""

import difflib
from collections.abc import Iterable


class CourseError(ValueError):
    """Something the user can put right, said in one line.

    Example:
        >>> raise CourseError("0 rows came, at least 2 are needed: add rows.")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: 0 rows came, at least 2 are needed: add rows.
    """


def unknown_name(kind: str, name: str, known: Iterable[str]) -> CourseError:
    """Return the error for a name that is not known, with the nearest known one first.

    Args:
        kind: What the name stands for, as the user would say it ("task", "run").
        name: The name that came.
        known: The names that would have been right.

    Returns:
        A `CourseError` to raise; nothing is raised here.

    Example:
        >>> print(unknown_name("task", "sentimnet", ["spam", "sentiment"]))
        Unknown task 'sentimnet'. Did you mean 'sentiment'? Known: sentiment, spam.
    """
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return CourseError(
        f"Unknown {kind} {name!r}.{hint} Known: {', '.join(known) or 'none yet'}."
    )
