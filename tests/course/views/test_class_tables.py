"""Tables of a class. Alone: pytest tests/course/views/test_class_tables.py."""

import re

from graded_class import case, exercise, mark, some_class
from html_reader import Reader

from course.grading.marks.results import ExerciseResult
from course.views.class_tables import (
    draw_cases,
    draw_exercises,
    draw_learners,
    draw_wrong_answers,
)


def text_of(drawn):
    return re.sub(r"\s+", " ", " ".join(Reader(drawn).text)).strip()


def test_exercise_has_share_interval_mean_and_statuses():
    text = text_of(draw_exercises(some_class(9)))
    first, second = text.split("02.2 ")
    # 02.1: every third learner passes both cases, the others one.
    assert "33% (3 of 9) 95 % interval 12 to 65 % 1.33 of 2" in first
    assert "◐ partly passed 6" in first
    # 02.2: one learner of each status; a fault gives its point.
    assert "22% (2 of 9) 95 % interval 6 to 55 % 0.22 of 1" in second
    for words in ("failed", "error", "not attempted", "missing", "crashed"):
        assert f"{words} 1" in second


def test_case_has_share_and_hint():
    text = text_of(draw_cases(some_class(9)))
    assert "Title of test_02.1_0. 100% (9 of 9) 95 % interval 70 to 100 %" in text
    assert "Title of test_02.1_1. (hidden) 33% (3 of 9)" in text
    assert "Hint of test_02.1_1 ." in text


def test_case_with_a_fault_has_no_share():
    text = text_of(draw_cases([mark(exercise("1", "passed", "fault"))]))
    assert "Title of test_1_1. (hidden) ⚑ our fault" in text


def test_wrong_answers_are_counted_once_a_learner_and_sorted():
    same = {"hint": "Mind the `end`."}
    twice = (case("a", "failed", **same), case("b", "failed", **same))
    other = (case("c", "failed", hint="Another."), case("d", "error", hint="No wrong."))
    marks = [
        mark(ExerciseResult("1", "T", "failed", twice), learner=name) for name in "xy"
    ] + [mark(ExerciseResult("1", "T", "failed", other), learner="z")]
    text = text_of(draw_wrong_answers(marks))
    assert text.index("2 of 3 Mind the end . who x , y") < text.index(
        "1 of 3 Another. who z"
    )
    assert "No wrong." not in text


def test_ten_commonest_at_most():
    cases = tuple(case(f"c{i}", "failed", hint=f"Hint {i}.") for i in range(15))
    drawn = draw_wrong_answers([mark(ExerciseResult("1", "T", "failed", cases))])
    assert len(re.findall(r"Hint \d+\.", drawn)) == 10
    assert draw_wrong_answers([mark(exercise("1", "passed"))]).startswith("<p>No ")


def test_long_lists_of_learners_are_cut():
    marks = [mark(exercise("1", "failed"), learner=f"l{i:04}") for i in range(150)]
    assert "and 50 more" in draw_wrong_answers(marks)
    warned = [mark(learner=f"l{i:04}", warnings=("w",) * 9) for i in range(250)]
    text = text_of(draw_learners(warned))
    assert "and 50 more learners" in text
    assert "l0000 : w ; w ; w ; w ; w and 4 more" in text


def test_learners_to_look_at():
    text = text_of(draw_learners(some_class(9)))
    assert "learner-02 : ! error 02.2" in text
    assert "learner-07 : ⊘ crashed 02.2" in text
    assert "learner-01 : The file had no ids." in text
    assert "learner-04" not in text
    assert draw_learners([mark(exercise("1", "passed", "failed"))]) == ""
