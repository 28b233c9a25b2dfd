"""A whole page of what grading found: its frame, its style sheet, its words and signs.

It stands alone in a file: no script, no request, light and dark as the reader has it,
and legible on a telephone and on paper. Whatever comes from a submission goes through
`safe` or `rich`, which bound and escape it. Left out: what the pages say, see
`course.views.marks` and `course.views.class_report`.
"""

import re

from course.views.shown import BAD, GOOD, NEUTRAL, escape, inline

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
# What turns writing round, hides in it or controls a terminal; spaces and ends of lines
# are none of it.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb]"
)
_TAG = re.compile("<(/?)(code|strong|em)")
# Status -> sign, words, colour; sign and words alone say it too.
STATUSES = {
    "passed": ("✓", "passed", GOOD),
    "partial": ("◐", "partly passed", NEUTRAL),
    "failed": ("✗", "failed", BAD),
    "not_attempted": ("○", "not attempted", NEUTRAL),
    "error": ("!", "error", BAD),
    "timeout": ("◷", "out of time", BAD),
    "memory": ("▦", "out of memory", BAD),
    "crashed": ("⊘", "crashed", BAD),
    "missing": ("?", "missing", NEUTRAL),
    "fault": ("⚑", "our fault", NEUTRAL),
}
_STYLE = f"""
:root {{ color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #1c2024;
  --soft: #565f69; --line: #d9dde2; --good: {GOOD}; --bad: {BAD}; --info: {NEUTRAL} }}
@media (prefers-color-scheme: dark) {{ :root {{ --page: #14171a; --card: #1d2125;
  --text: #e9ebee; --soft: #a9b2bc; --line: #3a4149; --info: #56b4e9 }} }}
* {{ box-sizing: border-box }}
body {{ margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }}
main {{ max-width: var(--wide, 48rem); margin: 0 auto; padding: 1.5rem 1rem 4rem }}
h1 {{ font-size: 1.6rem; line-height: 1.25; margin: 0 0 .3rem }}
h2 {{ font-size: 1.15rem; line-height: 1.35; margin: 0 0 .6rem }}
h3 {{ font-size: 1rem; margin: 1.2rem 0 .4rem }}
p, ul, ol {{ margin: .4rem 0 }} ul, ol {{ padding-left: 1.3rem }}
code {{ font: .9em/1.45 ui-monospace, Menlo, Consolas, monospace }}
small, .soft {{ color: var(--soft); font-size: .9rem }}
.card {{ background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1rem 1.2rem; margin: 1rem 0 }}
.edge {{ border-left: .35rem solid var(--edge) }}
.head {{ display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline }}
.head > :first-child {{ flex: 1 1 14rem }} .head h2 {{ margin: 0 }}
.points {{ font-variant-numeric: tabular-nums; white-space: nowrap }}
.badge {{ display: inline-block; border: 1px solid var(--edge); border-radius: 1rem;
  padding: 0 .6rem; font-size: .875rem; white-space: nowrap;
  background: color-mix(in srgb, var(--edge) 14%, transparent) }}
.sign {{ font-weight: 700 }}
.bar {{ height: .7rem; border-radius: .35rem; overflow: hidden;
  background: color-mix(in srgb, var(--soft) 25%, transparent) }}
.bar > i {{ display: block; height: 100%; background: var(--edge, var(--good)) }}
summary {{ cursor: pointer; padding: .15rem 0 }}
summary:focus-visible, [tabindex]:focus-visible {{ outline: 3px solid var(--info);
  outline-offset: 2px; border-radius: .2rem }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0 }}
.number {{ text-align: right; white-space: nowrap }}
@media (max-width: 30rem) {{ main {{ padding: .8rem .6rem 3rem }}
  .card {{ padding: .8rem .8rem }} h1 {{ font-size: 1.35rem }} }}
@media print {{ body {{ background: none; font-size: 11pt }} main {{ max-width: none }}
  .card {{ break-inside: avoid-page }} .scroll {{ max-height: none !important }}
  * {{ print-color-adjust: exact }} }}
"""


def clean(text: str, most: int) -> str:
    r"""Return plain text of at most so many characters, with nothing hidden in it.

    Args:
        text: From anywhere; what turns writing round or controls it is written out.
        most: Characters that are kept, from 1.

    Example:
        >>> clean("spam\u202egnp.exe", 99), clean("1234", 3)
        ('spam\\u202egnp.exe', '12…')
    """
    text = text if len(text) <= most else text[: most - 1] + "…"
    return _INVISIBLE.sub(lambda found: ascii(found.group())[1:-1], text)


def safe(text: str, most: int = 200) -> str:
    """Return text as HTML that keeps its direction to itself, bounded and escaped.

    Args:
        text: Plain, from anywhere.
        most: Characters that are kept.

    Example:
        >>> safe("<b>")
        '<bdi>&lt;b&gt;</bdi>'
    """
    return f"<bdi>{escape(clean(text, most))}</bdi>"


def rich(text: str, most: int = 600) -> str:
    """Return the little Markdown of `course.views.shown` as HTML, bounded and escaped.

    Args:
        text: Markdown of one paragraph.
        most: Characters that are kept.
    """
    text = clean(text, most)
    drawn = inline(text)
    # Stars beyond reason close in another order than they open.
    return f"<bdi>{drawn if _is_nested(drawn) else escape(text)}</bdi>"


def _is_nested(drawn: str) -> bool:
    opened = []
    for end, tag in _TAG.findall(drawn):
        if not end:
            opened.append(tag)
        elif opened.pop() != tag:
            return False
    return True


def number(value: float) -> str:
    """Return points with as few digits as they need, two behind the point at most.

    Example:
        >>> number(2.0), number(1 / 3), number(-0.001)
        ('2', '0.33', '0')
    """
    return f"{round(value, 2) + 0:.2f}".rstrip("0").rstrip(".")


def duration(minutes: int) -> str:
    """Return minutes in words.

    Example:
        >>> duration(5), duration(90), duration(1500)
        ('5 min', '1 h 30 min', '1 d 1 h')
    """
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (0 if days else minutes, "min")]
    return " ".join(f"{n:,} {unit}" for n, unit in parts if n) or "0 min"


def colour(status: str) -> str:
    """Return the style that gives an element a status's colour, as `--edge`."""
    named = {GOOD: "good", BAD: "bad", NEUTRAL: "info"}
    return f"--edge:var(--{named[STATUSES[status][2]]})"


def badge(status: str, n: int | None = None) -> str:
    """Return a status as sign, words and colour.

    Args:
        status: One of `STATUSES`.
        n: How many there are of it; None if that is no matter.
    """
    sign, words, _ = STATUSES[status]
    words += "" if n is None else f" <strong>{n}</strong>"
    return (
        f'<span class="badge" style="{colour(status)}"><span class="sign" '
        f'aria-hidden="true">{sign}</span> {words}</span>'
    )


def bar(share: float, label: str, style: str = "") -> str:
    """Return a bar that is filled to a share.

    Args:
        share: 0 to 1; more and less are cut.
        label: What it says, plain text.
        style: CSS.
    """
    width = 100 * min(1.0, max(0.0, share))
    return (
        f'<div class="bar" role="img" aria-label="{escape(label)}" style="{style}">'
        f'<i style="width:{width:.1f}%"></i></div>'
    )


def render_page(title: str, body: str, style: str = "") -> str:
    """Return a complete page.

    Args:
        title: Plain text.
        body: HTML.
        style: CSS beside the sheet that all pages share.
    """
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(clean(title, 120))}</title>\n"
        f"<style>{_STYLE}{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
