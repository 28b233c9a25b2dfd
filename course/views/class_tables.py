"""Tables of a class: its exercises, cases, wrong answers, and learners to look at.

A share stands with its interval, since a class is a small sample of those who will
take the lesson. Left out: the page that they stand in, see `course.views.class_report`.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.evaluation.shares import wilson
from course.views.page import STATUSES, badge, bar, colour, number, rich, safe

if TYPE_CHECKING:
    from course.grading.marks.results import CaseResult, ExerciseResult
    from course.grading.marks.retakes import Mark

MOST_WRONG = 10  # answers
MOST_NAMES = 100  # learners in a folded list
MOST_LINES = 200  # learners with warnings
_WRONG = ("failed", "error")  # a value came that is wrong, or none
_ENDED = ("crashed", "timeout", "memory", "error")


def draw_exercises(marks: Sequence["Mark"]) -> str:
    """Draw a row for each exercise: who passed, mean points, statuses.

    Args:
        marks: One for each learner, at least one.
    """
    rows = []
    for found in _by_exercise(marks).values():
        first, n = found[0], len(found)
        counts = Counter(exercise.status for exercise in found)
        mean = sum(exercise.score for exercise in found) / n
        others = [name for name in STATUSES if name != "passed" and counts[name]]
        rows.append(
            (
                f"{safe(first.id, 20)} {safe(first.title, 120)}",
                _share(counts["passed"], n),
                f"{number(mean)} of {number(first.points)}",
                " ".join(badge(name, counts[name]) for name in others),
            )
        )
    return _table(("Exercise", "Passed", "Mean points", "Others"), rows)


def draw_cases(marks: Sequence["Mark"]) -> str:
    """Draw a row for each case: who passed it, and what is hinted at if not.

    Args:
        marks: One for each learner, at least one.
    """
    parts = []
    for found in _by_exercise(marks).values():
        cases: dict[str, list[CaseResult]] = defaultdict(list)
        for exercise in found:
            for case in exercise.cases:
                cases[case.name].append(case)
        title = f"{safe(found[0].id, 20)} {safe(found[0].title, 120)}"
        rows = [_case(same) for same in cases.values()]
        parts.append(f"<h3>{title}</h3>{_table(('Case', 'Passed', 'Hint'), rows)}")
    return "".join(parts)


def _case(found: list["CaseResult"]) -> tuple[str, ...]:
    first = found[0]
    # The hint of a process that was stopped says nothing about the case.
    hinted = sorted(found, key=lambda case: case.status not in _WRONG)
    hint = next((case.hint for case in hinted if case.hint), "")
    hidden = " <small>(hidden)</small>" if first.hidden else ""
    if any(case.status == "fault" for case in found):
        share = badge("fault")
    else:
        share = _share(sum(case.status == "passed" for case in found), len(found))
    return f"{rich(first.title, 300)}{hidden}", share, rich(hint, 300)


def draw_wrong_answers(marks: Sequence["Mark"]) -> str:
    """Draw which hints were given most often, and to whom.

    Args:
        marks: One for each learner, at least one.
    """
    learners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mark in marks:
        given = {
            (exercise.id, case.hint): None
            for exercise in mark.result.exercises
            for case in exercise.cases
            if case.status == "failed" and case.hint
        }
        for wrong in given:
            learners[wrong].append(mark.learner)
    titles = {
        e.id: f"{safe(e.id, 20)} {safe(e.title, 120)}"
        for mark in marks
        for e in mark.result.exercises
    }
    ordered = sorted(learners.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    if not ordered:
        return "<p>No answer was wrong.</p>"
    orange = colour("failed")
    rows = []
    for (exercise, hint), names in ordered[:MOST_WRONG]:
        share = f"{len(names)} of {len(marks)}"
        share = f"{bar(len(names) / len(marks), share, orange)}{share}"
        rows.append((titles[exercise], share, f"{rich(hint)}{_names(names)}"))
    return _table(("Exercise", "Learners", "Hint that they got"), rows)


def draw_learners(marks: Sequence["Mark"]) -> str:
    """Draw who needs a look: answers that ended badly, and warnings about files.

    Args:
        marks: One for each learner.
    """
    ended, warned = "", ""
    ordered = sorted(marks, key=lambda mark: mark.learner)
    for mark in ordered:
        bad = [e for e in mark.result.exercises if e.status in _ENDED]
        if bad:
            told = " ".join(f"{badge(e.status)}&nbsp;{safe(e.id, 20)}" for e in bad)
            ended += f"<li>{safe(mark.learner, 60)}: {told}</li>"
    with_warnings = [mark for mark in ordered if mark.result.warnings]
    for mark in with_warnings[:MOST_LINES]:
        told = "; ".join(safe(line, 200) for line in mark.result.warnings[:5])
        more = len(mark.result.warnings) - 5
        told += f" and {more} more" if more > 0 else ""
        warned += f"<li><strong>{safe(mark.learner, 60)}</strong>: {told}</li>"
    if len(with_warnings) > MOST_LINES:
        warned += f"<li>and {len(with_warnings) - MOST_LINES} more learners</li>"
    parts = []
    if ended:
        parts.append(f"<h3>Answers that raised, or were stopped</h3><ul>{ended}</ul>")
    if warned:
        parts.append(f"<h3>Warnings about files</h3><ul>{warned}</ul>")
    return "".join(parts)


def _by_exercise(marks: Sequence["Mark"]) -> dict[str, list["ExerciseResult"]]:
    found: dict[str, list[ExerciseResult]] = defaultdict(list)
    for mark in marks:
        for exercise in mark.result.exercises:
            found[exercise.id].append(exercise)
    return found


def _share(passed: int, n: int) -> str:
    found = wilson(passed, n)
    low, high = f"{100 * found.low:.0f}", f"{100 * found.high:.0f}"
    return (
        f"{bar(passed / n, f'{passed} of {n} passed')}"
        f"<strong>{passed / n:.0%}</strong> ({passed} of {n})"
        f"<br><small>95 % interval {low} to {high} %</small>"
    )


def _names(names: list[str]) -> str:
    shown = ", ".join(safe(name, 60) for name in sorted(names)[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    shown += f" and {more} more" if more > 0 else ""
    return f"<details><summary>who</summary>{shown}</details>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells of HTML, each row's first one its name; in a narrow page one a line."""
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    body = ""
    for first, *rest in rows:
        cells = ""
        for name, cell in zip(columns[1:], rest, strict=True):
            # A bar needs no name beside it.
            is_bar = cell.startswith('<div class="bar"')
            kind = ' class="share"' if is_bar else f' data-name="{name}"'
            cells += f"<td{kind}>{cell}</td>"
        body += f'<tr><th scope="row">{first}</th>{cells}</tr>'
    return (
        f'<table class="grid"><thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
        "</table>"
    )
