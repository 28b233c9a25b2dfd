"""Feedback as text and HTML. Alone: pytest tests/course/views/test_shown.py."""

import pytest

from course.views.shown import (
    NEUTRAL,
    Shown,
    block,
    escape,
    inline,
    markdown,
    plain,
    render_line,
)

CODE = '<code style="white-space:pre-wrap">'


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("`<b>`", f"{CODE}&lt;b&gt;</code>"),
        ("` the`", f"{CODE} the</code>"),
        ("**bold** not", "<strong>bold</strong> not"),
        ("**<i>**", "<strong>&lt;i&gt;</strong>"),
        ("`**x**`", f"{CODE}**x**</code>"),
        ("**a `**` c**", f"<strong>a {CODE}**</code> c</strong>"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("a\x00b `\x00`", f"ab {CODE}</code>"),
        ("one ` alone", "one ` alone"),
        ("`a` and ` alone", f"{CODE}a</code> and ` alone"),
        ("a\nb", "a<br>b"),
        ("", ""),
        ("\ud800", r"\ud800"),
        ("`" * 2, f"{CODE}</code>"),
    ],
)
def test_inline(text, page):
    assert inline(text) == page
    inline(text).encode("utf-8")


def test_paragraphs():
    assert markdown("a\n\n b\n \n\nc") == "<p>a</p><p>b</p><p>c</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** `**code**`", "bold `**code**`"),
        ("**a `b` c**", "a `b` c"),
        ("<b>", "<b>"),
        ("\udfff", r"\udfff"),
    ],
)
def test_plain(text, shown):
    assert plain(text) == shown


def test_text_mode_has_no_html(monkeypatch):
    shown = Shown("text", "<p>page</p>")
    monkeypatch.delenv("COURSE_TEXT", raising=False)
    assert (repr(shown), shown._repr_html_()) == ("text", "<p>page</p>")
    monkeypatch.setenv("COURSE_TEXT", "1")
    assert (repr(shown), shown._repr_html_()) == ("text", None)


def test_a_line_and_a_label_are_escaped():
    assert "&lt;b&gt;" in render_line("<b>").html
    assert render_line("<b>").text == "<b>"
    assert 'aria-label="&quot;&lt;"' in block(NEUTRAL, "", label='"<')
    assert "aria-label" not in block(NEUTRAL, "")
    assert escape('"') == "&quot;"
