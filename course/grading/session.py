"""A submission's processes: one with the learner's cells, one with the solutions.

The learner's is started when it is first needed, and again after each end: its cells
are run anew, without the one that ended it. The solutions never share a process with
it. Left out: cases (`marking`), and how processes are made (`workshop`).
"""

import math
import signal
import time
from collections.abc import Callable
from typing import Any

from course.grading.answers import AnswerError, NotAttempted
from course.grading.handed_in.locating import Step
from course.grading.limits import Limits
from course.grading.processes.remote import ProcessEnded
from course.grading.processes.workshop import LearnerProcess, Workshop


class LearnerSession:
    """The learner's process, as often as it has to be started.

    Args:
        steps: The cells to run, in order.
        workshop: Starts processes.
        limits: Of time.

    Attributes:
        ended: Exercise -> how it ended the process.
        notes: Exercise -> what its cell raised.
        warnings: For the teacher, a line each.
    """

    def __init__(
        self, steps: tuple[Step, ...], workshop: Workshop, limits: Limits
    ) -> None:
        """Start nothing yet."""
        self.steps, self.workshop, self.limits = steps, workshop, limits
        self.end = time.monotonic() + limits.total
        self.process: LearnerProcess | None = None
        self.broken: set[int] = set()  # numbers of steps that ended it
        self.ended: dict[str, ProcessEnded] = {}
        self.notes: dict[str, str] = {}
        self.warnings: list[str] = []

    def is_open(self, exercise: str) -> bool:
        """Whether an exercise's cases can (still) be run; starts the process for it.

        Args:
            exercise: Its id.
        """
        while exercise not in self.ended and self.process is None:
            if self.end <= time.monotonic():
                late = ProcessEnded("timeout", "the submission takes too long in all")
                self.ended[exercise] = late
                break
            self.process = self.workshop.start()
            self._run_cells(self.process)
        return exercise not in self.ended

    def _run_cells(self, process: LearnerProcess) -> None:
        for number, step in enumerate(self.steps):
            if number in self.broken:
                continue
            now = time.monotonic()
            process.channel.deadline = min(now + self.limits.exercise, self.end)
            try:
                process.channel.run(step.text, step.label)
            except NotAttempted:
                continue  # a stub at the top of its cell
            except AnswerError as error:
                if step.exercise:
                    self.notes.setdefault(step.exercise, f"Its cell raised {error}")
                else:
                    self.warn(f"{step.label} raised {error}")
            except ProcessEnded as ended:
                self.broken.add(number)
                self.lose(ended, step.exercise)
                if not step.exercise:
                    self.warn(f"{step.label} was left out: {ended}")
                return
        for note in process.channel.notes:
            self.warn(note)

    def lose(self, ended: ProcessEnded, exercise: str | None) -> None:
        """Give up the process, and note who ended it.

        Args:
            ended: How.
            exercise: Whose code was running, if an exercise's.
        """
        patience = 1.0 if ended.status == "crashed" else 0.0
        how = self.process.end(patience) if self.process else {}
        self.process = None
        if how.get("full"):
            ended = ProcessEnded("crashed", "it wrote more files than it may")
        elif ended.status == "crashed" and how.get("code") is not None:
            ended = ProcessEnded("crashed", ending(how["code"]))
        if exercise:
            self.ended.setdefault(exercise, ended)

    def warn(self, line: str) -> None:
        """Note something for the teacher, once.

        Args:
            line: What.
        """
        if line not in self.warnings:
            self.warnings.append(line)

    def close(self) -> None:
        """End the process."""
        if self.process:
            self.process.drop()
        self.process = None


class SolutionEnded(BaseException):
    """The solutions' process was ended by what it was given."""


# A process that goes on from learner to learner answers each as if it were the first.
_AS_NEW = """
import random, sys
random.seed(0)
if "numpy" in sys.modules:
    sys.modules["numpy"].random.seed(0)
if "torch" in sys.modules:
    sys.modules["torch"].manual_seed(0)
"""


class SolutionChannel:
    """The solutions, behind the interface that cases know; started when first called.

    One process serves many learners, none of whom reaches it but by plain data.

    Args:
        solutions: Texts of the solved cells.
        workshop: Starts processes.
        seconds: For a call.
    """

    def __init__(
        self, solutions: tuple[str, ...], workshop: Workshop, seconds: float
    ) -> None:
        """Start nothing yet."""
        self.solutions, self.workshop, self.seconds = solutions, workshop, seconds
        self.process: LearnerProcess | None = None

    def call(
        self, target: int, name: str, arguments: tuple, keywords: dict[str, Any]
    ) -> Any:
        """Call a solution's function; see `course.grading.student.Channel`.

        Raises:
            SolutionEnded: If there is no answer.
        """
        return self._ask(lambda c: c.call(target, name, arguments, keywords))

    def get(self, target: int, name: str) -> Any:
        """Return a copy of a variable or an attribute; see `Channel`."""
        return self._ask(lambda channel: channel.get(target, name))

    def _ask(self, request: Callable[[Any], Any]) -> Any:
        try:
            if self.process is None:
                self.process = self.workshop.start()
                channel = self.process.channel
                channel.deadline = math.inf  # our own text
                for number, text in enumerate([*self.solutions, _AS_NEW], start=1):
                    channel.run(text, f"solution {number}")
            self.process.channel.deadline = time.monotonic() + self.seconds
            return request(self.process.channel)
        except ProcessEnded:
            self.close()
            raise SolutionEnded from None

    def begin_anew(self) -> None:
        """Forget the learner before: random numbers begin as they did."""
        if self.process:
            self._ask(lambda channel: channel.run(_AS_NEW, "as new"))

    def close(self) -> None:
        """End the process."""
        if self.process:
            self.process.drop()
        self.process = None


def ending(code: int) -> str:
    """Say how a process ended.

    Args:
        code: What it ended with; below 0, a signal's number.

    Example:
        >>> ending(3), ending(-11)
        ('it ended Python with the code 3', 'it ended Python with SIGSEGV')
    """
    if code < 0:
        try:
            return f"it ended Python with {signal.Signals(-code).name}"
        except ValueError:
            return f"it ended Python with the signal {-code}"
    return f"it ended Python with the code {code}"
