"""Show how a check of an exercise went: as lines of text, and the same as HTML.

Sign, word and colour tell the state, each alone enough. The colours are see-through and
the text has the page's own colour, so that it is legible in light and in dark pages.
Left out: running anything.
"""

from dataclasses import dataclass

from course.views.shown import BAD, GOOD, NEUTRAL, escape, inline, plain

# Sign and colour of a state; the words stand in the headline.
_STATES = {"passed": ("✓", GOOD), "failed": ("✗", BAD), "open": ("○", NEUTRAL)}


@dataclass(frozen=True)
class Report:
    """What a learner sees after a check.

    Attributes:
        state: "passed", "failed" or "open" (nothing to judge yet).
        headline: The result in one line.
        title: What the first failing case asks, in Markdown, or "".
        rows: Name and value of what came in and out, such as ("expected", "[1]").
        hints: The hints so far, in Markdown.
        more_hints: How many are left.
        notes: Further lines, such as that progress could not be saved.
    """

    state: str
    headline: str
    title: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    hints: tuple[str, ...] = ()
    more_hints: int = 0
    notes: tuple[str, ...] = ()


def describe_check(report: Report) -> str:
    """Return a report as plain text.

    Args:
        report: How the check went.

    Example:
        >>> print(describe_check(Report("open", "Exercise 02.1: not attempted yet.")))
        ○ Exercise 02.1: not attempted yet.
    """
    lines = [f"{_STATES[report.state][0]} {report.headline}"]
    if report.title:
        lines.append(f"  {plain(report.title)}")
    width = max((len(name) for name, _ in report.rows), default=0)
    below = "\n" + " " * (width + 4)  # an array takes several lines
    lines += [
        f"  {name:{width}}  {value.replace(chr(10), below)}"
        for name, value in report.rows
    ]
    lines += [f"  {name}: {plain(hint)}" for name, hint in _numbered(report)]
    lines += [f"  {note}" for note in _notes(report)]
    return "\n".join(lines)


def render_check(report: Report) -> str:
    """Return a report as HTML of one `<section>`, without script or style sheet.

    Args:
        report: How the check went; every text in it is escaped.
    """
    sign, colour = _STATES[report.state]
    parts = [
        f'<p style="margin:0"><span aria-hidden="true" style="font-weight:bold">{sign}'
        f"</span> <strong>{escape(report.headline)}</strong></p>"
    ]
    if report.title:
        parts.append(f'<p style="margin:.3em 0">{inline(report.title)}</p>')
    if report.rows:
        parts.append(_table(report.rows))
    for name, hint in _numbered(report):
        parts.append(
            f'<p style="margin:.3em 0"><strong>{name}:</strong> {inline(hint)}</p>'
        )
    for note in _notes(report):
        parts.append(f'<p style="margin:.3em 0"><em>{escape(note)}</em></p>')
    # An edge and a tint: the text on it keeps the page's contrast.
    style = f"border-left:.3em solid {colour};background:{colour}14;"
    style += "padding:.5em .8em;max-width:46em;line-height:1.45;overflow-wrap:anywhere"
    return f'<section role="status" style="{style}">{"".join(parts)}</section>'


def _numbered(report: Report) -> list[tuple[str, str]]:
    total = len(report.hints) + report.more_hints
    return [
        (f"Hint {number} of {total}" if total > 1 else "Hint", hint)
        for number, hint in enumerate(report.hints, start=1)
    ]


def _notes(report: Report) -> list[str]:
    more = ["The next failed attempt shows one more hint."] if report.more_hints else []
    return [*more, *report.notes]


def _table(rows: tuple[tuple[str, str], ...]) -> str:
    """Names left, values right in the fixed pitch of code."""
    cell = "text-align:left;vertical-align:top;padding:.1em .8em .1em 0;"
    cell += "font-size:inherit"
    code = "white-space:pre-wrap;background:none"
    lines = "".join(
        f'<tr style="background:none"><th scope="row" style="{cell};'
        f'font-weight:normal;white-space:nowrap">{escape(name)}</th><td style="{cell}">'
        f'<code style="{code}">{escape(value)}</code></td></tr>'
        for name, value in rows
    )
    return f'<table style="border:0;margin:.3em 0">{lines}</table>'
