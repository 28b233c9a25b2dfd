"""The axes of parallel coordinates: where a value stands, which value stands there.

An axis puts a value at a share of its length: a logarithmic one gives every factor the
same length, one of choices gives every choice a place of its own. Left out: drawing,
and what a brush selects (`course.hyperparameters.brush`).

Source: Inselberg 1985, "The plane with parallel coordinates".
"""

import itertools
import math
from dataclasses import dataclass
from typing import Any

from course.hyperparameters.results import Search

__all__ = ["RESULT", "Axis", "axes_of", "finished", "value_of"]

RESULT = "value"  # name of the axis of results, as in a trial's record
DIGITS = 4  # a share has so many, as a handle that is dragged tells it


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        name: Hyperparameter, or `RESULT`.
        low: Value at its beginning; None for choices.
        high: Value at its end; None for choices.
        log: Whether equal factors have equal lengths.
        choices: What there is to choose from, in order; empty for a range.
        step: Distance of neighbouring values; None if all values are possible.

    Example:
        >>> axis = Axis("learning_rate", 1e-5, 1e-1, log=True)
        >>> axis.share(1e-3), axis.value(0.25)
        (0.5, 0.0001)
    """

    name: str
    low: float | None = None
    high: float | None = None
    log: bool = False
    choices: tuple[Any, ...] = ()
    step: float | None = None

    def share(self, value: Any) -> float:
        """Return where a value stands, from 0 to 1.

        Args:
            value: A choice, or a number; one beyond an end stands at that end.
        """
        if self.choices:
            return round((self.choices.index(value) + 0.5) / len(self.choices), DIGITS)
        if self.low == self.high:
            return 0.5
        low, high, value = map(self._place, (self.low, self.high, value))
        return round(min(1.0, max(0.0, (value - low) / (high - low))), DIGITS)

    def value(self, share: float) -> Any:
        """Return the value at a share of the axis, the nearest one that is possible.

        Args:
            share: From 0 to 1; one beyond an end stands for that end.
        """
        share = min(1, max(0, share))
        if self.choices:
            last = len(self.choices) - 1
            return self.choices[min(last, int(share * len(self.choices)))]
        if share in (0, 1):
            return (self.low, self.high)[int(share)]
        low, high = self._place(self.low), self._place(self.high)
        number = low + share * (high - low)
        number = math.exp(number) if self.log else number
        if self.step is None and self.log:
            return float(f"{number:.4g}")
        if self.step is None:  # a ten-thousandth of the range, or finer
            return round(number, 4 - math.floor(math.log10(high - low)))
        steps = round((number - self.low) / self.step)
        return min(self.high, self.low + steps * self.step)

    @property
    def values(self) -> list[Any]:
        """All values if they are few, else the values at every fiftieth."""
        if self.choices:
            return list(self.choices)
        return list(dict.fromkeys(self.value(place / 50) for place in range(51)))

    @property
    def ends(self) -> tuple[Any, Any]:
        """The first and the last value."""
        return (
            (self.choices[0], self.choices[-1])
            if self.choices
            else (
                self.low,
                self.high,
            )
        )

    def edge(self, value: Any, is_low: bool) -> float:
        """Return the share at which a brush begins or ends that lets a value in.

        Args:
            value: A choice or a number; choices are let in with their whole place.
            is_low: Whether the brush begins there.
        """
        if not self.choices:
            return self.share(value) if self.low != self.high else 1.0 - is_low
        place = self.choices.index(value) + (not is_low)
        return round(place / len(self.choices), DIGITS)

    def at_edge(self, share: float, is_low: bool) -> Any:
        """Return the first or last value of a brush that begins or ends at a share.

        Args:
            share: From 0 to 1.
            is_low: Whether the brush begins there.
        """
        if not self.choices:
            return self.value(share)
        place = round(share * len(self.choices)) - (not is_low)
        return self.choices[min(len(self.choices) - 1, max(0, place))]

    @property
    def key_step(self) -> float:
        """The share that one arrow key moves a handle: to another value, always."""
        if self.choices:
            return 1 / len(self.choices)
        if self.step is None:
            return 0.01
        shares = [self.share(value) for value in self.values]
        return max(after - before for before, after in itertools.pairwise(shares))

    def _place(self, value: float) -> float:
        return math.log(value) if self.log else value


def finished(search: Search) -> list[dict[str, Any]]:
    """Return the trials that have a result, best first; equals in order of number.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
    """
    sign = -1 if search.direction == "maximize" else 1
    trials = [trial for trial in search.trials if trial["state"] == "complete"]
    return sorted(trials, key=lambda trial: (sign * trial["value"], trial["number"]))


def axes_of(search: Search) -> list[Axis]:
    """Return an axis for each hyperparameter, and the results' as the last.

    Args:
        search: From `search`, `open_search` or `recorded_search`.

    Example:
        >>> from course.hyperparameters.recorded import recorded_search
        >>> [axis.name for axis in axes_of(recorded_search())][-1]
        'value'
    """
    axes = []
    for name, values in search.space.items():
        if "choices" in values:
            axes.append(Axis(name, choices=tuple(values["choices"])))
            continue
        low, high = values["low"], values["high"]
        whole = type(low) is int and type(high) is int
        step = values.get("step", 1 if whole else None)
        axes.append(Axis(name, low, high, bool(values.get("log")), step=step))
    results = [trial["value"] for trial in finished(search)] or [0.0, 1.0]
    return [*axes, Axis(RESULT, min(results), max(results))]


def value_of(trial: dict[str, Any], name: str) -> Any:
    """Return a trial's value on an axis.

    Args:
        trial: A record of `Search.trials`.
        name: A hyperparameter, or `RESULT`.
    """
    return trial["value"] if name == RESULT else trial["params"][name]
