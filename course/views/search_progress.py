"""Draw what mattered in a search, and how its best rose against random search.

Left out: the trials themselves (`course.views.hyperparameters`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from course.hyperparameters.axes import axes_of, finished
from course.hyperparameters.chance import best_of_any_order
from course.hyperparameters.results import LEAST_FOR_IMPORTANCE
from course.views.explanation import AGAINST, FOR, visible
from course.views.shown import escape
from course.views.suggestions import HIGH, STILL, draw_next, draw_part

if TYPE_CHECKING:
    from course.hyperparameters import Search
    from course.hyperparameters.suggestions import Suggestion


def draw_beside(
    search: "Search", asked: "Suggestion | str", name: str, baseline: "Search | None"
) -> str:
    """Draw what stands beside the trials: the next point, importance, best so far.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        asked: From `suggest_next`, or one line that says why there is nothing.
        name: The hyperparameter that is looked at.
        baseline: A random search of the same task and space, or None.
    """
    if isinstance(asked, str):
        why = draw_part("Why this next point?", "", asked)
    else:
        why = draw_next(search, asked, name)
    parts = why + draw_importance(search, name) + draw_history(search, baseline)
    return f'<div style="display:flex;flex-wrap:wrap;gap:0 1.5em">{parts}</div>'


def tell_facts(search: "Search", asked: "Suggestion | str") -> dict[str, Any]:
    """Return the importance and the next point as rows of a table.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        asked: As for `draw_beside`.

    Example:
        >>> from course.hyperparameters.recorded import recorded_search
        >>> tell_facts(recorded_search(), "")["importance"]["learning_rate"]
        '71%'
    """
    facts: dict[str, Any] = {}
    if search.importance:
        shares = search.importance.items()
        facts["importance"] = {name: f"{share:.0%}" for name, share in shares}
    if not isinstance(asked, str):
        facts[f"next by {asked.sampler}"] = asked.params
    return facts


def draw_importance(search: "Search", axis: str = "") -> str:
    """Draw how much of the differences each hyperparameter explains.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        axis: Name of the hyperparameter that is looked at.

    Returns:
        HTML; each bar can be chosen, under the name `axis:` and its
        place among `axes_of`.
    """
    if not search.importance:
        return draw_part(
            "Importance",
            "",
            f"Functional ANOVA needs at least {LEAST_FOR_IMPORTANCE} finished trials "
            "with different results.",
        )
    places = {axis.name: place for place, axis in enumerate(axes_of(search))}
    bars = "".join(
        f'<div data-pick="axis:{places[name]}" aria-pressed="'
        f'{str(name == axis).lower()}" aria-label="{escape(visible(name))}, importance '
        f'{share:.0%}" style="display:grid;grid-template-columns:minmax(0,13em) 1fr '
        '3em;gap:.5em;align-items:center;padding:.1em"><small style="overflow-wrap:'
        f'anywhere">{"▸ " * (name == axis)}{escape(visible(name))}</small><span style="'
        f'height:.8em;width:{100 * share:.1f}%;min-width:1px;background:{FOR}"></span>'
        f"<small>{share:.0%}</small></div>"
        for name, share in sorted(search.importance.items(), key=lambda p: -p[1])
    )
    count = len(finished(search))
    doubt = ": so few make it a hint" if count < 50 else ""
    return draw_part(
        "Importance",
        bars,
        "Shares of the differences in the result that each explains alone, by "
        f"functional ANOVA (Optuna's FanovaImportanceEvaluator), from {count} finished "
        f"trials{doubt}.",
    )


def draw_history(search: "Search", baseline: "Search | None") -> str:
    """Draw the best so far over the trials, against a random search in any order.

    Args:
        search: From `search`, `open_search` or `recorded_search`.
        baseline: A random search of the same task and space, or None.
    """
    best = [row["best"] for row in search.history]
    band = []
    if baseline is not None and finished(baseline):
        values = [trial["value"] for trial in finished(baseline)]
        band = best_of_any_order(values, baseline.direction)
    known = [value for value in best if value is not None]
    if not known:
        return ""
    numbers = known + [end for row in band for end in row]
    low, high = min(numbers), max(numbers)
    drawn = _curves(best, band, low, high)
    last = max(len(best), len(band))
    picture = (
        f'<div style="display:flex;gap:.4em"><div style="display:flex;flex-direction:'
        'column;justify-content:space-between;line-height:1"><small>'
        f"{high:.3f}</small><small>{low:.3f}</small></div>"
        f'<svg viewBox="0 0 1000 {HIGH}" preserveAspectRatio="none" aria-hidden="true" '
        f'style="flex:1;min-width:0;height:{HIGH}px;border-left:1px solid;'
        f'border-bottom:1px solid" fill="none">{drawn}</svg></div>'
        f'<small style="display:block;text-align:right">trials 1 to {last}</small>'
    )
    return draw_part("Best so far", picture, _history_words(search, best, band))


def _curves(
    best: Sequence[float | None],
    band: Sequence[tuple[float, float, float]],
    low: float,
    high: float,
) -> str:
    """The best so far as a line, above the band of random search with its median."""
    width = max(len(best), len(band), 2) - 1

    def dots(values: Sequence[tuple[int, float]]) -> str:
        return " ".join(
            f"{1000 * x / width:g},{HIGH - 6 - (HIGH - 16) * _share(y, low, high):.1f}"
            for x, y in values
        )

    drawn = ""
    if band:
        lower, middle, upper = (
            list(enumerate(ends)) for ends in zip(*band, strict=True)
        )
        drawn += (
            f'<polygon points="{dots(upper + lower[::-1])}" fill="{AGAINST}" '
            f'fill-opacity=".3"/><polyline points="{dots(middle)}" stroke="{AGAINST}" '
            f'stroke-width="2" stroke-dasharray="6 3" {STILL}/>'
        )
    line = [(k, value) for k, value in enumerate(best) if value is not None]
    return drawn + (
        f'<polyline points="{dots(line)}" stroke="{FOR}" stroke-width="3" {STILL}/>'
    )


def _history_words(search: "Search", best: Sequence[Any], band: Sequence[Any]) -> str:
    sampler = visible(str(search.config.get("sampler", "search")))
    words = f"Solid: {sampler} came to {best[-1]:.4f} after {len(best)} trials"
    if not band:
        return f"{words}; there is no random search to compare with."
    k = min(len(best), len(band)) // 2
    low, middle, high = band[k - 1]
    half = "nothing yet" if best[k - 1] is None else f"{best[k - 1]:.4f}"
    return (
        f"{words}. Dashed: median of the {len(band)} trials of a random search in any "
        f"order, with the band of 8 in 10 orders. After {k} trials: {half} against "
        f"{middle:.4f} ({low:.4f} to {high:.4f}). One search each is little evidence."
    )


def _share(value: float, low: float, high: float) -> float:
    return 0.5 if low == high else (value - low) / (high - low)
