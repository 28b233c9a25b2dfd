"""The teacher's report: a whole class on one page.

What went wrong on our side comes first, then what the class can do and cannot, then
each learner. Left out: one learner's feedback (`course.views.marks`), and who copied
from whom.
"""

import math
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from course.views.class_pictures import draw_heat_map, draw_totals
from course.views.class_tables import (
    draw_cases,
    draw_exercises,
    draw_learners,
    draw_wrong_answers,
)
from course.views.page import number, render_page, safe

if TYPE_CHECKING:
    from course.grading.marks.retakes import Mark

# Sandbox -> what a teacher may rely on.
_TIERS = {
    "bubblewrap": "learners' code ran in a file system, a network and a process tree "
    "of its own, which all were empty",
    "landlock": "the kernel refused learners' code the network, new processes and "
    "every file outside an empty folder",
    "limits": "learners' code was limited in time and memory, and in nothing else: it "
    "could read and change files of whoever graded",
}
_STYLE = """
main { --wide: 76rem }
.scroll { overflow: auto; max-height: 34rem }
.facts { display: grid; gap: .3rem 1.2rem; margin: .8rem 0 0;
  grid-template-columns: max-content 1fr }
.facts dt { color: var(--soft) } .facts dd { margin: 0 }
.pair { display: grid; gap: 1rem 2rem; grid-template-columns: 1fr }
@media (min-width: 56rem) { .pair { grid-template-columns: 1fr 1fr } }
.grid { width: 100% } .grid thead th { color: var(--soft); font-size: .875rem;
  font-weight: 500; border-bottom: 1px solid var(--line) }
.grid tbody th { font-weight: 500; width: 30% }
.grid tbody td, .grid tbody th { border-bottom: 1px solid var(--line) }
.grid tbody tr:last-child > * { border-bottom: 0 }
.grid .share { width: 14rem } .grid .share, .grid [data-name='Mean points'] {
  white-space: nowrap }
.grid thead th { white-space: nowrap } .share .bar { margin: .45rem 0 .1rem }
.grid .badge { margin: .1rem 0 } .grid details { font-size: .9rem }
.fault { border-color: var(--bad); border-width: 2px;
  background: color-mix(in srgb, var(--bad) 12%, var(--card)) }
.heat { border-collapse: separate; border-spacing: 2px; font-size: .875rem }
.scroll > .heat { width: 100% }
.heat th { font-weight: 500; white-space: nowrap; padding: .2rem .5rem }
.heat thead th { position: sticky; top: 0; background: var(--card); z-index: 1;
  text-align: center }
.heat tbody th, .heat thead th:first-child { position: sticky; left: 0; z-index: 2;
  background: var(--card); text-align: left; max-width: 14rem; overflow: hidden;
  text-overflow: ellipsis }
.heat thead th:first-child { z-index: 3 }
.heat td { text-align: center; padding: .2rem .5rem; min-width: 3.2rem;
  border-radius: .2rem; white-space: nowrap }
.heat .total { font-weight: 700 } .key { margin: .3rem 0 .6rem }
.all { background: color-mix(in srgb, var(--good) 38%, transparent) }
.some { background: color-mix(in srgb, var(--info) var(--part), transparent) }
.none { background: color-mix(in srgb, var(--bad) 30%, transparent) }
.open { border: 1px dashed var(--line) }
@media (max-width: 46rem) { .grid, .grid tbody, .grid tr { display: block }
  .grid thead { display: none } .grid tr { border-bottom: 1px solid var(--line);
  padding: .5rem 0 } .grid tr:last-child { border: 0; padding-bottom: 0 }
  .grid tbody th, .grid tbody td, .grid .share { display: block; width: auto;
  border: 0; padding: .1rem 0; text-align: left }
  .grid td[data-name]:not(:empty)::before { content: attr(data-name) ": ";
  color: var(--soft); font-size: .875rem } }
@media (max-width: 30rem) { .facts { grid-template-columns: 1fr; gap: 0 }
  .facts dd { margin-bottom: .4rem } .heat tbody th { max-width: 7rem } }
"""


@dataclass(frozen=True)
class Fault:
    """A case that does not hold for the solution itself.

    Attributes:
        exercise: Its id.
        case: Its function's name.
        what: What happened, in a line.
    """

    exercise: str
    case: str
    what: str


@dataclass(frozen=True)
class ClassReport:
    """What the report is made of.

    Attributes:
        lesson: Number and title, as "02: Tokenization".
        marks: One for each learner, in any order.
        graded: When, as it is to be shown.
        tier: The sandbox that all ran in, or the weakest if there were several.
        version: Of the grader.
        seconds: Slug -> what grading took.
        faults: Cases that do not hold for the solution.
    """

    lesson: str
    marks: tuple["Mark", ...]
    graded: str
    tier: str
    version: str
    seconds: dict[str, float] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def render_report(report: ClassReport) -> str:
    """Return the report as a complete page.

    Args:
        report: What grading found; every text in it is bounded and escaped.
    """
    title = f"Lesson {report.lesson}"
    parts = [_header(report, title), _faults(report.faults)]
    if report.marks:
        parts += [
            _card("How the class did", _summary(report)),
            _card("Exercises", draw_exercises(report.marks)),
            _card("Commonest wrong answers", draw_wrong_answers(report.marks)),
            _card("Learners and exercises", draw_heat_map(report.marks)),
            _card("Cases", draw_cases(report.marks)),
            _card("To look at", draw_learners(report.marks)),
        ]
    else:
        parts.append(_card("No submissions", "<p>Nothing was handed in.</p>"))
    body = "\n".join(filter(None, parts))
    return render_page(f"{title} - report", body, _STYLE)


def _card(heading: str, body: str) -> str:
    if not body:
        return ""
    return f'<section class="card"><h2>{heading}</h2>{body}</section>'


def _header(report: ClassReport, title: str) -> str:
    n = len(report.marks)
    means = _TIERS.get(report.tier, "")
    tier = safe(report.tier, 40) + (f": {means}." if means else "")
    facts = {
        "Submissions": f"{n:,} learner{'s' * (n != 1)}",
        "Graded": safe(report.graded, 60),
        "Sandbox": tier,
        "Grader": safe(report.version, 60),
        "Time": _time(report),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts.items())
    return f'<header><h1>{safe(title)}</h1><dl class="facts">{rows}</dl></header>'


def _time(report: ClassReport) -> str:
    """Median, 95th percentile by nearest rank, and who took the longest."""
    if not report.seconds:
        return "nothing was graded anew"
    names = {mark.slug: mark.learner for mark in report.marks}
    slug, slowest = max(report.seconds.items(), key=lambda pair: pair[1])
    ordered = sorted(report.seconds.values())
    late = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return (
        f"{_seconds(statistics.median(ordered))} a submission in the middle, 95 % "
        f"within {_seconds(late)}, the slowest {_seconds(slowest)} "
        f"({safe(names.get(slug, slug), 60)})"
    )


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value >= 1 else f"{1000 * value:.0f} ms"


def _faults(faults: tuple[Fault, ...]) -> str:
    if not faults:
        return ""
    lines = "".join(
        f"<li><strong>{safe(fault.exercise, 20)}</strong> "
        f"<code>{safe(fault.case, 100)}</code>: {safe(fault.what, 300)}</li>"
        for fault in faults
    )
    n = len(faults)
    count, their = (f"{n} cases do", "their") if n > 1 else ("1 case does", "its")
    return (
        '<section class="card fault"><h2><span aria-hidden="true">⚑</span> Our fault: '
        f"{count} not hold for the solution</h2><ul>{lines}</ul><p>Everyone got "
        f"{their} points, so no learner lost any. Mend the case or the solution, run "
        "<code>pytest tests/exercises</code>, and grade again.</p></section>"
    )


def _summary(report: ClassReport) -> str:
    totals = [mark.score for mark in report.marks]
    most = max(mark.result.points for mark in report.marks)
    low, middle, high = (
        totals * 3
        if len(totals) == 1
        else statistics.quantiles(totals, n=4, method="inclusive")
    )
    late = sum(mark.minutes_late > 0 for mark in report.marks)
    again = sum(mark.attempts > 1 for mark in report.marks)
    full = sum(mark.score >= mark.result.points for mark in report.marks)
    lines = [
        f"Half of the class has <strong>{number(middle)}</strong> of {number(most)} "
        f"points or more (the median).",
        f"The middle half lies between {number(low)} and {number(high)} points; the "
        f"mean is {number(statistics.fmean(totals))}.",
        f"{full} of {len(totals)} have all points, {late} handed in late, {again} "
        "handed in more than once.",
    ]
    words = "".join(f"<p>{line}</p>" for line in lines)
    return f'<div class="pair"><div>{words}</div>{draw_totals(totals, most)}</div>'
