"""Drawings. Alone: pytest tests/course/views/test_drawing.py."""

import dataclasses

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
        '<svg role="img" aria-label="a line"></svg>'
        "<p> aria-pressed=&quot;true&quot; data-pick=&quot;1&quot;</p>"
    )
    assert picture in Drawing(picture, "").html()


def test_a_drawing_does_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Drawing("", "").summary = "x"
