"""Each exercise can be solved, and each known mistake meets its own hint.

Alone: pytest tests/exercises. For every exercise of every lesson: the solution in the
source passes all cases, whatever the seed of their inputs; the untouched stub is "not
attempted"; every wrong answer fails at exactly the cases it names, in their order, and
the first of them says the hint; nothing of a hidden case is in what learners get.
"""

import ast
import re

import pytest

from course.grading.cases import CASES, cases_path, load_cases
from course.grading.checking import check_cases
from course.grading.local import LocalChannel
from course.grading.namespaces import (
    reference,
    solved_namespace,
    stub_namespace,
    wrong_namespace,
)
from course.grading.running import run_case
from course.grading.visible import visible_source
from course.lessons.building import build
from course.lessons.catalogue import cards
from course.lessons.progress import Attempt

FEWEST_WRONG_ANSWERS = 3
FEWEST_HIDDEN = 2
SEEDS = range(5)

EXERCISES = [exercise.id for card in cards().values() for exercise in card.exercises]
LESSONS = sorted({exercise[:2] for exercise in EXERCISES})
FILES = {lesson: load_cases(cases_path(lesson), hidden=True) for lesson in LESSONS}
WRONG = [wrong for file in FILES.values() for wrong in file.wrong_answers]
HIDDEN = [case for file in FILES.values() for case in file.cases if case.hidden]

each_exercise = pytest.mark.parametrize("exercise", EXERCISES)


def outcomes_of(exercise, namespace, seed=0):
    lesson = exercise[:2]
    return [
        run_case(case, LocalChannel(namespace), reference(lesson), seed)
        for case in FILES[lesson].of(exercise)
    ]


def test_every_file_of_cases_belongs_to_a_lesson():
    assert (
        {path.stem[5:] for path in CASES.glob("test_[0-9]*.py")}
        == {card.name for card in cards().values() if card.exercises}
        != set()
    )


@each_exercise
def test_solution_passes_every_case(exercise):
    for seed in SEEDS:
        outcomes = outcomes_of(exercise, solved_namespace(exercise[:2]), seed)
        assert [o for o in outcomes if o.status != "passed"] == []


@each_exercise
def test_untouched_stub_is_not_attempted(exercise):
    outcomes = outcomes_of(exercise, stub_namespace(exercise[:2]))
    assert {outcome.status for outcome in outcomes} == {"not_attempted"}


@each_exercise
def test_exercise_has_enough_wrong_answers_and_hidden_cases(exercise):
    wrong = [answer for answer in WRONG if answer.exercise == exercise]
    hidden = [case for case in HIDDEN if case.exercise == exercise]
    assert len(wrong) >= FEWEST_WRONG_ANSWERS
    assert len(hidden) >= FEWEST_HIDDEN
    assert len({answer.misconception for answer in wrong}) == len(wrong)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: f"{w.exercise}-{w.name}")
def test_wrong_answer_fails_where_it_should_and_meets_its_hint(wrong):
    for seed in SEEDS:
        outcomes = outcomes_of(wrong.exercise, wrong_namespace(wrong), seed)
        failing = [o.case for o in outcomes if o.status in ("failed", "error")]
        assert [case.name for case in failing] == list(wrong.fails)
        assert {o.status for o in outcomes} <= {"passed", "failed", "error"}
        assert wrong.hint in " ".join(failing[0].hints)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: f"{w.exercise}-{w.name}")
def test_learner_sees_the_hint_of_a_visible_case(wrong):
    lesson, shown = wrong.exercise[:2], ""
    cases = load_cases(cases_path(lesson)).of(wrong.exercise)
    exercise = next(e for e in cards()[lesson].exercises if e.id == wrong.exercise)
    for failures in (1, 2, 3):
        result = check_cases(
            exercise,
            cases,
            wrong_namespace(wrong),
            record=lambda *_, failures=failures: Attempt(failures, None),
        )
        shown = repr(result)
    if wrong.fails[0] in {case.name for case in cases}:
        assert result.status in ("failed", "error")
        assert wrong.hint in shown
    else:
        assert result.status == "passed"
        assert "hidden checks run when graded" in shown


def hidden_lines(lesson):
    """The lines of hidden cases that no visible case has too."""
    path = cases_path(lesson)
    text = path.read_text(encoding="utf-8")
    names = {case.name for case in FILES[lesson].cases if case.hidden}
    lines = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            own = text.splitlines()[node.lineno - 1 : node.end_lineno]
            lines |= {line.strip() for line in own}
    visible = visible_source(text, path)
    return {line for line in lines if len(line) > 20 and line not in visible}


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_hidden_is_in_what_learners_get(lesson):
    path = cases_path(lesson)
    derived = {p.suffix: text for p, text in build(lesson).items()}
    notebook, card = derived[".ipynb"], derived[".json"]
    released = visible_source(path.read_text(encoding="utf-8"), path)
    lines = hidden_lines(lesson)
    assert len(lines) > 10
    for line in lines:
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        assert escaped not in notebook
        assert escaped not in card
        assert line not in released
    for case in HIDDEN:
        if case.exercise[:2] == lesson:
            assert case.name not in notebook + released


@pytest.mark.parametrize("lesson", LESSONS)
def test_visible_part_is_the_same_made_once_or_twice(lesson, tmp_path):
    path = cases_path(lesson)
    once = visible_source(path.read_text(encoding="utf-8"), path)
    assert visible_source(once, path) == once
    copy = tmp_path / path.name
    copy.write_text(once, encoding="utf-8")
    names = [case.name for case in load_cases(copy).cases]
    assert names == [c.name for c in FILES[lesson].cases if not c.hidden]
    assert not re.search(r"mark\.(hidden|wrong_answer)", once)
