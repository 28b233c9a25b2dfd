"""What the Compare page shows: a row for each model, each pair and each disputed text.

All text of visitors and all names are escaped. Left out: where the numbers come from.
"""

from course.demo.comparing import TIMED_RUNS, WARM_UP_RUNS, Agreement, Measured
from course.demo.explain_pictures import table
from course.demo.messages import Say
from course.views.shown import escape

MOST_DISPUTED = 20
SHOWN_CHARACTERS = 200
BYTES_IN_MB = 1_000_000


def render_models(found: list[Measured], others: list[str], text: str, say: Say) -> str:
    """Return what each model answers and costs, as an HTML table.

    Args:
        found: From `course.demo.comparing.measure`.
        others: Names of those with other labels than the first.
        text: What they were asked about.
        say: The demo's words.
    """
    names = ("model", "answer", "confidence", "milliseconds", "disk", "memory")
    heads = [say(f"compare.{name}") for name in (*names, "accuracy")]
    rows = []
    for each in found:
        answered = each.run.name not in others
        rows.append(
            (
                escape(each.run.name),
                [
                    each.label if answered else "–",  # noqa: RUF001
                    f"{each.confidence:.3f}" if answered else "–",  # noqa: RUF001
                    f"{each.milliseconds:.1f}",
                    f"{each.disk_bytes / BYTES_IN_MB:.1f}",
                    f"{each.memory_bytes / BYTES_IN_MB:.1f}",
                    _accuracy(each, say) if answered else "–",  # noqa: RUF001
                ],
            )
        )
    notes = [say("compare.how", warm_up=WARM_UP_RUNS, runs=TIMED_RUNS)]
    if any(each.run.is_adapter for each in found):
        notes.append(say("compare.adapters"))
    notes += _other_labels(others, found[0].run.name, say)
    short = shorten(text, 60)
    return table(say("compare.caption", text=short), heads, rows) + _lines(notes)


def _accuracy(each: Measured, say: Say) -> str:
    metric = each.run.metrics.get("accuracy", {})
    if "value" not in metric:
        return say("compare.not_measured")
    value, n = f"{metric['value']:.3f}", metric.get("n")
    if metric.get("low") is None or not n:
        return value
    low, high = f"{metric['low']:.3f}", f"{metric['high']:.3f}"
    return say("compare.interval", value=value, low=low, high=high, n=f"{n:,}")


def _other_labels(others: list[str], first: str, say: Say) -> list[str]:
    if not others:
        return []
    return [say("compare.other_labels", models=", ".join(others), first=first)]


def _lines(notes: list[str]) -> str:
    return "".join(f'<p class="hint">{escape(note)}</p>' for note in notes)


def render_agreement(found: Agreement, notes: list[str], say: Say) -> str:
    """Return where models disagree, as HTML tables.

    Args:
        found: From `course.demo.comparing.compare_answers`.
        notes: What else is to be known, plain text.
        say: The demo's words.
    """
    n = len(found.texts)
    pairs = [
        (escape(f"{a}, {b}"), [f"{same:,}", f"{n - same:,}", f"{100 * same / n:.1f} %"])
        for (a, b), same in found.pairs.items()
    ]
    heads = [say(f"compare.{name}") for name in ("pair", "agree", "differ", "share")]
    drawn = table(say("compare.agreement", n=f"{n:,}"), heads, pairs)
    return drawn + _verdicts(found, say) + _lines(notes) + _disputed(found, say)


def _verdicts(found: Agreement, say: Say) -> str:
    """Which of each two is better, where right labels are known."""
    if not found.verdicts:
        return _lines([say("compare.no_references")])
    rows = []
    for verdict in found.verdicts:
        better = verdict.better
        said = say("compare.better", model=better) if better else say("compare.unclear")
        entries = [
            f"{verdict.only_a:,}",
            f"{verdict.only_b:,}",
            f"{verdict.p_value:.3g}",
            said,
        ]
        rows.append((escape(", ".join(verdict.names)), entries))
    heads = [
        say(f"compare.{name}") for name in ("pair", "first", "second", "p", "verdict")
    ]
    drawn = table(say("compare.verdicts", n=f"{len(found.texts):,}"), heads, rows)
    return drawn + (_lines([say("compare.pairs")]) if len(rows) > 1 else "")


def _disputed(found: Agreement, say: Say) -> str:
    """The first texts on which they differ, with all answers."""
    disputed = found.disputed
    if not disputed:
        return _lines([say("compare.all_agree")])
    heads = [say("compare.text"), *found.answers]
    if found.references:
        heads.append(say("compare.reference"))
    rows = []
    for number in disputed[:MOST_DISPUTED]:
        entries = [said[number] for said in found.answers.values()]
        if found.references:
            entries.append(found.references[number])
        text = escape(shorten(found.texts[number], SHOWN_CHARACTERS))
        name = f'<span style="display:block;min-width:13rem">{text}</span>'
        rows.append((name, entries))
    caption = say("compare.disputed", shown=len(rows), all=f"{len(disputed):,}")
    return table(caption, heads, rows)


def shorten(text: str, most: int) -> str:
    """Return a text on one line, cut with an ellipsis.

    Example:
        >>> shorten("A  long film", 7)
        'A long…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
