"""What every page of the demo is given: models, log, and the language it speaks.

Left out: what pages make of it.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from course.demo.messages import Say
from course.demo.models import LoadedModels

if TYPE_CHECKING:
    from course.monitoring import PredictionLog


@dataclass(frozen=True)
class Context:
    """One demo's own things, shared by its pages.

    Attributes:
        models: The classifiers in memory.
        say: The demo's words.
        log: Where predictions and feedback are kept; None keeps nothing.
    """

    models: LoadedModels = field(default_factory=LoadedModels)
    say: Say = field(default_factory=Say)
    log: "PredictionLog | None" = None
