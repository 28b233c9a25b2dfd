"""The options of a hyperparameter search: sampler, budget, seeds, what is measured.

Left out: what varies, which is a `Space`, and where the trials are kept.
"""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from course.errors import CourseError, unknown_name
from course.hyperparameters.samplers import PRUNERS, SAMPLERS

__all__ = ["METRICS", "SearchConfig"]

# Validation metrics of a run's history, and which way is better.
METRICS = {
    "eval_accuracy": "maximize",
    "eval_f1_macro": "maximize",
    "eval_loss": "minimize",
}
# These may change when a search is continued; all else makes it another search.
_BUDGET = ("n_trials", "max_seconds")


@dataclass(frozen=True)
class SearchConfig:
    """Options of a search.

    Attributes:
        sampler: How the next trial is chosen: a name in `SAMPLERS`.
        n_trials: Trials in total, counting those of earlier calls; a grid with fewer
            points ends with its last point.
        seeds: Every trial is trained once with each; their mean is its value.
        pruner: What ends a bad trial early: a name in `PRUNERS`.
        metric: What is optimised, measured on the validation split: one of `METRICS`,
            or any name when a function of yours evaluates the trials.
        direction: `maximize` or `minimize`; None takes the metric's.
        preset: Options of `FinetuningConfig` that the search starts from.
        fixed: Further options of `FinetuningConfig`, the same in all trials.
        max_train_samples: Use only the first so many training texts; None keeps the
            preset's number.
        max_seconds: No new trial begins after so many seconds of a call, or None.
        seed: Seed of the sampler, from 0. The data's split does not depend on it.
        n_startup_trials: Trials before a Bayesian sampler models or the median prunes.
        population_size: Trials in a generation of the genetic sampler, from 2.
        grid_points: Values that a grid takes from each range, from 2.

    Example:
        >>> SearchConfig(sampler="random", n_trials=5).better
        'maximize'
    """

    sampler: str = "tpe"
    n_trials: int = 20
    seeds: tuple[int, ...] = (0,)
    pruner: str = "median"
    metric: str = "eval_accuracy"
    direction: str | None = None
    preset: str = "quick"
    fixed: dict[str, Any] = field(default_factory=dict)
    max_train_samples: int | None = None
    max_seconds: float | None = None
    seed: int = 0
    n_startup_trials: int = 5
    population_size: int = 8
    grid_points: int = 3

    @property
    def better(self) -> str:
        """The direction: `maximize` or `minimize`."""
        return self.direction or METRICS.get(self.metric, "maximize")

    def check(self) -> None:
        """Raise a `CourseError` for the first option that is out of its range."""
        for name, known in (("sampler", SAMPLERS), ("pruner", PRUNERS)):
            if getattr(self, name) not in known:
                raise unknown_name(name, str(getattr(self, name)), known)
        if self.direction not in (None, "maximize", "minimize"):
            raise unknown_name("direction", str(self.direction), METRICS.values())
        for name, least in _LEAST.items():
            _check_whole(name, getattr(self, name), least)
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise CourseError(
                f"seeds is {self.seeds!r}; at least one is expected and none twice."
            )
        for seed in self.seeds:
            _check_whole("a seed", seed, 0)
        if self.max_seconds is not None and not self.max_seconds > 0:
            raise CourseError(
                f"max_seconds is {self.max_seconds}; above 0 is expected."
            )

    def finetuning(self, task: str) -> Any:
        """Return the `FinetuningConfig` from which every trial starts.

        Args:
            task: Name of the task, or the path of a file.

        Raises:
            CourseError: If preset, metric or a fixed option is unknown or wrong.
        """
        from course.finetuning.configuration import preset

        if self.metric not in METRICS:
            raise unknown_name("metric", self.metric, METRICS)
        changes = dict(self.fixed)
        if self.max_train_samples is not None:
            changes["max_train_samples"] = self.max_train_samples
        return preset(self.preset, task, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return plain data; `from_json` makes an equal configuration of it."""
        return dataclasses.asdict(self) | {"seeds": list(self.seeds)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "SearchConfig":
        """Return the configuration that `to_json` described.

        Args:
            data: What `to_json` returned, perhaps by way of a file.
        """
        return cls(**data | {"seeds": tuple(data["seeds"])})


_LEAST = {
    "n_trials": 1,
    "seed": 0,
    "n_startup_trials": 1,
    "population_size": 2,
    "grid_points": 2,
}


def _check_whole(name: str, value: Any, least: int) -> None:
    if type(value) is not int or value < least:
        raise CourseError(
            f"{name} is {value!r}; a whole number of at least {least} is expected."
        )


def identity(config: dict[str, Any]) -> dict[str, Any]:
    """Return what of a configuration must stay the same when a search continues.

    Args:
        config: What `SearchConfig.to_json` returned.

    Example:
        >>> {"n_trials", "sampler"} & set(identity(SearchConfig().to_json()))
        {'sampler'}
    """
    return {name: value for name, value in config.items() if name not in _BUDGET}
