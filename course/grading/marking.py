"""Mark one submission: its cells are run where they can do no harm, then its cases.

All visible cases come before all hidden ones: what a learner's function saw of hidden
inputs cannot get into what is shown of a visible case. A process that is ended, by
itself or for taking too long, costs its exercise; the next goes on in another. A case
that fails is tried on the solution, with the same inputs: if that fails too, the fault
is ours and nobody loses points.

Left out: finding cells in a notebook (`locating`), and many submissions (`batch`).
"""

import contextlib
import hashlib
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from course.grading.assignment import Assignment
from course.grading.cases import Case
from course.grading.handed_in.locating import Located
from course.grading.limits import Limits
from course.grading.marks.results import CaseResult, ExerciseResult, exercise_status
from course.grading.processes.remote import ProcessEnded
from course.grading.processes.workshop import Workshop
from course.grading.running import Outcome, run_case
from course.grading.session import (
    LearnerSession,
    SolutionChannel,
    SolutionEnded,
)
from course.grading.student import Channel, Student

_OUT_OF_MEMORY = ("raised MemoryError", "can't allocate memory", "not enough memory")
_HINTS = {
    "timeout": "The answer took too long: look for a loop that does not end.",
    "memory": "The answer needed more memory than there is for it.",
    "crashed": "The answer ended Python: look for `exit` and for endless recursion.",
}
_UNSEEN = {  # what is said of an end in a hidden case
    "timeout": "no answer in time",
    "memory": "out of memory",
    "crashed": "its process ended",
}


def seed_of(learner: str, salt: str = "") -> int:
    """Return the seed of a learner's inputs.

    Args:
        learner: Their name.
        salt: A teacher's own word, for other inputs.

    Example:
        >>> seed_of("learner-01") == seed_of("learner-01") != seed_of("learner-02")
        True
    """
    digest = hashlib.sha256(f"{salt}\n{learner}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big")


def mark(
    assignment: Assignment,
    located: Located,
    workshop: Workshop,
    seed: int = 0,
    limits: Limits | None = None,
    solution: SolutionChannel | None = None,
) -> tuple[list[ExerciseResult], list[str]]:
    """Mark what was found in a notebook.

    Args:
        assignment: The lesson, with its cases.
        located: From `course.grading.handed_in.locating.locate`.
        workshop: Starts processes.
        seed: Of the inputs, from `seed_of`.
        limits: Of time; default those of `Limits`.
        solution: Of the same lesson and workshop, from marking another; it stays open.

    Returns:
        Every exercise's result, in the lesson's order, and warnings for the teacher.
    """
    limits = limits or Limits()
    session = LearnerSession(located.steps, workshop, limits)
    seconds = limits.exercise
    solved = solution or SolutionChannel(assignment.solutions, workshop, seconds)
    try:
        solved.begin_anew()
        marking = _Marking(assignment, located, session, solved, seed)
        found = marking.results()
    finally:
        session.close()
        if solution is None:
            solved.close()
    exercises = [
        ExerciseResult(
            id,
            assignment.exercises[id],
            exercise_status(cases),
            tuple(cases),
            session.notes.get(id, ""),
        )
        for id, cases in found.items()
    ]
    return exercises, session.warnings


class _Marking:
    """Runs the cases of one submission."""

    def __init__(
        self,
        assignment: Assignment,
        located: Located,
        session: LearnerSession,
        solution: SolutionChannel,
        seed: int,
    ) -> None:
        self.assignment, self.located, self.seed = assignment, located, seed
        self.session, self.solution = session, solution
        self.used = dict.fromkeys(assignment.exercises, 0.0)  # seconds

    def results(self) -> dict[str, list[CaseResult]]:
        found: dict[str, list[CaseResult]] = {id: [] for id in self.used}
        for hidden in (False, True):
            for exercise, results in found.items():
                for case in self.assignment.of(exercise):
                    if case.hidden == hidden:
                        results.append(self._result(case))
        return found

    def _result(self, case: Case) -> CaseResult:
        empty = CaseResult(
            case.name, case.title, case.hidden, case.points, 0, "missing"
        )
        if case.exercise in self.located.missing:
            return empty
        if self.session.is_open(case.exercise):
            began = time.monotonic()
            try:
                outcome = self._run(case)
            except ProcessEnded as ended:
                self.session.lose(ended, case.exercise)
            else:
                return self._judged(empty, outcome)
            finally:
                self.used[case.exercise] += time.monotonic() - began
        ended = self.session.ended[case.exercise]
        # How it ended can tell of the inputs, by an exit's code for one.
        said = f"{ended.status}: {_UNSEEN[ended.status]}" if case.hidden else str(ended)
        self.session.notes.setdefault(case.exercise, said)
        return replace(empty, status=ended.status, hint=_HINTS[ended.status])

    def _run(self, case: Case) -> Outcome:
        """Run a case on the learner's functions."""
        seconds = self.session.limits.exercise - self.used[case.exercise]
        channel = self.session.process.channel
        channel.deadline = min(time.monotonic() + seconds, self.session.end)
        try:
            return self._timed(case, channel, seconds + 1)
        except _CaseTooSlow:
            raise ProcessEnded("timeout", "what came takes too long to check") from None
        except SolutionEnded:
            # By what the learner's function returned, or by our own fault: that is seen
            # when the case is run on the solution alone.
            return Outcome(case, "failed", message="the value that came cannot be used")

    def _timed(self, case: Case, channel: Channel, seconds: float) -> Outcome:
        reference = Student(self.solution) if case.hidden else None
        with _alarm(seconds):
            return run_case(case, channel, reference, self.seed)

    def _judged(self, empty: CaseResult, outcome: Outcome) -> CaseResult:
        """Return the result of a case that came to its end."""
        case, status = outcome.case, outcome.status
        if status == "passed":
            return replace(empty, status=status, score=case.points)
        if status == "not_attempted":
            return replace(empty, status=status)
        if self._is_our_fault(case):
            return replace(empty, status="fault", score=case.points)
        if status == "missing":
            return replace(empty, status=status)
        if status == "error" and any(w in outcome.message for w in _OUT_OF_MEMORY):
            return replace(empty, status="memory", hint=_HINTS["memory"])
        shown = {
            "call": outcome.call,
            "expected": outcome.expected,
            "got": outcome.got,
            "differs": outcome.differs,
            "message": outcome.message,
        }
        rows = () if case.hidden else tuple((k, v) for k, v in shown.items() if v)
        status = "failed" if status == "fault" else status  # the solution passes it
        return replace(empty, status=status, hint=case.hints[0], rows=rows)

    def _is_our_fault(self, case: Case) -> bool:
        """Whether a case does not hold for the solution either."""
        for is_alone in (False, True):
            if is_alone:
                # Threads that the learner's code left behind may have taken all of the
                # processor: points are not to be had that way.
                self.session.close()
            try:
                seconds = self.session.limits.exercise + 1
                outcome = self._timed(case, self.solution, seconds)
            except (SolutionEnded, _CaseTooSlow):
                self.solution.close()
                continue
            return outcome.status != "passed"
        return True


class _CaseTooSlow(BaseException):
    """A case took too long in this process, with what came."""


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise `_CaseTooSlow` when time is over, also in the middle of a comparison."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals go to the main thread alone; each call has its deadline still
        return

    def ring(*_: object) -> None:
        raise _CaseTooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
