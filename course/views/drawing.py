"""What a view hands to its host: a picture, a sentence that says the same, a table.

The picture is HTML or SVG without a script, so that it also stands in a page that runs
none. Where a host has a script (widgets do, and the demo can), marks in it become
interactive; without one they mean nothing:

    data-link="c3 c4"   pointing at a part lights all parts that share one of its names
    data-say="un, 403"  what is said of the part when it or its like is pointed at
    data-pick="7"       the part can be chosen, by click, Enter or Space
    data-drag="top_p"   a handle, with data-value from 0 to 1 along its data-axis (x, y)
                        within the nearest data-track, moved by pointer or arrow keys;
                        data-say is its name, data-text its value in words, data-step
                        the way of one arrow key if it is not 0.01
    aria-pressed="true" this data-pick is the chosen one: the Tab key comes to it first

A part gets its role and, from data-say, its name there; so cells and rows of a table
hold parts (a span) and are none. Left out: drawing, which is each view's, and hosts.
"""

import base64
import re
from dataclasses import dataclass

from course.views.shown import escape

_PART = re.compile(r'<[^<>]*\sdata-(?:pick|drag)="[^<>]*>')
_STATE = re.compile(r'\saria-(?:pressed|label)="[^"]*"')
_MARK = re.compile(r'\sdata-[a-z]+(?:="[^"]*")?(?=[\s/>])')
_STYLE = re.compile(r'\sstyle="([^"]*)"')
_SVG = re.compile(r"<svg\b([^<>]*>)(.*?</svg>)", re.DOTALL)


@dataclass(frozen=True)
class Drawing:
    """A picture with its equals for who does not see it.

    Attributes:
        picture: HTML; no script, no style sheet, no request; all data in it escaped.
        summary: One sentence, plain text, that says what the picture shows now.
        table: HTML of a `<table>` with the same facts, or "".

    Example:
        >>> Drawing("<b>2</b>", "There are 2.", "").html()
        '<section aria-label="There are 2."><b>2</b><p>There are 2.</p></section>'
    """

    picture: str
    summary: str
    table: str = ""

    def html(self) -> str:
        """Return all of it as one static `<section>`."""
        sentence = escape(self.summary)
        # Without a script a part is no button, and nothing that is none is pressed.
        picture = _PART.sub(lambda tag: _STATE.sub("", tag.group()), self.picture)
        picture = _SVG.sub(_as_image, picture)
        table = self.table
        if table:
            table = f"<details><summary>As a table</summary>{table}</details>"
        return (
            f'<section aria-label="{sentence}">{picture}<p>{sentence}</p>{table}'
            "</section>"
        )


def _as_image(svg: re.Match[str]) -> str:
    """Return a drawing as an image: notebooks that are not trusted show no inline SVG.

    An image knows neither the page's colours nor its font, so it brings its own paper;
    one that lies over something else is see-through, and its lines are of middle grey.
    """
    tag, rest = (_MARK.sub("", part) for part in svg.groups())
    style = "".join(_STYLE.findall(tag))
    tag = _STYLE.sub("", tag)
    lies_over = "absolute" in style
    own = "" if lies_over else ' style="background:#fff"'
    given = {
        "xmlns": "http://www.w3.org/2000/svg",
        "color": "#777" if lies_over else "#111",
        "font-family": "system-ui, sans-serif",
        "font-size": "14",
    }
    # An image with an attribute twice is none at all.
    own += "".join(f' {k}="{v}"' for k, v in given.items() if f"{k}=" not in tag)
    data = base64.b64encode(f"<svg{own}{tag}{rest}".encode()).decode()
    source = f"data:image/svg+xml;base64,{data}"
    return f'<img alt="" style="max-width:100%;{style}" src="{source}"/>'
