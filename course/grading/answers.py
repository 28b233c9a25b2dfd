"""Why the learner's side gave no value: not attempted, not defined, or it raised.

Left out: values that came and are wrong, which are a case's business.
"""

from course.errors import one_line

LONGEST_MESSAGE = 300  # characters of what an exception says


def words_of(error: BaseException) -> str:
    r"""Return what an exception says, on one line and not too long.

    Args:
        error: Whatever was raised, also one whose own `__str__` raises.

    Example:
        >>> words_of(ValueError("two\n  lines"))
        'two lines'
    """
    try:
        said = str(error)
    except Exception:  # a learner's exception may do anything
        return "its message cannot be shown"
    # Cut before it is split: it may hold a whole data set.
    return one_line(" ".join(said[: 9 * LONGEST_MESSAGE].split()), LONGEST_MESSAGE)


class AnswerError(Exception):
    """The learner's side did not give a value."""


class NotAttempted(AnswerError):  # noqa: N818 - a state, and no error of anyone's
    """A stub was called.

    Attributes:
        exercise: Whose stub it is, as "02.1".
    """

    def __init__(self, exercise: str) -> None:
        """Say whose it is."""
        super().__init__(f"exercise {exercise} is not attempted yet")
        self.exercise = exercise


class NotDefined(AnswerError):  # noqa: N818 - likewise
    """The notebook has no such name (yet).

    Attributes:
        name: The name that was asked for.
    """

    def __init__(self, name: str) -> None:
        """Say which name."""
        super().__init__(f"{name} is not defined")
        self.name = name


class StudentError(AnswerError):
    """The learner's code raised.

    Cases that expect an error write `pytest.raises(StudentError, match="KeyError")`.

    Attributes:
        kind: Name of the exception's class.
        message: What it said.
        line: Line of the learner's code, from 1, or None.
        code: That line.
    """

    def __init__(
        self, kind: str, message: str, line: int | None = None, code: str = ""
    ) -> None:
        """Say what was raised, and where."""
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind, self.message, self.line, self.code = kind, message, line, code
