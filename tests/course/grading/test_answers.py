"""Alone: pytest tests/course/grading/test_answers.py."""

import pytest

from course.grading.answers import (
    LONGEST_MESSAGE,
    AnswerError,
    NotAttempted,
    NotDefined,
    StudentError,
    words_of,
)


class MuteError(Exception):
    def __str__(self):
        raise self


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotAttempted("02.1"), "exercise 02.1 is not attempted yet"),
        (NotDefined("double"), "double is not defined"),
        (StudentError("KeyError", "'a'"), "KeyError: 'a'"),
        (StudentError("AssertionError", ""), "AssertionError"),
    ],
)
def test_answers_say_what_happened(error, words):
    assert isinstance(error, AnswerError)
    assert words_of(error) == str(error) == words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError(), ""),
        (ValueError("a\n\tb\x1b[31m"), "a b [31m"),
        (ValueError("\ud800"), " "),
        (MuteError(), "its message cannot be shown"),
        (KeyboardInterrupt("x"), "x"),
    ],
)
def test_words_are_one_line_that_can_be_printed(error, words):
    assert words_of(error) == words
    words_of(error).encode("utf-8")


@pytest.mark.parametrize("text", ["a" * 10**6, "a " * 10**6, "\n" * 10**6 + "b"])
def test_words_are_not_too_long(text):
    assert len(words_of(ValueError(text))) <= LONGEST_MESSAGE
