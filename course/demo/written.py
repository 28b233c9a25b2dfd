"""Draw what SmolLM2 wrote: tokens to pick, and what a picked one was drawn from.

Left out: writing (`course.demo.writing`), and the picture of a distribution, which is
`course.views.generation`'s; only its handles and picks, which nothing here follows, are
taken out of it.
"""

import re

from course.demo.messages import Say
from course.demo.writing import DEADLINE, PROMPT_TOKENS, Writing
from course.generation import continue_text
from course.views.drawing import Drawing
from course.views.explanation import AGAINST
from course.views.generation import draw_next_token
from course.views.generation_words import share
from course.views.shown import escape
from course.views.tokenization import visible_piece

DARKEST = 0.5  # opacity behind a token that the model held for impossible
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;margin:.4em 0;max-width:48em"
_LIVE_TAG = re.compile(r'<[^<>]*\sdata-(?:pick|drag)="[^<>]*>')
_LIVE_MARK = re.compile(r'\s(?:data-(?:pick|drag)|aria-label)="[^"]*"')
_HOW_TO_DRAG = " Drag ▶ top_k and ▼ top_p, or move them with the arrow keys."
_ASKED = '<p style="margin:.6em 0">Asked for: '


def draw_writing(writing: Writing, say: Say, picked: int | None = None) -> Drawing:
    """Draw a text on its way, or a finished one with its tokens to pick.

    Picks are named by the token's place, from 0.

    Args:
        writing: The text.
        say: The demo's words.
        picked: The chosen token's place; None while the text grows.
    """
    before = f'<span style="opacity:.75">{escape(writing.prompt)}</span>'
    if picked is None:
        after = f'<b>{escape(writing.text())}</b><span aria-hidden="true">▁</span>'
    else:
        after = "".join(_token(writing, i, picked) for i in range(len(writing.steps)))
    line = f'<p style="{_TEXT}">{before}{after}</p>'
    if writing.truncated:
        words = escape(say("generate.truncated", tokens=PROMPT_TOKENS))
        line = f"<p><em>{words}</em></p>{line}"
    return Drawing(line, describe(writing, say))


def _token(writing: Writing, number: int, picked: int) -> str:
    """One token: the less the model expected it, the darker."""
    (drawn,) = writing.steps[number].cut.asked
    piece = "".join(
        "⏎\n" if c == "\n" else c if c == " " else visible_piece(c) for c in drawn.token
    )
    said = f"{number + 1}: {visible_piece(drawn.token)} {share(drawn.original)}"
    chosen = number == picked
    opacity = round(255 * DARKEST * (1 - drawn.original))
    style = f"background:{AGAINST}{opacity:02x};border-radius:.2em"
    if chosen:
        style += ";text-decoration:underline;text-decoration-thickness:.15em"
    return (
        f'<span data-pick="{number}" aria-pressed="{str(chosen).lower()}" '
        f'data-say="{escape(said)}" style="{style}">{escape(piece)}</span>'
    )


def describe(writing: Writing, say: Say) -> str:
    """Say in one sentence how far a text is, and why it is over.

    Args:
        writing: The text.
        say: The demo's words.
    """
    tokens, seconds = len(writing.steps), writing.seconds
    if not tokens:
        return say("generate.stopped" if writing.ended else "generate.loading")
    speed = f"{tokens / max(seconds, 1e-3):.0f}"
    line = say("generate.speed", tokens=tokens, seconds=f"{seconds:.1f}", speed=speed)
    if not writing.ended:
        return line
    values = {"seconds": DEADLINE} if writing.ended == "deadline" else {}
    reason = say(f"generate.{writing.ended}", **values)
    return f"{line} {reason} {say('generate.pick')}"


def draw_step(writing: Writing, number: int, say: Say) -> Drawing:
    """Draw what a token was drawn from, with the cuts.

    Args:
        writing: The text.
        number: The token's place, from 0.
        say: The demo's words.
    """
    step = writing.steps[number]
    before = [step.token for step in writing.steps[:number]]
    note = say("generate.behind", number=number + 1, tokens=len(writing.steps))
    if writing.settings.temperature == 0:
        note += f" {say('generate.greedy')}"
    prompt = continue_text(writing.prompt, before)
    drawing = draw_next_token(step.cut, prompt, note=note)
    picture = _LIVE_TAG.sub(
        lambda tag: _LIVE_MARK.sub("", tag.group()), drawing.picture
    )
    picture = picture.replace('data-say="take ', 'data-say="')
    picture = picture.replace(_HOW_TO_DRAG, "", 1)
    taken = _ASKED.replace("Asked for:", escape(say("generate.drawn")))
    return Drawing(picture.replace(_ASKED, taken, 1), drawing.summary, drawing.table)
