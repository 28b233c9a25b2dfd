"""A stand-in for a training that takes microseconds, to practise searching on.

Its score behaves like a validation accuracy: a ridge over the logarithm of the learning
rate, a weaker effect of dropout, one hyperparameter without any, noise from the seed,
and a curve that rises over the epochs. The numbers are made up; only the shape is real.
"""

import math
import random
from typing import Any

from course.hyperparameters.space import Space
from course.hyperparameters.trials import Report

__all__ = ["PRACTICE_BEST", "PRACTICE_SPACE", "practice_training"]

EPOCHS = 4
PRACTICE_BEST = 0.85  # what the best values would reach without noise
PRACTICE_SPACE = Space(
    {
        "learning_rate": (1e-6, 1e-1, "log"),
        "hidden_dropout_prob": (0.0, 0.6),
        "weight_decay": (0.0, 0.2),
    }
)


def practice_training(params: dict[str, Any], seed: int, report: Report) -> float:
    """Score values as if a model had been trained with them.

    Args:
        params: `learning_rate`, best near 3e-4; `hidden_dropout_prob`, best at 0.1;
            `weight_decay`, without effect.
        seed: Seed of the noise, whose standard deviation is 0.005.
        report: Takes the score after each of four epochs, and tells when to end.

    Returns:
        A score near 0.85 at best, 0.5 at worst.

    Example:
        >>> best = {"learning_rate": 3e-4, "hidden_dropout_prob": 0.1}
        >>> 0.83 < practice_training(best, 0, lambda step, value: False) < 0.87
        True
    """
    rate = math.log10(params["learning_rate"]) - math.log10(3e-4)
    dropout = params["hidden_dropout_prob"] - 0.1
    noise = random.Random(f"{seed} {sorted(params.items())}").gauss(0, 0.005)
    final = 0.5 + (PRACTICE_BEST - 0.5) * math.exp(-0.5 * rate**2 - 2 * dropout**2)
    for epoch in range(1, EPOCHS + 1):
        score = 0.5 + (final - 0.5) * (1 - 0.4**epoch) + noise
        if report(epoch, score):
            break
    return score
