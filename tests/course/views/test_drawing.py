"""Drawings. Alone: pytest tests/course/views/test_drawing.py."""

import base64
import dataclasses
import re
from xml.etree import ElementTree

import pytest

from course.views.drawing import Drawing


def test_all_of_it_in_one_section():
    table = "<table><tr><td>2</td></tr></table>"
    assert Drawing("<b>2</b>", "There are 2.", table).html() == (
        '<section aria-label="There are 2."><b>2</b><p>There are 2.</p>'
        f"<details><summary>As a table</summary>{table}</details></section>"
    )


def test_no_table_no_fold():
    assert "<details>" not in Drawing("<b>2</b>", "There are 2.").html()


def test_the_sentence_is_text():
    page = Drawing("", '<script>"x"</script> \ud83d').html()
    assert "<script>" not in page
    assert 'aria-label="&lt;script&gt;&quot;x&quot;&lt;/script&gt; \\ud83d"' in page
    page.encode()


def test_without_a_script_a_part_is_no_button():
    picture = (
        '<span data-pick="1" aria-pressed="true" data-say="a" aria-label="a">a</span>'
        '<span aria-label="x" data-drag="t" class="c">|</span>'
    )
    assert (
        Drawing(picture, "")
        .html()
        .startswith(
            '<section aria-label=""><span data-pick="1" data-say="a">a</span>'
            '<span data-drag="t" class="c">|</span>'
        )
    )


def test_other_names_and_what_a_text_says_stay():
    picture = (
        '<div role="img" aria-label="a line"></div>'
        "<p> aria-pressed=&quot;true&quot; data-pick=&quot;1&quot;</p>"
    )
    assert picture in Drawing(picture, "").html()


def test_a_drawing_does_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Drawing("", "").summary = "x"


def test_inline_svg_becomes_an_image_that_brings_its_paper():
    """JupyterLab takes inline SVG out of a notebook that is not trusted."""
    svg = '<svg viewBox="0 0 9 9" style="width:50%"><text>1 &lt; 2</text></svg>'
    page = Drawing(f"<p>before</p>{svg}<p>after</p>", "").html()
    assert "<svg" not in page
    (style, data) = re.findall(
        r'<img alt="" style="([^"]*)" src="data:[^,]*,(.*?)"/>', page
    )[0]
    assert "width:50%" in style
    image = base64.b64decode(data).decode()
    root = ElementTree.fromstring(image)  # an image must be whole XML
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("style") == "background:#fff"
    assert root.get("color") == "#111"
    assert "1 &lt; 2" in image


def test_svg_that_lies_over_something_stays_see_through():
    svg = '<svg style="position:absolute;left:0"><path d="M0,0"/></svg>'
    page = Drawing(svg, "").html()
    assert "position:absolute;left:0" in page
    image = base64.b64decode(re.findall(r"base64,(.*?)\"", page)[0]).decode()
    assert "#fff" not in image
