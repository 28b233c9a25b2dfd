"""Draw the distribution of the next token, its three cuts, and the texts it makes.

A row for each likely token: its bar after temperature and cuts with the model's own
probability as an outline, and its part of the running sum that top_p cuts. The lines
of top_k and top_p are handles; a token, a place in the text and a branch can be picked.
Pick names are places in what was drawn, so that the keys stay where they were.

Left out: computing any of it (`course.generation`).
"""

from collections.abc import Sequence

from course.generation import BranchRow, Candidate, NextToken
from course.views.drawing import Drawing
from course.views.explanation import AGAINST, FOR
from course.views.generation_words import share, summarise, tabulate
from course.views.shown import escape
from course.views.tokenization import OPACITY, visible_piece

_COLUMNS = "1.3em 7em minmax(0,5fr) 4.2em minmax(0,4fr)"
_GRID = f"display:grid;grid-template-columns:{_COLUMNS};column-gap:.4em"
_ROW = 1.75  # em
_SCALES = (
    0.05,
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.8,
    1.0,
)  # right ends that bars are drawn to
_MOST_CHARACTERS = 300  # of a prompt; its end is what counts
_DEEPEST = 6  # steps that a branch is drawn further in
_KNOB = (
    "position:absolute;pointer-events:auto;line-height:1;font-size:1.15em;"
    "padding:.3em;margin:-.3em"  # a finger needs more than the sign
)


def draw_next_token(
    cut: NextToken,
    prompt: str,
    taken: Sequence[tuple[str, float]] = (),
    branches: Sequence[BranchRow] = (),
    note: str = "",
) -> Drawing:
    """Draw what can come next, and what was taken so far.

    Picks are named "take:0" (a row), "asked:0" (a token that was asked for), "back:0"
    (the text after so many tokens) and "go:0" (a branch); handles "top_k" and "top_p".

    Args:
        cut: The distribution and its cuts.
        prompt: The text before all that was taken.
        taken: Token and probability, as the model says it, of what was taken since.
        branches: The tree, if there are several ways; default none.
        note: A line above, such as that a model is loading; default none.

    Example:
        >>> import numpy as np
        >>> from course.generation import cut_distribution
        >>> cut = cut_distribution(np.log([0.5, 0.5]), [" a", " b"], top_k=1)
        >>> draw_next_token(cut, "It is").table.count("<tr>")
        3
    """
    parts = [f"<p><em>{escape(note)}</em></p>"] if note else []
    parts += [draw_text(prompt, [token for token, _ in taken]), _bars(cut)]
    if cut.asked:
        asked = " ".join(_asked(i, c) for i, c in enumerate(cut.asked))
        parts.append(f'<p style="margin:.6em 0">Asked for: {asked}</p>')
    if branches:
        parts.append(_tree(branches))
    picture = f'<div style="line-height:1.4;max-width:48em">{"".join(parts)}</div>'
    return Drawing(picture, summarise(cut, taken, note), tabulate(cut, branches))


def draw_text(prompt: str, taken: Sequence[str] = ()) -> str:
    """Return the text so far as HTML: the prompt, and the tokens taken, as picks.

    Args:
        prompt: Any text; only its end is drawn if it is long.
        taken: The tokens' texts.
    """
    shown = prompt[-_MOST_CHARACTERS:]
    words = "".join(c if c == " " else visible_piece(c) for c in shown)
    if len(prompt) > len(shown):
        words = f"…{words}"
    style = "white-space:pre-wrap;border-radius:.2em"
    pieces = []
    if taken:
        say = f"back to the prompt: {escape(words)}"
        pieces.append(f'<span data-pick="back:0" aria-label="{say}">{escape(words)}')
    else:
        pieces.append(f"<span>{escape(words)}")
    pieces.append("</span>")
    for number, token in enumerate(taken, 1):
        colour = (FOR, AGAINST)[number % 2] + OPACITY
        piece = escape(visible_piece(token))
        pieces.append(
            f'<span data-pick="back:{number}" aria-label="back to after {piece}" '
            f'style="background:{colour};{style}">{piece}</span>'
        )
    return (
        f'<p style="margin:.2em 0 .6em;{style}"><b>{"".join(pieces)}</b>'
        '<span aria-hidden="true"> ▁</span></p>'
    )


def _bars(cut: NextToken) -> str:
    """The rows, and over them the lines of top_k and top_p."""
    rows = cut.candidates
    most = max(max(c.original, c.probability) for c in rows)
    scale = next((end for end in _SCALES if end >= most), 1.0)
    small = "font-size:.85em;white-space:nowrap"
    head = (
        f'<div style="{_GRID};{small}"><span></span><span>token</span>'
        f"<span>0 to {100 * scale:g} %</span><span></span>"
        "<span>running sum</span></div>"
    )
    drawn = "".join(_row(number, c, scale) for number, c in enumerate(rows))
    rest = max(0.0, 1 - sum(c.probability for c in rows))
    others = len(cut.order) - len(rows)
    foot = "Bars: after temperature and cuts; outlines: as the model says it. "
    foot += "Drag ▶ top_k and ▼ top_p, or move them with the arrow keys."
    if others:
        left = share(rest if cut.kept > len(rows) else 0.0)
        foot = f"{others:,} more tokens: {left} together. {foot}"
    return (
        f'{head}<div data-track style="position:relative;margin-top:1.3em">{drawn}'
        f"{_lines(cut, len(rows))}</div>"
        f'<p style="font-size:.85em;margin:.5em 0">{foot}</p>'
    )


def _row(number: int, candidate: Candidate, scale: float) -> str:
    """One token: name, bar, what is left, running sum."""
    c = candidate
    name = escape(visible_piece(c.token))
    if c.cut_by:
        name = f"<s>{name}</s>"
    say = escape(
        f"take {visible_piece(c.token)}, token {c.number}: {share(c.probability)} "
        f"after the cuts, {share(c.original)} as the model says it"
        + (f", cut by {c.cut_by}" if c.cut_by else "")
    )
    link = f'data-link="t{number}"'
    left = f"✕ {c.cut_by}" if c.cut_by else share(c.probability)
    cell = "overflow:hidden;white-space:nowrap"
    height = f"height:{_ROW}em;line-height:{_ROW}em"
    return (
        f'<div style="{_GRID};{height}"><span></span>'
        f'<span data-pick="take:{number}" {link} data-say="{say}" '
        f'style="{cell};text-overflow:ellipsis;font-family:monospace">{name}</span>'
        f'<span {link} style="position:relative">{_bar(c, scale)}</span>'
        f'<span {link} style="{cell};text-align:right;font-size:.92em">{left}</span>'
        f'<span {link} style="position:relative">{_sum(c)}</span></div>'
    )


def _bar(candidate: Candidate, scale: float) -> str:
    now, before = 100 * candidate.probability / scale, 100 * candidate.original / scale
    place = "position:absolute;left:0;box-sizing:border-box"
    return (
        f'<i style="{place};top:15%;height:70%;width:{now:.2f}%;'
        f'background:{FOR}aa"></i>'
        f'<i style="{place};top:15%;height:70%;width:{before:.2f}%;'
        'border:1px solid currentColor;border-left:0"></i>'
    )


def _sum(candidate: Candidate) -> str:
    """The running sum down to a token, as a step of a staircase."""
    if candidate.running_sum is None:
        return ""
    end = 100 * candidate.running_sum
    place = "position:absolute;left:0;top:30%;height:40%"
    return (
        f'<i style="{place};width:{end:.2f}%;background:{AGAINST}55;'
        'border-right:2px solid currentColor;box-sizing:border-box"></i>'
    )


def _lines(cut: NextToken, rows: int) -> str:
    """The handles: top_k between two rows, top_p across the running sums."""
    down = min(cut.top_k or rows, rows) / rows
    if not cut.top_k:
        words = "off"
    elif cut.top_k > rows:
        words = f"{cut.top_k}, below what is drawn"
    else:
        words = str(cut.top_k)
    across = f"{100 * cut.top_p:.2f}%"
    dash = "2px dashed currentColor"
    return (
        '<div style="position:absolute;inset:0;pointer-events:none">'
        f'<i style="position:absolute;left:0;right:0;top:{100 * down:.2f}%;'
        f'border-top:{dash}"></i>'
        f'<b data-drag="top_k" data-axis="y" data-value="{1 - down:.4f}" '
        f'data-step="{1 / rows:.4f}" '
        f'data-say="top_k, 0 is off" data-text="{words}" '
        f'style="{_KNOB};left:0;top:calc({100 * down:.2f}% - .55em)">▶</b></div>'
        '<div style="position:absolute;inset:0;pointer-events:none;'
        f'{_GRID};grid-template-rows:100%">'
        '<div data-track style="grid-column:5;position:relative">'
        f'<i style="position:absolute;top:-.2em;bottom:0;left:{across};'
        f'border-left:{dash}"></i>'
        f'<b data-drag="top_p" data-axis="x" data-value="{cut.top_p:.4f}" '
        f'data-say="top_p" data-text="{cut.top_p:.2f}, {cut.kept:,} tokens stay" '
        f'style="{_KNOB};top:-1.1em;left:calc({across} - .45em)">▼</b></div></div>'
    )


def _asked(number: int, candidate: Candidate) -> str:
    c = candidate
    piece = escape(visible_piece(c.token))
    name = f"<s>{piece}</s>" if c.cut_by else piece
    words = f"{share(c.original)} as the model says it, rank {c.rank:,}"
    if c.cut_by:
        words += f", cut by {c.cut_by}"
    return (
        f'<span data-pick="asked:{number}" aria-label="take {piece}, {words}" '
        f'style="font-family:monospace;background:{FOR}{OPACITY}">{name}</span> '
        f"({words})"
    )


def _tree(branches: Sequence[BranchRow]) -> str:
    """The ways so far, each fork's a step further in."""
    rows = []
    for number, row in enumerate(branches):
        text = escape("".join(c if c == " " else visible_piece(c) for c in row.text))
        mark = "● " if row.is_here else "○ "
        here = ' aria-current="true"' if row.is_here else ""
        said = "you are here" if row.is_here else "go here"
        rows.append(
            f'<div style="margin-left:{min(row.depth, _DEEPEST) * 1.2:.1f}em">'
            f'<span data-pick="go:{number}"{here} aria-label="{said}: {text}, '
            f'{share(row.probability)}"><span aria-hidden="true">{mark}</span>'
            f'<span style="white-space:pre-wrap">{text}</span></span> '
            f"<small>{share(row.probability)}</small></div>"
        )
    return f'<p style="margin:.6em 0 .2em">Your branches:</p>{"".join(rows)}'
