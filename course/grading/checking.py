"""`check("02.3")`: the visible cases of an exercise on the functions in the notebook.

It tells whether they passed, or shows the first that did not: what was called, what was
expected and what came, then a hint, one more with each further attempt at that case. It
never raises, and no line of the kit's own code is shown. Left out: hidden cases, which
are not even loaded here; they are run when the notebook is graded.
"""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from typing import Any

from course.errors import CourseError, one_line, unknown_name
from course.grading.answers import words_of
from course.grading.cases import Case, cases_path, load_cases
from course.grading.local import LocalChannel
from course.grading.running import Outcome, run_case
from course.lessons.catalogue import Exercise, card
from course.lessons.progress import record_attempt
from course.views.check import Report, describe_check, render_check
from course.views.shown import text_only


class CheckResult:
    """How a check went; a notebook shows it as HTML, a terminal as text.

    Args:
        report: What is shown.
        status: One of `course.grading.running.STATUSES`, or "unknown" if the exercise
            is, or "interrupted".
        outcomes: Of each case that was run.

    Attributes:
        passed: How many visible cases hold.
        total: How many there are.
    """

    def __init__(
        self, report: Report, status: str, outcomes: tuple[Outcome, ...], total: int
    ) -> None:
        """Count what passed."""
        self.report, self.status, self.outcomes = report, status, outcomes
        self.passed = sum(outcome.status == "passed" for outcome in outcomes)
        self.total = total

    def __repr__(self) -> str:
        """Return the report as text."""
        return describe_check(self.report)

    def _repr_html_(self) -> str | None:
        return None if text_only() else render_check(self.report)


def check(exercise: str, namespace: dict[str, Any] | None = None) -> CheckResult:
    """Run the visible cases of an exercise and say how it went.

    Args:
        exercise: Its id, as "02.3".
        namespace: Name -> object; default the variables of the cell that calls.

    Returns:
        What a notebook shows as the cell's output. Nothing is raised: a wrong id is
        told in the same place.

    Example:
        >>> check("99.1").status
        'unknown'
    """
    if namespace is None:
        namespace = sys._getframe(1).f_globals
    try:
        found = _find(exercise)
        cases = load_cases(cases_path(found.id[:2])).of(found.id)
        return check_cases(found, cases, namespace)
    except CourseError as error:
        return CheckResult(Report("open", str(error)), "unknown", (), 0)
    except Exception as error:  # whatever it is, no traceback into the kit
        line = "This check cannot be run, which is no fault of your answer."
        rows = (("it says", f"{type(error).__name__}: {words_of(error)}"),)
        return CheckResult(Report("open", line, rows=rows), "fault", (), 0)


def _find(exercise: str) -> Exercise:
    if not isinstance(exercise, str):
        raise CourseError(
            f"{one_line(repr(exercise))} came, an exercise in quotation marks was "
            'expected: write check("02.1").'
        )
    exercises = {found.id: found for found in card(exercise[:2]).exercises}
    if exercise not in exercises:
        raise unknown_name("exercise", exercise, exercises)
    return exercises[exercise]


def check_cases(
    exercise: Exercise,
    cases: list[Case],
    namespace: dict[str, Any],
    record: Callable[..., Any] = record_attempt,
) -> CheckResult:
    """Run cases on the functions of a namespace, and remember the attempt.

    Args:
        exercise: What they belong to.
        cases: Its visible cases, in their order.
        namespace: Name -> object, as `globals()` of a notebook.
        record: Remembers the attempt: `course.lessons.progress.record_attempt`, or a
            function like it.
    """
    channel, outcomes = LocalChannel(namespace), []
    name = f"Exercise {exercise.id}, {exercise.title}"
    try:
        for case in cases:
            failed = any(outcome.status != "passed" for outcome in outcomes)
            with _quiet() if failed else nullcontext():
                outcomes.append(run_case(case, channel))
    except KeyboardInterrupt:
        # Most likely a loop without an end; the learner's notebook goes on.
        line = f"{name}: interrupted during “{cases[len(outcomes)].title}”"
        report = Report("open", f"{line} Does a loop never end?")
        return CheckResult(report, "interrupted", tuple(outcomes), len(cases))
    failing = next((o for o in outcomes if o.status != "passed"), None)
    status = "passed" if failing is None else failing.status
    shown, notes = 0, ()
    if status not in ("not_attempted", "missing", "fault"):
        attempt = record(exercise.id, failing is None, failing and failing.case.name)
        shown = attempt.failures
        notes = (attempt.note,) if attempt.note else ()
    counted = f"{sum(o.status == 'passed' for o in outcomes)}/{len(cases)}"
    report = _report(name, counted, failing, shown, notes)
    return CheckResult(report, status, tuple(outcomes), len(cases))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what the learner's code prints: one failing case is enough to read."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield


def _report(
    name: str,
    counted: str,
    failing: Outcome | None,
    failures: int,
    notes: tuple[str, ...],
) -> Report:
    if failing is None:
        line = f"{name}: visible checks {counted}; hidden checks run when graded."
        return Report("passed", line, notes=notes)
    if failing.status == "not_attempted":
        line = failing.message or "Replace the line that raises NotImplementedError."
        return Report("open", f"{name}: not attempted yet.", line)
    if failing.status == "missing":
        return Report("open", f"{name}: {failing.message}")
    if failing.status == "fault":
        line = f"{name}: a check of the kit is broken, which is no fault of yours."
        return Report("open", line, failing.case.title, (("it says", failing.message),))
    rows = [
        ("you called" if failing.status == "error" else "called", failing.call),
        ("expected", failing.expected),
        ("got", failing.got),
        ("differs", failing.differs),
        ("it" if failing.status == "error" else "why", failing.message),
    ]
    hints = failing.case.hints
    shown = hints[: max(1, failures)]
    return Report(
        "failed",
        f"{name}: visible checks {counted}.",
        failing.case.title,
        tuple((label, value) for label, value in rows if value),
        shown,
        len(hints) - len(shown),
        notes,
    )
