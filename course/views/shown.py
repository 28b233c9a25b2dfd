"""What shows itself as plain text and as HTML, and the little Markdown of a card.

HTML without a script, a style sheet or a request; the page's own colours for text, in
light and in dark, and a coloured edge that repeats what a word says. All text is
escaped before anything else is done to it. Left out: pictures, and all of Markdown but
inline code, bold, emphasis, line breaks and paragraphs.
"""

import html
import os
import re
from dataclasses import dataclass

_CODE = re.compile(r"`([^`]*)`")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"\*(?=\S)([^*]+?)(?<=\S)\*")
_PLACE = "\x00"  # stands where code was; no page may hold one
GOOD, BAD, NEUTRAL = "#009e73", "#d55e00", "#0072b2"  # Okabe-Ito green, red, blue


@dataclass(frozen=True)
class Shown:
    """Something that shows itself: plain text in a terminal, HTML in a notebook.

    With `COURSE_TEXT=1` it is plain text everywhere.

    Attributes:
        text: For a terminal.
        html: For a notebook.

    Example:
        >>> Shown("Right.", "<p>Right.</p>")
        Right.
    """

    text: str
    html: str

    def __repr__(self) -> str:
        """Return the plain text."""
        return self.text

    def _repr_html_(self) -> str | None:
        return None if text_only() else self.html


def text_only() -> bool:
    """Whether the learner wants plain text: `COURSE_TEXT=1`."""
    return os.environ.get("COURSE_TEXT") == "1"


def render_line(line: str) -> Shown:
    """Show one line as it is: a note, or what a learner can put right.

    Args:
        line: Plain text.

    Example:
        >>> render_line("2 < 3").html.count("&lt;")
        1
    """
    return Shown(line, block(NEUTRAL, f"<p>{escape(line)}</p>"))


def markdown(text: str) -> str:
    """Turn the little Markdown of a card into HTML; everything is escaped first.

    Args:
        text: Markdown of which inline code, bold, emphasis, line breaks and paragraphs
            count.

    Example:
        >>> markdown("Is `<b>` **bold**?")
        '<p>Is <code style="white-space:pre-wrap">&lt;b&gt;</code>
        <strong>bold</strong>?</p>'
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{inline(part.strip())}</p>" for part in paragraphs)


def inline(text: str) -> str:
    """Turn Markdown of one paragraph into HTML without the paragraph.

    Args:
        text: As for `markdown`.

    Example:
        >>> inline("**two** *words*")
        '<strong>two</strong> <em>words</em>'
    """
    text, codes = _take_out_code(text)
    drawn = _BOLD.sub(r"<strong>\1</strong>", html.escape(text)).replace("\n", "<br>")
    drawn = _EMPHASIS.sub(r"<em>\1</em>", drawn)
    for code in codes:
        # Spaces are tokens too: they must not collapse.
        span = f'<code style="white-space:pre-wrap">{html.escape(code)}</code>'
        drawn = drawn.replace(_PLACE, span, 1)
    return drawn


def plain(text: str) -> str:
    """Return the little Markdown of a card as text: without stars, with backquotes.

    Example:
        >>> plain("Is `**` **bold**?")
        'Is `**` bold?'
    """
    text, codes = _take_out_code(text)
    text = _EMPHASIS.sub(r"\1", _BOLD.sub(r"\1", text))
    for code in codes:
        text = text.replace(_PLACE, f"`{code}`", 1)
    return text


def _take_out_code(text: str) -> tuple[str, list[str]]:
    """Text with a mark for each piece of code, in which stars are stars; the pieces."""
    text = _encodable(text).replace(_PLACE, "")
    return _CODE.sub(_PLACE, text), _CODE.findall(text)


def _encodable(text: str) -> str:
    """Write out what UTF-8 cannot express, of which no page can be made."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def escape(text: str) -> str:
    """Return plain text as HTML, also text that UTF-8 cannot express.

    Example:
        >>> escape("1 < 2")
        '1 &lt; 2'
    """
    return html.escape(_encodable(text))


def block(colour: str, body: str, *, label: str = "") -> str:
    """Return a section with a coloured edge.

    Args:
        colour: Of the edge; it may say nothing that no word says.
        body: HTML.
        label: Name of the section for a screen reader, plain text; default none.
    """
    name = f' aria-label="{escape(label)}"' if label else ""
    return (
        f'<section{name} style="border-left:.3em solid {colour};padding:0 0 0 .8em;'
        'margin:.6em 0;max-width:46em;line-height:1.45;overflow-wrap:anywhere">'
        f"{body}</section>"
    )
