"""The logic of a quiz. Alone: pytest tests/course/lessons/test_questions.py."""

import pytest
from tiny_cards import installed, make_question

from course.errors import CourseError
from course.lessons import progress, questions, storage
from course.lessons.questions import Quiz, choices, draw


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as file:
        yield file


def right_letter(question):
    return next(choice.letter for choice in choices(question) if choice.right)


def wrong_letter(question):
    return next(choice.letter for choice in choices(question) if not choice.right)


def answered(monkeypatch, at, name, right):
    monkeypatch.setattr(progress, "now", lambda: at)
    progress.record_answers([(name, "x", right)])


# --- Options ------------------------------------------------------------------------


def test_options_have_an_order_of_their_own_and_keep_it():
    places = [right_letter(make_question(f"02.q{n}")) for n in range(200)]
    assert places == [right_letter(make_question(f"02.q{n}")) for n in range(200)]
    # Each of four places has 50 of 200, give or take five standard deviations.
    assert all(20 < places.count(letter) < 80 for letter in "abcd")


def test_options_are_all_there_with_their_letters():
    question = make_question("02.q1", options=5)
    made = choices(question)
    assert [choice.letter for choice in made] == list("abcde")
    assert {choice[1:] for choice in made} == {
        (option.text, option.why, option.right) for option in question.options
    }


# --- Draws --------------------------------------------------------------------------


def test_errors_come_first_then_what_was_never_answered(monkeypatch):
    answered(monkeypatch, "2026-01-01", "01.q1", True)
    answered(monkeypatch, "2026-01-02", "01.q2", True)
    answered(monkeypatch, "2026-01-04", "01.q3", False)
    answered(monkeypatch, "2026-01-03", "01.q4", False)
    assert draw("02", storage.load(), "day") == ["01.q4", "01.q3", "01.q5"]
    answered(monkeypatch, "2026-01-05", "01.q4", True)
    assert draw("02", storage.load(), "day") == ["01.q3", "01.q5", "01.q1"]


def test_a_draw_is_by_its_seed_alone():
    data = storage.load()
    assert draw("02", data, "7") == draw("02", data, "7")
    assert len({tuple(draw("02", data, str(seed))) for seed in range(30)}) > 5


def test_nothing_is_drawn_from_this_lesson_or_later_ones():
    assert [q.id for q in Quiz("01").questions] == [f"01.q{n}" for n in range(1, 6)]
    drawn = [q.id for q in Quiz("02").questions]
    assert drawn[:3] == ["02.q1", "02.q2", "02.q3"]
    assert len(set(drawn[3:])) == 3
    assert all(name.startswith("01.") for name in drawn[3:])


def test_the_same_questions_all_day_also_after_answers():
    first = [question.id for question in Quiz("02").questions]
    quiz = Quiz("02")
    quiz.answer(first[3], right_letter(quiz.question(first[3])))
    assert [question.id for question in Quiz("02").questions] == first


def test_a_question_that_is_gone_is_not_asked(monkeypatch):
    monkeypatch.setattr(questions, "record_draw", lambda *_: ["01.gone", "01.q1"])
    assert [q.id for q in Quiz("02").questions][3:] == ["01.q1"]


def test_a_seed_records_no_draw(file):
    assert [q.id for q in Quiz("02", seed=1).questions] == [
        q.id for q in Quiz("02", seed=1).questions
    ]
    assert not file.exists()


# --- Answers ------------------------------------------------------------------------


def test_a_right_answer():
    quiz = Quiz("02")
    question = quiz.question("02.q1")
    feedback = quiz.answer("02.q1", f" {right_letter(question).upper()} ")
    assert feedback.right
    assert feedback.chosen == feedback.correct
    assert feedback.note is None
    assert "your answer, is right: Why 0 of 02.q1." in repr(feedback)


def test_a_wrong_answer_says_why_of_both():
    quiz = Quiz("02")
    letter = wrong_letter(quiz.question("02.q1"))
    feedback = quiz.answer("02.q1", letter)
    assert not feedback.right
    assert feedback.correct.why == "Why 0 of 02.q1."
    assert f"{letter}, your answer, is wrong: {feedback.chosen.why}" in repr(feedback)
    assert f"{feedback.correct.letter} is right: Why 0 of 02.q1." in repr(feedback)


def test_answers_are_recorded_with_their_text():
    quiz = Quiz("02")
    quiz.answer("02.q1", wrong_letter(quiz.question("02.q1")))
    quiz.answer("02.q1", right_letter(quiz.question("02.q1")))
    record = storage.load()["lessons"]["02"]["questions"]["02.q1"]
    assert [answer["right"] for answer in record["answers"]] == [False, True]
    assert record["answers"][1]["option"] == "`02.q1` option 0"


def test_an_answer_to_an_earlier_question_is_recorded_there():
    quiz = Quiz("02")
    name = quiz.questions[3].id
    assert "from an earlier lesson" in quiz.heading(quiz.questions[3])
    quiz.answer(name, "a")
    assert name in storage.load()["lessons"]["01"]["questions"]


def test_a_score_counts_and_names_what_to_repeat():
    quiz = Quiz("01")
    for question in quiz.questions[:2]:
        quiz.answer(question.id, right_letter(question))
    quiz.answer("01.q3", wrong_letter(quiz.question("01.q3")))
    score = quiz.score()
    assert (score.right, score.answered, score.total) == (2, 3, 5)
    assert score.repeat == ("01.q3",)
    assert score.sentence == (
        "2 of 3 right, 2 not answered yet. Worth repeating: 01.q3."
    )
    assert repr(score).endswith(score.sentence)


@pytest.mark.parametrize(
    ("question", "letter", "message"),
    [
        ("02.q1", "e", "'e' came as the answer to 02.q1; a letter from a to d"),
        ("02.q1", "", "'' came"),
        ("02.q1", 2, "2 came"),
        ("02.q2", "c", "a letter from a to b"),
        ("02.q9", "a", "Unknown question '02.q9'"),
        (None, "a", "Unknown question 'None'"),
    ],
)
def test_what_is_no_answer_is_refused_and_not_recorded(question, letter, message):
    quiz = Quiz("02")
    with pytest.raises(CourseError, match=message):
        quiz.answer_all({"02.q3": "a", question: letter})
    assert not quiz.answers
    assert not progress.summary()["begun"]


def test_a_disk_that_cannot_be_written_breaks_nothing(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "replace", full)
    feedback = Quiz("02").answer("02.q1", "a")
    assert "Progress is not saved" in feedback.note
    assert feedback.note in repr(feedback)
