"""What a model's live predictions are compared with, kept once it is known.

For a shipped adapter it is recorded; another run is asked about a few hundred texts of
its own test split. Left out: comparing (`course.monitoring.drift`).
"""

import threading
from pathlib import Path

from course.demo.models import LoadedModels, find_run
from course.errors import CourseError, unknown_name
from course.monitoring.drift import Window, answers, reference_of

CAPACITY = 20
SIMULATED = 120  # texts of another task


class References:
    """The references that are known so far.

    Args:
        models: The demo's loaded models.

    Example:
        >>> References(LoadedModels()).known("sentiment") is None
        True
    """

    def __init__(self, models: LoadedModels) -> None:
        """Start with none known."""
        self._models = models
        self._found: dict[tuple[Path, int], Window | str] = {}
        self._lock = threading.Lock()

    def known(self, name: str | None) -> Window | str | None:
        """Return what is known without any work.

        Args:
            name: A model's name, also of one that is gone.

        Returns:
            The reference; why there is none, in one line; or None if nobody asked yet.
        """
        try:
            return self._found.get(self._key(name))
        except CourseError as error:
            return str(error)

    def find(self, name: str | None) -> Window | str:
        """Return a reference; asks the model if it must, which takes seconds.

        Args:
            name: A model's name.
        """
        with self._lock:
            known = self.known(name)
            if known is None:
                known = self._found[self._key(name)] = self._ask(name)
                while len(self._found) > CAPACITY:
                    del self._found[next(iter(self._found))]
            return known

    def simulate(self, name: str | None, task: str) -> Window:
        """Return what a model says of another task's texts, which nobody sent.

        Args:
            name: A model's name.
            task: A name in `other_tasks(name)`.

        Raises:
            CourseError: If there is no such model or task, or its data is not here.
        """
        import numpy as np

        from course.data import load_task

        if task not in other_tasks(name):
            raise unknown_name("task", str(task), other_tasks(name))
        texts = list(load_task(task)["test"]["text"])
        order = np.random.default_rng(0).permutation(len(texts))[:SIMULATED]
        return answers(self._models.get(name), [texts[i] for i in order])

    def _ask(self, name: str) -> Window | str:
        from course.evaluation.predicted import is_quick

        run = find_run(name)
        try:
            return reference_of(run, None if is_quick(run) else self._models.get(name))
        except CourseError as error:
            return str(error)

    def _key(self, name: str | None) -> tuple[Path, int]:
        # A run that was trained again under its old name is another model.
        run = find_run(name or "")
        return run.path, run.path.stat().st_mtime_ns


def other_tasks(name: str | None) -> list[str]:
    """Return the tasks that a model was not trained on.

    Args:
        name: A model's name, also of one that is gone.

    Example:
        >>> "spam" in other_tasks("sentiment"), "sentiment" in other_tasks("sentiment")
        (True, False)
    """
    from course.tasks import TASKS

    try:
        own = find_run(name or "").task
    except CourseError:
        own = None
    return [task for task in TASKS if task != own]
