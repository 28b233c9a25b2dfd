"""Draw a text above its references, so that what both have in common can be lit.

Every n-gram is a bar below its words; n of them overlap, so they take turns in n rows.
Bars of equal n-grams share a name, and pointing at one lights them on all sides. Left
out: scores (`course.views.overlap`), and more than `MOST_TOKENS` of a text.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.views.explanation import AGAINST, FOR, visible
from course.views.shown import escape

MOST_TOKENS = 120  # drawn of one text
# What became of an n-gram in its place: sign, and style of its bar.
STATES = {
    "counts": ("✓", f"background:{FOR}60"),
    "crossed out": ("✗", f"background:{AGAINST}70"),
    "no match": ("-", "box-shadow:inset 0 -1px #8888"),
}

Gram = tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """How often an n-gram is on each side.

    Attributes:
        link: Name that its parts share.
        count: In the prediction.
        reference_count: Most in one reference.
        matches: How many count.
    """

    link: str
    count: int
    reference_count: int
    matches: int


def ngrams_of(tokens: Sequence[str], n: int) -> list[Gram]:
    """Return the n-grams of a text in order.

    Example:
        >>> ngrams_of(["a", "b", "c"], 2)
        [('a', 'b'), ('b', 'c')]
    """
    return [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]


def seen_ngrams(
    rows: Sequence[Mapping], references: Sequence[Sequence[str]], n: int
) -> dict[Gram, Seen]:
    """Return all n-grams of both sides, also those that only a reference has.

    Args:
        rows: One order of `course.evaluation.ngrams.ngram_matches`.
        references: Tokens of each reference.
        n: Length of the n-grams.

    Example:
        >>> row = {"ngram": ["a"], "count": 2, "reference_count": 1, "matches": 1}
        >>> list(seen_ngrams([row], [["a", "b"]], 1))
        [('a',), ('b',)]
    """
    seen = {}
    for row in rows:
        counts = row["count"], row["reference_count"], row["matches"]
        seen[tuple(row["ngram"])] = Seen(f"g{len(seen)}", *counts)
    allowed: Counter = Counter()
    for tokens in references:
        allowed |= Counter(ngrams_of(tokens, n))
    for gram, count in allowed.items():
        seen.setdefault(gram, Seen(f"g{len(seen)}", 0, count, 0))
    return seen


def quoted(gram: Gram) -> str:
    """Return an n-gram in quotation marks; not yet escaped."""
    return f"“{' '.join(visible(word) for word in gram)}”"


def said(gram: Gram, seen: Seen, where: str = "one reference") -> str:
    """Say how often an n-gram is on each side, and how many of them count.

    Example:
        >>> said(("the",), Seen("g0", 7, 2, 2))
        '“the”: 7 in the prediction, 2 in one reference, 2 count and 5 do not'
    """
    here, there = (
        f"{seen.count} in the prediction",
        f"{seen.reference_count} in {where}",
    )
    if not seen.matches:
        here = here if seen.count else "not in the prediction"
        there = there if seen.reference_count else "in no reference"
        return f"{quoted(gram)}: {here}, {there}, so none counts"
    more = seen.count - seen.matches
    crossed = f" and {more} {'does' if more == 1 else 'do'} not" if more else ""
    verb = "counts" if seen.matches == 1 else "count"
    return f"{quoted(gram)}: {here}, {there}, {seen.matches} {verb}{crossed}"


def draw_text(
    tokens: Sequence[str],
    side: int,
    seen: Mapping[Gram, Seen],
    n: int,
    picked: Gram = (),
    where: str = "one reference",
) -> str:
    """Draw one text and a bar for each of its n-grams.

    Args:
        tokens: Of the text.
        side: 0 for the prediction, 1 for the first reference, and so on; the parts are
            picked as "side:place".
        seen: From `seen_ngrams`.
        n: Length of the n-grams.
        picked: The n-gram to underline.
        where: What `reference_count` was counted in.
    """
    drawn = list(tokens[:MOST_TOKENS])
    bars, times = [], Counter()
    for place, gram in enumerate(ngrams_of(drawn, n)):
        bars.append(_bar(gram, seen[gram], times[gram], f"{side}:{place}", where))
        if gram == picked:
            bars[-1]["part"] += ' aria-pressed="true"'
            bars[-1]["style"] += ";border-bottom:2px solid"
        times[gram] += 1
    columns = [_column(word, place, bars, n) for place, word in enumerate(drawn)]
    if len(tokens) > len(drawn):
        columns.append(f"… and {len(tokens) - len(drawn):,} more")
    style = (
        f"display:flex;flex-wrap:wrap;gap:{0.3 if n == 1 else 0.8}em 0;line-height:1.35"
    )
    return f'<div style="{style}">{"".join(columns)}</div>'


def _bar(gram: Gram, seen: Seen, time: int, pick: str, where: str) -> dict[str, str]:
    """Attributes, sign and style of an n-gram's bar; `time` is 0 for its first."""
    prediction = pick.startswith("0:")
    if time < (seen.matches if prediction else min(seen.count, seen.reference_count)):
        state = "counts"
    else:
        clipped = prediction and seen.reference_count
        state = "crossed out" if clipped else "no match"
    side = "prediction"
    if not prediction:
        number = pick.split(":")[0]
        side = "reference" if where == "the reference" else f"reference {number}"
    label = f"{quoted(gram)} in the {side}: {state}"
    part = f'data-pick="{pick}" aria-label="{escape(label)}"'
    # Said once: all bars of an n-gram are lit together, and all that they say is shown.
    if time == 0 and (prediction or (not seen.count and pick.startswith("1:"))):
        part += f' data-say="{escape(said(gram, seen, where))}"'
    sign, style = STATES[state]
    return {"link": seen.link, "part": part, "sign": sign, "style": style}


def _column(word: str, place: int, bars: list[dict[str, str]], n: int) -> str:
    """A word, and below it its share of the bars that cover it."""
    shown = escape(visible(word))
    padding = "padding:0 .3em;text-align:center"
    if n == 1:  # the word is the n-gram, and one part with its bar
        bar = bars[place]
        if bar["sign"] == "✗":
            shown = f"<s>{shown}</s>"
        return (
            f'<span {bar["part"]} data-link="{bar["link"]}" style="{padding};'
            f'margin-right:2px;{bar["style"]}">{shown}<br><small>{bar["sign"]}</small>'
            "</span>"
        )
    first, last = max(0, place - n + 1), min(place, len(bars) - 1)
    covering = range(first, last + 1)
    links = " ".join(dict.fromkeys(bars[start]["link"] for start in covering))
    cells = [f'<span data-link="{links}" style="{padding}">{shown}</span>']
    for row in range(n):
        start = place - (place - row) % n
        if start not in covering:
            cells.append('<small style="height:1.4em"></small>')
            continue
        bar = bars[start]
        gap = ";margin-right:2px" * (place == start + n - 1)
        part, sign = (bar["part"], bar["sign"]) if place == start else ("", "")
        cells.append(
            f'<small {part} data-link="{bar["link"]}" style="height:1.4em;'
            f'margin-top:1px;padding-left:.3em{gap};{bar["style"]}">{sign}</small>'
        )
    column = "display:inline-flex;flex-direction:column"
    return f'<span style="{column}">{"".join(cells)}</span>'
