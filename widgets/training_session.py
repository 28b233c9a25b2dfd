"""A training in the background: begun or continued, steered, stopped, or followed.

It knows no controls and no picture: it holds the curves as they are now and says when
they have changed. Left out: several at once.
"""

import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from course.errors import CourseError
from course.runs import Run, open_run
from course.runs.curves import Curves, number, read_curves
from widgets.lab import headless
from widgets.training_checks import RATE
from widgets.work import Work

LOOK = 0.3  # seconds between two looks at a history that another process writes


class Session:
    """What happens to one run.

    Args:
        curves: What is shown at first.
        on_change: Called, also from a thread, when something here has changed.

    Attributes:
        curves: The curves as they are now.
        problem: One line about what went wrong last, or "".
        running: Whether this session trains now.
    """

    def __init__(self, curves: Curves, on_change: Callable[[], None]) -> None:
        """Begin with nothing to do."""
        self.curves, self.on_change = curves, on_change
        self.problem, self.running, self.is_paused = "", False, False
        self._steering, self._rate = None, RATE
        self._run: Run | None = None
        self._work = Work(lambda _: None, self._hear_problem)

    @property
    def status(self) -> str:
        """What happens now, in a word or two."""
        if not self.running:
            return self.curves.state
        if self.is_paused:
            return "paused"
        if not self.curves.history:
            return "loading"
        epoch = number(self.curves.history[-1].get("epoch")) or 0
        done = epoch >= (number(self.curves.config.get("num_train_epochs")) or 1e9)
        return "measuring" if done else "training"

    def run(self, name: str) -> Run | None:
        """Return the run, once it is complete."""
        if self._run is None and self.curves.state == "complete" and not self.running:
            self._run = open_run(name) if self.curves.history else None
        return self._run

    def show(self, curves: Curves) -> None:
        """Show another run."""
        self._work.stop()
        self.curves, self.problem, self._run = curves, "", None

    def follow(self, name: str) -> None:
        """Show what another process writes, or may yet, until the run is complete."""
        waits = self.curves.state in ("training", "stopped") and not self.running
        if waits and not headless():
            self._work.start(lambda stop: self._follow(name or self.curves.name, stop))

    def train(
        self, task: str, make_config: Callable[[], Any], rate: float, **options: Any
    ) -> None:
        """Begin a training, or continue the one that is shown and was stopped.

        Args:
            task: Name of the task of a new one.
            make_config: Returns the options of a new one; called in the thread.
            rate: The learning rate, also of one that is continued.
            **options: Further ones of `finetune`.
        """
        is_new = self.curves.state != "stopped"
        name = self.curves.name
        if is_new:
            moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
            name = f"{task}-{moment}"
        self.problem, self._run, self.is_paused = "", None, False
        self.running, self._rate = True, rate
        if is_new:
            self.curves = Curves(name, task, "training")

        def work(stop: threading.Event) -> None:
            try:
                self._train(name, is_new, task, make_config, options, stop)
            except CourseError as error:
                self.problem = str(error)
            finally:
                self.running, self._steering = False, None
                self._read_again(name)
                self.on_change()

        self.on_change()
        self._work.start(work)

    def pause(self, paused: bool) -> None:
        """Pause from the next step's end, or go on."""
        self.is_paused = paused and self.running
        self._pass_on()

    def set_learning_rate(self, value: float) -> None:
        """Change the learning rate of the running training."""
        self._rate = value
        self._pass_on()

    def stop(self) -> None:
        """Stop at the next step's end; the run can be continued."""
        self._work.stop()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; an interrupt stops the training resumably first."""
        if not self.running and self.curves.state == "stopped":
            return True  # nobody knows whether it will ever go on
        try:
            return self._work.wait(timeout)
        except KeyboardInterrupt:
            self.stop()
            self._work.wait()
            raise

    def _train(
        self,
        name: str,
        is_new: bool,
        task: str,
        make_config: Callable[[], Any],
        options: dict[str, Any],
        stop: threading.Event,
    ) -> None:
        from course.finetuning import Steering, finetune, resume

        if is_new:
            config = make_config()
            self.curves = Curves(name, task, "training", asdict(config))
        self._steering = Steering()
        self._pass_on()  # a wish can be older than the training
        options |= {"stop": stop, "steering": self._steering, "progress": False}
        options["on_log"] = lambda record: self._hear(name, record)
        if is_new:
            # Who steers by looking must not look at the test split.
            options |= {"baselines": False, "test": False}
            self._run = finetune(task, config, name=name, **options)
        else:
            self.curves = replace(self.curves, state="training")
            self._run = resume(name, **options)

    def _pass_on(self) -> None:
        if self._steering is not None:
            self._steering.set_learning_rate(self._rate)
            (self._steering.pause if self.is_paused else self._steering.go_on)()

    def _hear(self, name: str, record: dict[str, Any]) -> None:
        before = [r for r in self.curves.history if r.get("step", 0) <= record["step"]]
        self.curves = replace(self.curves, history=[*before, record])
        self.on_change()

    def _read_again(self, name: str) -> None:
        """Take the files' word at the end; there are none if nothing was begun."""
        try:
            self.curves = read_curves(name)
        except CourseError:
            self.curves = replace(self.curves, state="not begun")

    def _follow(self, name: str, stop: threading.Event) -> None:
        while not stop.wait(LOOK) and self.curves.state != "complete":
            curves = read_curves(name)
            if not stop.is_set() and curves != self.curves:
                self.curves = curves
                self.on_change()

    def _hear_problem(self, problem: str) -> None:
        self.problem = problem
        self.on_change()
