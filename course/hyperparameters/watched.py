"""Samplers that choose as Optuna's do and keep what they looked at on the way.

Nothing is computed a second time: the densities, the candidates and the parents are
those of the real choice. Optuna has no public way to them, so its inner methods are
overridden here and nowhere else. Left out: what the kept means.

Sources: Bergstra et al. 2011 (TPE), Syswerda 1989 (uniform crossover).
"""

from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.samplers import TPESampler
from optuna.samplers.nsgaii import UniformCrossover

__all__ = ["POINTS", "WatchedCrossover", "WatchedTPE", "places_of"]

POINTS = 81  # of a density along an axis


class WatchedTPE(TPESampler):
    """TPE that keeps its good trials, its two densities and its candidates.

    Attributes:
        seen: None before it has modelled; then `good` (trial numbers), `names`,
            `samples` (name to values (n,)), `ratios` (n,), the logarithms of good over
            other density, and the mixtures `below` and `above`.

    Example:
        >>> WatchedTPE(seed=0).seen is None
        True
    """

    seen: dict[str, Any] | None = None

    def _build_parzen_estimator(
        self, study: Any, space: dict[str, Any], trials: list[Any], handle_below: bool
    ) -> Any:
        if handle_below:
            self._good = [trial.number for trial in trials]
        return super()._build_parzen_estimator(study, space, trials, handle_below)

    def _compute_acquisition_func(self, samples: Any, below: Any, above: Any) -> Any:
        ratios = super()._compute_acquisition_func(samples, below, above)
        self.seen = {
            "good": self._good,
            "names": list(samples),
            "samples": samples,
            "ratios": ratios,
            "below": below._mixture_distribution,
            "above": above._mixture_distribution,
        }
        return ratios

    def marginal(self, which: str, name: str, values: BaseDistribution) -> list[float]:
        """Return one of the two densities along one axis, the others summed out.

        A product kernel's margin is its own factor, so this is exact.

        Args:
            which: `below` (the good trials) or `above` (the others).
            name: A hyperparameter.
            values: Its distribution.

        Returns:
            Shares at `places_of(values)` that sum to 1.
        """
        mixture = self.seen[which]
        factor = mixture.distributions[self.seen["names"].index(name)]
        margin = type(mixture)(mixture.weights, [factor])
        places = places_of(values)
        if isinstance(values, CategoricalDistribution):
            places = np.arange(len(places))
        density = np.exp(margin.log_pdf(np.asarray(places, dtype=float)[:, None]))
        return [float(share) for share in density / density.sum()]


def places_of(values: BaseDistribution) -> list[Any]:
    """Return where a density is looked at: every choice or step, else `POINTS` places.

    Args:
        values: Distribution of a hyperparameter; a logarithmic one is cut into equal
            factors.

    Example:
        >>> from optuna.distributions import IntDistribution
        >>> places_of(IntDistribution(1, 3))
        [1, 2, 3]
    """
    if isinstance(values, CategoricalDistribution):
        return list(values.choices)
    if values.step is not None and not values.log:
        count = round((values.high - values.low) / values.step) + 1
        if count <= POINTS:
            return [values.low + number * values.step for number in range(count)]
    space = np.geomspace if values.log else np.linspace
    # Rounding must not leave the range, where the density is nothing.
    places = np.clip(space(values.low, values.high, POINTS), values.low, values.high)
    return [float(place) for place in places]


class WatchedCrossover(UniformCrossover):
    """Uniform crossover that keeps the two rows it crossed last.

    Attributes:
        rows: None, or the parents' numbers, shape (2, hyperparameters with a range);
            those of a logarithmic range are logarithms.
    """

    rows: np.ndarray | None = None

    def crossover(
        self, parents_params: np.ndarray, rng: Any, study: Any, search_space_bounds: Any
    ) -> np.ndarray:
        """Cross two parents as Optuna does.

        Args:
            parents_params: Shape (2, hyperparameters with a range).
            rng: Numpy's random state.
            study: The study.
            search_space_bounds: Shape (hyperparameters with a range, 2).
        """
        self.rows = parents_params
        return super().crossover(parents_params, rng, study, search_space_bounds)
