"""Train for real, and steer: pause, change the learning rate, stop, go on.

What to notice: the training loss goes on falling when the validation loss no longer
does. Drag the line of early stopping: impatience keeps an early step and never sees the
better ones that follow; patience costs time. Compare runs: what differed, and what did
it change?
"""

from collections.abc import Sequence
from typing import Any

import traitlets

from course.runs import Run
from course.runs.curves import (
    AXES,
    Curves,
    EarlyStop,
    curve_names,
    read_curves,
    replay_early_stopping,
)
from course.views.drawing import Drawing
from course.views.training import (
    MOST_PATIENCE,
    draw_training,
    patience_at,
    patience_for,
)
from widgets.lab import Lab
from widgets.training_checks import (
    LEAST_RATE,
    MOST_RATE,
    PRESETS,
    RATE,
    check_task,
    checked_options,
    default_curves,
    one_line_of,
    rate_of,
)
from widgets.training_controls import TrainingControls
from widgets.training_session import Session


class TrainingLab(Lab):
    """A fine-tuning with live curves, which can be steered, stopped and continued.

    Nothing trains before `start`; until then it shows a run that was trained before.

    Args:
        task: A name in `course.tasks.TASKS`.
        preset: `quick`, `default` or `best`; or a whole `FinetuningConfig`.
        run: Name or path of a run to show and follow: complete, in progress, stopped
            or killed; `start` continues one of the latter two. Default the
            adapter shipped for the task, else its newest run.
        compare: Names of runs drawn over it.
        smoothing: Of the training loss, 0 to 0.99.
        patience: Of the early stopping that is drawn, 1 to `MOST_PATIENCE`. Training
            itself stops early only with the option `early_stopping_patience`.
        axis: `step`, `epoch` or `seconds`.
        learning_rate: Highest rate of the schedule, 1e-8 to 0.3; a change while it
            trains takes effect at the next step. Default the run's or the preset's.
        dataset: The task's splits, if they are loaded already.
        **kwargs: Fields of `FinetuningConfig`, such as `max_train_samples`; all others
            are options of `ipywidgets.VBox`.

    Attributes:
        history: The records so far.
        best_step: The step that early stopping keeps; None before an evaluation.
        stopped_at: The step at which it stops; None if it does not.
        run: The `Run` when it is complete, else None.
        running: Whether this lab trains now.

    Raises:
        CourseError: If there is no task, run or option of a name, or a value is wrong.

    Example:
        >>> lab = TrainingLab("sentiment", patience=1)
        >>> lab.best_step, lab.stopped_at
        (200, 300)
    """

    state = ("task", "preset", "name", "compare", "smoothing", "patience", "axis")
    state += ("learning_rate",)
    task = traitlets.Unicode("sentiment")
    preset = traitlets.Enum(PRESETS, "quick")
    name = traitlets.Unicode("")
    compare = traitlets.List(traitlets.Unicode())
    smoothing = traitlets.Float(0.0, min=0.0, max=0.99)
    patience = traitlets.Int(1, min=1, max=MOST_PATIENCE)
    axis = traitlets.Enum(AXES, "step")
    learning_rate = traitlets.Float(RATE, min=LEAST_RATE, max=MOST_RATE)
    running = traitlets.Bool(False, read_only=True)
    _session: Session | None = None  # also of a lab that could not be made

    def __init__(
        self,
        task: str = "sentiment",
        preset: Any = "quick",
        *,
        run: str | None = None,
        compare: Sequence[str] = (),
        smoothing: float = 0.0,
        patience: int = 1,
        axis: str = "step",
        learning_rate: float | None = None,
        dataset: Any = None,
        **kwargs: Any,
    ) -> None:
        """Make the controls, find the run and draw."""
        boxes = {k: kwargs.pop(k) for k in set(kwargs) & set(self.trait_names())}
        check_task(task)
        self.dataset = dataset
        curves = read_curves(run) if run else default_curves(task)
        if run and learning_rate is None:
            learning_rate = rate_of(curves)
        preset, self.options, rate = checked_options(
            preset, task, kwargs, learning_rate
        )
        self._session = Session(curves, self._hear_run)
        self._others: dict[str, Curves] = {}
        self.controls = TrainingControls([*curve_names(task), *compare])
        super().__init__(
            self.controls.all,
            task=(run and curves.task) or task,
            preset=preset,
            name=str(run or ""),
            compare=list(compare),
            smoothing=smoothing,
            patience=patience,
            axis=axis,
            learning_rate=rate,
            **boxes,
        )
        self.controls.connect(self)
        self.controls.follow(self._session)
        self.observe(self._hear_rate, "learning_rate")
        self.observe(self._hear_task, "task")
        self.observe(self._hear_name, "name")
        self._session.follow(self.name)

    @traitlets.validate("task")
    def _check_task(self, proposal: dict[str, Any]) -> str:
        return one_line_of(check_task, proposal["value"])

    @traitlets.validate("name")
    def _check_name(self, proposal: dict[str, Any]) -> str:
        name = proposal["value"]
        if name and name != self._session.curves.name:
            one_line_of(read_curves, name)
        return name

    @traitlets.validate("compare")
    def _check_compare(self, proposal: dict[str, Any]) -> list[str]:
        for name in proposal["value"]:
            if name not in self._others:
                self._others[name] = one_line_of(read_curves, name)
        return proposal["value"]

    # What can be read

    @property
    def paused(self) -> bool:
        """Whether the training waits, or will at its next step's end."""
        return self._session.is_paused

    @property
    def history(self) -> list[dict[str, Any]]:
        """The records of the run that is shown, as they are in `history.jsonl`."""
        return list(self._session.curves.history)

    @property
    def early_stop(self) -> EarlyStop:
        """What early stopping with the present patience makes of the history."""
        curves = self._session.curves
        return replay_early_stopping(curves.history, curves.metric, self.patience)

    @property
    def best_step(self) -> int | None:
        """The step that early stopping keeps."""
        return self.early_stop.best_step

    @property
    def stopped_at(self) -> int | None:
        """The step at which early stopping ends the training, None if it does not."""
        return self.early_stop.stopped_at

    @property
    def run(self) -> Run | None:
        """The run that is shown when it is complete, else None."""
        return self._session.run(self.name or self._session.curves.name)

    # What can be done

    def start(self) -> "TrainingLab":
        """Begin a training, or continue the stopped one that is shown."""
        if self._session.running:
            return self
        changes = {**self.options, "learning_rate": self.learning_rate}

        def make_config() -> Any:
            from course.finetuning import preset

            return preset(self.preset, self.task, **changes)

        rate, data = self.learning_rate, self.dataset
        self._session.train(self.task, make_config, rate, dataset=data)
        return self

    def pause(self, paused: bool = True) -> None:
        """Pause at the next step's end, or go on with `False`."""
        self._session.pause(paused)
        self._hear_run()

    def stop(self) -> None:
        """Stop at the next step's end; `start` continues the run then."""
        if self.running:
            self._session.stop()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; an interrupt stops the training, resumably.

        Args:
            timeout: Seconds; default no limit.

        Returns:
            Whether it has ended.
        """
        return self._session.wait(timeout)

    # What is drawn

    def draw(self) -> Drawing:
        """Draw the curves as they are now."""
        session = self._session
        drawing = draw_training(
            session.curves,
            [self._others[name] for name in self.compare],
            axis=self.axis,
            smoothing=self.smoothing,
            patience=self.patience,
            status=session.status,
        )
        if not session.problem:
            return drawing
        words = f"{drawing.summary} {session.problem}"
        return Drawing(drawing.picture, words, drawing.table)

    def on_drag(self, name: str, value: float) -> None:
        """Take the patience whose line is nearest to where it was dragged."""
        others = [self._others[name] for name in self.compare]
        self.patience = patience_at(
            value, self._session.curves, others, self.axis, self.patience
        )

    def on_pick(self, name: str) -> None:
        """Take the patience that it needs to reach the evaluation."""
        kind, _, step = name.partition("-")
        if kind == "eval":
            self.patience = patience_for(self._session.curves, float(step))

    def as_code(self) -> str:
        """Return a cell that shows this run again, and follows it if it goes on."""
        kind = type(self)
        values = {
            "run" if name == "name" else name: getattr(self, name)
            for name in self.state
            if getattr(self, name) != self.traits()[name].default(self)
        }
        arguments = ", ".join(f"{k}={v!r}" for k, v in (values | self.options).items())
        return (
            f"from {kind.__module__} import {kind.__name__}\n\n"
            f"{kind.__name__}({arguments})"
        )

    # What is heard

    def _hear_run(self) -> None:
        """Something happened to the run, perhaps in a thread."""
        session = self._session
        if session.running:
            self.name = session.curves.name
        elif self.running:  # it has ended just now
            self.controls.offer(curve_names(self.task), self.compare)
        self.set_trait("running", session.running)
        self.controls.follow(session)
        self.refresh()

    def _hear_rate(self, change: dict[str, Any]) -> None:
        self._session.set_learning_rate(change["new"])

    def _hear_task(self, change: dict[str, Any]) -> None:
        if not self._session.running:
            self._session.show(default_curves(change["new"]))
            self.name = ""
            self.controls.offer(curve_names(self.task), self.compare)
            self._hear_run()

    def _hear_name(self, change: dict[str, Any]) -> None:
        if change["new"] and change["new"] != self._session.curves.name:
            self._session.show(read_curves(change["new"]))
            self.learning_rate = rate_of(self._session.curves) or self.learning_rate
            self._session.follow(self.name)
            self._hear_run()

    def close(self) -> None:
        """Let go; a training that runs is stopped, resumably."""
        if self._session is not None:
            self._session.stop()
        super().close()
