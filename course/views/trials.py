"""Say what a search's trials came to, in a sentence and in a table.

Left out: pictures (`course.views.hyperparameters`).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from course.hyperparameters.axes import Axis, value_of
from course.views.explanation import visible
from course.views.shown import escape

if TYPE_CHECKING:
    from course.hyperparameters import Search

MOST_ROWS = 50  # of a table


def shown_value(value: Any) -> str:
    """Write a value of a hyperparameter as a learner would type it, to four digits.

    Args:
        value: A number or a choice; "" stays empty.

    Example:
        >>> shown_value(0.00032123), shown_value(16), shown_value("linear")
        ('0.0003212', '16', 'linear')
    """
    if isinstance(value, float):
        return f"{value:.4g}"
    return visible(str(value)) if value != "" else ""


def said(trial: dict[str, Any]) -> str:
    """Say a trial's result and values in one line.

    Args:
        trial: A finished one of `Search.trials`.
    """
    values = ", ".join(
        f"{visible(name)} {shown_value(value)}"
        for name, value in trial["params"].items()
    )
    return f"trial {trial['number']}: {trial['value']:.4f} with {values}"


def summarise_selection(
    search: "Search",
    trials: Sequence[dict[str, Any]],
    selection: Sequence[int],
    brush: Mapping[str, Sequence[Any]],
    top: int,
    picked: int,
) -> str:
    """Say what is selected and by what, the best of it, and what was chosen.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        trials: Its finished trials, best first.
        selection: Numbers of those selected.
        brush: Name of an axis -> first and last value that count.
        top: Per cent of the trials that count as the best.
        picked: Number of a trial to tell about; -1 for none.
    """
    limits = [
        f"{visible(name)} {shown_value(first)} to {shown_value(last)}"
        for name, (first, last) in brush.items()
    ]
    if top < 100:
        limits.insert(0, f"the best {top} %")
    within = f" ({', '.join(limits)})" if limits else ""
    sentence = f"{len(selection)} of {len(trials)} finished trials{within}"
    best = next((t for t in trials if t["number"] in selection), None)
    if best is None:
        sentence += ": none, so widen a bracket."
    else:
        sentence += f"; the best of them is {said(best)}."
    others = len(search.trials) - len(trials)
    if others:
        sentence += f" {others} more ended early, failed or still run."
    chosen = [said(t) for t in trials if t["number"] == picked]
    return f"Chosen, {chosen[0]}. {sentence}" if chosen else sentence


def tabulate(
    axes: Sequence[Axis],
    trials: Sequence[dict[str, Any]],
    selection: Sequence[int],
    picked: int,
    facts: Mapping[str, Mapping[str, Any]],
) -> str:
    """Return the trials as a table, the chosen one and the selected ones first.

    Args:
        axes: Its columns.
        trials: The finished trials, best first; `MOST_ROWS` are shown.
        selection: Numbers of those selected.
        picked: Number of a trial to put first; -1 for none.
        facts: Further rows: name -> axis -> what stands there.
    """
    heads = ["trial", *(visible(axis.name) for axis in axes), "selected"]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    rows = []
    # The chosen one first, then the selected: a long table is cut.
    order = sorted(
        trials, key=lambda t: (t["number"] != picked, t["number"] not in selection)
    )
    for trial in order[:MOST_ROWS]:
        number = trial["number"]
        mark = " ★" * (trial is trials[0]) + " ◆" * (number == picked)
        cells = [shown_value(value_of(trial, axis.name)) for axis in axes]
        cells.append("yes" if number in selection else "no")
        rows.append(
            f'<tr><th scope="row">{number}{mark}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    for name, row in facts.items():
        cells = [shown_value(row.get(axis.name, "")) for axis in axes]
        rows.append(
            f'<tr><th scope="row">{escape(visible(name))}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in [*cells, ""])
            + "</tr>"
        )
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"
