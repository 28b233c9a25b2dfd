"""Draw what a vocabulary costs as HTML without a script, a style sheet or a request.

Spaces are drawn, because they belong to tokens. The curve's text keeps the page's own
colour, so that it is legible on light and dark pages; the same facts stand in a
sentence and a table. Left out: a text's tokens in their order (`course.views.lanes`).
"""

import html
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.errors import CourseError
from course.views.explanation import FOR, visible

if TYPE_CHECKING:
    from course.tokenization import Cost

OPACITY = "38"  # of the backgrounds, hexadecimal: 22 %
_SIGNS = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
_WIDTH, _HEIGHT, _LEFT, _BELOW = 480, 240, 64, 44  # of the picture and its margins
_SECTION = "line-height:1.35;overflow-wrap:anywhere"


def visible_piece(text: str) -> str:
    r"""Return a stretch of text with all its spaces drawn; not yet escaped.

    Args:
        text: Any characters, also ones that are not text.

    Example:
        >>> visible_piece(" two\n")
        '␣two⏎'
    """
    cut = text if len(text) <= 40 else text[:39] + "…"
    return "".join(_SIGNS.get(c) or visible(c) for c in cut)


def render_curve(costs: Sequence["Cost"], *, title: str | None = None) -> str:
    """Draw how many tokens texts take with larger and larger vocabularies.

    Args:
        costs: From `course.tokenization.vocabulary_curve`, at least one.
        title: A heading; default none.

    Returns:
        HTML of one `<section>`: a sentence, a chart and the table of its points. The
        vocabulary grows to the right, each doubling by one step; tokens start at 0.

    Raises:
        CourseError: If there is no cost.
    """
    if not costs:
        raise CourseError("0 costs came, at least 1 is needed: measure one vocabulary.")
    costs = sorted(costs, key=lambda cost: cost.vocab_size)
    first, last = costs[0], costs[-1]
    sentence = (
        f"From a vocabulary of {first.vocab_size:,} to one of {last.vocab_size:,}, the "
        f"same texts go from {first.tokens:,} to {last.tokens:,} tokens."
    )
    rows = "".join(
        f"<tr><td>{cost.vocab_size:,}</td><td>{cost.tokens:,}</td>"
        f"<td>{cost.tokens_per_word:.2f}</td></tr>"
        for cost in costs
    )
    heading = f"<h4>{html.escape(visible(title))}</h4>" if title else ""
    return (
        f'<section aria-label="{sentence}" style="{_SECTION}">{heading}'
        f"<p>{sentence}</p>{_chart(costs, sentence)}"
        '<table style="font-variant-numeric:tabular-nums"><tr>'
        '<th scope="col">vocabulary</th><th scope="col">tokens</th>'
        f'<th scope="col">tokens per word</th></tr>{rows}</table></section>'
    )


def _chart(costs: Sequence["Cost"], sentence: str) -> str:
    """A line in SVG, its axes labelled at the first and last point, 0 and the top."""
    low, high = (math.log2(costs[i].vocab_size) for i in (0, -1))
    most = max(cost.tokens for cost in costs)
    bottom = _HEIGHT - _BELOW
    points = []
    for cost in costs:
        share = (math.log2(cost.vocab_size) - low) / (high - low) if high > low else 0.5
        x = _LEFT + share * (_WIDTH - _LEFT - 30)
        y = bottom - (cost.tokens / most if most else 0) * (bottom - 16)
        points.append((f"{x:.1f}", f"{y:.1f}"))
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="4"/>' for x, y in points)
    line = " ".join(f"{x},{y}" for x, y in points)
    marks = [
        (points[0][0], bottom + 16, "middle", f"{costs[0].vocab_size:,}"),
        ((_LEFT + _WIDTH - 30) // 2, _HEIGHT - 8, "middle", "tokens in the vocabulary"),
        (_LEFT - 8, bottom, "end", "0"),
        (_LEFT - 8, 20, "end", f"{most:,}"),
        (_LEFT + 6, 12, "start", "tokens of the texts"),
    ]
    if len(costs) > 1:
        marks.append(
            (points[-1][0], bottom + 16, "middle", f"{costs[-1].vocab_size:,}")
        )
    words = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>'
        for x, y, anchor, text in marks
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{sentence}" '
        'style="width:100%;max-width:36em;display:block" font-size="12" '
        'fill="currentColor">'
        f'<path d="M{_LEFT} 16V{bottom}H{_WIDTH - 30}" fill="none" '
        f'stroke="currentColor"/><polyline points="{line}" fill="none" '
        f'stroke="{FOR}" stroke-width="2"/><g fill="{FOR}">{dots}</g>{words}</svg>'
    )
