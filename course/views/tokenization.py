"""Draw tokens and what they cost as HTML without a script, a style sheet or a request.

Tokens stand in reading order, each on a see-through background that differs from its
neighbours', with its number below. Spaces are drawn, because they belong to tokens.
The text keeps the page's own colour, so that it is legible on light and dark pages; the
same facts stand in a sentence and a table, so that no one depends on the colours.

Left out: training and encoding (`course.tokenization`), and interaction.
"""

import html
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.errors import CourseError
from course.views.explanation import AGAINST, FOR, visible

if TYPE_CHECKING:
    from course.tokenization import Cost, Encoding

OPACITY = "38"  # of the backgrounds, hexadecimal: 22 %
MOST_TOKENS = 400  # drawn of one text; the sentence counts them all
_SIGNS = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
_UNKNOWN = ("[UNK]", "<unk>")
_STRIP = "display:flex;flex-wrap:wrap;gap:.15em .1em;text-align:center"
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


def summarise_tokens(encoding: "Encoding") -> str:
    """Say in one plain sentence how long a text is in tokens.

    Args:
        encoding: From any tokenizer's `encode`.

    Example:
        >>> from course.tokenization import train_characters
        >>> summarise_tokens(train_characters(["no"]).encode("no way"))
        '6 tokens for 6 characters, 1.0 characters per token; 4 are unknown.'
    """
    tokens, characters = len(encoding), len(encoding.text)
    sentence = f"{_counted(tokens, 'token')} for {_counted(characters, 'character')}"
    if tokens:
        sentence += f", {characters / tokens:.1f} characters per token"
    if unknown := sum(token in _UNKNOWN for token in encoding.tokens):
        sentence += f"; {unknown:,} {'is' if unknown == 1 else 'are'} unknown"
    return sentence + "."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def render_tokens(encoding: "Encoding", *, title: str | None = None) -> str:
    """Draw one text as its tokens.

    Args:
        encoding: From any tokenizer's `encode`.
        title: A heading, such as the tokenizer's name; default none.

    Returns:
        HTML of one `<section>`: the sentence, the tokens, and a folded table of them.
    """
    sentence = html.escape(summarise_tokens(encoding))
    heading = f"<h4>{html.escape(visible(title))}</h4>" if title else ""
    return (
        f'<section aria-label="{sentence}" style="{_SECTION}">{heading}'
        f"<p>{sentence}</p>{_strip(encoding)}{_table(encoding)}</section>"
    )


def render_lanes(encodings: Sequence[tuple[str, "Encoding"]]) -> str:
    """Draw the same text as several tokenizers cut it, one below the other.

    Args:
        encodings: Name and encoding of each, at least one, all of the same text.

    Returns:
        HTML of one `<section>`: a table of their lengths, then a lane for each.

    Raises:
        CourseError: If there is none, or the texts differ.
    """
    texts = {encoding.text for _, encoding in encodings}
    if len(texts) != 1:
        raise CourseError(
            f"{len(encodings)} encodings of {len(texts)} texts came: give one or more "
            "of the same text."
        )
    rows = "".join(
        f'<tr><th scope="row">{html.escape(visible(name))}</th>'
        f"<td>{len(encoding):,}</td>"
        f"<td>{sum(token in _UNKNOWN for token in encoding.tokens):,}</td></tr>"
        for name, encoding in encodings
    )
    lanes = "".join(
        f"<h4>{html.escape(visible(name))}</h4>"
        f"<p>{html.escape(summarise_tokens(encoding))}</p>{_strip(encoding)}"
        for name, encoding in encodings
    )
    return (
        f'<section aria-label="The same text in {len(encodings)} tokenizers" '
        f'style="{_SECTION}"><table><tr><th scope="col">tokenizer</th>'
        f'<th scope="col">tokens</th><th scope="col">unknown</th></tr>{rows}</table>'
        f"{lanes}</section>"
    )


def _labels(encoding: "Encoding") -> list[str]:
    """What to write for each token: its text, its name where it stands for none."""
    labels = []
    for number, (piece, token) in enumerate(
        zip(encoding.pieces, encoding.tokens, strict=True)
    ):
        label = visible_piece(piece) if piece else visible_piece(token)
        # A token that ends within a character, or begins within one, says so.
        start, end = encoding.spans[number]
        if number + 1 < len(encoding) and encoding.spans[number + 1][0] < end:
            label += "…"
        if piece and number and encoding.spans[number - 1][1] > start:
            label = "…" + label
        labels.append(label)
    return labels


def _strip(encoding: "Encoding") -> str:
    """The tokens in order; the line breaks where the page does."""
    boxes = []
    labels = _labels(encoding)[:MOST_TOKENS]
    for number, label in enumerate(labels):
        colour = (FOR, AGAINST)[number % 2] + OPACITY
        unknown = encoding.tokens[number] in _UNKNOWN
        border = ";outline:1px dashed" if unknown else ""
        boxes.append(
            f'<span style="background:{colour};padding:0 .15em{border}">'
            f"{html.escape(label)}<br><small>{encoding.ids[number]}</small></span>"
        )
    if (rest := len(encoding) - len(labels)) > 0:
        boxes.append(f"<span>and {rest:,} more</span>")
    return f'<div style="{_STRIP}">{"".join(boxes)}</div>'


def _table(encoding: "Encoding") -> str:
    """The same as a table, folded."""
    tokens = zip(_labels(encoding), encoding.tokens, encoding.ids, strict=True)
    rows = "".join(
        f"<tr><td>{html.escape(label)}</td><td>{html.escape(visible_piece(token))}</td>"
        f"<td>{number}</td></tr>"
        for label, token, number in list(tokens)[:MOST_TOKENS]
    )
    return (
        '<details><summary>As a table</summary><table><tr><th scope="col">text</th>'
        '<th scope="col">token in the vocabulary</th><th scope="col">number</th></tr>'
        f"{rows}</table></details>"
    )


# --- Curve -------------------------------------------------------------------------

_WIDTH, _HEIGHT, _LEFT, _BELOW = 480, 240, 64, 44  # of the picture and its margins


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
