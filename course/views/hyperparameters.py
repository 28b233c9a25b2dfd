"""Draw a search as parallel coordinates that can be brushed.

The axes lie flat, one below the other, so that long names and a narrow page both fit;
a trial is a line from the first hyperparameter down to its result. Brackets on an axis
are handles: lines outside of them, or not among the best, are faint. Left out: what the
samplers think (`course.views.suggestions`).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from course.hyperparameters.axes import RESULT, Axis, axes_of, finished, value_of
from course.views.drawing import Drawing
from course.views.explanation import AGAINST, FOR, visible
from course.views.shown import escape
from course.views.trials import said, shown_value, summarise_selection, tabulate

if TYPE_CHECKING:
    from course.hyperparameters import Search

PITCH = 66  # pixels from axis to axis
LINE = 30  # pixels from the upper end of an axis' band to its line
TOP = LINE
MOST_LINES = 300  # the best ones; more are a carpet
_PAGE = "var(--jp-layout-color0,var(--body-background-fill,Canvas))"
_CHIP = f"background:{_PAGE};padding:0 .2em;white-space:nowrap"


def draw_parallel(
    search: "Search",
    selection: Sequence[int],
    brush: Mapping[str, Sequence[Any]],
    *,
    top: int = 100,
    picked: int = -1,
    colour_by: str = RESULT,
    facts: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Drawing:
    """Draw the finished trials of a search.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        selection: Numbers of the trials that are strong, as `selected` gives them.
        brush: Name of an axis -> first and last value that count.
        top: Per cent of the trials that count as the best, for the sentence.
        picked: Number of a trial to tell about; -1 for none.
        colour_by: Axis whose place is the colour of a line: orange at its beginning,
            blue at its end.
        facts: Further rows of the table: name -> axis -> what stands there.

    Example:
        >>> from course.hyperparameters.recorded import recorded_search
        >>> drawing = draw_parallel(recorded_search(), [0, 3], {})
        >>> drawing.picture.count("data-drag") == 2 * len(axes_of(recorded_search()))
        True
    """
    axes, trials = axes_of(search), finished(search)
    if not trials:
        sentence = f"No trial of {visible(search.name)} has finished yet."
        return Drawing(f"<p>{escape(sentence)}</p>", sentence)
    height = TOP + PITCH * (len(axes) - 1) + 30
    colour = next(axis for axis in axes if axis.name == colour_by)
    svg = (
        f'<svg viewBox="0 0 1000 {height}" preserveAspectRatio="none" style="position:'
        f'absolute;left:0;top:0;width:100%;height:{height}px" fill="none">'
        f"{_lines(axes, trials, colour, selection, picked)}</svg>"
    )
    marked = [("★", trials[0])]
    marked += [("◆", t) for t in trials[1:] if t["number"] == picked]
    rows = "".join(
        _axis(axis, place, brush.get(axis.name), marked, search)
        for place, axis in enumerate(axes)
    )
    picture = (
        f'<div style="position:relative;height:{height}px;margin:0 18px;max-width:'
        f'48em">{svg}{rows}</div><p><small>{escape(_legend(colour, search))}</small>'
        "</p>"
    )
    summary = summarise_selection(search, trials, selection, brush, top, picked)
    return Drawing(picture, summary, tabulate(axes, trials, selection, picked, facts))


def _legend(colour: Axis, search: "Search") -> str:
    name = "result" if colour.name == RESULT else visible(colour.name)
    low, high = map(shown_value, colour.ends)
    more = len(finished(search)) - MOST_LINES
    cut = f" The worst {more} are not drawn." if more > 0 else ""
    return (
        f"One line per trial, from {name} {low} (orange) to {high} (blue); ★ the best, "
        "◆ the chosen one. Faint: outside of the brackets, or not among the best." + cut
    )


def _lines(
    axes: Sequence[Axis],
    trials: Sequence[dict[str, Any]],
    colour: Axis,
    selection: Sequence[int],
    picked: int,
) -> str:
    """The lines of the best trials; the better above, and strong ones above faint."""
    order = sorted(
        reversed(trials[:MOST_LINES]),
        key=lambda t: (t["number"] == picked, t["number"] in selection),
    )
    return "".join(
        _line(axes, trial, colour, trial["number"] in selection, picked)
        for trial in order
    )


def _line(
    axes: Sequence[Axis],
    trial: dict[str, Any],
    colour: Axis,
    is_selected: bool,
    picked: int,
) -> str:
    """A trial from axis to axis, with a wider unseen twin that is easy to hit."""
    points = " ".join(
        f"{1000 * axis.share(value_of(trial, axis.name)):g},{TOP + PITCH * place}"
        for place, axis in enumerate(axes)
    )
    number = trial["number"]
    is_picked = number == picked
    width = 3.5 if is_picked else 1.8 if is_selected else 1
    opacity = 1 if is_picked else 0.75 if is_selected else 0.15
    stroke = mixed(colour.share(value_of(trial, colour.name)))
    still = 'vector-effect="non-scaling-stroke"'
    return (
        f'<g data-pick="{number}" data-link="t{number}" data-say="'
        f'{escape(said(trial))}" aria-pressed="{str(is_picked).lower()}" '
        f'stroke="{stroke}" opacity="{opacity}">'
        f'<title>{escape(said(trial))}</title><polyline points="{points}" {still} '
        f'stroke-width="{width}"/><polyline points="{points}" {still} '
        'stroke-width="9" stroke="#000" stroke-opacity="0" pointer-events="stroke"/>'
        "</g>"
    )


def mixed(share: float) -> str:
    """Return a colour between orange, at 0, and blue, at 1.

    Example:
        >>> mixed(0), mixed(1)
        ('#e69f00', '#0072b2')
    """
    pairs = [(int(AGAINST[i : i + 2], 16), int(FOR[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _axis(
    axis: Axis,
    place: int,
    ends: Sequence[Any] | None,
    marked: Sequence[tuple[str, dict[str, Any]]],
    search: "Search",
) -> str:
    """An axis with its name, its ticks, the marks of some trials and two handles."""
    first, last = ends or axis.ends
    low, high = axis.edge(first, True), axis.edge(last, False)
    name = _title(axis, search)
    if ends:
        name += f": {shown_value(first)} to {shown_value(last)}"
    marks = "".join(
        f'<span aria-hidden="true" style="position:absolute;left:'
        f"{100 * axis.share(value_of(trial, axis.name)):g}%;top:{LINE - 12}px;"
        f"transform:translateX(-50%);line-height:24px;font-size:17px;text-shadow:0 0 "
        f'3px {_PAGE}">{mark}</span>'
        for mark, trial in marked
    )
    return (
        f'<div data-track="{place}" style="position:absolute;'
        f"left:0;right:0;top:{TOP + PITCH * place - LINE}px;height:{2 * LINE}px;"
        'pointer-events:none">'
        f'<div style="position:absolute;left:0;right:0;top:{LINE - 1}px;height:2px;'
        'background:currentColor;opacity:.55"></div>'
        f'<div style="position:absolute;left:{100 * low:g}%;width:'
        f"{100 * max(0, high - low):g}%;top:{LINE - 5}px;height:10px;"
        f'background:{FOR}50"></div>'
        f'<small style="position:absolute;left:-.2em;top:0;{_CHIP};font-weight:bold">'
        f"{escape(name)}</small>"
        f"{''.join(_tick(axis, value) for value in axis.choices or axis.ends)}"
        f"{_handle(axis, place, low, first)}"
        f"{_handle(axis, place, high, last, is_low=False)}{marks}</div>"
    )


def _title(axis: Axis, search: "Search") -> str:
    if axis.name == RESULT:
        metric = visible(str(search.config.get("metric", RESULT)))
        better = "higher" if search.direction == "maximize" else "lower"
        return f"result: {metric}, {better} is better"
    return visible(axis.name) + " (log axis)" * axis.log


def _tick(axis: Axis, value: Any) -> str:
    share = axis.share(value)
    place = f"left:{100 * share:g}%;transform:translateX({-100 * share:g}%)"
    if axis.choices:
        place = f"left:{100 * share:g}%;transform:translateX(-50%)"
    elif share == 1:
        place = "right:0"  # where transforms are taken away it would stand outside
    return (
        f'<small style="position:absolute;{place};top:{LINE + 9}px;{_CHIP}">'
        f"{escape(shown_value(value))}</small>"
    )


def _handle(
    axis: Axis, place: int, share: float, value: Any, *, is_low: bool = True
) -> str:
    """A bracket that stands outside of what it lets in."""
    side, mark, shift = ("low", "[", "-100%") if is_low else ("high", "]", "0")
    word = "from" if is_low else "to"
    text = escape(shown_value(value))
    return (
        f'<span data-drag="{side}:{place}" data-axis="x" '
        f'data-value="{share:g}" data-step="{axis.key_step:.4f}" '
        f'data-say="{escape(visible(axis.name))} {word}" data-text="{text}" '
        f'style="position:absolute;left:{100 * share:g}%;top:'
        f"{LINE - 13}px;transform:translateX({shift});width:16px;height:26px;"
        "line-height:24px;text-align:center;font-weight:bold;box-sizing:border-box;"
        f"border:1px solid;border-radius:4px;background:{_PAGE};pointer-events:auto;"
        f'user-select:none">{mark}</span>'
    )
