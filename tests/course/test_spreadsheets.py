"""Text that no spreadsheet computes: pytest tests/course/test_spreadsheets.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.spreadsheets import guarded, unguarded


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_formulas_are_disarmed(text):
    assert guarded(text) == f"'{text}"


@given(st.text())
def test_any_text_comes_back_and_begins_no_formula(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
