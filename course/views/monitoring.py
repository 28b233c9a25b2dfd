"""Draw a model at work: how often it was asked, how sure it was, what it answered.

Live predictions are blue bars, what the model says of its test split are dark outlines
and marks. Left out: counting and testing, which `course.monitoring` does.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from course.evaluation.intervals import Interval
from course.monitoring.drift import ALARM, MIN_LIVE, TESTS, Drift, Window
from course.views.chart import Chart
from course.views.drawing import Drawing
from course.views.explanation import FOR
from course.views.monitoring_words import english
from course.views.shown import BAD, escape

Say = Callable[..., str]
_SLOTS, _BINS, _MOST_LABELS = 24, 10, 8
_WIDTH, _HEIGHT = 360, 170
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def draw_monitoring(
    times: Sequence[float],
    live: Window,
    reference: Window | None,
    drift: Drift,
    start: float,
    end: float,
    say: Say = english,
) -> Drawing:
    """Draw a window of predictions beside their reference.

    Args:
        times: When each was made, in seconds since 1970.
        live: The predictions.
        reference: What they are compared with; None if there is nothing.
        drift: From `course.monitoring.drift.compare_windows`.
        start: Where the window begins, in seconds since 1970.
        end: Where it ends, after `start`.
        say: From a name in `monitoring_words.WORDS` and its values to words.
    """
    parts = (
        ("volume", _volume(times, start, end, say)),
        ("sureness", _confidences(live, reference, say)),
        ("shares", _labels(live, reference, say)),
    )
    figures = "".join(
        '<div style="flex:1 1 17rem;min-width:0"><p style="margin:0 0 .3em;'
        f'font-weight:600">{escape(say(name))}</p>{body}</div>'
        for name, body in parts
    )
    key = _key(reference is not None, say)
    picture = (
        f'<div style="display:flex;flex-wrap:wrap;gap:1.2rem 1.8rem">{figures}</div>'
        f"{key}"
    )
    return Drawing(picture, sentence(drift, say), _table(live, reference, drift, say))


def sentence(drift: Drift, say: Say = english) -> str:
    """Say whether there is an alarm, and how far to trust that.

    Args:
        drift: From `course.monitoring.drift.compare_windows`.
        say: As for `draw_monitoring`.

    Example:
        >>> sentence(Drift((), 3, 400))
        'Too few to tell: 3 of the 30 predictions that are needed at least.'
    """
    alarms = [say(shift.name) for shift in drift.shifts if shift.alarm]
    if alarms:
        return say("alarm", names=", ".join(alarms), n=f"{drift.n:,}")
    if not drift.n_reference:
        return say("alone", n=f"{drift.n:,}")
    if drift.status == "few":
        return say("few", n=f"{drift.n:,}", least=MIN_LIVE)
    return say("same", n=f"{drift.n:,}")


def _volume(times: Sequence[float], start: float, end: float, say: Say) -> str:
    """Bars over time, which runs to now at the right."""
    unit, seconds = next(
        (pair for pair in _UNITS if end - start > 2 * pair[1]), _UNITS[-1]
    )
    edges = np.linspace(start, end, _SLOTS + 1)
    counts, _ = np.histogram(np.clip(times, start, end), edges)
    most = max(int(counts.max()), 1)
    chart = Chart(_WIDTH, _HEIGHT, ((start - end) / seconds, 0), (0, most * 1.05))
    places = (edges - end) / seconds
    bars = [
        _bar(chart, low, high, count, f"fill:{FOR}")
        for low, high, count in zip(places, places[1:], counts, strict=False)
    ]
    frame = chart.frame(say(unit))
    return chart.svg([frame, *bars], say("volume_told", n=f"{len(times):,}"))


def _confidences(live: Window, reference: Window | None, say: Say) -> str:
    """Shares of confidences, in bins of a tenth."""
    edges = np.linspace(0, 1, _BINS + 1)
    shares = _shares(live.confidences, edges)
    known = None if reference is None else _shares(reference.confidences, edges)
    most = max(shares.max(), 0.0 if known is None else known.max(), 0.1)
    chart = Chart(_WIDTH, _HEIGHT, (0, 1), (0, most * 1.05))
    parts = [chart.frame(say("confidence"))]
    pairs = zip(edges, edges[1:], shares, strict=False)
    parts += [_bar(chart, *pair, f"fill:{FOR}") for pair in pairs]
    if known is not None:
        steps = [
            (x, y)
            for y, *ends in zip(known, edges, edges[1:], strict=False)
            for x in ends
        ]
        line = chart.line([(0, 0), *steps, (1, 0)], "currentColor")
        parts.append(line)
    return chart.svg(parts, say("sureness_told", mean=_mean(live.confidences)))


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    counts, _ = np.histogram(values, edges)
    return counts / max(1, len(values))


def _bar(chart: Chart, low: float, high: float, height: float, style: str) -> str:
    x, y = chart.x(low) + 0.75, chart.y(height)
    width = max(0.5, chart.x(high) - chart.x(low) - 1.5)
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{chart.floor - y:.1f}" style="{style}"/>'
    )


def _labels(live: Window, reference: Window | None, say: Say) -> str:
    """A bar for each label, and a mark where the reference is."""
    counts = Counter(live.labels)
    known = Counter(reference.labels if reference else ())
    names = sorted({*counts, *known}, key=lambda name: (-known[name], -counts[name]))
    rows = []
    for name in names[:_MOST_LABELS]:
        share = counts[name] / max(1, len(live))
        mark, told = "", f"{share:.0%}"
        if reference:
            expected = known[name] / max(1, len(reference))
            told += f" ({expected:.0%})"
            mark = (
                f'<i style="position:absolute;left:calc({100 * expected:.1f}% - 1.5px);'
                'top:-.15em;bottom:-.15em;width:3px;background:currentColor"></i>'
            )
        rows.append(
            f'<span style="overflow-wrap:anywhere">{escape(name)}</span>'
            '<span style="position:relative;height:1em;background:color-mix(in srgb,'
            'currentColor 10%,transparent)"><i style="position:absolute;left:0;top:0;'
            f'bottom:0;width:{100 * share:.1f}%;background:{FOR}"></i>{mark}</span>'
            f"<span>{told}</span>"
        )
    more = len(names) - _MOST_LABELS
    note = f"<small>{escape(say('more', n=more))}</small>" if more > 0 else ""
    return (
        '<div style="display:grid;grid-template-columns:minmax(3em,max-content) 1fr '
        "max-content;gap:.5em .7em;align-items:center;font-size:.9em;"
        f'font-variant-numeric:tabular-nums">{"".join(rows)}</div>{note}'
    )


def _key(known: bool, say: Say) -> str:
    square = "display:inline-block;width:.9em;height:.7em;margin-right:.4em;"
    entries = [(f"{square}background:{FOR}", say("live"))]
    if known:
        entries.append((f"{square}border:2px solid currentColor", say("reference")))
    keys = "".join(
        f'<span style="margin-right:1.4em"><i style="{style}"></i>{escape(name)}</span>'
        for style, name in entries
    )
    return f'<p style="margin:.6em 0"><small>{keys}</small></p>'


def _mean(values: np.ndarray) -> str:
    return f"{float(np.mean(values)):.2f}" if len(values) else "-"


def _median(values: np.ndarray) -> str:
    return f"{float(np.median(values)):.0f}" if len(values) else "-"


def _interval(known: Interval | None) -> str:
    return "-" if known is None else str(known)


def _table(live: Window, reference: Window | None, drift: Drift, say: Say) -> str:
    """One row for each comparison, also for those that could not be made."""
    windows = [reference or Window(np.zeros(0), np.zeros(0), []), live]
    values = {
        "confidence": [_mean(window.confidences) for window in windows],
        "length": [_median(window.lengths) for window in windows],
        "labels": [f"{len(window):,}" for window in windows],
        "accuracy": [_interval(drift.measured), _interval(drift.accuracy)],
    }
    shifts = {shift.name: shift for shift in drift.shifts}
    body = ""
    for name in TESTS:
        shift, cells = shifts.get(name), ["-", "-", "-", say("untested")]
        if shift:
            psi = shift.stability
            stability = f"{psi[0]:.2f} ({psi[1]:.2f})" if psi else "-"
            p = f"{shift.p:.3f}" if shift.p >= 0.001 else "&lt; 0.001"
            verdict = say("differs" if shift.alarm else "agrees")
            style = f' style="border-left:4px solid {BAD};padding-left:.4em"'
            told = f"<span{style if shift.alarm else ''}>{escape(verdict)}</span>"
            cells = [f"{shift.distance:.2f}", p, stability, told]
        row = "".join(f"<td>{cell}</td>" for cell in [*values[name], *cells])
        body += f'<tr><th scope="row">{escape(say(f"{name}_row"))}</th>{row}</tr>'
    columns = ("", "reference", "live", "distance", "p", "stability", "verdict")
    head = "".join(
        f'<th scope="col">{escape(say(name)) if name else ""}</th>' for name in columns
    )
    bound = f"{ALARM / len(TESTS):.4f}"
    caption = escape(say("caption", bound=bound, alarm=f"{ALARM:.0%}"))
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
