"""Draw the words of a study, to be pointed at and picked; hide their values in a game.

In the game the learner says which word speaks most for the label and which most against
it, before any value is shown. Left out: what else is drawn of a study, which is
`course.views.explanation_lab`'s.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from course.views.drawing import Drawing
from course.views.explanation import AGAINST, FOR, STRONGEST, signed, visible
from course.views.shown import escape

if TYPE_CHECKING:
    from course.explanation.study import Study

QUESTIONS = ("speaks most for", "speaks most against")
TITLES = {
    "partition": "partition",
    "exact": "exact",
    "lime": "LIME",
    "integrated_gradients": "integrated gradients",
}


def draw_words(study: "Study", picked: int = -1) -> str:
    """Draw the words in order, each with the first method's value, to be picked.

    Args:
        study: From `course.explanation.study.study`.
        picked: Number of the word that is pressed, or -1.
    """
    values = study.values()
    largest = np.abs(values).max(initial=0) or 1.0
    cells = []
    for number, value in enumerate(values.tolist()):
        opacity = round(STRONGEST * abs(value) / largest)
        colour = f"{FOR if value >= 0 else AGAINST}{opacity:02x}"
        gone = study.edits.get(number) == ""
        cells.append(
            word_button(
                number,
                word_html(study, number),
                "taken away" if gone else signed(value),
                colour,
                pressed=number == picked,
                label=said(study, number),
            )
        )
    return words_row(cells)


def words_row(cells: Sequence[str]) -> str:
    """Lay out words in reading order; the line breaks where the page does."""
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:.3em;text-align:center;'
        f'line-height:1.35;margin:.4em 0">{"".join(cells)}</div>'
    )


def word_button(
    number: int, word: str, below: str, colour: str, *, pressed: bool, label: str
) -> str:
    """Return a word that can be picked and lights its like, as HTML.

    Args:
        number: Of the word, from 0.
        word: HTML.
        below: What stands below it, plain text.
        colour: Its background.
        pressed: Whether it is picked.
        label: What is said of it, plain text.
    """
    edge = "currentColor" if pressed else "transparent"
    return (
        f'<span data-pick="{number}" data-link="w{number}" data-say="{escape(label)}" '
        f'aria-pressed="{str(pressed).lower()}" style="background:{colour};'
        f'padding:0 .25em;border-bottom:3px solid {edge}">{word}<br>'
        f"<small>{escape(below)}</small></span>"
    )


def word_html(study: "Study", number: int) -> str:
    """Return a word as HTML; an edited one struck through, then what is there now."""
    word = escape(visible(study.words[number]))
    if number not in study.edits:
        return word
    now = study.edits[number]
    return f"<s>{word}</s>" + (f" <b>{escape(visible(now))}</b>" if now else "")


def said(study: "Study", number: int) -> str:
    """Return a word's values by all methods, in plain text."""
    word = f"“{visible(study.words[number])}”"
    if number in study.edits:
        now = study.edits[number]
        if not now:
            return f"{word}, taken away"
        word += f", now “{visible(now)}”"
    values = [
        f"{title_of(study, method)} {signed(study.values(method)[number])}"
        for method in range(len(study.explanations))
    ]
    return f"{word}: {', '.join(values)}"


def title_of(study: "Study", method: int) -> str:
    """Return the name under which a method of a study, by its number, is shown."""
    return TITLES[study.explanations[method].report.method]


def draw_question(study: "Study", predicted: Sequence[int] = ()) -> Drawing:
    """Draw the words without their values, and ask for the next guess.

    Args:
        study: From `course.explanation.study.study`.
        predicted: Numbers of the words already named: none, or that most for.
    """
    report = study.explanations[0].report
    target = f"“{visible(report.target)}”"
    asked = f"Which word {QUESTIONS[len(predicted)]} {target}? Choose one of them."
    cells = []
    for number in range(len(study.words)):
        if study.edits.get(number) == "":
            continue  # nothing is there to speak
        named = number in predicted
        cells.append(
            word_button(
                number,
                word_html(study, number),
                "▲ for" if named else "?",
                "#8883",
                pressed=named,
                label=f"“{_now(study, number)}”",
            )
        )
    told = f"{target} has probability {report.prediction:.2f}."
    picture = f"<p>{escape(told)} <b>{escape(asked)}</b></p>{words_row(cells)}"
    return Drawing(picture, f"{told} {asked}")


def verdict(study: "Study", predicted: Sequence[int]) -> list[str]:
    """Compare both guesses with the values, in a sentence each, plain text.

    Args:
        study: From `course.explanation.study.study`.
        predicted: Numbers of the words named most for and most against.
    """
    values, lines = study.values(), []
    judged = study.judge(predicted)  # empty if nothing is left of the text
    every = zip(QUESTIONS, predicted, study.extremes, judged, strict=False)
    for question, guess, best, hit in every:
        line = f"You said “{_now(study, guess)}” {question}: "
        if hit:
            line += f"right, {signed(values[guess])}."
        else:
            line += (
                f"it has {signed(values[guess])}, and “{_now(study, best)}” "
                f"has {signed(values[best])}."
            )
        lines.append(("✓ " if hit else "✗ ") + line)
    return lines


def _now(study: "Study", number: int) -> str:
    """What stands in a word's place, in plain text."""
    return visible(study.edits.get(number, study.words[number]))
