"""Draw explanations as HTML without a script, a style sheet or a request.

Every word stands in reading order on a background whose strength is its value's and
whose hue is its sign's: blue for the label, orange against it, from Okabe and Ito's
colours, which people tell apart whatever their colour vision. Sign and number stand
below the word, and the same figures in a table, so that no one depends on the colour.

The colours are see-through and the text has the page's own colour. That is why it is
legible in light and in dark pages alike, and in hosts that remove style sheets, as
Gradio does. Left out: interaction, which is for the widgets and the demo.
"""

import html
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from course.errors import CourseError

if TYPE_CHECKING:
    import shap

FOR, AGAINST = "#0072b2", "#e69f00"  # Okabe-Ito blue and orange
# Opacity of the strongest word, of 255: the page's text keeps 4.5:1 on it.
STRONGEST = 0x80
_LONGEST_WORD = 40  # characters shown of a word; more is cut with an ellipsis
_MEANINGFUL_FORMAT = "\u200c\u200d"  # joiners inside emoji and several scripts
_UNITS = {"log_odds": "log-odds", "probability": "probability"}


def visible(text: str) -> str:
    r"""Return text that shows what it is made of and cannot disturb the page.

    Args:
        text: Any characters, also ones that are not text.

    Returns:
        The text with control characters as their pictures, characters that cannot be
        encoded or that change the direction of writing as U+FFFD, outer spaces taken
        off, and cut if it is long. Not yet escaped for HTML.

    Example:
        >>> visible(" a\x00b ")
        'a␀b'
    """
    text = text.strip() or "␣"
    if len(text) > _LONGEST_WORD:
        text = text[: _LONGEST_WORD - 1] + "…"
    return "".join(_picture(character) for character in text)


def _picture(character: str) -> str:
    if character.isspace():
        return " "
    if ord(character) < 32:
        return chr(0x2400 + ord(character))  # the block of control pictures
    broken = unicodedata.category(character) in {"Cc", "Cf", "Cs"}
    return "\ufffd" if broken and character not in _MEANINGFUL_FORMAT else character


def signed(value: float) -> str:
    """Write a value with its sign, a true minus and two decimals.

    Example:
        >>> signed(0.512), signed(-2), signed(-0.001)
        ('+0.51', '−2.00', '0.00')
    """  # noqa: RUF002
    text = f"{value:+.2f}"
    if float(text) == 0:
        return "0.00"
    return text.replace("-", "−")  # noqa: RUF001


def summarise(explanation: "shap.Explanation") -> str:
    """Say in one plain sentence what an explanation shows.

    Args:
        explanation: From `course.explanation.explain`.

    Returns:
        The label, its probability, and the words most for and most against it.
    """
    report = explanation.report
    start = f"“{report.target}” has probability {report.prediction:.2f}"
    words, values = explanation.feature_names, explanation.values
    if len(values) == 0:
        return f"{start}; there is no word to explain."
    parts = [start]
    strongest, weakest = int(np.argmax(values)), int(np.argmin(values))
    if values[strongest] > 0:
        parts.append(f"most for it speaks {_quoted(words, values, strongest)}")
    if values[weakest] < 0:
        parts.append(f"most against it {_quoted(words, values, weakest)}")
    return "; ".join(parts) + "."


def _quoted(words: list[str], values: np.ndarray, number: int) -> str:
    return f"“{visible(words[number])}” ({signed(values[number])})"


def render_explanation(
    explanation: "shap.Explanation", *, title: str | None = None
) -> str:
    """Draw one explanation.

    Args:
        explanation: From `course.explanation.explain`.
        title: A heading; default none.

    Returns:
        HTML of one `<section>`, under 5 kB for 20 words.
    """
    sentence = html.escape(summarise(explanation))
    heading = f"<h4>{html.escape(visible(title))}</h4>" if title else ""
    return (
        f'<section aria-label="{sentence}" style="line-height:1.35;'
        f'overflow-wrap:anywhere">{heading}<p>{sentence}</p>'
        f"{_picture_of_words(explanation)}<p>{_arithmetic(explanation)}</p>"
        f"{_remarks(explanation)}{_table(explanation)}</section>"
    )


def render_page(explanation: "shap.Explanation", *, title: str | None = None) -> str:
    """Draw one explanation as a whole page to save or to send.

    Args:
        explanation: From `course.explanation.explain`.
        title: A heading; default none.

    Returns:
        An HTML document in UTF-8, light or dark as the reader's system is.
    """
    name = html.escape(visible(title) if title else "Explanation of a prediction")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{name}</title></head>"
        '<body style="font-family:system-ui,sans-serif;max-width:48em;margin:1em auto;'
        f'padding:0 1em">{render_explanation(explanation, title=title)}</body></html>'
    )


def _picture_of_words(explanation: "shap.Explanation") -> str:
    """The words in order; the line breaks where the page does."""
    values = np.asarray(explanation.values, dtype=float)
    largest = np.abs(values).max(initial=0)
    words = []
    for word, value in zip(explanation.feature_names, values, strict=True):
        colour = _background(value / largest if largest else 0.0)
        words.append(
            f'<span style="background:{colour};padding:0 .2em">'
            f"{html.escape(visible(word))}<br><small>{signed(value)}</small></span>"
        )
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:.3em;text-align:center">'
        + "".join(words)
        + "</div>"
    )


def _background(share: float) -> str:
    """A see-through colour for a value as a share of the largest, from -1 to 1."""
    opacity = round(STRONGEST * abs(share))
    return f"{FOR if share >= 0 else AGAINST}{opacity:02x}"


def _arithmetic(explanation: "shap.Explanation") -> str:
    """Base value + words = output, and how far that is off if it is."""
    report = explanation.report
    base, words = float(explanation.base_values), float(np.sum(explanation.values))
    what = "words" if report.unit == "word" else "tokens"
    line = (
        f"{signed(base)} (all {what} masked) {signed(words)} (sum of the {what}) = "
        f"<b>{signed(base + words)}</b> ({_UNITS[report.output]} of "
        f"“{html.escape(visible(report.target))}”)"
    )
    if report.additivity_gap >= 0.005:
        line += f", {report.additivity_gap:.2f} off the model's own output"
    return line


def _remarks(explanation: "shap.Explanation") -> str:
    report = explanation.report
    remarks = [] if report.complete else ["Not complete."]
    if report.note:
        remarks.append(report.note[0].upper() + report.note[1:] + ".")
    return f"<p>{html.escape(' '.join(remarks))}</p>" if remarks else ""


def _table(explanation: "shap.Explanation") -> str:
    """The same as a table, folded."""
    words = explanation.feature_names
    rows = "".join(
        f"<tr><td>{html.escape(visible(word))}</td><td>{signed(value)}</td></tr>"
        for word, value in zip(words, explanation.values, strict=True)
    )
    return (
        "<details><summary>As a table</summary><table><tr><th>word</th><th>"
        f"{_UNITS[explanation.report.output]}</th></tr>{rows}</table></details>"
    )


def render_methods(explanations: "list[shap.Explanation]") -> str:
    """Lay several methods' explanations of one text side by side.

    Args:
        explanations: At least one, all of the same text, label, unit and output.

    Returns:
        HTML of one table: a column per method, a row per word, then base value, sum,
        gap, time, rows and completeness.

    Raises:
        CourseError: If there is none, or they are not about the same thing.
    """
    _check_comparable(explanations)
    reports = [explanation.report for explanation in explanations]
    rows = [("word", [report.method.replace("_", " ") for report in reports])]
    for number, word in enumerate(explanations[0].feature_names):
        rows.append((visible(word), [signed(e.values[number]) for e in explanations]))
    rows += [
        ("base value", [signed(float(e.base_values)) for e in explanations]),
        ("sum of words", [signed(float(np.sum(e.values))) for e in explanations]),
        ("gap to the output", [f"{r.additivity_gap:.3f}" for r in reports]),
        ("seconds", [f"{r.seconds:.2f}" for r in reports]),
        ("rows computed", [f"{r.evaluations:,}" for r in reports]),
        ("complete", ["yes" if r.complete else "no" for r in reports]),
    ]
    lines = [_row(rows[0], "th", "col"), *(_row(row, "td", "row") for row in rows[1:])]
    target = html.escape(visible(reports[0].target))
    caption = f"{_UNITS[reports[0].output]} of “{target}”"
    return (
        '<div style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums">'
        f"<caption>{caption}</caption>{''.join(lines)}</table></div>"
    )


def _row(row: tuple[str, list[str]], cell: str, scope: str) -> str:
    cells = "".join(f"<{cell}>{html.escape(entry)}</{cell}>" for entry in row[1])
    return f'<tr><th scope="{scope}">{html.escape(row[0])}</th>{cells}</tr>'


def _check_comparable(explanations: "list[shap.Explanation]") -> None:
    if not explanations:
        raise CourseError("0 explanations came, at least 1 is needed: explain a text.")
    reports = [explanation.report for explanation in explanations]
    if len({(r.text, r.target, r.unit, r.output) for r in reports}) > 1:
        raise CourseError(
            "The explanations differ in text, label, unit or output: explain one text "
            "with the same options and several methods."
        )
