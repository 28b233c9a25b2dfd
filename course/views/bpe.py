"""Draw how byte-pair merges are learned from a text: one step, and what comes next.

The text stands as its present symbols; pointing at a pair lights all its places. What
is merged next stays hidden until it is asked for: then the pairs stand in the order of
their letters and without their counts, in the picture and in the table. Left out:
learning the merges, which is `course.tokenization.bpe`'s, and bytes: symbols are
characters here, which everyone can read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from course.tokenization import split_by_pattern
from course.tokenization.bpe import Pair
from course.tokenization.steps import Merges
from course.views.bpe_parts import CHIP, draw_curve, draw_replay, say
from course.views.drawing import Drawing
from course.views.explanation import AGAINST, FOR
from course.views.lanes import shown_stretch
from course.views.shown import escape
from course.views.tokenization import OPACITY

MOST_DRAWN = 500  # characters of the text
_ROW = "display:grid;grid-template-columns:5.5em 1fr 10em;gap:.5em;align-items:center"


@dataclass(frozen=True)
class Guesses:
    """What the learner has predicted.

    Attributes:
        predicted: Step -> pair that was guessed to come next.
        seen: Steps whose next pair is known: those below this number.
        score: How many guesses were right.
    """

    predicted: Mapping[int, Pair] = field(default_factory=dict)
    seen: int = 0
    score: int = 0


def draw_merges(
    merges: Merges, step: int, guesses: Guesses | None = None, word: str = ""
) -> Drawing:
    """Draw one step: text, candidates or bars, curve, and a word of the learner's.

    Args:
        merges: From `learn_merges`.
        step: How many merges are done, from 0 to the number learned.
        guesses: What is known and was predicted; default nothing.
        word: Encoded with the merges done so far; "" for none.
    """
    guesses = guesses or Guesses()
    if not merges.text:
        return Drawing("<p>Type a text.</p>", "There is no text yet.")
    hidden = step >= guesses.seen and step < len(merges.pairs)
    pairs = merges.candidates(step)
    if not hidden:
        pairs.sort(key=lambda pair: (-merges.counts[step][pair], pair))
    picture = (
        f"{_chips(merges, step, pairs)}{_pairs(merges, step, pairs, guesses, hidden)}"
        f"{draw_curve(merges, step)}{draw_replay(merges, step, word)}"
    )
    table = _table(merges, step, pairs, hidden)
    return Drawing(picture, _summary(merges, step, guesses, hidden), table)


def _chips(merges: Merges, step: int, pairs: Sequence[Pair]) -> str:
    """The text as symbols; the newest is underlined."""
    newest = "".join(merges.pairs[step - 1]) if step else None
    numbers = {pair: number for number, pair in enumerate(pairs)}
    shown = merges.text[:MOST_DRAWN]
    chips, count = [], 0
    for chunk in split_by_pattern(merges.text):
        if count + len(chunk) > len(shown) and count:
            break
        symbols = merges.words[step][chunk][:MOST_DRAWN]
        boxes = []
        for place, symbol in enumerate(symbols):
            around = [symbols[place - 1 : place + 1], symbols[place : place + 2]]
            links = {numbers[p] for p in around if p in numbers}
            colour = (FOR, AGAINST)[place % 2] + OPACITY
            new = ";text-decoration:underline;font-weight:bold" * (symbol == newest)
            link = " ".join(f"p{number}" for number in sorted(links))
            boxes.append(
                f'<span data-link="{link}" style="{CHIP};background:{colour}{new}">'
                f"{escape(shown_stretch(symbol))}</span>"
            )
        # A line breaks between words only.
        chips.append(f'<span style="display:inline-block">{"".join(boxes)}</span>')
        count += sum(map(len, symbols))
    rest = len(merges.text) - count
    more = f" … and {rest:,} more characters" if rest > 0 else ""
    return f'<div style="line-height:1.6">{" ".join(chips)}{more}</div>'


def _pairs(
    merges: Merges, step: int, pairs: Sequence[Pair], guesses: Guesses, hidden: bool
) -> str:
    """The commonest pairs: to choose from, or with their counts."""
    if not pairs:
        return "<p>Every word is one symbol: there is nothing left to merge.</p>"
    following = merges.pairs[step] if step < len(merges.pairs) else None
    guessed = guesses.predicted.get(step)
    rows = []
    for number, pair in enumerate(pairs):
        name, count = escape(say(pair)), merges.counts[step][pair]
        if hidden:
            rows.append(
                f'<span data-pick="{number}" data-link="p{number}" '
                f'data-say="{name}" style="border:1px solid;border-radius:.3em;'
                f'padding:.15em .5em;white-space:nowrap">{name}</span>'
            )
            continue
        marks = [f"{count:,}"]
        marks += ["★ next"] if pair == following else []
        marks += ["your guess"] if pair == guessed else []
        says = escape(f"{say(pair)}: {', '.join(marks)}")
        width = 100 * count / merges.counts[step][pairs[0]]
        colour = FOR if pair == following else FOR + "80"
        rows.append(
            f'<div data-link="p{number}" data-say="{says}" style="{_ROW}">'
            f'<span style="text-align:right">{name}</span><span style="display:block;'
            f"height:.9em;width:{width:.1f}%;background:{colour};"
            # Seen where the system takes backgrounds away.
            'border:1px solid transparent"></span>'
            f"<small>{', '.join(marks)}</small></div>"
        )
    if hidden:
        hint = (
            "Which pair is merged next? The commonest; of several, the first in this "
            "list. Point at one to see its places, choose it to predict."
        )
        boxes = f'<div style="display:flex;flex-wrap:wrap;gap:.4em">{"".join(rows)}'
        return f"<p><b>{hint}</b></p>{boxes}</div>"
    heading = "The commonest pairs" + (", the next one with a star" * bool(following))
    return f'<p><b>{heading}</b></p><div style="max-width:34em">{"".join(rows)}</div>'


def _summary(merges: Merges, step: int, guesses: Guesses, hidden: bool) -> str:
    size, characters, last = merges.sizes[step], len(merges.text), len(merges.pairs)
    parts = [
        f"After {step} of {last} merges: {_counted(characters, 'character')} in "
        f"{_counted(size, 'symbol')}, {characters / size:.2f} characters each"
    ]
    if hidden:
        parts.append("which pair is merged next?")
    elif step < last:
        pair = merges.pairs[step]
        verdict = _verdict(merges, step, guesses.predicted.get(step))
        parts.append(f"{verdict}next is {say(pair)} ({merges.counts[step][pair]:,})")
    if guesses.predicted:
        asked = len(guesses.predicted)
        parts.append(f"{guesses.score} of {_counted(asked, 'prediction')} right")
    # A question ends its part: no semicolon after it.
    return f"{'; '.join(parts)}.".replace("?;", "?").replace("?.", "?")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _verdict(merges: Merges, step: int, guessed: Pair | None) -> str:
    if guessed is None:
        return ""
    if guessed == merges.pairs[step]:
        return "✓ right, "
    count = merges.counts[step].get(guessed, 0)
    equal = count == merges.counts[step][merges.pairs[step]]
    why = "just as common, but later in order" if equal else f"{count:,} times"
    return f"✗ not {say(guessed)} ({why}), "


def _table(merges: Merges, step: int, pairs: Sequence[Pair], hidden: bool) -> str:
    """The merges done, then the candidates; counts only where the picture has them."""
    rows = [
        (f"merge {number + 1}", pair, f"{merges.counts[number][pair]:,}")
        for number, pair in enumerate(merges.pairs[:step])
    ]
    for pair in pairs:
        is_next = not hidden and pair in merges.pairs[step : step + 1]
        count = "hidden" if hidden else f"{merges.counts[step][pair]:,}"
        rows.append(("next" if is_next else "candidate", pair, count))
    body = "".join(
        f'<tr><th scope="row">{kind}</th><td>{escape(say(pair))}</td>'
        f"<td>{count}</td></tr>"
        for kind, pair, count in rows
    )
    sizes = "".join(
        f'<tr><th scope="row">{number}</th><td>{size:,}</td>'
        f"<td>{len(merges.text) / size:.2f}</td></tr>"
        for number, size in enumerate(merges.sizes)
    )
    symbols = " ".join(
        escape(shown_stretch(symbol))
        for chunk in split_by_pattern(merges.text[:MOST_DRAWN])
        for symbol in merges.words[step].get(chunk, ())
    )
    return (
        f'<p>{symbols}</p><table><tr><th scope="col">what</th><th scope="col">pair</th>'
        f'<th scope="col">times</th></tr>{body}</table><table><tr>'
        '<th scope="col">merges</th><th scope="col">symbols</th>'
        f'<th scope="col">characters per symbol</th></tr>{sizes}</table>'
    )
