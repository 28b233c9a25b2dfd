"""A quiz as text. Alone: pytest tests/course/lessons/test_quiz.py."""

import subprocess
import sys

import pytest
from tiny_cards import EVIL, installed

from course.lessons.questions import Quiz, choices
from course.lessons.quiz import ask, quiz, show_questions
from course.lessons.storage import load


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as file:
        yield file


def right_letters(lesson):
    return [
        next(choice.letter for choice in choices(question) if choice.right)
        for question in Quiz(lesson).questions
    ]


def test_all_questions_are_shown_without_their_answers():
    shown = quiz("02")
    text = repr(shown)
    assert text.startswith("Quiz 02: Title 02\n")
    assert text.count("Question ") == 6
    assert "Question 1 of 6 (02.q1). Which?" in text
    assert "Why" not in text
    assert "right" not in text
    assert 'quiz("02", "b a ...")' in text
    assert "<script" not in shown._repr_html_()
    assert f"`{EVIL}` print?" in text
    for choice in choices(Quiz("02").questions[0]):
        assert f"  {choice.letter}) {choice.text}" in text


@pytest.mark.parametrize("form", ["{}", " ".join, ",".join, "".join, str.upper])
def test_answers_in_a_call(form):
    letters = right_letters("02")
    if form == "{}":
        answers = dict(zip([q.id for q in Quiz("02").questions], letters, strict=True))
    elif form is str.upper:
        answers = " ".join(letters).upper()
    else:
        answers = form(letters)
    score = quiz("02", answers)
    assert (score.right, score.answered, score.total) == (6, 6, 6)
    assert score.sentence == "6 of 6 right."


def test_a_dash_skips_and_the_rest_may_be_left_out():
    score = quiz("02", f"- {right_letters('02')[1]}")
    assert (score.right, score.answered) == (1, 1)
    assert list(load()["lessons"]["02"]["questions"]) == ["02.q2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("02", "a b x"), "'x' came as the answer to 02.q3; a letter from a to e"),
        (("02", "aaaaaaa"), "7 answers came to 6 questions"),
        (("02", 3), "3 came as answers; letters in quotation marks"),
        (("02", {"02.q9": "a"}), "Unknown question '02.q9'"),
        (("03",), "Unknown lesson '03'"),
        ((2,), '2 came, a lesson in quotation marks was expected: write "02".'),
    ],
)
def test_a_learners_mistake_is_one_line_and_records_nothing(arguments, message):
    shown = quiz(*arguments)
    assert message in repr(shown)
    assert "\n" not in repr(shown)
    assert not load()["lessons"].get("02", {}).get("questions")


# --- In a terminal ------------------------------------------------------------------


def reader(*lines):
    """Stands in for `input`; the end of the input after the last line."""
    lines = iter(lines)

    def read(prompt):
        assert "q to stop" in prompt
        line = next(lines, None)
        if line is None:
            raise EOFError
        return line

    return read


def test_questions_are_asked_one_by_one(capsys):
    letters = right_letters("01")
    score = ask("01", reader(letters[0], "", "x", letters[2].upper(), "q"))
    out = capsys.readouterr().out
    assert (score.right, score.answered, score.total) == (2, 2, 5)
    assert out.count("\nQuestion ") == 4
    assert "'x' came as the answer to 01.q3" in out
    assert "Question 1 of 5 (01.q1): Right." not in out
    assert "01.q1: Right." in out
    assert out.endswith("2 of 2 right, 3 not answered yet.\n")


def test_the_end_of_the_input_ends_the_quiz(capsys):
    assert ask("01", reader()).answered == 0
    assert capsys.readouterr().out.count("\nQuestion ") == 1


def test_an_unknown_lesson_is_one_line():
    assert "Unknown lesson '03'" in repr(ask("03", reader()))


def test_input_is_read_where_nothing_else_is_given(tmp_path):
    code = (
        "from pathlib import Path\n"
        "from course.lessons import catalogue, quiz\n"
        f"catalogue.CARDS = Path({str(tmp_path / 'cards')!r})\n"
        "quiz.ask('01')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="a\nq\n", capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "Question 2 of 5" in done.stdout


def test_showing_loads_nothing_heavy():
    code = (
        "import sys, course.lessons.quiz, course.lessons.predictions\n"
        "heavy = {'numpy', 'torch', 'ipywidgets', 'IPython', 'shap', 'pandas'}\n"
        "print(*heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_how_to_answer_is_said_once():
    assert repr(show_questions(Quiz("01"))).count("To answer") == 1
