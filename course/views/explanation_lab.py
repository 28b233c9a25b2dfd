"""Draw a study: words, what an edit did, methods side by side, and a deletion curve.

All four show the same words, and pointing at one lights it in each. Values are signed
numbers beside bars that leave a middle line to the right (for the label) or to the left
(against it), all on one scale. Left out: the game of saying first and seeing after,
which is `course.views.explanation_words`'s, and controls.
"""

from typing import TYPE_CHECKING

import numpy as np

from course.views.deletion import draw_deletion
from course.views.drawing import Drawing
from course.views.explanation import AGAINST, FOR, signed, summarise, visible
from course.views.explanation_words import TITLES, draw_words, said, title_of, word_html
from course.views.shown import escape

if TYPE_CHECKING:
    from course.explanation.study import Study

MOST_WORDS = 60  # with bars; the text itself is shown whole
_HALF = "80"  # opacity of a bar
_ROW = (
    "display:grid;gap:0 .5em;align-items:center;min-height:1.4em;"
    "grid-template-columns:6.5em"
)


def draw_study(study: "Study", picked: int = -1, curve_method: str = "") -> Drawing:
    """Draw all that is known of a text with edits.

    Args:
        study: From `course.explanation.study.study`.
        picked: Number of a word of the text before the edits, or -1.
        curve_method: Whose deletion curve; default the first method's.
    """
    if not study.words:
        return Drawing("<p>Type a text.</p>", summarise(study.explanations[0]))
    parts = [
        _answer(study),
        draw_words(study, picked),
        _before_after(study) if study.edits else "",
        _heading("Each method's value of each word, in log-odds"),
        _bars(study),
        _curve(study, curve_method),
    ]
    picture = "".join(parts)
    return Drawing(picture, _summary(study, picked), _table(study))


def draw_waiting(text: str, old: Drawing | None = None) -> Drawing:
    """Draw a text whose explanation is being computed.

    Args:
        text: The text with its edits.
        old: What was shown before: it stays, in grey; default nothing.
    """
    sentence = "Computing the explanation …"
    if old is None:
        return Drawing(f"<p><b>{escape(text)}</b></p><p>{sentence}</p>", sentence)
    picture = f'<p>{sentence}</p><div inert style="opacity:.4">{old.picture}</div>'
    return Drawing(picture, sentence, old.table)


def _heading(words: str) -> str:
    return f'<p style="margin:1em 0 .3em"><b>{escape(words)}</b></p>'


def _answer(study: "Study") -> str:
    report = study.explanations[0].report
    note = f"<p>{escape(study.note)}.</p>" if study.note else ""
    return (
        f"<p>“{escape(visible(report.target))}” has probability "
        f"<b>{report.prediction:.2f}</b>. Values below the words are from "
        f"{title_of(study, 0)}: + for it, − against it.</p>{note}"  # noqa: RUF001
    )


def _before_after(study: "Study") -> str:
    """Three bars: the probability before, as the values promised, and now."""
    rows = (
        ("before", study.before.report.prediction, f"{FOR}{_HALF}", "solid"),
        ("promised", study.promised, "transparent", "dashed"),
        ("now", study.explanations[0].report.prediction, f"{FOR}{_HALF}", "solid"),
    )
    drawn = "".join(
        f'<div style="{_ROW} 1fr 2.5em;max-width:36em;margin:2px 0"><span>{name}</span>'
        f'<span><span style="display:block;box-sizing:border-box;height:1.1em;'
        f"width:{100 * share:.1f}%;background:{colour};border:1.5px {line} {FOR}"
        f'"></span></span><span>{share:.2f}</span></div>'
        for name, share, colour, line in rows
    )
    heading = _heading("What the edit did to the probability")
    hint = (
        "Promised: the values of the edited words, as they were before, taken off. A "
        "word put in their place adds what it is worth itself."
    )
    return f"{heading}{drawn}<p><small>{hint}</small></p>"


def _bars(study: "Study") -> str:
    """A row for each word, a column of signed bars for each method."""
    every = np.array([study.values(m) for m in range(len(study.explanations))])
    largest = np.abs(every).max(initial=0) or 1.0
    columns = f"{_ROW} repeat({len(every)},minmax(0,1fr));max-width:50em"
    names = "".join(f"<b>{TITLES[e.report.method]}</b>" for e in study.explanations)
    rows = [f'<div style="{columns};text-align:center"><span></span>{names}</div>']
    for number in range(min(len(study.words), MOST_WORDS)):
        gone = study.edits.get(number) == ""
        cells = "".join(
            "<span></span>" if gone else _bar(value, value / largest)
            for value in every[:, number].tolist()
        )
        rows.append(
            f'<div data-link="w{number}" style="{columns}"><span style="white-space:'
            f'nowrap;overflow:hidden;text-overflow:ellipsis">{word_html(study, number)}'
            f"</span>{cells}</div>"
        )
    if len(study.words) > MOST_WORDS:
        rows.append(f"<p>… and {len(study.words) - MOST_WORDS:,} more words.</p>")
    for name, entries in _effort(study):
        cells = "".join(f"<small>{entry}</small>" for entry in entries)
        rows.append(
            f'<div style="{columns};text-align:center;border-top:1px solid #8886">'
            f'<small style="text-align:left">{name}</small>{cells}</div>'
        )
    return f'<div style="font-variant-numeric:tabular-nums">{"".join(rows)}</div>'


def _bar(value: float, share: float) -> str:
    """One value: a bar from the middle, its number on the middle's other side."""
    width = f"{50 * abs(share):.1f}%"
    colour = (FOR if value >= 0 else AGAINST) + _HALF
    side, other = ("left", "right") if value >= 0 else ("right", "left")
    return (
        '<span style="position:relative;display:block;height:1.4em;background:'
        'linear-gradient(currentColor,currentColor) 50%/1px 100% no-repeat">'
        f'<span style="position:absolute;{side}:50%;top:15%;height:70%;width:{width};'
        f'background:{colour}"></span><small style="position:absolute;{other}:50%;'
        f'padding:0 .3em;white-space:nowrap">{signed(value)}</small></span>'
    )


def _effort(study: "Study") -> list[tuple[str, list[str]]]:
    """What each method cost, and how far its values are from adding up."""
    reports = [explanation.report for explanation in study.explanations]
    return [
        # What was asked before is remembered and takes no time.
        ("evaluations", [f"{r.evaluations + r.cache_hits:,}" for r in reports]),
        ("of them new", [f"{report.evaluations:,}" for report in reports]),
        ("seconds", [f"{report.seconds:.2f}" for report in reports]),
        ("additivity gap", [f"{report.additivity_gap:.3f}" for report in reports]),
    ]


def _curve(study: "Study", name: str) -> str:
    if not study.curves:
        return "<p>Computing the curve …</p>"
    method = _number(study, name)
    explanation = study.explanations[method]
    target = visible(explanation.report.target)
    heading = f"Probability of “{target}” as words are masked, the highest value first"
    return _heading(heading) + draw_deletion(
        study.curves[method],
        explanation.feature_names,
        [f"w{place}" for place in study.places],
        title_of(study, method),
    )


def _number(study: "Study", name: str) -> int:
    """The number of a method of this study; of the first if it is not there."""
    methods = [explanation.report.method for explanation in study.explanations]
    return methods.index(name) if name in methods else 0


def _summary(study: "Study", picked: int) -> str:
    sentences = [summarise(study.explanations[0])]
    if 0 <= picked < len(study.words):
        sentences.insert(0, f"{said(study, picked)}.")
    if study.edits:
        sentences.append(
            f"The edit took the probability from {study.before.report.prediction:.2f} "
            f"to {study.explanations[0].report.prediction:.2f}; the values promised "
            f"{study.promised:.2f}."
        )
    return " ".join(sentences)


def _table(study: "Study") -> str:
    """The same: words, values by method, what they cost, and the curves' areas."""
    heads = ["word", *(TITLES[e.report.method] for e in study.explanations)]
    rows = [
        (
            word_html(study, n),
            [signed(study.values(m)[n]) for m in range(len(heads) - 1)],
        )
        for n in range(len(study.words))
    ]
    rows += _effort(study)
    if study.curves:
        rows.append(("area below the curve", [f"{c.area:.2f}" for c in study.curves]))
        rows.append(
            ("of random orders", [f"{c.random_area[1]:.2f}" for c in study.curves])
        )
    first = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(f"<td>{entry}</td>" for entry in entries)
        + "</tr>"
        for name, entries in rows
    )
    return f"<table><tr>{first}</tr>{body}</table>"
