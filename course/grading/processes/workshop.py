"""Processes for learners' code: a prepared template, and what it forks when told to.

    Workshop        a template (`course.grading.processes.worker`) for one lesson
    LearnerProcess  what it forks, and ends when told to

Left out: what is said to them (`remote`), and what the template does (`worker`).
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.assets.folders import home
from course.errors import CourseError
from course.grading.processes.connection import Connection
from course.grading.processes.remote import RemoteChannel
from course.grading.sandbox import launcher

_WORKER = "course.grading.processes.worker"
_PREPARING = 300.0  # seconds that a lesson's set-up may take
_OBEYING = 60.0  # seconds for a fork, or an end
NOBODY = 65534  # the user that a grader who is root makes learners' processes


class TemplateGone(BaseException):
    """The process that forks others ended; no `Exception`, so that no case hides it."""


class LearnerProcess:
    """A confined process with a lesson's names, until it is ended.

    Args:
        channel: Its calls.
        number: Which one it is.
        workshop: That forked it.
    """

    def __init__(
        self, channel: RemoteChannel, number: int, workshop: "Workshop"
    ) -> None:
        """Note where it is; `Workshop.start` makes one."""
        self.channel, self._number, self._workshop = channel, number, workshop

    def end(self, patience: float = 0.0) -> dict[str, Any]:
        """End it, whatever it is doing.

        Args:
            patience: Seconds that it may take to end by itself, so that `code` tells.

        Returns:
            `code`: what it ended with by itself, else None; `full`: whether it had
            written more than it may.
        """
        return self._workshop.end(self.channel, self._number, patience)

    def drop(self) -> None:
        """End it without waiting for that, or asking how."""
        self._workshop.end(self.channel, self._number, tell=False)


class Workshop:
    """A template process, prepared for a lesson.

    Args:
        set_up: Text of the lesson's set-up cell.
        tier: One of `course.grading.sandbox.TIERS`.
        readable: What its processes may read.
        memory: Bytes for a learner's process, on top of the prepared one.
        seconds: Of processor time for a learner's process.

    Example (processes of their own are started):
        with Workshop("import math", "landlock", python_paths()) as workshop:
            process = workshop.start()
            process.channel.run("def f(x): return math.sqrt(x)", "cell 1")
            process.channel.call(0, "f", (9,), {})   # 3.0
    """

    def __init__(
        self,
        set_up: str,
        tier: str,
        readable: tuple[Path, ...],
        memory: int = 1 << 30,
        seconds: int = 120,
    ) -> None:
        """Start it; it prepares itself while others go on."""
        self._folder = tempfile.TemporaryDirectory(prefix="course-grade-")
        box = Path(self._folder.name)
        box.chmod(0o711)  # its folders belong to another user, who must get there
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-I", "-m", _WORKER, str(theirs.fileno())]
            self._process = subprocess.Popen(
                [*launcher(tier, readable, box), *command],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(box),
                cwd="/",
                start_new_session=True,  # Ctrl-C is the driver's to handle
            )
        self._control = Connection(ours)
        self._prepared = False
        self._started = 0
        self._spare: LearnerProcess | None = None
        self._open: dict[int, Connection] = {}  # to processes that were not ended
        plan = {
            "set_up": set_up,
            "tier": tier,
            "box": str(box),
            "readable": [str(path) for path in readable],
            "memory": memory,
            "cpu_seconds": seconds,
            "user": NOBODY,
        }
        with contextlib.suppress(EOFError):  # seen when its answer is waited for
            self._control.send(plan)

    def _wait(self) -> None:
        """Wait until it is prepared."""
        try:
            failed = self._control.receive(None, time.monotonic() + _PREPARING)
        except EOFError:
            failed = "its process ended"
        except TimeoutError:
            failed = f"it took more than {_PREPARING:.0f} seconds"
        if failed is not None:
            self.close()
            raise CourseError(
                f"The lesson's set-up cell cannot be run for grading ({failed}): what "
                "does 'course doctor' find?"
            )
        self._prepared = True

    def start(self) -> LearnerProcess:
        """Return a confined process that nobody has used.

        Another is forked beside, for the next time: meanwhile this one is at work.

        Raises:
            CourseError: If the set-up cell does not run.
        TemplateGone: If the template ended.
        """
        process = self._spare or self._fork()
        self._spare = self._fork()
        return process

    def _fork(self) -> LearnerProcess:
        if not self._prepared:
            self._wait()
        self._started += 1
        ours, theirs = socket.socketpair()
        with theirs, _template_is_there():
            self._control.send({"do": "start", "number": self._started})
            self._control.socket.setblocking(True)
            socket.send_fds(self._control.socket, [b"\0"], [theirs.fileno()])
            self._control.socket.setblocking(False)
        connection = self._open[self._started] = Connection(ours)
        return LearnerProcess(RemoteChannel(connection), self._started, self)

    def end(
        self,
        channel: RemoteChannel,
        number: int,
        patience: float = 0.0,
        tell: bool = True,
    ) -> Any:
        """End a process; see `LearnerProcess`.

        Args:
            channel: To the process.
            number: Which one.
            patience: Seconds that it may take to end by itself.
            tell: Whether to wait for it and say how it ended.
        """
        order = {"do": "end", "number": number, "patience": patience, "tell": tell}
        try:
            with _template_is_there():
                self._control.send(order)
                if tell:
                    return self._control.receive(None, time.monotonic() + _OBEYING)
        finally:
            channel.connection.close()  # not before: it would end by itself
            self._open.pop(number, None)
        return None

    def __enter__(self) -> "Workshop":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()

    def close(self) -> None:
        """End the template and all that it started, and remove its folder."""
        self._control.close()
        for connection in self._open.values():
            connection.close()
        self._open.clear()
        self._spare = None
        if not self._prepared:
            self._process.kill()  # it would first prepare itself
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):  # it lies in the system's folder for such
            self._folder.cleanup()


@contextlib.contextmanager
def _template_is_there() -> Iterator[None]:
    """Say that the template is gone, if it is."""
    try:
        yield
    except (OSError, EOFError, TimeoutError) as error:
        raise TemplateGone(str(error)) from None


def _environment(folder: Path) -> dict[str, str]:
    """Return what the template may know of this machine's settings."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "HOME": str(folder),
        "COURSE_HOME": str(home()),  # where the models and data are
        "COURSE_PROGRESS": str(folder / "progress.json"),
        "MALLOC_ARENA_MAX": "2",  # or each thread counts with 64 MB of addresses
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
