"""Write the steps from counts to BLEU or ROUGE, each with its numbers put in.

Clipping is crossed out: ~~7~~ 2 of 7. Precisions, recall and lengths stand also as
bars. Left out: the texts (`course.views.overlap`) and counting
(`course.evaluation.ngrams`).
"""

from collections.abc import Mapping, Sequence

from course.views.explanation import FOR, visible
from course.views.shown import escape

MOST_CLIPPED = 6  # n-grams named
_STEPS = "font-variant-numeric:tabular-nums;line-height:1.7;max-width:40em"
_TIMES, _MINUS = "\u00d7", "\u2212"


def bleu_steps(data: Mapping, n: int = 1, kept: tuple[int, int] | None = None) -> str:
    """Write how BLEU comes about.

    Args:
        data: From `course.evaluation.ngrams.ngram_matches`.
        n: The n-grams that are lit; the line of each can be picked as "order 1" and on.
        kept: Words of the prediction, and of the text that it was cut from; draws a
            handle, "length", between 0 and all of them. Default none.

    Returns:
        HTML of one `<div>`.

    Example:
        >>> from course.evaluation.ngrams import ngram_matches
        >>> "e^(1 \u2212 3/2) = 0.607" in bleu_steps(ngram_matches("a b", ["a b c"]))
        True
    """
    lines, without = [], 0
    for order, total in enumerate(data["totals"], start=1):
        smoothed = total and not data["counts"][order - 1] and any(data["counts"])
        without += bool(smoothed)
        share = f"1/{2**without}" if smoothed else ""
        lines.append(_order(data, order, order == n, share))
    handle = _length_handle(*kept) if kept else ""
    steps = [_mean(data), *_brevity(data), handle]
    if any(data["counts"]):
        mean = _geometric_mean(data)
        steps.append(
            f"BLEU = {data['brevity_penalty']:.3f} {_TIMES} {100 * mean:.2f} = "
            f"<b>{data['score']:.2f}</b> of 100"
        )
    steps = [f"<div>{step}</div>" for step in steps if step]
    return f'<div style="{_STEPS}">{"".join(lines + steps)}</div>'


def rouge_steps(
    data: Mapping,
    name: str,
    matches: int,
    totals: Sequence[int],
    what: str,
    rows: Sequence[Mapping],
) -> str:
    """Write how a ROUGE score comes about.

    Args:
        data: From `course.evaluation.ngrams.rouge_matches`.
        name: Of the score, such as "ROUGE-1".
        matches: How many n-grams or words count.
        totals: How many there are in the prediction and in the reference.
        what: What is counted, such as "1-grams".
        rows: The n-grams, whose clipping is crossed out; none for ROUGE-L.

    Returns:
        HTML of one `<div>`.
    """
    count = f"{_crossed_out(rows)}<b>{matches:,}</b>"
    precision, recall = data["precision"], data["recall"]
    lines = [
        _bar(
            precision,
            f"precision: {count} of {totals[0]:,} {what} of the prediction "
            f"= {precision:.3f}{_clipped(rows)}",
        ),
        _bar(
            recall,
            f"recall: <b>{matches:,}</b> of {totals[1]:,} {what} of the "
            f"reference = {recall:.3f}",
        ),
    ]
    if matches:
        lines.append(
            f"<div>F = 2 {_TIMES} {precision:.3f} {_TIMES} {recall:.3f} / "
            f"({precision:.3f} + {recall:.3f}) = <b>{data['fmeasure']:.3f}</b></div>"
        )
    else:
        lines.append(f"<div>Nothing matches, so that {name} is 0.</div>")
    return f'<div style="{_STEPS}">{"".join(lines)}</div>'


def _bar(share: float, text: str, attributes: str = "", edge: str = "#8884") -> str:
    """A line of text on a bar from 0 to 1."""
    return (
        f'<div {attributes} style="padding:.1em .4em;margin:2px 0;'
        f"border-left:4px solid {edge};background:linear-gradient(90deg,{FOR}38 "
        f'{100 * share:.2f}%,#8881 0)">{text}</div>'
    )


def _order(data: Mapping, order: int, is_lit: bool, smoothed: str) -> str:
    """What counts of the n-grams of one length."""
    rows = data["orders"][order - 1]
    count, total = data["counts"][order - 1], data["totals"][order - 1]
    precision = data["precisions"][order - 1]
    text = f"{order}-grams: {_crossed_out(rows)}<b>{count:,}</b> of {total:,}"
    if not total:
        text = f"{order}-grams: none, the text is too short; left out"
    elif smoothed:
        text += f", smoothed to {smoothed} of {total:,} = {precision:.2f} %"
    else:
        text += f" = {precision:.2f} %"
    label = f"light the {order}-grams: {count} of {total} count, {precision:.2f} %"
    return _bar(
        precision / 100,
        text + _clipped(rows) * is_lit,
        f'data-pick="order {order}" aria-label="{label}"'
        + ' aria-current="true"' * is_lit,
        FOR if is_lit else "#8884",
    )


def _crossed_out(rows: Sequence[Mapping]) -> str:
    """What would count without clipping, crossed out, if clipping took some."""
    unclipped = sum(row["count"] for row in rows if row["reference_count"])
    clipped = unclipped - sum(row["matches"] for row in rows)
    return f"<s>{unclipped:,}</s> " if clipped else ""


def _clipped(rows: Sequence[Mapping]) -> str:
    """The n-grams that were clipped."""
    words = [
        f"“{escape(' '.join(map(visible, row['ngram'])))}” <s>{row['count']:,}</s> "
        f"{row['matches']:,}"
        for row in rows
        if 0 < row["matches"] < row["count"]
    ]
    more = "…" if len(words) > MOST_CLIPPED else ""
    named = ", ".join(words[:MOST_CLIPPED])
    return f"<br><small>clipped: {named}{more}</small>" if words else ""


def _precisions(data: Mapping) -> list[float]:
    """Those of the lengths of which the text has n-grams, as shares."""
    both = zip(data["precisions"], data["totals"], strict=True)
    return [precision / 100 for precision, total in both if total]


def _geometric_mean(data: Mapping) -> float:
    product = 1.0
    for precision in _precisions(data):
        product *= precision
    return product ** (1 / len(_precisions(data)))


def _mean(data: Mapping) -> str:
    if not any(data["counts"]):
        return "No token matches, so that BLEU is <b>0</b>."
    used = _precisions(data)
    factors = f" {_TIMES} ".join(f"{100 * share:.2f} %" for share in used)
    return (
        f"geometric mean: ({factors})<sup>1/{len(used)}</sup> = "
        f"<b>{100 * _geometric_mean(data):.2f} %</b>"
    )


def _brevity(data: Mapping) -> list[str]:
    """The lengths as bars, and what being short costs."""
    lengths = data["prediction_length"], data["reference_length"]
    longest = max(1, *lengths)
    names = "tokens in the prediction", "in the reference nearest in length"
    bars = [
        _bar(length / longest, f"{length:,} {name}")
        for length, name in zip(lengths, names, strict=True)
    ]
    penalty = data["brevity_penalty"]
    if lengths[0] >= lengths[1]:
        text = "brevity penalty: not shorter, so <b>1</b>"
    elif not lengths[0]:
        text = "brevity penalty: no tokens, so <b>0</b>"
    else:
        text = (
            f"brevity penalty: e^(1 {_MINUS} {lengths[1]:,}/{lengths[0]:,}) = "
            f"{penalty:.3f}"
        )
    return [*bars, text]


def _length_handle(words: int, whole: int) -> str:
    """A handle that cuts the prediction, to see what being short costs."""
    share = words / whole
    text = f"{words} of {whole} words"
    return (
        f"<small>cut the prediction: {text}"
        '</small><div data-track="length" style="position:relative;'
        'height:24px;margin:0 12px"><div style="position:absolute;top:11px;left:-12px;'
        'right:-12px;height:2px;background:#8888"></div><div data-drag="length" '
        f'data-value="{share:.4f}" data-say="length of the prediction" '
        f'data-text="{text}" style="position:absolute;left:calc({100 * share:.2f}% - '
        "12px);width:24px;height:24px;border-radius:50%;box-sizing:border-box;"
        f'border:2px solid;background:{FOR}60"></div></div>'
    )
