"""Compare samplers at equal budgets: best value so far, trial by trial.

One search tells little, since every sampler has lucky seeds; each is therefore run with
several, and the curves are given one by one beside their mean. Left out: figures.
"""

import dataclasses
import statistics
from collections.abc import Sequence
from typing import Any

from optuna.trial import TrialState

from course.hyperparameters import search
from course.hyperparameters.config import SearchConfig
from course.hyperparameters.practice import PRACTICE_SPACE, practice_training
from course.hyperparameters.results import best_so_far
from course.hyperparameters.samplers import SAMPLERS
from course.hyperparameters.space import Space
from course.hyperparameters.study import new_study, quiet_optuna
from course.hyperparameters.trials import Evaluate, run_trials

__all__ = ["compare_samplers"]


def compare_samplers(
    task: str | Evaluate = practice_training,
    space: Space = PRACTICE_SPACE,
    samplers: Sequence[str] = tuple(SAMPLERS),
    n_trials: int = 20,
    seeds: Sequence[int] = (0, 1, 2),
    config: SearchConfig | None = None,
    name: str = "comparison",
) -> dict[str, Any]:
    """Run every sampler with every seed and the same number of trials.

    Args:
        task: A function that evaluates a trial (its searches are kept in memory), or
            the name of a task to fine-tune on (its searches are named
            `NAME-SAMPLER-SEED` and continue where they stopped).
        space: What varies.
        samplers: Names in `SAMPLERS`.
        n_trials: Trials of each search, from 1.
        seeds: Seeds of the samplers, from 0.
        config: The other options; default is not to prune, so that every trial costs
            the same.
        name: Beginning of the searches' names.

    Returns:
        `n_trials`, `seeds`, `direction`, and for each of `samplers` its `curves`: best
        value after each trial, shape (seeds, n_trials), their `mean` (n_trials,) and
        the `final` values (seeds,). A value is None until a first trial has finished;
        a grid that ends sooner keeps its last best.

    Raises:
        CourseError: If a sampler is unknown or another option is wrong.

    Example:
        >>> result = compare_samplers(samplers=["random"], n_trials=3, seeds=[0])
        >>> [round(value, 2) for value in result["samplers"]["random"]["mean"]]
        [0.8, 0.8, 0.82]
    """
    config = config or SearchConfig(pruner="none")
    rows = {}
    for sampler in samplers:
        curves = []
        for seed in seeds:
            options = dataclasses.replace(
                config, sampler=sampler, n_trials=n_trials, seed=seed
            )
            options.check()
            if callable(task):
                values = _values_in_memory(task, space, options)
            else:
                found = search(task, space, options, name=f"{name}-{sampler}-{seed}")
                values = [row["value"] for row in found.history]
            curves.append(_curve(values, n_trials, options.better))
        rows[sampler] = {
            "curves": curves,
            "mean": [_mean(column) for column in zip(*curves, strict=True)],
            "final": [curve[-1] for curve in curves],
        }
    return {
        "n_trials": n_trials,
        "seeds": list(seeds),
        "direction": config.better,
        "samplers": rows,
    }


def _values_in_memory(
    evaluate: Evaluate, space: Space, config: SearchConfig
) -> list[float | None]:
    with quiet_optuna():
        study = new_study(config)
        error = run_trials(study, space, config, evaluate)
    trials = study.get_trials(deepcopy=False)
    if error and all(trial.state == TrialState.FAIL for trial in trials):
        raise error
    return [t.value if t.state == TrialState.COMPLETE else None for t in trials]


def _curve(
    values: list[float | None], n_trials: int, direction: str
) -> list[float | None]:
    curve = best_so_far(values, direction)
    return curve + curve[-1:] * (n_trials - len(curve))


def _mean(values: Sequence[float | None]) -> float | None:
    return None if None in values else statistics.fmean(values)
