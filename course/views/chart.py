"""Axes for small line charts in SVG, without a library.

Lines have the page's own colour where they frame, and one of Okabe and Ito's where they
show. Left out: what is drawn, and everything but straight axes.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course.views.shown import escape

MOST_POINTS = 400  # of a line: more could not be told apart
_RIGHT, _BOTTOM = 12, 30


@dataclass(frozen=True)
class Chart:
    """A frame with two linear axes.

    Attributes:
        width: In units of the drawing, which is scaled to its place.
        height: The same.
        x_range: Lowest and highest value on the axis to the right.
        y_range: The same, upwards.
        left: Width of the place for the upward axis' numbers.
        top: Place of the upper edge.

    Example:
        >>> chart = Chart(100, 80, (0, 10), (0, 1), left=40)
        >>> chart.x(10), chart.y(0)
        (88.0, 50.0)
    """

    width: int
    height: int
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    left: int = 46
    top: int = 10

    def x(self, value: float) -> float:
        """Return the place of a value on the axis to the right."""
        low, high = self.x_range
        inner = self.width - self.left - _RIGHT
        return self.left + inner * (value - low) / ((high - low) or 1)

    def y(self, value: float) -> float:
        """Return the place of a value on the upward axis."""
        low, high = self.y_range
        floor = self.height - _BOTTOM
        return floor - (floor - self.top) * (value - low) / ((high - low) or 1)

    @property
    def floor(self) -> int:
        """Place of the lower edge."""
        return self.height - _BOTTOM

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, style: str = ""
    ) -> str:
        """Return a line through points.

        Args:
            points: (x, y) from left to right; of very many, some are left out.
            colour: Of the line.
            style: Further CSS.
        """
        every = -(-len(points) // MOST_POINTS) or 1
        kept = [*points[:-1:every], *points[-1:]]
        places = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in kept)
        return (
            f'<polyline points="{places}" style="fill:none;stroke:{colour};'
            f'stroke-width:2;stroke-linejoin:round;{style}"/>'
        )

    def frame(self, x_label: str) -> str:
        """Return the axes with their numbers; plain text below."""
        parts = []
        for value in ticks(*self.y_range, self.height // 50):
            y = self.y(value)
            parts.append(
                f'<path d="M{self.left} {y:.1f}H{self.width - _RIGHT}" style="stroke:'
                'currentColor;stroke-opacity:.18"/><text x="'
                f'{self.left - 6}" y="{y + 4:.1f}" text-anchor="end">'
                f"{short(value)}</text>"
            )
        for value in ticks(*self.x_range, self.width // 90):
            parts.append(
                f'<text x="{self.x(value):.1f}" y="{self.floor + 15}" '
                f'text-anchor="middle">{value:g}</text>'
            )
        parts.append(
            f'<path d="M{self.left} {self.floor}H{self.width - _RIGHT}" '
            'style="stroke:currentColor;stroke-opacity:.6"/>'
            f'<text x="{self.width - _RIGHT}" y="{self.height - 2}" '
            f'text-anchor="end">{escape(x_label)}</text>'
        )
        return "".join(parts)

    def svg(self, parts: Iterable[str], label: str, marks: str = "") -> str:
        """Return the drawing.

        Args:
            parts: What stands in it.
            label: Its name for a screen reader, plain text.
            marks: Attributes of the `<svg>`.
        """
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" role="group" {marks} '
            f'aria-label="{escape(label)}" font-size="12" fill="currentColor" '
            f'style="width:100%;height:auto;display:block">{"".join(parts)}</svg>'
        )


def ticks(low: float, high: float, count: int) -> list[float]:
    """Return round numbers from low to high, about so many.

    Example:
        >>> ticks(0, 10, 4)
        [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    if not high > low:
        return [low]
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * f for f in (1, 2, 5, 10) if rough <= power * f * 1.5)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def short(value: float) -> str:
    """Return a number of an axis in few characters.

    Example:
        >>> short(0.25), short(0.00015)
        ('0.25', '1.5e-4')
    """
    text = f"{value:.4g}"
    if len(text) <= 6:
        return text
    digits, _, exponent = f"{value:.2g}".partition("e")
    if not exponent:
        digits, _, exponent = f"{value:.1e}".replace(".0e", "e").partition("e")
    return f"{digits}e{int(exponent)}"


def span(values: Iterable[float], zero: bool = False) -> tuple[float, float]:
    """Return a range that holds all values with a little room; (0, 1) for none.

    Args:
        values: What is to be drawn.
        zero: Whether it begins at 0.

    Example:
        >>> span([1.0, 2.0], zero=True)
        (0.0, 2.1)
    """
    values = list(values)
    if not values:
        return 0.0, 1.0
    low, high = (0.0 if zero else min(values)), max(values)
    room = 0.05 * (high - low) or abs(high) * 0.1 or 1.0
    return (low if zero else low - room), high + room
