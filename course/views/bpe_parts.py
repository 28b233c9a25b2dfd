"""Parts of the picture of byte-pair merges: the curve, and a word of the learner's.

Left out: the text and its pairs, which are drawn in `course.views.bpe`.
"""

from course.tokenization.bpe import Pair
from course.tokenization.steps import Merges, word_steps
from course.views.explanation import AGAINST, FOR
from course.views.lanes import shown_stretch
from course.views.shown import escape

CHIP = "display:inline-block;padding:0 .12em;margin:0 .06em .15em 0;white-space:pre"
_WIDTH, _HEIGHT, _LEFT, _TOP, _BELOW = 400, 130, 34, 20, 28  # of the curve


def say(pair: Pair) -> str:
    """Return a pair as text with its spaces visible.

    Example:
        >>> say((" t", "h"))
        '␣t + h'
    """
    return f"{shown_stretch(pair[0])} + {shown_stretch(pair[1])}"


def draw_curve(merges: Merges, step: int) -> str:
    """Characters per symbol at each step; the present step is a handle.

    Args:
        merges: From `course.tokenization.steps.learn_merges`.
        step: The present one.
    """
    values = [len(merges.text) / size for size in merges.sizes]
    last, top = max(1, len(values) - 1), max(values)
    bottom, right = _HEIGHT - _BELOW, _WIDTH - 12

    def place(number: int) -> tuple[float, float]:
        share = values[number] / top
        return (
            _LEFT + number / last * (right - _LEFT),
            bottom - share * (bottom - _TOP),
        )

    line = " ".join("{:.1f},{:.1f}".format(*place(i)) for i in range(len(values)))
    x, y = place(step)
    words = "".join(
        f'<text x="{left:.1f}" y="{high:.1f}" text-anchor="{anchor}">{text}</text>'
        for left, high, anchor, text in (
            (_LEFT - 5, bottom + 4, "end", "0"),
            (_LEFT - 5, _TOP + 4, "end", f"{top:.1f}"),
            (_LEFT, 11, "start", "characters per symbol"),
            (_LEFT, _HEIGHT - 12, "middle", "0"),
            (right, _HEIGHT - 12, "end", f"{len(values) - 1} merges"),
        )
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-size="12" '
        'style="width:100%;max-width:30em;display:block;margin-top:.6em" '
        f'aria-label="From {values[0]:.1f} to {values[-1]:.1f} characters per symbol '
        f'in {len(values) - 1} merges">'
        f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" '
        f'stroke="currentColor"/><polyline points="{line}" fill="none" '
        f'stroke="{FOR}" stroke-width="2"/>{words}'
        f'<path d="M{x:.1f} {_TOP}V{bottom}" stroke="currentColor" '
        f'stroke-dasharray="3 3"/><circle cx="{x:.1f}" cy="{y:.1f}" r="6" '
        f'fill="{AGAINST}" stroke="currentColor"/>'
        f'<rect data-drag="step" data-track data-axis="x" data-say="merges done" '
        f'data-value="{step / last:.4f}" data-step="{1 / last:.4f}" '
        f'data-text="{step} of {len(values) - 1}, {values[step]:.2f} characters per '
        f'symbol" x="{_LEFT}" y="{_TOP}" width="{right - _LEFT}" '
        f'height="{bottom - _TOP}" fill="transparent"/></svg>'
    )


def draw_replay(merges: Merges, step: int, word: str) -> str:
    """Draw a word merge by merge, in the order in which these were learned.

    Args:
        merges: From `course.tokenization.steps.learn_merges`.
        step: How many of them are used.
        word: Any text; "" draws nothing.
    """
    if not word:
        return ""
    ranks = {pair: rank for rank, pair in enumerate(merges.pairs[:step])}
    chunks, rows = word_steps(merges, step, word), []
    for states in chunks:
        before: list[str] = []
        for state in states:
            note = "its characters"
            if before:
                left = next(i for i, symbol in enumerate(state) if symbol != before[i])
                pair = before[left], before[left + 1]
                note = f"merge {ranks[pair] + 1}: {escape(say(pair))}"
            boxes = "".join(
                f'<span style="{CHIP};border:1px solid">'
                f"{escape(shown_stretch(symbol))}</span>"
                for symbol in state
            )
            rows.append(f"<li>{boxes} <small>{note}</small></li>")
            before = state
    total = sum(len(states[-1]) for states in chunks)
    heading = (
        f"“{escape(shown_stretch(word))}” with {step} merge{'s' * (step != 1)}: "
        f"{total} symbol{'s' * (total != 1)}"
    )
    return f"<p><b>{heading}</b></p><ul>{''.join(rows)}</ul>"
