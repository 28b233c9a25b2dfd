"""Explanations as HTML. Alone: pytest tests/course/views/test_explanation.py."""

import re

import numpy as np
import pytest
import shap
from html_reader import Reader

from course.errors import CourseError
from course.explanation import ExplanationReport
from course.views.explanation import (
    AGAINST,
    FOR,
    STRONGEST,
    render_explanation,
    render_methods,
    render_page,
    signed,
    summarise,
    visible,
)

WORDS = ["The ", "gorgeous ", "film ", "isn't ", "dull", "."]
VALUES = [0.0, 2.5, -0.004, -1.25, 0.5, 0.1]
EVIL = ['<script>alert("x")</script>', "&", '"', "'", "\ud800", "\x00\x1b", "\u202eabc"]

# Text and page of the hosts: a plain page, Gradio's and JupyterLab's themes.
PAGES = {
    "plain light": ("#000000", "#ffffff"),
    "plain dark": ("#ffffff", "#121212"),
    "Gradio light": ("#27272a", "#ffffff"),
    "Gradio dark": ("#f4f4f5", "#27272a"),
    "JupyterLab light": ("#212121", "#ffffff"),
    "JupyterLab dark": ("#ffffff", "#111111"),
}


def make_explanation(words=WORDS, values=VALUES, **changes):
    fields = {
        "method": "partition",
        "target": "positive",
        "output": "log_odds",
        "unit": "word",
        "prediction": 0.87,
        "evaluations": 132,
        "cache_hits": 0,
        "complete": True,
        "additivity_gap": 0.0,
        "seconds": 0.25,
        "truncated": False,
        "masked_with": "[MASK]",
        "note": "",
        "text": "".join(words),
    }
    explanation = shap.Explanation(
        np.array(values, dtype=float),
        base_values=0.25,
        data=np.array(words, dtype=object) if words else [],
        feature_names=[word.strip() or word for word in words],
    )
    explanation.output_names = fields["target"]
    explanation.report = ExplanationReport(**(fields | changes))
    return explanation


def luminance(colour):
    """Relative luminance by WCAG 2, of an RGB triple from 0 to 1."""
    linear = np.where(
        colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4
    )
    return float(linear @ [0.2126, 0.7152, 0.0722])


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def test_words_stand_in_order_each_with_sign_and_number():
    page = render_explanation(make_explanation())
    found = re.findall(r"<span style=[^>]*>(.*?)<br><small>(.*?)</small></span>", page)
    assert found == [
        ("The", "0.00"),
        ("gorgeous", "+2.50"),
        ("film", "0.00"),
        ("isn&#x27;t", "−1.25"),  # noqa: RUF001
        ("dull", "+0.50"),
        (".", "+0.10"),
    ]


def test_hue_is_the_sign_and_strength_the_value():
    page = render_explanation(make_explanation())
    colours = re.findall(r"background:(#\w+)", page)
    assert colours[1] == f"{FOR}{STRONGEST:02x}"
    assert colours[3] == f"{AGAINST}{STRONGEST // 2:02x}"
    assert colours[0] == f"{FOR}00"


def test_table_holds_the_same_figures():
    page = render_explanation(make_explanation())
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", page)
    spans = re.findall(r"<span style=[^>]*>(.*?)<br><small>(.*?)</small></span>", page)
    assert rows == spans


def test_arithmetic_adds_up():
    page = render_explanation(make_explanation())
    assert "+0.25 (all words masked) +1.85 (sum of the words) = <b>+2.10</b>" in page
    assert "off the model" not in page


def test_gap_note_and_incompleteness_are_shown():
    page = render_explanation(
        make_explanation(additivity_gap=0.3, complete=False, note="the budget was <5")
    )
    assert "0.30 off the model's own output" in page
    assert "Not complete. The budget was &lt;5." in page


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", [FOR, AGAINST])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_text_keeps_its_contrast_in_light_and_dark(page, colour, share):
    text, background = PAGES[page]
    opacity = share * STRONGEST / 255
    behind = opacity * rgb(colour) + (1 - opacity) * rgb(background)
    lights = sorted([luminance(behind), luminance(rgb(text))])
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def test_nothing_is_fetched_run_or_styled_from_outside():
    page = render_page(make_explanation(), title="A title")
    reader = Reader(page)
    assert not {"script", "style", "link", "img", "iframe"} & set(reader.tags)
    names = {name for name, _ in reader.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not {"href", "src"} & names
    assert "http" not in page
    assert "url(" not in page
    assert "<h4>A title</h4>" in page


def test_twenty_words_take_less_than_five_kilobytes():
    words = [f"exemplary{i} " for i in range(20)]
    explanation = make_explanation(words, np.linspace(-2, 2, 20))
    assert len(render_explanation(explanation).encode()) < 5000


@pytest.mark.parametrize("draw", [render_explanation, render_page, summarise])
def test_evil_texts_are_shown_and_do_nothing(draw):
    values = np.linspace(-1, 1, len(EVIL))
    explanation = make_explanation(EVIL, values, target="<b>", note='"<i>"')
    for rotation in range(len(EVIL)):  # each is the strongest word once
        explanation.values = np.roll(values, rotation)
        page = draw(explanation)
        page.encode("utf-8")  # lone surrogates would raise
        assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", page)
        if draw is not summarise:
            assert not {"script", "b>", "i"} & set(Reader(page).tags)
            assert "<script" not in page


def test_evil_texts_are_escaped_in_the_table_of_methods():
    page = render_methods([make_explanation(EVIL, range(len(EVIL)), target="<b>")])
    page.encode("utf-8")
    assert not {"script", "b"} & set(Reader(page).tags)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  word ", "word"),
        ("", "␣"),
        (" \n", "␣"),
        ("a\tb", "a b"),
        ("a\x00b\x7f", "a␀b\ufffd"),
        ("\ud800", "\ufffd"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("\u202eabc", "\ufffdabc"),
        ("x" * 100, "x" * 39 + "…"),
    ],
)
def test_visible_shows_what_is_there(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.005, "+1.00"), (-1.5, "−1.50"), (-0.004, "0.00"), (0.0, "0.00")],  # noqa: RUF001
)
def test_signed_always_shows_a_sign_but_for_zero(value, text):
    assert signed(value) == text


def test_summary_names_label_probability_and_both_ends():
    assert summarise(make_explanation()) == (
        "“positive” has probability 0.87; most for it speaks “gorgeous” (+2.50); most "
        "against it “isn't” (−1.25)."  # noqa: RUF001
    )


def test_summary_leaves_out_the_side_that_nothing_speaks_for():
    sentence = summarise(make_explanation(["good"], [1.0]))
    assert "against" not in sentence


def test_text_without_words_has_a_picture_too():
    explanation = make_explanation([], [])
    assert "there is no word to explain" in summarise(explanation)
    Reader(render_explanation(explanation))


def test_methods_stand_side_by_side_with_time_and_gap():
    lime = make_explanation(values=[0.1] * 6, method="lime", additivity_gap=0.2)
    page = render_methods([make_explanation(), lime])
    Reader(page)
    assert '<th scope="col">word</th><th>partition</th><th>lime</th>' in page
    row = '<th scope="row">gorgeous</th><td>+2.50</td><td>+0.10</td>'
    assert row in page
    assert '<th scope="row">gap to the output</th><td>0.000</td><td>0.200</td>' in page
    assert '<th scope="row">seconds</th><td>0.25</td><td>0.25</td>' in page


@pytest.mark.parametrize("change", [{"text": "other"}, {"target": "negative"}])
def test_methods_of_different_things_are_refused(change):
    with pytest.raises(CourseError, match="differ in text, label, unit or output"):
        render_methods([make_explanation(), make_explanation(**change)])


def test_no_explanation_to_lay_side_by_side_is_refused():
    with pytest.raises(CourseError, match="0 explanations came"):
        render_methods([])


def test_picture_is_coloured_and_wraps_in_a_browser(browser):
    """In a narrow window, light and dark; the strongest word keeps its colour."""
    words = [f"wörd{i} " for i in range(30)] + ["x" * 300]
    page_html = render_page(make_explanation(words, np.linspace(-2, 2, 31)))
    for scheme in ("light", "dark"):
        page = browser.new_page(
            viewport={"width": 390, "height": 800}, color_scheme=scheme
        )
        page.set_content(page_html)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        last = page.locator("section span").last
        colour = last.evaluate("e => getComputedStyle(e).backgroundColor")
        assert re.fullmatch(r"rgba\(0, 114, 178, 0\.50?2?\)", colour)  # versions round
        text = last.evaluate("e => getComputedStyle(e).color")
        assert text == ("rgb(0, 0, 0)" if scheme == "light" else "rgb(255, 255, 255)")
        page.close()
