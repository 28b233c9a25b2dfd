"""Steer a training while it runs: pause it, let it go on, change its learning rate.

Another thread says what is wanted, and the training does it at its next step's end. A
change of the rate is written into the history and kept in checkpoints, so that a run
that was steered can still be stopped, resumed and understood. Left out: stopping, which
`course.finetuning.stopping` does.
"""

import threading
import time
from typing import Any

from transformers import TrainerCallback

from course.errors import CourseError
from course.finetuning.recording import Recorder

CHANGE = "learning_rate_set"  # in the history: the new highest rate of the schedule
_LOOK = 0.05  # seconds between two looks of a paused training


class Steering(TrainerCallback):
    """The hand on a training; give it to `finetune` or `resume`.

    Example:
        >>> steering = Steering()
        >>> steering.pause()
        >>> steering.is_paused
        True
        >>> steering.set_learning_rate(5e-5)
    """

    def __init__(self) -> None:
        """Begin without a wish."""
        self._paused = threading.Event()
        self._rate: float | None = None
        self._stop, self._recorder = threading.Event(), None

    @property
    def is_paused(self) -> bool:
        """Whether the training shall wait; it does so from the next step's end."""
        return self._paused.is_set()

    def pause(self) -> None:
        """Let the training wait at its next step's end; its clock waits too."""
        self._paused.set()

    def go_on(self) -> None:
        """End the pause."""
        self._paused.clear()

    def set_learning_rate(self, value: float) -> None:
        """Change the highest rate of the schedule, which keeps its shape.

        Args:
            value: Above 0 and below 1, as `FinetuningConfig.learning_rate`.

        Raises:
            CourseError: If it is out of that range.
        """
        if not 0 < value < 1:
            raise CourseError(
                f"learning_rate is {value}; above 0 and below 1 is expected."
            )
        self._rate = value

    def attach(self, stop: threading.Event, recorder: Recorder) -> "Steering":
        """Tell it which event ends a pause, and who writes the history."""
        self._stop, self._recorder = stop, recorder
        return self

    def on_step_end(
        self, args: Any, state: Any, control: Any, lr_scheduler: Any = None, **_: Any
    ) -> None:
        """Wait while it is paused; take over a new rate."""
        if self.is_paused:
            began = time.perf_counter()
            while self.is_paused and not self._stop.wait(_LOOK):
                pass
            if self._recorder:
                self._recorder.leave_out(time.perf_counter() - began)
        rate, self._rate = self._rate, None
        if rate is not None and rate != lr_scheduler.base_lrs[0]:
            _scale_schedule(lr_scheduler, rate)
            if self._recorder:
                self._recorder.write(state, {CHANGE: rate})


def _scale_schedule(scheduler: Any, rate: float) -> None:
    """Give a schedule another highest rate; the present step's follows at once."""
    for index, group in enumerate(scheduler.optimizer.param_groups):
        group["lr"] *= rate / scheduler.base_lrs[index]
        group["initial_lr"] = scheduler.base_lrs[index] = rate
    scheduler._last_lr = [group["lr"] for group in scheduler.optimizer.param_groups]
