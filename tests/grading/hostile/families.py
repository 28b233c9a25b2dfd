"""All hostile submissions by family, and honest ones that must not notice them."""

import os
from collections.abc import Iterable
from pathlib import Path

from grading.hostile import (
    broken,
    escaping,
    forging,
    reading,
    resources,
    tampering,
    values,
)
from grading.hostile.hostiles import Hostile, of_answers
from tiny_assignment import write_assignment

FAMILIES: dict[str, tuple[Hostile, ...]] = {
    "tampering in Python": tuple(tampering.hostile()),
    "forged results": tuple(forging.hostile()),
    "reading the answers": tuple(reading.hostile()),
    "hostile values": tuple(values.hostile()),
    "resources": tuple(resources.hostile()),
    "escape": tuple(escaping.hostile()),
    "broken but honest": tuple(broken.hostile()),
}
HANDED_IN = 1_900_000_000
# Graded among them; these learners' rows are those that they have without them.
HONEST = tuple(
    of_answers(f"{name}-{end}", statuses, points, **changed)
    for end in ("first", "middle", "zlast")
    for name, statuses, points, changed in (
        ("honest", "passed", 15, {}),
        ("learning", "passed partial passed", 12,
         {"second": "def repeat(text, times): return [text, text]"}),
    )
)  # fmt: skip
EVERY = tuple(one for family in FAMILIES.values() for one in family) + HONEST


def write_class(folder: Path, submissions: Iterable[Hostile]) -> Path:
    """Write submissions into a folder, and the assignment into `90` beside it."""
    if not (folder.parent / "90").exists():
        (folder.parent / "90").mkdir()
        write_assignment(folder.parent / "90")
    folder.mkdir()
    for one in submissions:
        one.make(folder)
    for path in folder.rglob("*"):  # feedback says when it was handed in
        if path.is_file() and not path.is_symlink():
            os.utime(path, (HANDED_IN, HANDED_IN))
    return folder


def table(scores: dict[str, float]) -> str:
    """Return a line for each family: submissions, and points that nothing earned.

    Args:
        scores: Learner -> points.
    """
    lines = [f"{'family':22}{'submissions':>12}{'forged points':>15}"]
    for family, submissions in {**FAMILIES, "honest, among them": HONEST}.items():
        forged = sum(
            max(0.0, scores[one.learner] - max(one.allowed)) for one in submissions
        )
        lines.append(f"{family:22}{len(submissions):12}{forged:15g}")
    return "\n".join(lines)
