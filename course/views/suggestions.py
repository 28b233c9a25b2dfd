"""Draw along one axis why a sampler goes where it goes next.

A small picture with a sentence, which says first what it is that decides. Left out:
asking the sampler (`course.hyperparameters.suggestions`).
"""

from typing import TYPE_CHECKING, Any

from course.hyperparameters.axes import Axis, axes_of, finished
from course.hyperparameters.space import Space
from course.hyperparameters.watched import places_of
from course.views.explanation import AGAINST, FOR, visible
from course.views.shown import escape
from course.views.trials import shown_value

if TYPE_CHECKING:
    from course.hyperparameters import Search
    from course.hyperparameters.suggestions import Suggestion

HIGH = 110  # pixels of a small picture
STILL = 'vector-effect="non-scaling-stroke"'


def draw_next(search: "Search", suggestion: "Suggestion", name: str) -> str:
    """Draw along one axis why a sampler suggests its next point.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        suggestion: From `suggest_next` on the same search.
        name: The hyperparameter of the axis.
    """
    axis = next(axis for axis in axes_of(search) if axis.name == name)
    marks = [_dot(search, axis, trial, suggestion) for trial in finished(search)]
    draw = {"grid": _cells, "tpe": _densities, "genetic": _parents}
    drawn, words = "", "The flat line: every place of the axis is as likely."
    if suggestion.sampler == "grid" or suggestion.is_modelled:
        drawn, words = draw[suggestion.sampler](search, suggestion, axis)
    else:
        drawn = _flat()
    place = 100 * axis.share(suggestion.params[name])
    marks.append(_mark("▼", place, 0, f"next: {shown_value(suggestion.params[name])}"))
    svg = (
        f'<svg viewBox="0 0 1000 {HIGH}" preserveAspectRatio="none" aria-hidden="true" '
        f'style="position:absolute;left:0;top:0;width:100%;height:{HIGH}px;'
        f'overflow:visible" fill="none">{drawn}'
        f'<path d="M{10 * place:g},18V{HIGH}" stroke='
        f'"currentColor" stroke-width="1.5" stroke-dasharray="4 3" {STILL}/>'
        f'<path d="M0,{HIGH - 1}H1000" stroke="currentColor" stroke-width="2" '
        f"{STILL}/></svg>"
    )
    ticks = "".join(_tick(axis, value) for value in axis.choices or axis.ends)
    params = ", ".join(
        f"{visible(key)} {shown_value(value)}"
        for key, value in suggestion.params.items()
    )
    return draw_part(
        f"Why this next point? {suggestion.sampler} on {visible(name)}",
        f'<div style="position:relative;height:{HIGH + 20}px;margin:0 18px">{svg}'
        f"{''.join(marks)}{ticks}</div>",
        f"{suggestion.reason} {words} ▼ is the suggestion: {params}.",
    )


def _flat() -> str:
    return (
        f'<path d="M0,60H1000V{HIGH}H0Z" fill="{FOR}" fill-opacity=".2"/>'
        f'<path d="M0,60H1000" stroke="{FOR}" stroke-width="2" {STILL}/>'
    )


def _cells(search: "Search", suggestion: "Suggestion", axis: Axis) -> tuple[str, str]:
    """The grid's points in this axis and another, the next one filled."""
    up = _other_axis(search, axis)
    boxes = []
    for value in suggestion.grid[axis.name]:
        for upper in suggestion.grid[up.name]:
            pair = {axis.name: value, up.name: upper}
            is_next = all(suggestion.params[name] == pair[name] for name in pair)
            boxes.append(
                f'<rect x="{1000 * axis.share(value) - 25:g}" '
                f'y="{_height(up, upper) - 7:g}" width="50" height="14" stroke="{FOR}" '
                f'stroke-width="2" fill="{FOR}" fill-opacity="{0.6 * is_next}" '
                f"{STILL}/>"
            )
    words = (
        f"Boxes are its values here and, upwards, of {visible(up.name)}; the next one "
        "is filled, and ○ are the trials."
    )
    return "".join(boxes), words


def _other_axis(search: "Search", axis: Axis) -> Axis:
    """The most important other hyperparameter; the axis itself if there is none."""
    others = {other.name: other for other in axes_of(search)[:-1] if other != axis}
    ranked = sorted(search.importance.items(), key=lambda pair: -pair[1])
    known = [name for name, _ in ranked if name in others]
    return others[next(iter(known or others))] if others else axis


def _height(axis: Axis, value: Any) -> float:
    """Where a value stands in a small picture whose upright axis is this one."""
    return HIGH - 14 - (HIGH - 50) * axis.share(value)


def _densities(
    search: "Search", suggestion: "Suggestion", axis: Axis
) -> tuple[str, str]:
    """The densities of the good and the other trials, and the candidates."""
    found = suggestion.densities[axis.name]
    places = [1000 * axis.share(v) for v in places_of(Space(search.space)[axis.name])]
    highest = max(map(max, found.values()))
    paths = []
    for which, colour, dash in (("good", FOR, ""), ("other", AGAINST, "6 3")):
        ys = [HIGH - (HIGH - 26) * share / highest for share in found[which]]
        dots = " L".join(f"{x:g},{y:.1f}" for x, y in zip(places, ys, strict=True))
        paths.append(
            f'<path d="M{dots} L{places[-1]:g},{HIGH} L{places[0]:g},{HIGH}Z" '
            f'fill="{colour}" fill-opacity=".15"/><path d="M{dots}" stroke="{colour}" '
            f'stroke-width="2" stroke-dasharray="{dash}" {STILL}/>'
        )
    paths += [
        f'<path d="M{1000 * axis.share(candidate["params"][axis.name]):g},20v9" '
        f'stroke="currentColor" stroke-width="1.5" opacity=".6" {STILL}/>'
        for candidate in suggestion.candidates
    ]
    words = (
        "Along this axis alone: l solid and blue, g dashed and orange, candidates as "
        "strokes above, good trials as ●, the others as ○. Since all axes have their "
        "say, the choice need not be where l is most above g on this one."
    )
    return "".join(paths), words


def _parents(search: "Search", suggestion: "Suggestion", axis: Axis) -> tuple[str, str]:
    """Lines from the parents to the child, the inherited one solid."""
    by_number = {trial["number"]: trial for trial in search.trials}
    child = 1000 * axis.share(suggestion.params[axis.name])
    origin = suggestion.origin[axis.name]
    lines = []
    for number in suggestion.parents:
        place = 1000 * axis.share(by_number[number]["params"][axis.name])
        solid = number == origin
        lines.append(
            f'<path d="M{place:g},{HIGH - 14} L{child:g},24" stroke="{FOR}" '
            f'stroke-width="{3 if solid else 1.5}" stroke-dasharray="'
            f'{"" if solid else "2 4"}" {STILL}/>'
        )
    heir = f"from trial {origin}" if origin is not None else "a mutation, drawn anew"
    return "".join(lines), f"● are parents; the value on this axis is {heir}."


def _dot(
    search: "Search", axis: Axis, trial: dict[str, Any], suggestion: "Suggestion"
) -> str:
    special = trial["number"] in (*suggestion.good, *suggestion.parents)
    place = 100 * axis.share(trial["params"][axis.name])
    height = HIGH - 14.0
    if suggestion.grid:
        up = _other_axis(search, axis)
        height = _height(up, trial["params"][up.name])
    return _mark("●" if special else "○", place, round(height) - 9, "")


def _mark(mark: str, place: float, top: int, text: str) -> str:
    """A mark at a per cent of the width, with words on the side that has room."""
    size = 17 if text else 12
    side = f"left:{place:g}%" if place < 50 else f"right:{100 - place:g}%"
    shift = "-50%" if place < 50 else "50%"
    words = escape(text)
    label = ""
    if words:
        gap = "padding-left:.8em" if place < 50 else "padding-right:.8em"
        label = (
            f'<small style="position:absolute;{side};top:-2px;{gap};white-space:nowrap'
            f'">{words}</small>'
        )
    return (
        f'<span aria-hidden="true" style="position:absolute;{side};top:{top}px;'
        f'transform:translateX({shift});font-size:{size}px;line-height:17px">{mark}'
        f"</span>{label}"
    )


def _tick(axis: Axis, value: Any) -> str:
    share = axis.share(value)
    shift = "-50%" if axis.choices else f"{-100 * share:g}%"
    return (
        f'<small style="position:absolute;left:{100 * share:g}%;top:{HIGH}px;'
        f'transform:translateX({shift});white-space:nowrap">'
        f"{escape(shown_value(value))}</small>"
    )


def draw_part(title: str, picture: str, words: str) -> str:
    """Put a small picture between its title and its sentence.

    Args:
        title: Plain text.
        picture: HTML; "" for none.
        words: Plain text.
    """
    return (
        '<section style="flex:1 1 20em;min-width:0;margin:.4em 0"><b>'
        f"{escape(title)}</b>{picture}<p><small>{escape(words)}</small></p></section>"
    )
