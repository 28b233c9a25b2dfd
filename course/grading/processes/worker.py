"""`python -m course.grading.processes.worker`: the processes that run learners' code.

A template loads what a lesson needs and runs its set-up cell, once. For each submission
it forks: the child gives up all that it does not need (`course.grading.sandbox`), then
runs the learner's cells and answers calls over its own socket. The template never runs
a learner's line and never reads a case; the cases are not in its memory. It watches the
child's folder and ends the child when it is told to, or when nobody is there any more.

Left out: what calls mean and how long they may take (`remote`).
"""

import contextlib
import gc
import itertools
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
import types
from pathlib import Path
from typing import Any

from course.grading.answers import words_of
from course.grading.processes.cells import Cells
from course.grading.processes.connection import Connection
from course.grading.processes.learner_side import serve
from course.grading.sandbox import Confinement, confine

MOST_FILES = 1_000  # in a child's folder
MOST_DISK = 64 << 20  # bytes in them together
_LOOK = 0.05  # seconds between two looks at the folders
# What a lesson offers for work at the screen; when graded, it does nothing.
_AT_THE_SCREEN = ("check", "predict", "reveal", "quiz")


class Template:
    """A prepared process that forks others, told what to do over a socket.

    Args:
        control: To the driver; each order comes as a frame.
        namespace: The lesson's names after its set-up cell.
        plan: What `main` was told.
    """

    def __init__(
        self, control: Connection, namespace: dict[str, Any], plan: dict[str, Any]
    ) -> None:
        """Begin with no children."""
        self.control = control
        self.namespace, self.plan = namespace, plan
        # By the driver's own number: the process, and its folder.
        self.children: dict[int, tuple[int, Path]] = {}

    def serve(self) -> None:
        """Obey until the driver is gone; then end all children."""
        while True:
            waiting = _LOOK if self.children else None
            ready, _, _ = select.select([self.control.socket], [], [], waiting)
            if not ready:
                self._look_at_folders()
                continue
            try:
                self._obey(self.control.receive(None))
            except EOFError:
                break
        for number in list(self.children):
            self._end(number)
        # Whoever made the folder may have been killed.
        shutil.rmtree(self.plan["box"], ignore_errors=True)

    def _obey(self, order: dict[str, Any]) -> None:
        if order["do"] == "start":
            self._start(order["number"])
            return
        how = self._end(order["number"], order["patience"])
        if order["tell"]:
            self.control.send(how)

    def _start(self, number: int) -> None:
        """Fork a child; its socket comes as a file descriptor beside the order."""
        select.select([self.control.socket], [], [])
        self.control.socket.setblocking(True)
        _, (descriptor,), _, _ = socket.recv_fds(self.control.socket, 1, 1)
        self.control.socket.setblocking(False)
        box = Path(self.plan["box"]) / str(number)
        box.mkdir(mode=0o700)
        pid = os.fork()
        if not pid:
            self._be_child(descriptor, box)
        os.close(descriptor)
        self.children[number] = pid, box

    def _be_child(self, descriptor: int, box: Path) -> None:
        """Become the learner's process; never returns."""
        try:
            os.setsid()  # where the system shares time by session, threads win nothing
            end = socket.socket(fileno=descriptor)
            nowhere = _close_others(descriptor)
            confine(self._confinement(box), self.plan["tier"])
            os.dup2(nowhere, 2)  # until here, an error is ours, and to be seen
            random.seed(0)
            serve(Connection(end), Cells(self.namespace))
        except Exception:
            traceback.print_exc()  # of us, until standard error is given away
        finally:
            # No handler, no flush and no thread of the learner's is waited for.
            os._exit(0)

    def _confinement(self, box: Path) -> Confinement:
        return Confinement(
            box,
            tuple(map(Path, self.plan["readable"])),
            self.plan["memory"],
            self.plan["cpu_seconds"],
            user=self.plan["user"],
        )

    def _look_at_folders(self) -> None:
        for pid, box in self.children.values():
            if box_is_full(box):
                os.kill(pid, signal.SIGKILL)

    def _end(self, number: int, patience: float = 0.0) -> dict[str, Any]:
        """End a child, empty its folder, and say how it ended."""
        pid, box = self.children.pop(number, (None, None))
        if pid is None:  # ended before
            return {"code": None, "full": False}
        until = time.monotonic() + patience
        done, status = os.waitpid(pid, os.WNOHANG)
        while not done and time.monotonic() < until:
            time.sleep(0.001)
            done, status = os.waitpid(pid, os.WNOHANG)
        if not done:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        full = box_is_full(box)
        try:
            box.rmdir()
        except OSError:
            # Python's own recursion would end where a learner's folders do not.
            subprocess.run(["rm", "-rf", "--", str(box)], check=False)
        code = os.waitstatus_to_exitcode(status) if done else None
        return {"code": code, "full": full}


def box_is_full(box: Path) -> bool:
    """Whether a child's folder holds more than it may.

    Args:
        box: The folder; files in it may come and go while it is looked at.
    """
    files = size = 0
    left = [str(box)]  # no recursion: folders may be deeper than Python's stack
    while left:
        try:
            entries = list(itertools.islice(os.scandir(left.pop()), MOST_FILES + 1))
        except FileNotFoundError:
            continue
        except OSError:
            return True  # too deep to be looked at, or closed to us
        files += len(entries)
        if files > MOST_FILES:
            return True
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
    return size > MOST_DISK


def _close_others(kept: int) -> int:
    """Close what a learner's process has no use for; return a way to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    for number in map(int, os.listdir("/dev/fd")):
        if number > 2 and number not in (kept, nowhere):
            with contextlib.suppress(OSError):  # that of the listing itself
                os.close(number)
    return nowhere


def prepare(plan: dict[str, Any]) -> dict[str, Any]:
    """Return the names that a lesson's set-up cell defines.

    Args:
        plan: `set_up` is the cell's text.
    """
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module  # where dataclasses and the like look names up
    namespace = vars(module)
    Cells(namespace).run(plan["set_up"], "set-up cell")
    for name in _AT_THE_SCREEN:
        if getattr(namespace.get(name), "__module__", "").startswith(
            ("course", "widg")
        ):
            namespace[name] = lambda *_, **__: None
    return namespace


def main() -> None:
    """Prepare, say so, and obey over the socket that the command line names."""
    end = socket.socket(fileno=int(sys.argv[1]))
    control = Connection(end)
    plan = control.receive(None)
    try:
        # What a set-up cell prints is for learners.
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            namespace = prepare(plan)
    except Exception as error:
        control.send(f"{type(error).__name__}: {words_of(error)}")
        return
    gc.collect()
    gc.freeze()  # what is shared now is not copied later, just for being looked at
    control.send(None)
    Template(control, namespace, plan).serve()


if __name__ == "__main__":
    main()
