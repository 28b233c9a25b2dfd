"""What the Explain page shows: an explanation, an edit, and how far to trust it.

Pictures of words and curves are the notebooks' (`course.views`); here are the lines and
tables around them, in the demo's language, with all text of visitors escaped. Left out:
where the numbers come from.
"""

from typing import TYPE_CHECKING, Any

from course.demo.messages import Say
from course.views.deletion import draw_deletion
from course.views.explanation import render_explanation, signed, visible
from course.views.explanation_words import TITLES, word_html
from course.views.shown import escape

if TYPE_CHECKING:
    import shap

    from course.explanation.deletion import DeletionCurve
    from course.explanation.faithfulness import Faithfulness
    from course.explanation.study import Study

MOST_CHANGES = 10
SMALLEST_CHANGE = 0.005  # shown as 0.01; less would be shown as no change


def render_effort(report: Any, say: Say, remembered: bool = False) -> str:
    """Return what an explanation cost and whether it is all there, as HTML.

    Args:
        report: The `ExplanationReport`; the picture says what is missing.
        say: The demo's words.
        remembered: Whether all of it was computed for an earlier question.
    """
    line = say(
        "explain.effort" if report.complete else "explain.effort_incomplete",
        evaluations=f"{report.evaluations:,}",
        remembered=f"{report.cache_hits:,}",
        seconds=f"{report.seconds:.2f}",
    )
    if remembered:
        line = f"{say('explain.from_cache')} {line}"
    return f'<p class="hint">{escape(line)}</p>'


def render_picture(
    explanation: "shap.Explanation", say: Say, remembered: bool = False
) -> str:
    """Return an explanation and what it cost, as HTML.

    Args:
        explanation: From `course.explanation.explain`.
        say: The demo's words.
        remembered: As for `render_effort`.
    """
    effort = render_effort(explanation.report, say, remembered)
    return render_explanation(explanation) + effort


def render_working(say: Say, rows: int) -> str:
    """Return the line that says how far the work is, as HTML.

    Example:
        >>> render_working(Say(), 1280)
        '<p class="hint" role="status">Working: 1,280 evaluations of the model …</p>'
    """
    line = say("explain.working", rows=f"{rows:,}")
    return f'<p class="hint" role="status">{escape(line)}</p>'


def render_edit(study: "Study", answers: list[tuple[str, float]], say: Say) -> str:
    """Lay a text before and after an edit side by side, as HTML.

    Args:
        study: With one explanation of the text after the edit.
        answers: Label and confidence that the model gives before and after.
        say: The demo's words.
    """
    sides = [study.before, study.explanations[0]]
    names = [say("explain.before"), say("explain.after")]
    drawn = "".join(
        f'<div style="flex:1 1 17rem;min-width:0"><h3>{escape(name)}</h3>'
        f"{render_picture(side, say)}</div>"
        for name, side in zip(names, sides, strict=True)
    )
    target = visible(study.before.report.target)
    rows = [
        (escape(say("explain.answer")), [visible(label) for label, _ in answers]),
        (escape(say("explain.confidence")), [f"{share:.3f}" for _, share in answers]),
        (
            escape(say("explain.probability", target=target)),
            [f"{side.report.prediction:.3f}" for side in sides],
        ),
    ]
    promise = say(
        "explain.promised",
        target=target,
        promised=f"{study.promised:.2f}",
        now=f"{sides[1].report.prediction:.2f}",
    )
    note = f'<p class="hint">{escape(study.note)}.</p>' if study.note else ""
    return (
        f"{table(say('explain.edit_caption'), ['', *names], rows)}{note}"
        '<div style="display:flex;flex-wrap:wrap;gap:0 1.5rem;margin-top:.8rem">'
        f"{drawn}</div><p>{escape(promise)}</p>{_changes(study, say)}"
    )


def _changes(study: "Study", say: Say) -> str:
    """The words whose values changed most, edited ones first."""
    before, now = study.before.values, study.values()
    change = now - before
    shown = [
        number
        for number in range(len(study.words))
        if number in study.edits or abs(change[number]) >= SMALLEST_CHANGE
    ]
    shown.sort(key=lambda number: (number not in study.edits, -abs(change[number])))
    rows = []
    for number in shown[:MOST_CHANGES]:
        gone = study.edits.get(number) == ""
        after = "–" if gone else signed(now[number])  # noqa: RUF001
        entries = [signed(before[number]), after, signed(change[number])]
        rows.append((word_html(study, number), entries))
    heads = [say(f"explain.{name}") for name in ("word", "before", "after", "change")]
    caption = say("explain.changes", shown=len(rows), words=len(study.words))
    return table(caption, heads, rows)


def render_faithfulness(
    explanation: "shap.Explanation",
    found: "Faithfulness",
    curve: "DeletionCurve",
    say: Say,
) -> str:
    """Return whether an explanation's words matter more than random ones, as HTML.

    Args:
        explanation: From `course.explanation.explain`.
        found: Its measures.
        curve: Its deletion curve.
        say: The demo's words.
    """
    report = explanation.report
    heads = [
        say(f"explain.{name}") for name in ("measure", "value", "random", "verdict")
    ]
    rows = [
        _measure("comprehensiveness", found.random_comprehensiveness, found, say),
        _measure("sufficiency", found.random_sufficiency, found, say),
    ]
    caption = say("explain.trust_caption", method=TITLES[report.method])
    links = [f"w{number}" for number in range(len(explanation.feature_names))]
    drawn = draw_deletion(
        curve, explanation.feature_names, links, TITLES[report.method]
    )
    explained = say("explain.trust_explained", target=visible(report.target))
    return (
        f"{table(caption, heads, rows)}<p>{escape(explained)}</p>{drawn}"
        f'<p class="hint">{escape(say("explain.trust_limits"))}</p>'
    )


def _measure(
    name: str, band: tuple[float, float], found: "Faithfulness", say: Say
) -> tuple[str, list[str]]:
    """One measure: its value, the random band, and which of the two is better."""
    value, (low, high) = getattr(found, name), band
    better, worse = value > high, value < low
    if name == "sufficiency":  # of which less is better
        better, worse = worse, better
    verdict = "better" if better else "worse" if worse else "by_chance"
    span = say("explain.range", low=f"{low:.3f}", high=f"{high:.3f}")
    entries = [f"{value:.3f}", span, say(f"explain.{verdict}")]
    return escape(say(f"explain.{name}")), entries


def table(caption: str, heads: list[str], rows: list[tuple[str, list[str]]]) -> str:
    """Return a table that may be wider than the page, as HTML.

    Args:
        caption: Plain text.
        heads: Of the columns, plain text.
        rows: The row's name as HTML, and its entries as plain text.
    """
    columns = "".join(
        f'<th scope="col">{escape(head)}</th>' if head else "<td></td>"
        for head in heads
    )
    body = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(f"<td>{escape(entry)}</td>" for entry in entries)
        + "</tr>"
        for name, entries in rows
    )
    return (
        '<div class="measured" style="overflow-x:auto;margin:.6rem 0" tabindex="0" '
        'role="group" '
        f'aria-label="{escape(caption)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )
