"""Draw an exploration: matrix, curve, slices, texts, all of one selection.

Cells of the matrix, slices and texts can be picked; what they change is the host's.
Left out: the parts but the list of texts, see `course.views.matrix`,
`course.views.slices` and `course.views.curves`.
"""

from collections.abc import Mapping

import numpy as np

from course.errors import one_line
from course.evaluation.exploration import Exploration
from course.evaluation.shares import Interval
from course.views.curves import draw_curve
from course.views.drawing import Drawing
from course.views.explanation import AGAINST, FOR
from course.views.matrix import (
    compared,
    count_of,
    draw_matrix,
    draw_metrics,
    heading,
    picked,
    plain,
)
from course.views.shown import escape
from course.views.slices import draw_slices

MOST_ROWS = 12  # texts in the picture
MOST_TABLED = 100  # texts in the table
BEGINNING = 110  # characters of a text in a list
_BLOCK = "flex:1 1 20em;min-width:min(100%,20em);max-width:31em"


def draw_evaluation(
    seen: Exploration,
    curve: str = "precision-recall",
    metric: str = "accuracy",
    costs: tuple[float, float] = (1.0, 1.0),
    row: int = -1,
) -> Drawing:
    """Draw all parts of an exploration.

    Args:
        seen: What is explored, with its selection.
        curve: A name of `course.views.curves.CURVES`.
        metric: What slices are measured by: "accuracy" or "f1".
        costs: Of a false alarm and of a miss, each from 0.
        row: Number of the text that is shown whole; -1 for none.

    Raises:
        CourseError: If there is no such curve or metric, or a cost is negative.
    """
    errors, slices = seen.errors(), seen.slices(metric)
    left = draw_matrix(seen) + draw_metrics(seen)
    parts = [left, draw_curve(seen, curve, costs), draw_slices(seen, slices, metric)]
    parts.append(_texts(seen, errors, row))
    picture = "".join(f'<div style="{_BLOCK}">{part}</div>' for part in parts)
    return Drawing(
        f'<div style="display:flex;flex-wrap:wrap;gap:.5em 1.5em">{picture}</div>',
        summarise(seen, row),
        _table(seen, slices, metric, errors),
    )


def summarise(seen: Exploration, row: int = -1) -> str:
    """Say in a few plain words what is measured and what is selected.

    Args:
        seen: What is explored.
        row: Number of the text that is shown whole; -1 for none.
    """
    predicted = seen.predicted
    where = f"Slice {seen.slice_name}" if seen.slice_name else predicted.name
    if not seen.in_slice.any():
        return f"{where}: no text of {predicted.name} is in it."
    if predicted.positive is not None:
        where += f" at threshold {seen.threshold:.3f}"
    base = predicted.labels[seen.majority]
    said = (
        f"{where}: accuracy {seen.metrics['accuracy']}; always saying {base} has "
        f"{seen.baseline['accuracy'].value:.3f}"
    )
    if seen.cell:
        right, guess = seen.cell
        said += (
            f"; selected: {count_of(len(seen.selection))} labelled {right}, predicted "
            f"{guess}"
        )
    else:
        said += f"; {count_of(len(seen.errors()))} wrong"
    if 0 <= row < len(predicted):
        text = seen.describe(row)
        said += (
            f"; text {row} is {text['label']} and was called {text['predicted']} with "
            f"probability {text['probability']:.3f}"
        )
    return f"{said}."


def _texts(seen: Exploration, errors: list[dict], row: int) -> str:
    """The selected texts, the worst first, and one of them whole."""
    if not seen.cell:
        what, remark = "Wrong answers", "the surest first"
    elif seen.cell[0] == seen.cell[1]:
        what, remark = "Right answers", "the least sure first"
    else:
        what, remark = "Wrong answers of this cell", "the surest first"
    lines = "".join(_line(error, error["row"] == row) for error in errors[:MOST_ROWS])
    if len(errors) > MOST_ROWS:
        lines += f"<small>… and {len(errors) - MOST_ROWS:,} more in `errors`.</small>"
    shown = _whole(seen, row) if 0 <= row < len(seen.predicted) else ""
    title = heading(f"{what}: {len(errors):,}", remark)
    return f"{title}{shown}{lines or '<p>None.</p>'}"


def _line(error: dict, is_shown: bool) -> str:
    said = f"{one_line(error['label'], 20)} → {one_line(error['predicted'], 20)}"
    return (
        f'<div data-pick="row:{error["row"]}" {picked(is_shown)}'
        'padding:.15em .3em;font-size:.9em;line-height:1.3">'
        f"<b>{error['probability']:.3f}</b> <small>{escape(said)}</small><br>"
        f"{escape(one_line(error['text'], BEGINNING))}</div>"
    )


def _whole(seen: Exploration, row: int) -> str:
    """One text with what the model thinks of each label."""
    text = seen.describe(row)
    wrong = text["label"] != text["predicted"]
    bars = "".join(
        f'<div style="display:grid;grid-template-columns:8em 1fr 3.5em;gap:.4em">'
        f"<span>{escape(one_line(label, 20))}{' ✓' * (label == text['label'])}</span>"
        f'<span style="align-self:center;height:.7em;width:{100 * share:.1f}%;'
        f'background:{FOR}80"></span><span>{share:.3f}</span></div>'
        for label, share in zip(
            seen.predicted.labels, seen.predicted.probabilities[row], strict=True
        )
    )
    return (
        f'<div style="border-left:.3em solid {(FOR, AGAINST)[wrong]};padding-left:.6em;'
        f'margin:.3em 0"><small>text {row}, {"wrong" if wrong else "right"}; ✓ is the '
        'right label</small><div tabindex="0" role="region" aria-label="The text" '
        'style="white-space:pre-wrap;unicode-bidi:isolate;max-height:14em;'
        f'overflow:auto">{escape(text["text"])}</div>{bars}</div>'
    )


def _table(
    seen: Exploration,
    slices: Mapping[str, tuple[int, Interval | str]],
    metric: str,
    errors: list[dict],
) -> str:
    """The same facts as one table: metrics, matrix, slices, texts."""
    always = f"always {seen.predicted.labels[seen.majority]}: "
    rows = [
        (name, str(value), always + plain(base)) for name, value, base in compared(seen)
    ]
    labels = seen.predicted.labels
    rows += [
        (f"labelled {labels[i]}, predicted {labels[j]}", f"{n:,}", "confusion matrix")
        for (i, j), n in np.ndenumerate(seen.confusion)
    ]
    what = "share in the picked cell" if seen.cell else metric
    rows += [(f"slice {name}", str(value), what) for name, (_, value) in slices.items()]
    rows += [
        (
            f"text {e['row']}: {e['label']} → {e['predicted']}",
            f"{e['probability']:.3f}",
            one_line(e["text"], BEGINNING),
        )
        for e in errors[:MOST_TABLED]
    ]
    body = "".join(
        f'<tr><th scope="row">{escape(a)}</th><td>{escape(b)}</td><td>{escape(c)}</td>'
        "</tr>"
        for a, b, c in rows
    )
    return (
        '<table><tr><th scope="col">what</th><th scope="col">value</th>'
        f'<th scope="col">of</th></tr>{body}</table>'
    )
