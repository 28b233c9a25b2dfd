"""Pictures of a class: how totals are spread, and who has which exercise.

Colours are see-through and repeat a number that stands beside them. Left out: the
page that they stand in, see `course.views.class_report`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.views.page import STATUSES, number, safe

if TYPE_CHECKING:
    from course.grading.marks.results import ExerciseResult
    from course.grading.marks.retakes import Mark

MOST_BARS = 13
_STEPS = tuple(n * 10**k for k in range(-2, 6) for n in (1, 2, 2.5, 5))  # of points
MOST_LEARNERS = 3000  # rows of the heat map
_WIDTH, _HEIGHT, _FOOT, _TOP = 380, 170, 34, 18
# What a cell of the heat map says beside its points.
_SIGNED = ("not_attempted", "missing", "error", "timeout", "memory", "crashed")


def draw_totals(totals: Sequence[float], most: float) -> str:
    """Draw how many learners have how many points.

    Args:
        totals: Of each learner, at least one.
        most: What can be reached.
    """
    step, counts = bins(totals, most)
    width = _WIDTH / len(counts)
    tall = (_HEIGHT - _FOOT - _TOP) / max(counts)
    base = _HEIGHT - _FOOT
    drawn = f'<path d="M0 {base}H{_WIDTH}" stroke="currentColor" opacity=".5"/>'
    for i, n in enumerate(counts):
        left, top = i * width, base - n * tall
        drawn += _text(left + width / 2, base + 14, _name(i, step))
        if n:
            drawn += (
                f'<rect x="{left + 2:.1f}" y="{top:.1f}" width="{width - 4:.1f}" '
                f'height="{n * tall:.1f}" rx="2" style="fill:var(--info)"/>'
            )
            drawn += _text(left + width / 2, top - 4, str(n))
    said = ", ".join(f"{_name(i, step)}: {n}" for i, n in enumerate(counts) if n)
    each = "" if step == 1 else f", {number(step)} to a bar"
    drawn += _text(_WIDTH / 2, _HEIGHT - 5, f"points{each}; learners above the bars")
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Learners by '
        f'points{each}. {said}" style="width:100%;max-width:34rem" font-size="11" '
        f'fill="currentColor" text-anchor="middle">{drawn}</svg>'
    )


def bins(totals: Sequence[float], most: float) -> tuple[float, list[int]]:
    """Count totals in steps of a round number of points.

    Args:
        totals: Of each learner.
        most: What can be reached.

    Returns:
        The step; counts of 0 to the first step, that excluded, and so on. All points
        have a bar of their own if the step ends there.

    Example:
        >>> bins([0, 2, 2], 2)
        (1, [1, 0, 2])
        >>> bins([0.5, 20], 20)
        (2, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    """
    fine = 1 if most > 1 else 0.1
    fits = (step for step in _STEPS if step >= fine and most / step < MOST_BARS)
    step = next(fits, max(most, 1.0))
    counts = [0] * (int(most / step) + 1)
    for total in totals:
        counts[min(len(counts) - 1, int(total / step))] += 1
    return step, counts


def _name(i: int, step: float) -> str:
    return number(i * step)


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}">{text}</text>'


def draw_heat_map(marks: Sequence["Mark"]) -> str:
    """Draw points of each learner in each exercise, most points first.

    Args:
        marks: One for each learner, at least one.
    """
    ordered = sorted(marks, key=lambda mark: (-mark.score, mark.learner))
    names = list(dict.fromkeys(e.id for mark in ordered for e in mark.result.exercises))
    head = "".join(f'<th scope="col">{safe(name, 20)}</th>' for name in names)
    rows = "".join(_row(mark, names) for mark in ordered[:MOST_LEARNERS])
    more = len(ordered) - MOST_LEARNERS
    rest = f"<p>and {more:,} more: see the grade book.</p>" if more > 0 else ""
    return (
        f"{_key()}"
        '<div class="scroll" tabindex="0" role="region" aria-label="Points of each '
        'learner in each exercise"><table class="heat"><thead><tr><th scope="col">'
        f'Learner</th>{head}<th scope="col">Total</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{rest}"
    )


def _key() -> str:
    signs = ", ".join(
        f"{STATUSES[status][0]} {STATUSES[status][1]}" for status in _SIGNED
    )
    cells = (
        '<td class="all">all</td><td class="some" style="--part:30%">some</td>'
        '<td class="none">no</td><td class="open">○</td>'
    )
    return (
        '<p class="soft">Points, most first; by hand with *. The total is after manual '
        f"points and the late policy. {signs}.</p>"
        '<table class="heat key"><tbody><tr>'
        f"{cells}<td>points</td></tr></tbody></table>"
    )


def _row(mark: "Mark", names: list[str]) -> str:
    found = {exercise.id: exercise for exercise in mark.result.exercises}
    cells = "".join(
        _cell(found[name], mark.manual.get(name)) if name in found else "<td></td>"
        for name in names
    )
    return (
        f'<tr><th scope="row">{safe(mark.learner, 60)}</th>{cells}'
        f'<td class="total">{number(mark.score)}</td></tr>'
    )


def _cell(exercise: "ExerciseResult", by_hand: float | None) -> str:
    score = exercise.score if by_hand is None else by_hand
    star = "" if by_hand is None else "*"
    if exercise.status in _SIGNED and by_hand is None:
        sign, words, _ = STATUSES[exercise.status]
        star = f' <span role="img" aria-label="{words}">{sign}</span>'
        if exercise.status in ("not_attempted", "missing") and not score:
            return f'<td class="open">{star}</td>'
    share = score / exercise.points if exercise.points else 1.0
    kind = "all" if share >= 1 else "some" if share > 0 else "none"
    part = f' style="--part:{10 + 5 * round(8 * share)}%"' if kind == "some" else ""
    return f'<td class="{kind}"{part}>{number(score)}{star}</td>'
