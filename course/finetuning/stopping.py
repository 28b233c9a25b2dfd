"""Ways a training may end early: on request, out of time, or with the disk full.

Each of them leaves what was done, and says how to go on. Left out: early stopping on
the validation split, which transformers brings.
"""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

from safetensors import SafetensorError
from transformers import TrainerCallback

from course.errors import CourseError, disk_is_full
from course.finetuning.recording import Recorder


class Stopper(TrainerCallback):
    """Stop at a step's end: on request, with a checkpoint, or when the time is up.

    Args:
        stop: Set it to stop; the run can then be resumed.
        max_seconds: Time budget of this training, or None.
        recorder: Whose clock counts, so that a resumed run keeps its budget.
    """

    def __init__(
        self,
        stop: threading.Event,
        max_seconds: float | None,
        recorder: Recorder,
    ) -> None:
        """Keep what can stop the training."""
        self.stop = stop
        self.max_seconds = max_seconds
        self.recorder = recorder
        self.interrupted = False
        self.out_of_time = False

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Look whether to stop."""
        if self.stop.is_set() and state.global_step < state.max_steps:
            self.interrupted = True
            control.should_save = True
            control.should_training_stop = True
            return
        started = getattr(self.recorder, "_started", time.perf_counter())
        used = time.perf_counter() - started
        if self.max_seconds is not None and used >= self.max_seconds:
            self.out_of_time = True
            control.should_evaluate = control.should_save = True
            control.should_training_stop = True


@contextlib.contextmanager
def ctrl_c_sets(stop: threading.Event) -> Iterator[None]:
    """Let the first Ctrl-C stop at a step's end; a second one stops at once.

    Args:
        stop: The event to set.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    before = signal.getsignal(signal.SIGINT)

    def handle(number: int, frame: Any) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def one_line_when_disk_is_full(name: str) -> Iterator[None]:
    """Turn a full disk into one line; what was written before stays resumable.

    Args:
        name: Name of the run.
    """
    try:
        yield
    except (OSError, SafetensorError) as error:
        if not disk_is_full(error):
            raise
        raise CourseError(
            f"The disk is full, training of {name!r} stopped: free some space, then "
            f"continue with 'course train --resume {name}'."
        ) from error
