"""What `TrainingLab` is given: checked, completed, and said in one line if it is wrong.

Left out: whatever only `course.finetuning` knows, until options are given that it must
check; importing it takes seconds.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import traitlets

from course.errors import CourseError, unknown_name
from course.runs import shipped
from course.runs.curves import Curves, curve_names, number, points, read_curves

# Of `course.finetuning`, whose import takes seconds; a test holds them together.
RATE, PRESETS = 1e-4, ("quick", "default", "best")
LEAST_RATE, MOST_RATE = 1e-8, 0.3


def checked_options(
    preset: Any, task: str, options: dict[str, Any], learning_rate: float | None
) -> tuple[str, dict[str, Any], float]:
    """Return name of the preset, options and learning rate, which fit together.

    Args:
        preset: A preset's name, or a `FinetuningConfig`.
        task: Name of the task.
        options: Fields of `FinetuningConfig` to set.
        learning_rate: The learning rate, or None for the preset's.

    Raises:
        CourseError: If one is unknown or out of range.

    Example:
        >>> checked_options("quick", "sentiment", {}, None)
        ('quick', {}, 0.0001)
    """
    if preset == "quick" and not options:
        return preset, {}, RATE if learning_rate is None else learning_rate
    from course.finetuning import configuration

    if isinstance(preset, configuration.FinetuningConfig):
        plain = asdict(configuration.preset("quick", task))
        fields = asdict(preset)
        options = {k: v for k, v in fields.items() if v != plain[k]} | options
        preset = "quick"
    config = configuration.preset(str(preset), task, **options)
    options = {k: v for k, v in options.items() if k != "learning_rate"}
    rate = config.learning_rate if learning_rate is None else learning_rate
    return str(preset), options, rate


def default_curves(task: str) -> Curves:
    """Return the curves of the adapter shipped for a task, else of its newest run."""
    names = [*(name for name in shipped() if name == task), *curve_names(task)]
    return read_curves(names[0]) if names else Curves(f"no run of {task}", task, "new")


def rate_of(curves: Curves) -> float | None:
    """Return the highest learning rate that a run has now, None if that is not known.

    Example:
        >>> rate_of(read_curves("sentiment"))
        0.001
    """
    changes = [rate for _, rate in points(curves.history, "learning_rate_set")]
    rate = number(curves.config.get("learning_rate"))
    rate = changes[-1] if changes else rate
    return None if rate is None else min(max(rate, LEAST_RATE), MOST_RATE)


def check_task(name: str) -> str:
    """Return the name of a task, or raise a `CourseError`."""
    if name not in shipped():  # reading the others' list takes a moment
        from course.tasks import TASKS

        if name not in TASKS:
            raise unknown_name("task", name, TASKS)
    return name


def one_line_of(check: Callable[[str], Any], value: str) -> Any:
    """Return what a check returns; the line that it raises becomes a trait's."""
    try:
        return check(value)
    except CourseError as error:
        raise traitlets.TraitError(str(error)) from error
