"""The history of a training: one record per logged step, written as it happens.

`history.jsonl` can be followed while it grows, read again after a crash, and replayed;
TensorBoard gets the same numbers. Left out: showing them.
"""

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from course.runs import read_history


class Recorder(TrainerCallback):
    """Append what is logged to `history.jsonl`, to TensorBoard and to a listener.

    Args:
        path: The run directory.
        examples_per_step: Examples of one optimizer step.
        on_log: Called with each record.
        seconds: Training seconds before this process, when a run is resumed.
    """

    def __init__(
        self,
        path: Path,
        examples_per_step: int,
        on_log: Callable[[dict[str, Any]], None] | None = None,
        seconds: float = 0.0,
    ) -> None:
        """Open nothing yet; files are opened when training begins."""
        self.path = path
        self.examples_per_step = examples_per_step
        self.on_log_record = on_log
        self.seconds = seconds
        self._last = (0, 0.0)

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Start the clock and open the event file."""
        from torch.utils.tensorboard import SummaryWriter

        self._started = time.perf_counter() - self.seconds
        self._last = (state.global_step, self.seconds)
        self._events = SummaryWriter(
            self.path / "tensorboard", purge_step=state.global_step + 1
        )

    def on_log(
        self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any
    ) -> None:
        """Write one record of numbers."""
        self.seconds = time.perf_counter() - self._started
        if "loss" in logs:
            step, seconds = self._last
            examples = (state.global_step - step) * self.examples_per_step
            rate = examples / max(self.seconds - seconds, 1e-9)
            logs = {**logs, "examples_per_second": round(rate, 1)}
        keep = {
            # JSON has no word for what a diverged training gives.
            name: value if math.isfinite(value) else None
            for name, value in logs.items()
            if name.startswith(("loss", "learning_rate", "grad_norm", "examples_per"))
            or (name.startswith("eval_") and not name.endswith("per_second"))
        }
        if not keep:
            return  # Trainer's closing summary repeats what is known
        self.write(state, keep)
        self._last = (state.global_step, time.perf_counter() - self._started)

    def write(self, state: Any, values: dict[str, float | None]) -> None:
        """Append one record to the history, and tell of it.

        Args:
            state: Trainer's, for step and epoch.
            values: What to record; None where there is no finite number.
        """
        self.seconds = time.perf_counter() - self._started
        record = {"step": state.global_step, "epoch": round(state.epoch or 0.0, 4)}
        record |= {**values, "seconds": round(self.seconds, 3)}
        with (self.path / "history.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        for name, value in values.items():
            if value is not None:
                self._events.add_scalar(name, value, state.global_step)
        if self.on_log_record:
            self.on_log_record(record)

    def leave_out(self, seconds: float) -> None:
        """Take a pause out of the training's time.

        Args:
            seconds: How long nothing was trained.
        """
        self._started += seconds

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Leave the time of an evaluation out of the next examples per second."""
        self._last = (state.global_step, time.perf_counter() - self._started)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Stop the clock and close the event file."""
        self.seconds = time.perf_counter() - self._started
        self._events.close()


def rewind_history(path: Path, step: int) -> float:
    """Cut from a history what came after a checkpoint; it will be written again.

    Args:
        path: The run directory.
        step: The checkpoint's step.

    Returns:
        Training seconds up to that step.
    """
    kept = [record for record in read_history(path) if record["step"] <= step]
    lines = "".join(json.dumps(record) + "\n" for record in kept)
    temporary = path / "history.jsonl.tmp"
    temporary.write_text(lines, encoding="utf-8")
    temporary.replace(path / "history.jsonl")
    return kept[-1]["seconds"] if kept else 0.0
