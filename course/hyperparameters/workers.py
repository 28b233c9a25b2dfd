"""Several workers of one search on one machine, each a process of its own.

A worker learns its part from a line of JSON on its standard input and stops when that
input ends: when its parent closes it, and just as well when the parent is killed. So
none is left behind, and no signal has to reach it. Left out: what a worker does.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from course.errors import CourseError

__all__ = ["load_function", "name_function", "read_job", "run_workers"]

_POLL_SECONDS = 0.1
# A training stops at the end of a step and then writes a checkpoint.
_STOP_SECONDS = 120


def run_workers(
    job: dict[str, Any],
    workers: int,
    folder: Path,
    poll: Callable[[], None],
    stop: threading.Event,
) -> None:
    """Start workers, follow them, and see that none outlives this call.

    Args:
        job: What each worker is told, as JSON can hold it.
        workers: How many, from 1; they share this machine's threads.
        folder: Where each writes what it prints, as worker-N.log.
        poll: Called about ten times a second.
        stop: Set it to end all workers; their running trials are queued again.

    Raises:
        CourseError: If every worker failed, with what the last one said.
    """
    from course.hardware import threads

    share = str(max(1, threads() // workers))
    environment = os.environ | {"COURSE_THREADS": share, "OMP_NUM_THREADS": share}
    logs = [folder / f"worker-{number}.log" for number in range(1, workers + 1)]
    processes = []
    try:
        for log in logs:
            processes.append(_start(job, log, environment))
        while any(process.poll() is None for process in processes):
            poll()
            if stop.is_set():
                _close_inputs(processes)
            time.sleep(_POLL_SECONDS)
    finally:
        _close_inputs(processes)
        _wait(processes)
    poll()
    if all(process.returncode != 0 for process in processes):
        raise CourseError(_last_words(logs[-1]))


def name_function(function: Callable) -> str:
    """Return `module:function`, by which another process finds a function.

    Args:
        function: A function at the top of an importable module.

    Raises:
        CourseError: If it is none.

    Example:
        >>> name_function(read_job)
        'course.hyperparameters.workers:read_job'
    """
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", "")
    found = getattr(sys.modules.get(module), name, None)
    if module == "__main__" or found is not function:
        raise CourseError(
            f"{name or function!r} cannot be found by other processes: put it at the "
            "top of a module, or use workers=1."
        )
    return f"{module}:{name}"


def load_function(name: str) -> Any:
    """Return the function that `name_function` named.

    Args:
        name: `module:function`.
    """
    module, function = name.split(":")
    return getattr(importlib.import_module(module), function)


def read_job(lines: IO[str], stop: threading.Event) -> dict[str, Any]:
    """Return a worker's job, and let the end of its parent or its input set `stop`.

    Args:
        lines: The worker's standard input.
        stop: Set as soon as the input ends.
    """
    job = json.loads(lines.readline())

    def wait_for_end() -> None:
        lines.read()
        stop.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    return job


def _start(job: dict[str, Any], log: Path, environment: dict[str, str]) -> Any:
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "course.hyperparameters"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
            # Ctrl-C in the terminal is for the parent, which then ends its workers.
            start_new_session=True,
        )
    with contextlib.suppress(BrokenPipeError):  # it ended at once; its log says why
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
    return process


def _close_inputs(processes: list[Any]) -> None:
    for process in processes:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def _wait(processes: list[Any]) -> None:
    """Wait until all workers have ended, and end those that do not."""
    deadline = time.monotonic() + _STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _last_words(log: Path) -> str:
    """Return the last line that a worker printed."""
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    said = [line for line in lines if line.strip()]
    if not said:
        return f"The search's workers were killed; see {log}, and start it again."
    return f"The search's workers failed: {said[-1]} (all of it is in {log})"
