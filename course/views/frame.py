"""One frame with two axes and a handle, in which curves over a threshold are drawn.

The handle is HTML over the picture: as wide as a finger, and what it covers does not
change with where it stands. Left out: what the curves mean, see `course.views.curves`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from course.views.explanation import AGAINST
from course.views.shown import escape

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 16, 36  # margins of the frame


@dataclass(frozen=True)
class Curve:
    """What one of the curves looks like.

    Attributes:
        body: SVG inside the frame.
        axes: Names of both axes.
        knob: Where the present threshold is, x and y from 0 to 1; None without one.
        caption: One or two sentences, plain text.
        top: What the top of the frame stands for.
    """

    body: str
    axes: tuple[str, str]
    knob: tuple[float, float] | None
    caption: str
    top: float = 1.0


def x_of(share: float) -> float:
    """Return where a share of the frame's width is in the picture.

    Example:
        >>> x_of(0), x_of(1)
        (40, 348)
    """
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def y_of(share: float) -> float:
    """Return where a share of the frame's height, from below, is in the picture.

    Example:
        >>> y_of(0), y_of(1)
        (214, 16)
    """
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)


def line(xs: Iterable[float], ys: Iterable[float], style: str) -> str:
    """Draw a line through points.

    Args:
        xs: Shares of the width, 0 to 1.
        ys: Shares of the height, as many.
        style: Attributes of SVG.
    """
    points = dict.fromkeys((x_of(x), y_of(y)) for x, y in zip(xs, ys, strict=True))
    joined = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" {style}/>'


def diamond(x: float, y: float) -> str:
    """Draw a mark that no colour is needed to tell, at shares of the frame."""
    return (
        f'<path d="M{x_of(x)} {y_of(y) - 7}l6 7l-6 7l-6-7z" fill="{AGAINST}" '
        'stroke="currentColor"/>'
    )


def draw_frame(curve: Curve, name: str, threshold: float) -> str:
    """Put a curve into the frame, with axes and handle.

    Args:
        curve: What to draw.
        name: What it is called.
        threshold: The present one, 0 to 1, for who hears the handle.

    Returns:
        HTML; the handle is named "threshold".
    """
    ticks = "".join(
        f'<text x="{x_of(share)}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">'
        f"{share:g}</text>"
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    if name != "scores":
        ticks += "".join(
            f'<text x="{LEFT - 5}" y="{y_of(share) + 4}" text-anchor="end">'
            f"{share * curve.top:.2g}</text>"
            for share in (0, 0.5, 1)
        )
    bottom, side = (escape(axis) for axis in curve.axes)
    middle = (TOP + HEIGHT - BOTTOM) / 2
    return (
        f'<div style="position:relative;max-width:{WIDTH * 1.3:.0f}px">'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}: '
        f'{escape(curve.caption)}" style="display:block;width:100%" font-size="11" '
        'fill="currentColor">'
        f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" '
        f'stroke="currentColor" opacity=".6"/>{ticks}'
        f'<text x="{x_of(0.5)}" y="{HEIGHT - 5}" text-anchor="middle">{bottom}</text>'
        f'<text transform="translate(11 {middle}) rotate(-90)" text-anchor="middle">'
        f"{side}</text>{curve.body}</svg>{_handle(curve, threshold)}</div>"
    )


def _handle(curve: Curve, threshold: float) -> str:
    """The handle lies over the picture, as wide as a finger, and moves along it."""
    if curve.knob is None:
        return ""
    x, y = curve.knob
    inset = (
        f"{100 * TOP / HEIGHT:.2f}% {100 * RIGHT / WIDTH:.2f}% "
        f"{100 * BOTTOM / HEIGHT:.2f}% {100 * LEFT / WIDTH:.2f}%"
    )
    return (
        f'<div data-track style="position:absolute;inset:{inset};pointer-events:none">'
        f'<div data-drag="threshold" data-axis="x" data-value="{x:.4f}" '
        f'data-say="Threshold" data-text="{threshold:.3f}" style="position:absolute;'
        f"left:{100 * x:.2f}%;top:0;bottom:0;width:28px;margin-left:-14px;"
        'pointer-events:auto;cursor:ew-resize">'
        '<div style="position:absolute;left:13px;top:0;bottom:0;border-left:2px dashed '
        'currentColor"></div>'
        f'<div style="position:absolute;left:6px;top:calc({100 - 100 * y:.2f}% - 8px);'
        "width:16px;height:16px;box-sizing:border-box;border-radius:50%;"
        f'border:3px solid currentColor;background:{AGAINST}"></div></div></div>'
    )
