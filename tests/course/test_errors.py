"""Run alone: pytest tests/course/test_errors.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import CourseError, listed, one_line, unknown_name


def test_course_error_is_a_value_error():
    with pytest.raises(ValueError, match=r"^too few$"):
        raise CourseError("too few")


def test_unknown_name_suggests_the_nearest_and_lists_all():
    error = unknown_name("task", "sentimnet", ["spam", "sentiment"])
    assert str(error) == (
        "Unknown task 'sentimnet'. Did you mean 'sentiment'? Known: sentiment, spam."
    )


def test_unknown_name_suggests_nothing_that_is_far_off():
    assert "Did you mean" not in str(unknown_name("run", "x", ["sentiment"]))


def test_unknown_name_says_when_none_is_known():
    assert str(unknown_name("run", "x", [])).endswith("Known: none yet.")


@pytest.mark.parametrize("name", ["a\nb", "x" * 100_000, "\x1b[31mred"])
def test_unknown_name_stays_one_short_line(name):
    message = str(unknown_name("run", name, [f"run-{i}" for i in range(1000)]))
    assert message.isprintable()
    assert len(message) < 1000


def test_listed_counts_what_it_leaves_out():
    assert listed(["a", "b", "c"], most=1) == "a and 2 more"
    assert listed(["a", "b"], most=2) == "a, b"
    assert listed([]) == ""


@given(st.text(max_size=200), st.integers(min_value=1, max_value=50))
def test_one_line_is_printable_and_no_longer_than_asked(text, width):
    line = one_line(text, width)
    assert line.isprintable()
    assert len(line) == min(len(text), width)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=100))
def test_one_line_leaves_ordinary_text_as_it_is(text):
    assert one_line(text) == text
