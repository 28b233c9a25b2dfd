"""Draw a longest common subsequence as a ladder between two texts.

One word per line, and a rung for each pair. Rungs of a subsequence never cross; equal
words that would need one that does are joined by dashes: they are what word order
costs. Left out: the score (`course.views.overlap`), and more than `MOST_TOKENS` words.
"""

from collections.abc import Mapping, Sequence

from course.views.explanation import FOR, visible
from course.views.ngrams import MOST_TOKENS, Gram, Seen, quoted, said
from course.views.shown import escape

LINE = 24  # height of a line
_WIDTH, _SIDE = 400, 150  # of the picture, and of a word on either side
_LONGEST = 16  # characters of a word


def draw_ladder(
    prediction: Sequence[str],
    reference: Sequence[str],
    pairs: Sequence[tuple[int, int]],
    seen: Mapping[Gram, Seen],
    picked: Gram = (),
) -> str:
    """Draw two texts from top to bottom, and a rung for each pair of a subsequence.

    Args:
        prediction: Tokens on the left; its words are picked as "0:place".
        reference: Tokens on the right; its words are picked as "1:place".
        pairs: Places (left, right) of the common subsequence.
        seen: All words of both sides as 1-grams, from
            `course.views.ngrams.seen_ngrams`.
        picked: The word to underline, as a 1-gram.

    Returns:
        One `<svg>`.

    Example:
        >>> from course.views.ngrams import seen_ngrams
        >>> seen = seen_ngrams([], [["a", "b"]], 1)
        >>> draw_ladder(["a", "b"], ["b", "a"], [(0, 1)], seen).count("<path")
        2
    """
    sides = prediction[:MOST_TOKENS], reference[:MOST_TOKENS]
    rungs = [_rung(i, j, f'stroke="{FOR}" stroke-width="2.5"') for i, j in pairs]
    dashes = 'stroke="currentColor" stroke-dasharray="3 4" stroke-opacity=".6"'
    rungs += [_rung(i, j, dashes) for i, j in _left_over(*sides, pairs)]
    height = max(1, *map(len, sides)) * LINE
    label = f"{len(pairs)} pairs of a longest common subsequence"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="group" aria-label="{label}" '
        'style="width:100%;max-width:30em;display:block" font-size="14">'
        f"{''.join(rungs)}{_words(sides, pairs, seen, picked)}</svg>"
    )


def _rung(left: int, right: int, style: str) -> str:
    """A line between two places; none to a word that is not drawn."""
    if max(left, right) >= MOST_TOKENS:
        return ""
    start, end = (place * LINE + LINE // 2 for place in (left, right))
    return f'<path d="M{_SIDE} {start}L{_WIDTH - _SIDE} {end}" {style}/>'


def _left_over(
    prediction: Sequence[str],
    reference: Sequence[str],
    pairs: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Equal words outside the subsequence, first with first."""
    lefts, rights = {i for i, _ in pairs}, {j for _, j in pairs}
    free: dict[str, list[int]] = {}
    for j, word in enumerate(reference):
        if j not in rights:
            free.setdefault(word, []).append(j)
    return [
        (i, free[word].pop(0))
        for i, word in enumerate(prediction)
        if i not in lefts and free.get(word)
    ]


def _words(
    sides: tuple[Sequence[str], Sequence[str]],
    pairs: Sequence[tuple[int, int]],
    seen: Mapping[Gram, Seen],
    picked: Gram,
) -> str:
    """The words of both sides; each tells its counts where it stands first."""
    told: set[str] = set()
    drawn = []
    for side, words in enumerate(sides):
        paired = {pair[side] for pair in pairs}
        for place, word in enumerate(words):
            gram = (word,)
            part = f'data-pick="{side}:{place}" data-link="{seen[gram].link}"'
            if gram == picked:
                part += ' aria-pressed="true"'
            if word not in told:
                sentence = said(gram, seen[gram], "the reference")
                part += f' data-say="{escape(sentence)}"'
                told.add(word)
            drawn.append(
                _word(word, side, place, part, place in paired, gram == picked)
            )
    return "".join(drawn)


def _word(
    word: str, side: int, place: int, part: str, is_paired: bool, is_picked: bool
) -> str:
    """A word that is a part; one of a pair stands on a colour, with a tick."""
    where = ("prediction", "reference")[side]
    state = "in the subsequence" if is_paired else "not in the subsequence"
    label = escape(f"{quoted((word,))} in the {where}: {state}")
    shown = word if len(word) <= _LONGEST else word[: _LONGEST - 1] + "…"
    shown = escape(visible(shown))
    if is_paired:
        shown = (f"{shown} ✓", f"✓ {shown}")[side]
    left = (0, _WIDTH - _SIDE)[side]
    text_x, anchor = ((_SIDE - 8, "end"), (left + 8, "start"))[side]
    line = ' text-decoration="underline"' if is_picked else ""
    return (
        f'<g {part} aria-label="{label}"><rect x="{left + 1}" y="{place * LINE + 1}" '
        f'width="{_SIDE - 2}" height="{LINE - 2}" fill="{FOR}" '
        f'fill-opacity="{0.25 if is_paired else 0}"/><text x="{text_x}" '
        f'y="{place * LINE + 17}" text-anchor="{anchor}" stroke="none"{line}>{shown}'
        "</text></g>"
    )
