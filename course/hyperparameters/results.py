"""What a search found: its trials, best so far, importance, parallel coordinates.

All of it is plain data, for a table, a figure or `course search --json`; nothing here
draws. Left out: running the trials.

Source: Hutter, Hoos and Leyton-Brown 2014 (functional ANOVA, for the importance).
"""

from dataclasses import dataclass
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from course.hyperparameters.storage import is_abandoned

__all__ = ["Search", "best_so_far", "read_search", "trial_record"]

# With fewer finished trials an importance says more about chance than about training.
LEAST_FOR_IMPORTANCE = 4


@dataclass(frozen=True)
class Search:
    """The state of a search, finished or not.

    Attributes:
        name: Its name; calling `search` with it again continues.
        task: The task's name, or the path of a file.
        direction: `maximize` or `minimize`.
        config: The `SearchConfig` as a dictionary.
        space: The `Space` as `to_json` gives it.
        trials: One dictionary per trial in order of number: `number`, `state`
            (`complete`, `pruned`, `fail` or `running`), `params`, `value` (mean over
            the seeds; of a pruned trial the last report), `seconds`, `runs` (paths),
            `seed_values`, `intermediate_values` and `error`.
        importance: Hyperparameter to its share, 0 to 1, of the differences among the
            finished trials; empty when there are too few of them.

    Example:
        >>> trials = [
        ...     {"number": 0, "state": "complete", "value": 0.7, "params": {"r": 4}},
        ...     {"number": 1, "state": "complete", "value": 0.9, "params": {"r": 8}},
        ... ]
        >>> found = Search("s", "spam", "maximize", {"n_trials": 3}, {}, trials, {})
        >>> found.best["params"], found.is_complete
        ({'r': 8}, False)
    """

    name: str
    task: str
    direction: str
    config: dict[str, Any]
    space: dict[str, dict[str, Any]]
    trials: list[dict[str, Any]]
    importance: dict[str, float]

    @property
    def best(self) -> dict[str, Any] | None:
        """The finished trial with the best value, the first one of equals; or None."""
        finished = [trial for trial in self.trials if trial["state"] == "complete"]
        if not finished:
            return None
        choose = max if self.direction == "maximize" else min
        return choose(finished, key=lambda trial: trial["value"])

    @property
    def is_complete(self) -> bool:
        """Whether as many trials as planned have ended."""
        ended = [trial for trial in self.trials if trial["state"] != "running"]
        return len(ended) >= self.config["n_trials"]

    @property
    def history(self) -> list[dict[str, Any]]:
        """Value and best value so far, for every trial that ended, in order of number.

        The value of a trial that was pruned or failed is None.
        """
        ended = [trial for trial in self.trials if trial["state"] != "running"]
        values = [
            trial["value"] if trial["state"] == "complete" else None for trial in ended
        ]
        return [
            {"number": trial["number"], "value": value, "best": best}
            for trial, value, best in zip(
                ended, values, best_so_far(values, self.direction), strict=True
            )
        ]

    def parallel_coordinates(self) -> dict[str, Any]:
        """Return the finished trials as columns, ready for parallel axes.

        Returns:
            `numbers` (n,), `values` (n,), and `dimensions`: per hyperparameter its
            `name`, its `values` (n,), whether its axis is `log`, and its `choices`
            (None for a range).
        """
        finished = [trial for trial in self.trials if trial["state"] == "complete"]
        dimensions = [
            {
                "name": name,
                "values": [trial["params"][name] for trial in finished],
                "log": bool(values.get("log")),
                "choices": values.get("choices"),
            }
            for name, values in self.space.items()
        ]
        return {
            "numbers": [trial["number"] for trial in finished],
            "values": [trial["value"] for trial in finished],
            "dimensions": dimensions,
        }

    def to_json(self) -> dict[str, Any]:
        """Return everything as data that JSON can hold."""
        return {
            "name": self.name,
            "task": self.task,
            "metric": self.config.get("metric"),
            "direction": self.direction,
            "complete": self.is_complete,
            "best": self.best,
            "trials": self.trials,
            "history": self.history,
            "importance": self.importance,
            "parallel_coordinates": self.parallel_coordinates(),
            "space": self.space,
            "config": self.config,
        }


def best_so_far(values: list[float | None], direction: str) -> list[float | None]:
    """Return the best value up to each position, None before the first.

    Args:
        values: Values in order; None for a trial without one.
        direction: `maximize` or `minimize`.

    Example:
        >>> best_so_far([None, 0.7, 0.6, 0.9], "maximize")
        [None, 0.7, 0.7, 0.9]
    """
    choose = max if direction == "maximize" else min
    best, curve = None, []
    for value in values:
        known = [number for number in (best, value) if number is not None]
        best = choose(known, default=None)
        curve.append(best)
    return curve


def read_search(study: optuna.Study) -> Search:
    """Return the present state of a study that `course.hyperparameters` began.

    Args:
        study: The study; its attributes hold task, space and configuration.
    """
    trials = [
        trial_record(trial)
        for trial in study.get_trials(deepcopy=False)
        if trial.state != TrialState.WAITING and not is_abandoned(trial)
    ]
    return Search(
        name=study.study_name,
        task=study.user_attrs["task"],
        direction=study.direction.name.lower(),
        config=study.user_attrs["config"],
        space=study.user_attrs["space"],
        trials=trials,
        importance=_importance(study),
    )


def trial_record(trial: FrozenTrial) -> dict[str, Any]:
    """Return a trial as the dictionary that `Search.trials` holds.

    Args:
        trial: A trial of any state but waiting.
    """
    duration = trial.duration
    return {
        "number": trial.number,
        "state": trial.state.name.lower(),
        "params": dict(trial.params),
        "value": trial.value,
        "seconds": None if duration is None else round(duration.total_seconds(), 3),
        "runs": list(trial.user_attrs.get("runs", [])),
        "seed_values": dict(trial.user_attrs.get("seed_values", {})),
        "intermediate_values": {
            str(step): value for step, value in trial.intermediate_values.items()
        },
        "error": trial.user_attrs.get("error"),
    }


def _importance(study: optuna.Study) -> dict[str, float]:
    """Return functional ANOVA's shares, empty when there is too little to go by.

    Optuna's default, PED-ANOVA, looks at the best tenth of the trials alone: of twenty
    that is two, and when a sampler has gathered the rest near the best value of the
    hyperparameter that matters, it names another.
    """
    finished = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len(finished) < LEAST_FOR_IMPORTANCE:
        return {}
    if len({trial.value for trial in finished}) == 1:
        return {}
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    shares = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {name: round(float(share), 4) for name, share in shares.items()}
