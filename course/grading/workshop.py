"""Processes for learners' code: a prepared template, and what it forks when told to.

    Workshop        a template (`course.grading.worker`) for one lesson
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
from pathlib import Path
from typing import Any

from course.assets.folders import home
from course.errors import CourseError
from course.grading.connection import Connection
from course.grading.remote import RemoteChannel
from course.grading.sandbox import launcher

_PREPARING = 300.0  # seconds that a lesson's set-up may take
_OBEYING = 60.0  # seconds for a fork, or an end
NOBODY = 65534  # the user that a grader who is root makes learners' processes


class LearnerProcess:
    """A confined process with a lesson's names, until it is ended.

    Args:
        channel: Its calls.
        pid: Its number in the template's world.
        workshop: That forked it.
    """

    def __init__(self, channel: RemoteChannel, pid: int, workshop: "Workshop") -> None:
        """Note where it is; `Workshop.start` makes one."""
        self.channel, self._pid, self._workshop = channel, pid, workshop

    def end(self, patience: float = 0.0) -> dict[str, Any]:
        """End it, whatever it is doing.

        Args:
            patience: Seconds that it may take to end by itself, so that `code` tells.

        Returns:
            `code`: what it ended with by itself, else None; `full`: whether it had
            written more than it may.
        """
        self.channel.connection.close()
        return self._workshop.order(
            {"do": "end", "pid": self._pid, "patience": patience}
        )


class Workshop:
    """A template process, prepared for a lesson.

    Args:
        set_up: Text of the lesson's set-up cell.
        tier: One of `course.grading.sandbox.TIERS`.
        readable: What its processes may read.
        memory: Bytes for a learner's process, on top of the prepared one.
        seconds: Of processor time for a learner's process.

    Raises:
        CourseError: If the set-up cell does not run.

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
        """Start it and wait until it is prepared."""
        self._folder = tempfile.TemporaryDirectory(prefix="course-grade-")
        box = Path(self._folder.name)
        box.chmod(0o711)  # its folders belong to another user, who must get there
        ours, theirs = socket.socketpair()
        with theirs:
            number = str(theirs.fileno())
            command = [sys.executable, "-I", "-m", "course.grading.worker", number]
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
        plan = {
            "set_up": set_up,
            "tier": tier,
            "box": str(box),
            "readable": [str(path) for path in readable],
            "memory": memory,
            "cpu_seconds": seconds,
            "user": NOBODY,
        }
        failed = self._prepare(plan)
        if failed is not None:
            self.close()
            raise CourseError(
                f"The lesson's set-up cell cannot be run for grading ({failed}): what "
                "does 'course doctor' find?"
            )

    def _prepare(self, plan: dict[str, Any]) -> str | None:
        """Send the plan; return what went wrong, or None."""
        try:
            self._control.send(plan)
            return self._control.receive(None, time.monotonic() + _PREPARING)
        except EOFError:
            return "its process ended"
        except TimeoutError:
            return f"it took more than {_PREPARING:.0f} seconds"

    def start(self) -> LearnerProcess:
        """Fork a confined process."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._control.send({"do": "start"})
            self._control.socket.setblocking(True)
            socket.send_fds(self._control.socket, [b"\0"], [theirs.fileno()])
            self._control.socket.setblocking(False)
            pid = self._answer()
        return LearnerProcess(RemoteChannel(Connection(ours)), pid, self)

    def order(self, order: dict[str, Any]) -> Any:
        """Send an order and return the template's answer.

        Args:
            order: As `course.grading.worker` obeys.
        """
        self._control.send(order)
        return self._answer()

    def _answer(self) -> Any:
        try:
            return self._control.receive(None, time.monotonic() + _OBEYING)
        except (EOFError, TimeoutError) as error:
            raise CourseError(
                f"The grader's own process is gone ({error}): is there enough memory? "
                "Run the same command again; what is done is kept."
            ) from None

    def __enter__(self) -> "Workshop":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()

    def close(self) -> None:
        """End the template and all that it started, and remove its folder."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):  # it lies in the system's folder for such
            self._folder.cleanup()


def _environment(folder: Path) -> dict[str, str]:
    """Return what the template may know of this machine's settings."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "HOME": str(folder),
        "COURSE_HOME": str(home()),  # where the models and data are
        "COURSE_PROGRESS": str(folder / "progress.json"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
