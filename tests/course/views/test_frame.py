"""One frame for all curves. Alone: pytest tests/course/views/test_frame.py."""

import re

from course.views.frame import HEIGHT, WIDTH, Curve, diamond, draw_frame, line

CURVE = Curve("<g/>", ("x < y", "up"), (0.25, 0.75), "A \ud83d caption.", top=2.0)


def test_the_handle_covers_the_frame_and_stands_at_the_knob():
    html = draw_frame(CURVE, "cost", 0.4)
    assert re.search(r'data-drag="threshold"[^>]*data-value="0.2500"', html)
    assert 'data-text="0.400"' in html
    assert "left:25.00%" in html
    inset = re.search(r"inset:([\d.]+)% ([\d.]+)% ([\d.]+)% ([\d.]+)%", html).groups()
    top, right, bottom, left = (float(share) / 100 for share in inset)
    assert round(top * HEIGHT) == 16
    assert round(WIDTH * (1 - left - right)) == 308
    assert round(HEIGHT * (1 - top - bottom)) == 198


def test_without_a_knob_there_is_no_handle():
    assert "data-" not in draw_frame(Curve("", ("x", "y"), None, ""), "cost", 0.4)


def test_axes_are_named_escaped_and_numbered_to_the_top():
    html = draw_frame(CURVE, "cost", 0.4)
    assert "x &lt; y" in html
    assert "\\ud83d caption" in html
    assert re.findall(r'text-anchor="end">([^<]*)<', html) == ["0", "1", "2"]


def test_equal_points_of_a_line_are_drawn_once():
    drawn = line([0, 0, 1], [0, 0, 1], "")
    assert drawn == '<polyline points="40,214 348,16" fill="none" />'
    assert diamond(0, 1).startswith('<path d="M40 9l')
