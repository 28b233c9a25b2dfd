"""The one exception that is the user's to mend.

Its message is a single line that says what came, what was expected and what to do. The
command line prints that line and exits with 2; notebooks and the demo show it as it is.
Everything else that is raised is a fault of the kit and keeps its traceback.
"""

import difflib
import errno
from collections.abc import Iterable

_FULL_DISK = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class CourseError(ValueError):
    """Something the user can put right, said in one line.

    Example:
        >>> raise CourseError("0 rows came, at least 2 are needed: add rows.")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: 0 rows came, at least 2 are needed: add rows.
    """


class Stopped(CourseError):  # noqa: N818 - it was asked for, and is no error
    """Work that the user ended; what was done is kept, and the line says how to go on.

    The command line ends with 130, as shells do after Ctrl-C.
    """


def disk_is_full(error: BaseException) -> bool:
    """Tell whether an error means that the disk, or the user's share of it, is full.

    safetensors raises an error of its own that says so in words only.

    Args:
        error: Whatever was raised while writing.

    Example:
        >>> disk_is_full(OSError(errno.ENOSPC, "No space left on device"))
        True
        >>> disk_is_full(OSError(errno.EACCES, "Permission denied"))
        False
    """
    if isinstance(error, OSError):
        return error.errno in _FULL_DISK
    return any(f"(os error {number})" in str(error) for number in _FULL_DISK)


def one_line(text: str, width: int = 100) -> str:
    r"""Return a text on one line, cut to a width, with control characters as spaces.

    What a user typed or a file held may be long, or hold what a terminal obeys.

    Args:
        text: Any text.
        width: Most characters, from 1.

    Example:
        >>> one_line("two\nlines\x1b[31m")
        'two lines [31m'
    """
    beginning = text[: width + 1]
    printable = "".join(c if c.isprintable() else " " for c in beginning)
    return printable if len(text) <= width else printable[: width - 1] + "…"


def listed(names: Iterable[str], most: int = 30) -> str:
    """Return names with commas, each on one line, and how many more there are.

    Args:
        names: The names, in the order to show.
        most: How many to show.

    Example:
        >>> listed(["ham", "spam", "eggs"], most=2)
        'ham, spam and 1 more'
    """
    shown = [one_line(str(name), 60) for name in names]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more


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
    name = one_line(name)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return CourseError(
        f"Unknown {kind} {name!r}.{hint} Known: {listed(known) or 'none yet'}."
    )
