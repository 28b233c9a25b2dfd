"""Draw the confusion matrix of an exploration, and its scores beside a baseline's.

Right answers stand on blue, wrong ones on orange with a dashed edge and by name. Left
out: the other parts, see `course.views.evaluation`.
"""

from course.errors import one_line
from course.evaluation.exploration import Exploration
from course.evaluation.shares import Interval
from course.views.explanation import AGAINST, FOR
from course.views.shown import escape


def count_of(n: int) -> str:
    """Return a number of texts in words.

    Example:
        >>> count_of(1), count_of(1280)
        ('1 text', '1,280 texts')
    """
    return f"{n:,} text{'s' * (n != 1)}"


def heading(text: str, remark: str = "") -> str:
    """Return the title of a part, plain text both, with what one must know to read it.

    Example:
        >>> heading("Slices")
        '<p style="margin:.2em 0"><b>Slices</b></p>'
    """
    small = f" <small>{escape(remark)}</small>" if remark else ""
    return f'<p style="margin:.2em 0"><b>{escape(text)}</b>{small}</p>'


def picked(yes: bool) -> str:
    """Return what a part that can be picked needs beside its name; the style is open.

    Example:
        >>> picked(False)
        'aria-pressed="false" style="'
    """
    edge = "box-shadow:inset 0 0 0 2px currentColor;" if yes else ""
    return f'aria-pressed="{"true" if yes else "false"}" style="{edge}'


def draw_matrix(seen: Exploration) -> str:
    """Draw the confusion matrix of the slice, its cells to be picked."""
    labels, positive = seen.predicted.labels, seen.predicted.positive
    upright = "writing-mode:vertical-rl;" if len(labels) > 3 else ""
    head = "".join(
        f'<th scope="col" style="{upright}text-align:left;padding:.1em .3em">'
        f"{escape(one_line(label, 20))}</th>"
        for label in labels
    )
    rows = ""
    for right, label in enumerate(labels):
        cells = "".join(
            f'<td style="padding:1px">{_cell(seen, right, said)}</td>'
            for said in range(len(labels))
        )
        rows += f'<tr><th scope="row">{escape(one_line(label, 20))}</th>{cells}</tr>'
    remark = "row: right label, column: predicted"
    if positive is not None:
        remark += f"; {labels[positive]} is looked for"
    return (
        f"{heading('Confusion matrix', remark)}"
        f'<table style="border-collapse:collapse"><tr><td></td>{head}</tr>{rows}'
        "</table>"
    )


def _cell(seen: Exploration, right: int, said: int) -> str:
    labels, positive = seen.predicted.labels, seen.predicted.positive
    n, total = int(seen.confusion[right, said]), int(seen.confusion[right].sum())
    name = "right" if right == said else "wrong"
    if positive is not None and right != said:
        name = "false alarm" if said == positive else "miss"
    opacity = round(0x80 * (n / total) ** 0.5) if total else 0
    edge = "1px solid" if right == said else "1px dashed"
    told = (
        f"{count_of(n)} labelled {labels[right]}, predicted {labels[said]}: {name}, "
        f"{n / max(1, total):.1%} of the row"
    )
    small = f"<br><small>{name}</small>" if positive is not None else ""
    return (
        f'<span data-pick="cell:{right}:{said}" data-link="cell-{right}-{said}" '
        f'data-say="{escape(told)}" '
        f"{picked(seen.cell == (labels[right], labels[said]))}"
        f"display:block;border:{edge};text-align:center;line-height:1.2;"
        f"min-width:{5.5 if small else 2}em;padding:.3em .4em;"
        f'background:{(FOR, AGAINST)[right != said]}{opacity:02x}">{n:,}{small}</span>'
    )


def draw_metrics(seen: Exploration) -> str:
    """Draw the slice's scores beside those of a constant answer."""
    always = one_line(seen.predicted.labels[seen.majority], 20)
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{value}</td><td>{plain(base)}</td></tr>'
        for name, value, base in compared(seen)
    )
    if not rows:
        return "<p>No text is in this slice.</p>"
    return (
        '<table style="margin-top:.5em;font-size:.9em;white-space:nowrap">'
        f'<tr><th scope="col">{_metric_title(seen)}</th>'
        f'<th scope="col">95 % interval</th><th scope="col" '
        f'style="white-space:normal">always {escape(always)}'
        f"</th></tr>{rows}</table>"
    )


def _metric_title(seen: Exploration) -> str:
    return f"in {escape(seen.slice_name)}" if seen.slice_name else "all texts"


def compared(seen: Exploration) -> list[tuple[str, Interval, Interval | None]]:
    """Return each metric with its value and the constant answer's, if it has one."""
    several = seen.predicted.positive is None
    return [
        (
            "f1 (mean)" if several and name == "f1" else name,
            value,
            seen.baseline.get(name),
        )
        for name, value in seen.metrics.items()
    ]


def plain(value: Interval | None) -> str:
    """Return a value without its interval.

    Example:
        >>> plain(None)
        'not defined'
    """
    return "not defined" if value is None else f"{value.value:.3f}"
