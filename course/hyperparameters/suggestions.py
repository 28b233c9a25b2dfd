"""Where four samplers would go next from the same finished trials, and why.

The samplers are those of the search, with the same seeds: the trials are put into a new
study in memory and the sampler is asked for one more. What it looked at on the way is
kept. Left out: the Gaussian process, whose reason is no picture on one axis.

A search was made by one sampler; what another would do with its trials is a thought
experiment, and `Suggestion.reason` says where that is more than a formality.
Sources: Bergstra et al. 2011 (TPE), Deb et al. 2002 (NSGA-II).
"""

import math
from typing import Any

import numpy as np
from optuna.samplers import NSGAIISampler

from course.errors import CourseError, unknown_name
from course.hyperparameters.asking import Suggestion, ask_next, next_seed
from course.hyperparameters.config import SearchConfig
from course.hyperparameters.results import Search
from course.hyperparameters.samplers import make_sampler
from course.hyperparameters.space import Space
from course.hyperparameters.study import quiet_optuna
from course.hyperparameters.trials import shuffled_grid
from course.hyperparameters.watched import WatchedCrossover, WatchedTPE

__all__ = ["EXPLAINED", "Suggestion", "suggest_next"]

EXPLAINED = ("grid", "random", "tpe", "genetic")


def suggest_next(search: Search, sampler: str = "tpe") -> Suggestion:
    """Ask a sampler for the point after the last trial of a search.

    Args:
        search: From `search`, `open_search` or `recorded_search`; its seed is taken.
        sampler: A name in `EXPLAINED`.

    Raises:
        CourseError: If the sampler is not one of them.

    Example:
        >>> from course.hyperparameters.recorded import recorded_search
        >>> suggestion = suggest_next(recorded_search(), "grid")
        >>> suggestion.size, suggestion.done
        (243, 0)
    """
    if sampler not in EXPLAINED:
        raise unknown_name("sampler", sampler, EXPLAINED)
    config = SearchConfig.from_json(search.config)
    space = Space(search.space)
    if sampler == "grid":
        return _next_of_grid(search, space, config)
    with quiet_optuna():
        if sampler == "tpe":
            return _next_of_tpe(search, space, config)
        if sampler == "genetic":
            return _next_of_genetic(search, space, config)
        own = make_sampler("random", config.seed)
        params = ask_next(search, own)
    reason = f"Random search looks at none of the {len(search.trials)} trials."
    return Suggestion("random", params, reason)


# --- Grid -----------------------------------------------------------------------------


def _next_of_grid(search: Search, space: Space, config: SearchConfig) -> Suggestion:
    points = shuffled_grid(space, config)
    tried = [trial["params"] for trial in search.trials]
    left = [point for point in points if point not in tried]
    if not left:
        raise CourseError(
            f"All {len(points)} points of the grid have been tried: a grid search ends "
            "here."
        )
    values = {name: list(dict.fromkeys(p[name] for p in points)) for name in space}
    done = len(points) - len(left)
    reason = (
        f"The grid has {len(points):,} points, of which {done} have been tried; the "
        "next is the first that is left in their shuffled order, whatever the results."
    )
    return Suggestion("grid", left[0], reason, done=done, size=len(points), grid=values)


# --- TPE ------------------------------------------------------------------------------


def _next_of_tpe(search: Search, space: Space, config: SearchConfig) -> Suggestion:
    sampler = WatchedTPE(
        seed=next_seed(search), n_startup_trials=config.n_startup_trials
    )
    params = ask_next(search, sampler)
    if sampler.seen is None:
        return Suggestion("tpe", params, _too_few("TPE", config.n_startup_trials))
    seen = sampler.seen
    good = tuple(search.trials[number]["number"] for number in seen["good"])
    densities = {
        name: {
            "good": sampler.marginal("below", name, space[name]),
            "other": sampler.marginal("above", name, space[name]),
        }
        for name in seen["names"]
    }
    order = np.argsort(-seen["ratios"], kind="stable")
    candidates = [
        {
            "log_ratio": float(seen["ratios"][row]),
            "params": {
                name: space[name].to_external_repr(seen["samples"][name][row].item())
                for name in seen["names"]
            },
        }
        for row in order
    ]
    ratio = _factor(candidates[0]["log_ratio"])
    reason = (
        f"TPE calls {len(good)} of the trials good ({', '.join(map(str, good))}), drew "
        f"{len(candidates)} candidates from their density l and took the one where l "
        f"is most above the density g of the others: {ratio} as high, all "
        "hyperparameters together."
    )
    return Suggestion(
        "tpe", params, reason, True, good, densities, candidates=candidates
    )


def _factor(log_ratio: float) -> str:
    factor = math.exp(min(log_ratio, 12))
    return f"{factor:,.0f} times" if factor >= 10 else f"{factor:.1f} times"


def _too_few(name: str, least: int) -> str:
    return (
        f"{name} begins with {least} random trials and has not had as many: this draw "
        "is random."
    )


# --- Genetic --------------------------------------------------------------------------


def _next_of_genetic(search: Search, space: Space, config: SearchConfig) -> Suggestion:
    crossover = WatchedCrossover(0.5)
    sampler = NSGAIISampler(
        seed=next_seed(search),
        population_size=config.population_size,
        crossover=crossover,
    )
    params = ask_next(search, sampler)
    trials = [trial for trial in search.trials if trial["state"] == "complete"]
    if len(trials) < config.population_size:
        reason = _too_few("Genetic search", config.population_size)
        return Suggestion("genetic", params, reason)
    parents = _parents(trials, space, params, crossover.rows)
    origin = {name: _from_whom(params, name, parents) for name in space}
    numbers = tuple(trial["number"] for trial in parents)
    mutated = [name for name, number in origin.items() if number is None]
    best = f"the best {config.population_size}"
    if len(numbers) > 1:
        done = f"crosses trials {numbers[0]} and {numbers[1]}, each the better of two"
    else:
        done = f"copies trial {numbers[0]}"
    reason = (
        f"Genetic search {done} drawn from {best}, and mutates "
        f"{', '.join(mutated) or 'nothing'}."
    )
    if search.config["sampler"] != "genetic":
        reason += (
            f" The trials had no generations; here every {config.population_size} in "
            "order are one."
        )
    return Suggestion("genetic", params, reason, True, parents=numbers, origin=origin)


def _parents(
    trials: list[dict[str, Any]],
    space: Space,
    params: dict[str, Any],
    rows: np.ndarray | None,
) -> list[dict[str, Any]]:
    """Return the trials that were crossed; without a crossing the one copied."""
    ranges = [name for name in sorted(space) if not hasattr(space[name], "choices")]

    def likeness(trial: dict[str, Any]) -> int:
        return sum(trial["params"][name] == value for name, value in params.items())

    if rows is None:
        return [max(trials, key=likeness)]
    found = []
    for row in rows:
        same = [t for t in trials if np.allclose(_row(t, space, ranges), row)]
        found.append(max(same, key=likeness))
    return found


def _row(trial: dict[str, Any], space: Space, names: list[str]) -> list[float]:
    values = [(space[name].log, trial["params"][name]) for name in names]
    return [math.log(value) if log else value for log, value in values]


def _from_whom(
    params: dict[str, Any], name: str, parents: list[dict[str, Any]]
) -> int | None:
    """Return the number of the first parent with the same value, None if none has."""
    for trial in parents:
        value, own = trial["params"][name], params[name]
        # A logarithm and back again is not exact.
        near = isinstance(own, float) and math.isclose(value, own, rel_tol=1e-9)
        if value == own or near:
            return trial["number"]
    return None
