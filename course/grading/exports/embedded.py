"""Cases that travel as text: run in the learner's own kernel by somebody else's grader.

nbgrader and otter run cases where the learner's code runs, so here is no protection: a
learner who wants to can forge the mark. Names of a case's helpers stay out of the
notebook all the same, since a helper called as an answer would pass for it. Left out:
how the text comes about (`course.grading.exports.texts`).
"""

import io
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from functools import cached_property
from pathlib import Path
from typing import Any

from course.grading.cases import Case, load_cases
from course.grading.local import LocalChannel
from course.grading.running import Outcome, run_case
from course.grading.student import Student

# A broken case is no fault of the learner's.
GOOD = ("passed", "fault")


class Cases:
    """Some cases of an exercise, and the solution that they compare with.

    Args:
        text: Source of the cases, with all that they use.
        solution: Source of the functions that they call as `reference`, or "".

    Example:
        >>> cases = Cases('''import pytest
        ... @pytest.mark.exercise("02.1", hint="Twice is times two.")
        ... def test_doubles(student):
        ...     "Two becomes four."
        ...     assert student.double(2) == 4
        ... ''')
        >>> cases.outcome("test_doubles", {"double": lambda x: 2 * x}).status
        'passed'
    """

    def __init__(self, text: str, solution: str = "") -> None:
        """Keep the text; it is read when the first case is run."""
        self.text, self.solution = text, solution

    @cached_property
    def by_name(self) -> dict[str, Case]:
        """The cases in their order."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.py"
            path.write_text(self.text, encoding="utf-8")
            return {case.name: case for case in load_cases(path, hidden=True).cases}

    @cached_property
    def reference(self) -> Student:
        """The solution, in a namespace of its own."""
        namespace: dict[str, Any] = {"__name__": "solution"}
        exec(compile(self.solution, "<solution>", "exec"), namespace)
        return Student(LocalChannel(namespace))

    def outcome(self, name: str, namespace: dict[str, Any]) -> Outcome:
        """Run a case on the functions of a notebook.

        Args:
            name: Of the case.
            namespace: Name -> object, as `globals()` of the notebook.
        """
        case = self.by_name[name]
        # nbgrader takes any line on the standard error for a failure.
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            reference = self.reference if self.solution else None
            return run_case(case, LocalChannel(namespace), reference)

    def run(self, name: str, namespace: dict[str, Any]) -> None:
        """Run a case, and raise if it does not hold; otter calls this.

        Args:
            name: Of the case.
            namespace: Name -> object, as `globals()` of the notebook.

        Raises:
            AssertionError: With what `describe` says.
        """
        outcome = self.outcome(name, namespace)
        if outcome.status not in GOOD:
            raise AssertionError(describe(outcome))


class Marks:
    """What the cases of an exercise give together; a test cell of nbgrader ends so.

    Args:
        namespace: Name -> object, as `globals()` of the notebook.

    Attributes:
        score: What the cases gave so far.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        """Begin with no case run."""
        self.namespace = namespace
        self.score = 0.0
        self.failed = False

    def run(self, text: str, solution: str = "") -> None:
        """Run cases, and print what is to be said of those that do not hold.

        Args:
            text: As for `Cases`.
            solution: As for `Cases`.
        """
        cases = Cases(text, solution)
        for name, case in cases.by_name.items():
            outcome = cases.outcome(name, self.namespace)
            if outcome.status in GOOD:
                self.score += case.points
            else:
                self.failed = True
                print(describe(outcome))

    def points(self) -> float | None:
        """Return the points as nbgrader reads them: None for all that the cell gives.

        So a learner's notebook, which has no hidden cases, validates without them.
        """
        return self.score if self.failed else None


def describe(outcome: Outcome) -> str:
    r"""Return in a few lines what a learner reads of a case that does not hold.

    Args:
        outcome: Of the case. Of a hidden one only title and first hint are told.

    Example:
        >>> case = Case("test_a", "02.1", "One is one.", 1, False, ("Count.",), print)
        >>> print(describe(Outcome(case, "failed", "f(1)", "1", "2")))
        One is one.
          called: f(1)
          expected: 1
          got: 2
          hint: Count.
    """
    rows = [("hint", outcome.case.hints[0])]
    if outcome.status == "not_attempted":
        rows = [("it", outcome.message or "is not attempted yet")]
    elif not outcome.case.hidden:
        told = ("called", outcome.call), ("expected", outcome.expected)
        told += ("got", outcome.got), ("it", outcome.message)
        rows = [*told, *rows]
    lines = [f"  {label}: {value}" for label, value in rows if value]
    return "\n".join([outcome.case.title, *lines])
