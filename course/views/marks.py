"""A learner's feedback: one page with points, what is right, and what to do next.

Of a visible case stands all that is known; of a hidden one its title and hint, and
never what came in or out: hidden cases must stay of use for who comes after. Left out:
grading itself, and every other learner.
"""

from typing import TYPE_CHECKING

from course.views.page import (
    badge,
    bar,
    colour,
    duration,
    number,
    render_page,
    rich,
    safe,
)

if TYPE_CHECKING:  # views stand below grading: they know its shapes only
    from course.grading.marks.results import CaseResult, ExerciseResult
    from course.grading.marks.retakes import Mark

MINUS = "\N{MINUS SIGN}"
MOST_STEPS = 3  # of what to do next
MOST_WARNINGS = 20
MOST_VALUE = 1200  # characters of what came in or out
_STYLE = """
.total { font-size: 2.2rem; font-weight: 700; line-height: 1.2 }
.total small { font-size: 1rem; font-weight: 400 }
.cases { list-style: none; padding: 0 }
.case { border-top: 1px solid var(--line); padding: .55rem 0 }
.case:last-child { padding-bottom: 0 }
.case > summary .badge, .case > .badge { margin-left: .3rem }
.values { margin: .4rem 0; width: 100% }
.values th { font-weight: 400; color: var(--soft); width: 6.5rem; font-size: .9rem }
.values th, .values td { padding-top: .1rem; padding-bottom: .1rem }
.values code { white-space: pre-wrap }
.hint { border-left: .2rem solid var(--info); padding-left: .7rem; margin: .5rem 0 }
.said { background: color-mix(in srgb, var(--info) 10%, transparent);
  border-radius: .4rem; padding: .5rem .8rem; margin: .6rem 0; white-space: pre-line }
.sum { border-top: 1px solid var(--line); margin-top: .8rem; padding-top: .5rem }
.sum td { padding: .1rem .9rem .1rem 0 } .sum tr:last-child { font-weight: 700 }
@media (max-width: 30rem) { .values th, .values td { display: block; padding: 0 }
  .values td { padding-bottom: .3rem } }
"""
_NOT_RUN = ("not_attempted", "missing")  # of a case: nothing was there to be judged
# What a learner does about an exercise that ended like this.
_ADVICE = {
    "not_attempted": "The stub is as it was: write your answer.",
    "missing": "Its answer was not found: put it into the cell of a fresh copy.",
    "error": "Its cell raises an error: run the notebook from the top until it does "
    "not.",
    "timeout": "It did not come to an end in time: look for a loop that never stops.",
    "memory": "It used more memory than there is: look for data that keeps growing.",
    "crashed": "It ended Python itself: take out what exits, or starts processes.",
}


def render_marks(mark: "Mark", title: str = "") -> str:
    """Return a learner's feedback as a complete page.

    Args:
        mark: What the learner gets, from `course.grading.marks.retakes`.
        title: Of the lesson, plain text.
    """
    name = f"Lesson {mark.result.lesson}" + (f": {title}" if title else "")
    parts = [
        f"<header><h1>{safe(name, 120)}</h1>"
        f'<p class="soft">{_about(mark)}</p></header>',
        _total(mark),
        _next_steps(mark),
        _said([text for exercise, text in mark.comments if not exercise]),
        *(_exercise(mark, exercise) for exercise in mark.result.exercises),
        _warnings(mark.result.warnings),
    ]
    whole = f"{name} - {mark.learner}"
    return render_page(whole, "\n".join(filter(None, parts)), _STYLE)


def _about(mark: "Mark") -> str:
    parts = [safe(mark.learner, 80), safe(mark.result.file, 120)]
    if mark.submitted:
        parts.append(f"handed in {mark.submitted:%Y-%m-%d %H:%M %Z}".strip())
    if mark.attempts > 1:
        parts.append(f"one of {mark.attempts} attempts: the one that counts")
    return " · ".join(parts)


def _total(mark: "Mark") -> str:
    most = mark.result.points
    share = mark.score / most if most else 0.0
    of = f"{number(mark.score)} of {number(most)} points"
    return (
        '<section class="card" aria-label="Total"><div class="total">'
        f"{number(mark.score)} <small>of {number(most)} points, {share:.0%}</small>"
        f"</div>{bar(share, of, 'margin-top:.5rem')}{_arithmetic(mark)}</section>"
    )


def _arithmetic(mark: "Mark") -> str:
    """How the points came about, if there is more to it than the grader's."""
    signed = []
    if mark.manual:
        signed.append((_signed(mark.by_hand), "changed by your teacher"))
    if mark.minutes_late:
        late = f"handed in {duration(mark.minutes_late)} late"
        signed.append((_signed(-mark.deduction), late))
    if not signed:
        return ""
    lines = [(number(mark.automatic), "from the cases"), *signed]
    lines.append((f"= {number(mark.score)}", "points"))
    body = "".join(
        f'<tr><td class="number">{value}</td><td>{words}</td></tr>'
        for value, words in lines
    )
    return f'<table class="sum">{body}</table>'


def _signed(value: float) -> str:
    return f"{MINUS if value < 0 else '+'} {number(abs(value))}"


def _next_steps(mark: "Mark") -> str:
    """What gains the most points first; nothing that the teacher has marked by hand."""
    open_ones = [
        exercise
        for exercise in mark.result.exercises
        if exercise.status != "passed" and exercise.id not in mark.manual
    ]
    if not open_ones:
        text = "Every case passed." if not mark.manual else "Nothing is left to do."
        return f'<section class="card edge" style="{colour("passed")}">{text}</section>'
    open_ones.sort(key=lambda exercise: exercise.score - exercise.points)
    steps = "".join(
        f"<li>{_step(exercise)}</li>" for exercise in open_ones[:MOST_STEPS]
    )
    more = len(open_ones) - MOST_STEPS
    rest = f"<p class='soft'>Then the other {more}, below.</p>" if more > 0 else ""
    return (
        f'<section class="card edge" style="{colour("partial")}">'
        f"<h2>What to do next</h2><ol>{steps}</ol>{rest}</section>"
    )


def _step(exercise: "ExerciseResult") -> str:
    hints = [case.hint for case in exercise.cases if case.hint]
    advice = _ADVICE.get(exercise.status) or (hints[0] if hints else "")
    gain = exercise.points - exercise.score
    unit = "point" if number(gain) == "1" else "points"
    return (
        f"<strong>{safe(exercise.id, 20)} {safe(exercise.title, 120)}</strong> "
        f'<span class="soft">({number(gain)} {unit} to gain)</span><br>{rich(advice)}'
    )


def _exercise(mark: "Mark", exercise: "ExerciseResult") -> str:
    by_hand = mark.manual.get(exercise.id)
    score = exercise.score if by_hand is None else by_hand
    note = f"<p><code>{safe(exercise.note, 400)}</code></p>" if exercise.note else ""
    if by_hand is not None:
        note += "<p class='soft'>Your teacher gave these points by hand.</p>"
    said = _said([text for name, text in mark.comments if name == exercise.id])
    visible = [case for case in exercise.cases if not case.hidden]
    hidden = [case for case in exercise.cases if case.hidden]
    return (
        f'<section class="card edge" style="{colour(exercise.status)}">'
        f'<div class="head"><h2>{safe(exercise.id, 20)} {safe(exercise.title, 120)}'
        f'</h2>{badge(exercise.status)}<span class="points"><strong>{number(score)}'
        f"</strong> of {number(exercise.points)}</span></div>{note}{said}"
        f"{_cases('Cases that you have', visible)}{_hidden(hidden)}</section>"
    )


def _cases(heading: str, cases: list["CaseResult"]) -> str:
    if not cases:
        return ""
    return f'<h3>{heading}</h3><div class="cases">{"".join(map(_case, cases))}</div>'


def _hidden(cases: list["CaseResult"]) -> str:
    """Those that failed, and how many did not: a title alone may be half the answer."""
    shown = [case for case in cases if case.status not in ("passed", *_NOT_RUN)]
    drawn = _cases("Cases that only grading runs", shown)
    passed = sum(case.status == "passed" for case in cases)
    waiting = len(cases) - len(shown) - passed
    for n, sign, words in ((passed, "✓", "passed"), (waiting, "○", "not run")):
        if n:
            which = f"{n} hidden case{'s' * (n > 1)}: {words}."
            drawn += f'<p class="soft"><span class="sign">{sign}</span> {which}</p>'
    return drawn


def _case(case: "CaseResult") -> str:
    line = f"{rich(case.title, 300)} {badge(case.status)}"
    body = ""
    if case.rows and not case.hidden:  # what a hidden case is given stays hidden
        body += "<table class='values'>" + "".join(map(_row, case.rows)) + "</table>"
    if case.status == "fault":
        body += "<p>This case was wrong itself. Its points are yours.</p>"
    elif case.hint and case.status not in _NOT_RUN:
        body += f'<p class="hint"><strong>Hint:</strong> {rich(case.hint)}</p>'
    if not body:
        return f'<div class="case">{line}</div>'
    return f'<details class="case" open><summary>{line}</summary>{body}</details>'


def _row(row: tuple[str, str]) -> str:
    name, value = row
    return (
        f'<tr><th scope="row">{safe(name, 40)}</th>'
        f"<td><code>{safe(value, MOST_VALUE)}</code></td></tr>"
    )


def _said(comments: list[str]) -> str:
    return "".join(
        f'<div class="said"><strong>Your teacher:</strong> {safe(text, 2000)}</div>'
        for text in comments
    )


def _warnings(warnings: tuple[str, ...]) -> str:
    if not warnings:
        return ""
    lines = "".join(f"<li>{safe(line, 300)}</li>" for line in warnings[:MOST_WARNINGS])
    more = len(warnings) - MOST_WARNINGS
    lines += f"<li>and {more} more</li>" if more > 0 else ""
    return (
        f'<section class="card edge" style="{colour("missing")}"><h2>About your file'
        f"</h2><ul>{lines}</ul></section>"
    )
