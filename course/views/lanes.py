"""Draw one text in several tokenizers, character under character.

Each line of the picture holds a stretch of the text and, below it, a lane for every
tokenizer; a token stands under the characters that it covers. Pointing at a character
or a token lights what covers the same characters in all lanes, and tells number and
bytes. What has no width of its own is named. Left out: training, and text longer than
`MOST_CHARACTERS`, which is cut.
"""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from course.errors import CourseError
from course.tokenization.pretokenization import byte_characters, to_bytes
from course.views.drawing import Drawing
from course.views.explanation import AGAINST, FOR, visible
from course.views.shown import escape
from course.views.tokenization import OPACITY, visible_piece

if TYPE_CHECKING:
    from course.tokenization import Encoding

MOST_CHARACTERS = 400
MOST_BYTES = 32  # told of a token
COLUMNS = 22  # characters of a line: fits a telephone
_NO_WIDTH = {"Cf", "Mn", "Me"}  # format characters; marks that stand on another one
_SHORT = {
    "\u00a0": "⍽",
    "\u00ad": "SHY",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u2060": "WJ",
    "\ufe0e": "VS15",
    "\ufe0f": "VS16",
    "\ufeff": "BOM",
}
_CELL = "padding:0 .1em;text-align:center;white-space:nowrap;overflow:hidden"


def draw_lanes(
    encodings: Sequence[tuple[str, "Encoding"]],
    picked: int | None = None,
    columns: int = COLUMNS,
) -> Drawing:
    """Draw the same text as several tokenizers cut it.

    Args:
        encodings: Name and encoding of each, at least one, all of the same text.
        picked: A character's place in the text, from 0, whose tokens the sentence
            tells; default none.
        columns: Most characters of a line, from 8.

    Raises:
        CourseError: If there is no encoding, or the texts differ.

    Example:
        >>> from course.tokenization import train_characters
        >>> encoding = train_characters(["no"]).encode("no")
        >>> draw_lanes([("characters", encoding)]).summary
        '2 characters: characters makes 2 tokens of them.'
    """
    texts = {encoding.text for _, encoding in encodings}
    if len(texts) != 1:
        raise CourseError(
            f"{len(encodings)} encodings of {len(texts)} texts came: give one or more "
            "of the same text."
        )
    encodings = [(visible(name), encoding) for name, encoding in encodings]
    text = texts.pop()
    shown = min(len(text), MOST_CHARACTERS)
    ends = _line_ends(text[:shown], columns)
    lines = [_line(text, encodings, *line, picked) for line in pairwise(ends)]
    if len(text) > shown:
        lines.append(f"<p>… and {len(text) - shown:,} more characters.</p>")
    # Where there is room, the next line stands beside.
    wrap = "display:flex;flex-wrap:wrap;align-items:start;column-gap:1.5em"
    picture = f'<div style="{wrap};line-height:1.5">{"".join(lines)}</div>'
    return Drawing(picture, _summary(text, encodings, picked), _table(encodings))


def _line_ends(text: str, columns: int) -> list[int]:
    """0 and the end of each line: before a space if there is one in its second half."""
    ends = [0]
    while ends[-1] < len(text):
        start, end = ends[-1], min(ends[-1] + max(1, columns), len(text))
        if end < len(text):
            space = text.rfind(" ", start + 1, end + 1)
            end = space if space > start + columns // 2 else end
        ends.append(end)
    return ends


def _line(
    text: str,
    encodings: Sequence[tuple[str, "Encoding"]],
    start: int,
    end: int,
    picked: int | None,
) -> str:
    """A stretch of the text, and what each tokenizer makes of it."""
    cells = []
    for place in range(start, end):
        pressed = "true" if place == picked else "false"
        label = shown_stretch(text[place])
        cells.append(
            f'<span data-pick="{place}" data-link="c{place}" aria-pressed="{pressed}" '
            f'data-say="{escape(f"{label} U+{ord(text[place]):04X}")}" '
            f'style="grid-column:{place - start + 1};{_CELL};font-weight:bold'
            f'{";text-decoration:underline" * (place == picked)}">'
            f"{escape(label)}</span>"
        )
    for name, encoding in encodings:
        cells.append(f'<small style="grid-column:1/-1">{escape(name)}</small>')
        cells += _lane(name, encoding, start, end)
    grid = f"display:grid;grid-template-columns:repeat({end - start},minmax(.8em,auto))"
    style = f"{grid};width:max-content;max-width:100%;gap:1px;margin-bottom:.8em"
    return f'<div style="{style}">{"".join(cells)}</div>'


def _lane(name: str, encoding: "Encoding", start: int, end: int) -> list[str]:
    """The tokens of one tokenizer between two characters."""
    cells = []
    for number, (first, after) in enumerate(_blocks(encoding)):
        left, right = max(first, start), min(after, end)
        if left >= right:
            continue
        tokens = [i for i, span in enumerate(encoding.spans) if span == (first, after)]
        link = " ".join(
            f"c{place}" for place in range(first, min(after, MOST_CHARACTERS))
        )
        # A token that goes on in another line shows here what stands here.
        label = shown_stretch(encoding.text[left:right])
        label = "…" * (left > first) + label + "…" * (right < after)
        if len(tokens) > 1:
            label += f"×{len(tokens)}"  # noqa: RUF001 - a times sign
        said = f"{name}: " + ", ".join(_said(encoding, i) for i in tokens)
        colour = (FOR, AGAINST)[number % 2] + OPACITY
        cells.append(
            f'<span data-link="{link}" data-say="{escape(said)}" style="grid-column:'
            f'{left - start + 1}/{right - start + 1};{_CELL};background:{colour}">'
            f"{escape(label)}</span>"
        )
    return cells


def shown_stretch(text: str) -> str:
    r"""Return a stretch of a text with something to see for each part of it.

    Args:
        text: One or more characters; not escaped.

    Example:
        >>> shown_stretch("\u200d"), shown_stretch("\u0301"), shown_stretch(" a")
        ('ZWJ', '◌́', '␣a')
    """
    if any(unicodedata.category(c) not in _NO_WIDTH for c in text):
        # A joiner between two others is seen in what it joins.
        return visible_piece(text.replace("\u00a0", _SHORT["\u00a0"]))
    names = [
        _SHORT.get(c) or (f"◌{c}" if unicodedata.category(c)[0] == "M" else _code(c))
        for c in text
    ]
    return "".join(names)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _blocks(encoding: "Encoding") -> list[tuple[int, int]]:
    """The stretches that tokens cover, each once: tokens can share a character."""
    return [span for span in dict.fromkeys(encoding.spans) if span[0] < span[1]]


def _said(encoding: "Encoding", number: int) -> str:
    """One token in words: name, number, and the bytes of its stretch of text."""
    data = _bytes(encoding, number)
    return (
        f"{visible_piece(encoding.tokens[number])} number {encoding.ids[number]} "
        f"({len(data):,} byte{'s' * (len(data) != 1)}: {data[:MOST_BYTES].hex(' ')}"
        f"{' …' * (len(data) > MOST_BYTES)})"
    )


def _bytes(encoding: "Encoding", number: int) -> bytes:
    """A token's own bytes, where its name spells them; else those of its stretch."""
    first, after = encoding.spans[number]
    stretch = encoding.text[first:after].encode("utf-8", "replace")
    token = encoding.tokens[number]
    if set(token) <= set(byte_characters().values()) and to_bytes(token) in stretch:
        return to_bytes(token)  # a part of a character
    return stretch


def _summary(
    text: str, encodings: Sequence[tuple[str, "Encoding"]], picked: int | None
) -> str:
    counts = ", ".join(
        f"{name} makes {len(e):,} token{'s' * (len(e) != 1)}" for name, e in encodings
    )
    sentence = f"{len(text):,} character{'s' * (len(text) != 1)}: {counts} of them."
    if picked is None or not 0 <= picked < len(text):
        return sentence
    found = []
    for name, encoding in encodings:
        tokens = [
            i
            for i, (first, after) in enumerate(encoding.spans)
            if first <= picked < after
        ]
        said = ", ".join(_said(encoding, i) for i in tokens) or "nothing"
        found.append(f"{name} has {said}")
    return f"At {shown_stretch(text[picked])}: {'; '.join(found)}. {sentence}"


def _table(encodings: Sequence[tuple[str, "Encoding"]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{len(e):,}</td>'
        f"<td>{len(e.text) / max(1, len(e)):.2f}</td><td>"
        + " ".join(escape(visible_piece(token)) for token in e.tokens[:MOST_CHARACTERS])
        + "</td></tr>"
        for name, e in encodings
    )
    return (
        '<table><tr><th scope="col">tokenizer</th><th scope="col">tokens</th>'
        '<th scope="col">characters per token</th><th scope="col">tokens in order</th>'
        f"</tr>{rows}</table>"
    )
