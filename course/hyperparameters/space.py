"""Search spaces: which hyperparameters vary, and within which bounds.

The names are `FinetuningConfig`'s, and so transformers' and peft's. A list holds the
choices of a hyperparameter, a tuple the two ends of a range, and a third item "log"
makes every factor of ten equally likely, which is how learning rates differ. Left out:
hyperparameters that exist only for some values of others.

Source: Bergstra and Bengio 2012, "Random search for hyper-parameter optimization".
"""

import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from optuna import Trial
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from course.errors import CourseError, unknown_name

__all__ = ["DEFAULT_SPACE", "LORA_SPACE", "Space"]

# Beyond this a grid is a mistake: at a second per point it takes more than a day.
LARGEST_GRID = 100_000
_SCALAR = (str, int, float, bool, type(None))


class Space(Mapping[str, BaseDistribution]):
    """Hyperparameters by name, each with Optuna's distribution of its values.

    Args:
        hyperparameters: Name to a list of choices, a tuple `(low, high)` or
            `(low, high, "log")`, one of Optuna's distributions, or what `to_json`
            returned. A range is of whole numbers if both ends are.

    Raises:
        CourseError: If a range is empty, a logarithmic one does not begin above 0, or
            there is nothing to vary.

    Example:
        >>> space = Space({"learning_rate": (1e-5, 1e-3, "log"), "r": [4, 8]})
        >>> space["learning_rate"]
        FloatDistribution(high=0.001, log=True, low=1e-05, step=None)
        >>> space.grid(points=3)[:2]
        [{'learning_rate': 1e-05, 'r': 4}, {'learning_rate': 1e-05, 'r': 8}]
    """

    def __init__(self, hyperparameters: Mapping[str, Any]) -> None:
        """Check every range and choice."""
        if not hyperparameters:
            raise CourseError(
                "The search space is empty; at least one hyperparameter is needed: "
                "name one with a list of choices or a range."
            )
        self._distributions = {
            name: _distribution(name, values)
            for name, values in hyperparameters.items()
        }

    def __getitem__(self, name: str) -> BaseDistribution:
        """Return the distribution of a hyperparameter."""
        return self._distributions[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._distributions)

    def __len__(self) -> int:
        """Return the number of hyperparameters."""
        return len(self._distributions)

    def __or__(self, other: Mapping[str, Any]) -> "Space":
        """Return a space with the hyperparameters of both; the right side wins."""
        return Space({**self, **other})

    def __repr__(self) -> str:
        """Return the space as JSON would show it."""
        return f"Space({self.to_json()})"

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return plain data from which `Space` makes an equal space.

        Example:
            >>> Space({"r": [4, 8], "weight_decay": (0.0, 0.1)}).to_json()
            {'r': {'choices': [4, 8]}, 'weight_decay': {'low': 0.0, 'high': 0.1}}
        """
        return {name: _as_json(values) for name, values in self.items()}

    def suggest(self, trial: Trial) -> dict[str, Any]:
        """Let a trial's sampler choose a value for every hyperparameter.

        Args:
            trial: A running trial of an Optuna study.

        Returns:
            Name to value.
        """
        return {name: _suggest(trial, name, values) for name, values in self.items()}

    def grid(self, points: int = 3) -> list[dict[str, Any]]:
        """Return every combination of choices and of evenly spaced values of ranges.

        Args:
            points: Values per range, from 2, both ends among them; on a logarithmic
                range they are spaced by equal factors.

        Returns:
            One dictionary per combination, the last hyperparameter varying fastest.

        Raises:
            CourseError: If there are fewer than two points, or too many combinations.
        """
        if points < 2:
            raise CourseError(
                f"grid_points is {points}; at least 2 are needed, the two ends of a "
                "range: raise it, or give the values as a list."
            )
        axes = [_axis(values, points) for values in self.values()]
        size = math.prod(map(len, axes))
        if size > LARGEST_GRID:
            raise CourseError(
                f"The grid has {size:,} points, at most {LARGEST_GRID:,} are allowed: "
                "vary fewer hyperparameters, or fewer values of each."
            )
        return [
            dict(zip(self, combination, strict=True))
            for combination in itertools.product(*axes)
        ]

    def check(self, config: Any) -> None:
        """Raise if a name is no field of a configuration, or a value not allowed there.

        Args:
            config: A `FinetuningConfig`; its own rules are asked with each choice and
                each end of a range.

        Raises:
            CourseError: For the first hyperparameter that does not fit.
        """
        known = {field.name for field in dataclasses.fields(config)} - {"seed"}
        for name, values in self.items():
            if name not in known:
                raise unknown_name("hyperparameter", name, known)
            for value in _extremes(values):
                dataclasses.replace(config, **{name: value}).check()


def _distribution(name: str, values: Any) -> BaseDistribution:
    """Turn any of the accepted forms into Optuna's distribution."""
    if isinstance(values, BaseDistribution):
        values = _as_json(values)
    if isinstance(values, list):
        values = {"choices": values}
    if isinstance(values, tuple):
        if len(values) not in (2, 3) or values[2:] not in ((), ("log",)):
            raise CourseError(
                f"The range of {name} is {values!r}; (low, high) or "
                '(low, high, "log") is expected.'
            )
        values = {"low": values[0], "high": values[1], "log": len(values) == 3}
    if isinstance(values, dict) and set(values) == {"choices"}:
        return _choices(name, list(values["choices"]))
    ends = {"low", "high"}
    if isinstance(values, dict) and ends <= set(values) <= ends | {"log", "step"}:
        return _range(name, **values)
    raise CourseError(
        f"The values of {name} are {values!r}; a list of choices or a range "
        '(low, high) or (low, high, "log") is expected.'
    )


def _choices(name: str, choices: list[Any]) -> CategoricalDistribution:
    if not choices or not all(isinstance(choice, _SCALAR) for choice in choices):
        raise CourseError(
            f"The choices of {name} are {choices!r}; at least one is needed, each a "
            "number, a text, true, false or null."
        )
    return CategoricalDistribution(choices)


def _range(
    name: str, low: float, high: float, log: bool = False, step: float | None = None
) -> FloatDistribution | IntDistribution:
    numbers = [end for end in (low, high) if type(end) in (int, float)]
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)) or not low < high:
        raise CourseError(
            f"The range of {name} is from {low!r} to {high!r}; two numbers are "
            "expected, the smaller first: change them, or give a list of choices."
        )
    if log and low <= 0:
        raise CourseError(
            f"The logarithmic range of {name} begins at {low}; it must begin above 0: "
            'raise its low end or leave out "log".'
        )
    whole = type(low) is int and type(high) is int
    kind = IntDistribution if whole else FloatDistribution
    try:
        return kind(low, high, log=log, **({} if step is None else {"step": step}))
    except ValueError as error:  # a step that is negative, or combined with "log"
        raise CourseError(
            f"The step of {name} is {step!r}; one above 0 on a range without "
            '"log" is expected.'
        ) from error


def _as_json(values: BaseDistribution) -> dict[str, Any]:
    if isinstance(values, CategoricalDistribution):
        return {"choices": list(values.choices)}
    plain: dict[str, Any] = {"low": values.low, "high": values.high}
    if values.log:
        plain["log"] = True
    if values.step not in (None, 1):
        plain["step"] = values.step
    return plain


def _suggest(trial: Trial, name: str, values: BaseDistribution) -> Any:
    if isinstance(values, CategoricalDistribution):
        return trial.suggest_categorical(name, values.choices)
    kind = trial.suggest_int if isinstance(values, IntDistribution) else None
    suggest = kind or trial.suggest_float
    return suggest(name, values.low, values.high, step=values.step, log=values.log)


def _axis(values: BaseDistribution, points: int) -> list[Any]:
    """Return the values of one hyperparameter on a grid."""
    if isinstance(values, CategoricalDistribution):
        return list(values.choices)
    space_evenly = np.geomspace if values.log else np.linspace
    ends = (values.low, values.high)
    if isinstance(values, IntDistribution):
        return sorted({round(value) for value in space_evenly(*ends, points)})
    # Six digits are easy to read, and rounding must not leave the range.
    rounded = [float(f"{value:.6g}") for value in space_evenly(*ends, points)]
    return [min(max(value, values.low), values.high) for value in rounded]


def _extremes(values: BaseDistribution) -> list[Any]:
    if isinstance(values, CategoricalDistribution):
        return list(values.choices)
    return [values.low, values.high]


# The learning rate comes first: it matters most. The bounds are a factor of about seven
# to either side of what works for MiniLM on sentences.
DEFAULT_SPACE = Space(
    {
        "learning_rate": (2e-5, 1e-3, "log"),
        "per_device_train_batch_size": [16, 32, 64],
        "num_train_epochs": (1, 4),
        "lr_scheduler_type": ["linear", "cosine", "constant_with_warmup"],
        "warmup_steps": (0.0, 0.2),
        "weight_decay": (0.0, 0.2),
        "hidden_dropout_prob": (0.0, 0.3),
        "label_smoothing_factor": (0.0, 0.2),
    }
)

# Adapters bear, and need, about ten times the learning rate of the whole model.
LORA_SPACE = DEFAULT_SPACE | {
    "learning_rate": (1e-4, 1e-2, "log"),
    "r": [4, 8, 16],
    "lora_alpha": [8, 16, 32],
    "lora_dropout": (0.0, 0.2),
}
