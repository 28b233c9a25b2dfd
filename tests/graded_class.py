"""Results as grading gives them, made up, and texts that mean harm. Not a test module.

`mark()` is one learner's; `some_class(n)` has every status in it. What `HOSTILE` holds
must come out of a page as text, or not at all.
"""

from datetime import UTC, datetime

from course.grading.marks.results import (
    CaseResult,
    ExerciseResult,
    SubmissionResult,
    exercise_status,
)
from course.grading.marks.retakes import Attempt, Manual, Rules, mark_learner

SECRET = "canary-of-a-hidden-case"
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>' onclick='alert(1)",
    "]]><!-- </title> {x} %s &lt;",
    "\u202eright to left\u2066 \u200f \ud83d \x00 \x1b[31m",
    "`<b>` **<i>bold</i>** *<u>*",
    "javascript:alert(1)",
    "x" * 10_000,
    "**" * 5_000,
    "\u0301" * 10_000,
)


def case(name, status="passed", points=1.0, hidden=False, **more):
    """One case; one that failed has a hint, and rows if it is visible."""
    score = points if status in ("passed", "fault") else 0.0
    failed = status not in ("passed", "not_attempted", "missing")
    rows = (("called", "double(2)"), ("expected", "4"), ("got", "5")) * (not hidden)
    more = {"hint": f"Hint of `{name}`.", "rows": rows} | more if failed else more
    title = more.pop("title", f"Title of {name}.")
    return CaseResult(name, title, hidden, points, score, status, **more)


def exercise(name, *statuses, note="", title="A title"):
    """An exercise whose second half of cases is hidden."""
    half = (len(statuses) + 1) // 2
    cases = tuple(
        case(f"test_{name}_{i}", status, hidden=i >= half)
        for i, status in enumerate(statuses)
    )
    return ExerciseResult(name, title, exercise_status(list(cases)), cases, note)


def result(*exercises, learner="learner-01", file="a.ipynb", **more):
    """A submission."""
    return SubmissionResult(learner, "02", file, exercises, tier="landlock", **more)


def mark(*exercises, learner="learner-01", rules=None, manual=None, day=1, **more):
    """What a learner gets for one attempt."""
    attempt = Attempt(
        result(*exercises, learner=learner, **more), datetime(2026, 5, day, tzinfo=UTC)
    )
    return mark_learner([attempt], learner, rules or Rules(), manual or Manual())


def some_class(n=12):
    """Learners of whom each has another status in the second exercise."""
    statuses = ("passed", "failed", "error", "not_attempted", "missing", "timeout")
    statuses += ("memory", "crashed", "fault")
    return tuple(
        mark(
            exercise("02.1", "passed", "failed" if i % 3 else "passed"),
            exercise("02.2", statuses[i % len(statuses)]),
            learner=f"learner-{i:02}",
            warnings=("The file had no ids.",) * (i == 1),
        )
        for i in range(n)
    )


def hostile_mark(text):
    """Every string of a mark is this text, ids and statuses apart."""
    bad = case("a", "failed", title=text, hint=text, rows=((text, text),))
    secret = case("b", "failed", hidden=True, title=text, hint=text)
    one = ExerciseResult(text, text, "failed", (bad, secret), text)
    comments = (("", text), (text, text))
    whole = result(one, learner=text, file=text, warnings=(text,) * 300)
    return mark_learner([Attempt(whole)], "slug", Rules(), Manual({}, comments))
