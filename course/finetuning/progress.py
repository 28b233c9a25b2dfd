"""One line on standard error that tells how a training goes.

Shows step, loss, examples per second and the time left. Left out: curves, which the
run's history and TensorBoard events hold.
"""

from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from transformers import TrainerCallback


class TrainingProgress(TrainerCallback):
    """A progress line that follows a `Trainer`; use it as a context manager.

    Args:
        title: What is trained.
        shown: False shows nothing.
    """

    def __init__(self, title: str, shown: bool = True) -> None:
        """Prepare the line; it appears when the context is entered."""
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[numbers]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not shown,
        )
        self._task = self._progress.add_task(
            f"{title}: loading", total=None, numbers=""
        )
        self._title = title
        self._numbers: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Show the line."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the line as it is."""
        self._progress.stop()

    def say(self, stage: str) -> None:
        """Name the stage that begins."""
        self._progress.update(self._task, description=f"{self._title}: {stage}")

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Begin to count."""
        self.say("training")
        self._progress.update(
            self._task, total=state.max_steps, completed=state.global_step
        )

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Count a step."""
        self._progress.update(self._task, completed=state.global_step)

    def record(self, record: dict[str, Any]) -> None:
        """Show the numbers of a history record."""
        shown = {
            "loss": "loss {:.3f}",
            "examples_per_second": "{:.0f} examples/s",
            "eval_accuracy": "validation accuracy {:.3f}",
        }
        for name, pattern in shown.items():
            if record.get(name) is not None:
                self._numbers[name] = pattern.format(record[name])
        self._progress.update(self._task, numbers=", ".join(self._numbers.values()))
