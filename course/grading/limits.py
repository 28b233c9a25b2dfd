"""How long a submission may take. Left out: memory and the rest (`sandbox`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a submission may take.

    Attributes:
        exercise: Seconds for an exercise's cases together, and for a cell.
        total: Seconds for the whole submission.
    """

    exercise: float = 10.0
    total: float = 120.0
