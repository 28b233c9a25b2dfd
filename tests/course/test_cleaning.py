"""Run alone: pytest tests/course/test_cleaning.py."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.cleaning import (
    collapse_whitespace,
    drop_duplicates,
    lowercase,
    normalise,
    strip_html,
)

# Few letters, so that equal texts come often.
ROWS = st.lists(
    st.tuples(st.text(alphabet="aA b.!\n", max_size=4), st.sampled_from("pn"))
)


def table(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["text", "label"])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br />b", "a b"),
        ("<p class='x'>a</p>", " a "),
        ("<!-- note -->a", " a"),
        ("3 < 5 and 5 > 3", "3 < 5 and 5 > 3"),
        ("I <3 you", "I <3 you"),
        ("&lt;b&gt; &eacute;", "<b> é"),
        ("<a" * 3, "<a<a<a"),
    ],
)
def test_strip_html_takes_tags_and_nothing_else(html, text):
    assert strip_html(html) == text


def test_collapse_whitespace_leaves_single_spaces():
    assert collapse_whitespace("\t a\u00a0\r\n b\u2028c ") == "a b c"


def test_lowercase():
    assert lowercase("FREE Entry") == "free entry"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Free  ENTRY!!", "free entry"),
        ("Straße", "STRASSE"),
        ("ﬁne", "fine"),  # a ligature
        ("ＦＲＥＥ²", "free2"),  # wide letters, a raised digit
        ("caf\u00e9", "cafe\u0301"),  # composed or not
        ("it's", "it s"),
    ],
)
def test_normalise_makes_equal(a, b):
    assert normalise(a) == normalise(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("good", "goods"),
        (":)", ":("),
        ("😀", "👎"),
        ("दिन", "दीन"),  # day, poor: they differ in a vowel sign alone
        ("cafe", "café"),
    ],
)
def test_normalise_keeps_apart(a, b):
    assert normalise(a) != normalise(b)


@pytest.mark.parametrize("text", ["", " \t\n", "\x1f"])
def test_normalise_of_nothing_is_empty(text):
    assert normalise(text) == ""


def test_drop_duplicates_keeps_the_first_in_order():
    kept = drop_duplicates(table(("B!", "p"), ("b", "p"), ("a", "n"), ("A.", "n")))
    assert kept.values.tolist() == [["B!", "p"], ["a", "n"]]
    assert kept.index.tolist() == [0, 1]


def test_drop_duplicates_drops_texts_with_two_labels():
    kept = drop_duplicates(table(("Odd", "p"), ("fine", "p"), ("odd!", "n")))
    assert kept["text"].tolist() == ["fine"]


def test_drop_duplicates_of_no_rows_is_no_rows():
    assert drop_duplicates(table()).empty


@given(ROWS)
def test_drop_duplicates_leaves_no_two_texts_the_same(rows):
    kept = drop_duplicates(table(*rows))
    keys = kept["text"].map(normalise).tolist()
    assert len(set(keys)) == len(keys)
    assert "" not in keys


@given(ROWS)
def test_drop_duplicates_drops_only_what_it_must(rows):
    kept = set(drop_duplicates(table(*rows))["text"].map(normalise))
    labels = {}
    for text, label in rows:
        labels.setdefault(normalise(text), set()).add(label)
    assert kept == {key for key, seen in labels.items() if key and len(seen) == 1}
