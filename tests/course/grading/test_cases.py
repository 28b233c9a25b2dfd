"""Files of cases. Alone: pytest tests/course/grading/test_cases.py."""

import os

import pytest
from tiny_lesson import CASES, NAME, installed

from course.errors import CourseError
from course.grading import cases
from course.grading.cases import cases_path, load_cases


@pytest.fixture
def path(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch):
        yield cases.CASES / f"test_{NAME}.py"


@pytest.fixture
def load(path):
    """Load the cases after some of their text was replaced."""

    def load_changed(old, new, hidden=True):
        assert CASES.count(old) == 1
        path.write_text(CASES.replace(old, new), encoding="utf-8")
        cases._load.cache_clear()
        return load_cases(path, hidden)

    return load_changed


def test_cases_with_what_their_marks_say(path):
    three, text, large = load_cases(path, hidden=True).of("07.1")
    assert (three.name, three.title, three.points, three.hidden, three.hints) == (
        *("test_three", "Twice three is six.", 2, False),
        ("Add.", "Add it to itself."),
    )
    assert (text.points, text.hints) == (1, ("Texts can be added too.",))
    assert (large.hidden, large.points) == (True, 1.5)


def test_wrong_answer_with_its_code(path):
    (wrong,) = load_cases(path, hidden=True).wrong_answers
    assert (wrong.name, wrong.exercise, wrong.misconception) == (
        *("wants_a_number", "07.1", "Only numbers can be doubled."),
    )
    assert (wrong.fails, wrong.hint) == (("test_text", "test_large"), "Texts")
    assert wrong.code == "def double(number):\n    return number + 3"


def test_learners_load_no_hidden_case(path):
    loaded = load_cases(path)
    assert [case.name for case in loaded.cases] == ["test_three", "test_text"]
    assert loaded.wrong_answers == ()
    assert "SECRET" not in loaded.cases[0].function.__globals__


def test_cases_of_another_exercise(path):
    assert load_cases(path).of("07.2") == []


def test_file_is_read_again_when_it_changed(path):
    first = load_cases(path)
    assert load_cases(path) is first
    path.write_text(CASES.replace("is six", "is 6"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert load_cases(path).cases[0].title == "Twice three is 6."


def test_path_of_a_lesson(path):
    assert cases_path("07") == path
    with pytest.raises(CourseError, match=r"Lesson 08 has no cases in .* start in the"):
        cases_path("08")


def test_imports_inside_a_case_are_made_when_it_runs(load):
    loaded = load("    assert student.double(3) == 6", "    import no_such_module")
    assert len(loaded.cases) == 3


MARK = '@pytest.mark.exercise("07.1", hint="Texts can be added too.")'
HINT = 'hint="Texts can be added too."'
DOC = '    """A text is doubled as well."""\n'
WRONG = 'fails=["test_text", "test_large"]'


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (f"{MARK}\n", "", "no exercise: add @pytest.mark.exercise"),
        (MARK, "@pytest.mark.exercise(hint='x')", "the exercise's id and hint, points"),
        (MARK, '@pytest.mark.exercise("07.1", "x")', "were expected"),
        (MARK, '@pytest.mark.exercise(7, hint="x")', "were expected"),
        (MARK, '@pytest.mark.exercise(["07.1"], hint="x")', "were expected"),
        (HINT, f"{HINT}, point=2", "the exercise's id and hint, points"),
        (f", {HINT}", "", "one to 3 hints"),
        (HINT, 'hint=("a", "b", "c", "d")', "one to 3 hints"),
        (HINT, f"{HINT}, points=-1", "points of at least 0"),
        (HINT, f"{HINT}, points='1'", "points of at least 0"),
        (HINT, f"{HINT}, points=True", "points of at least 0"),
        (HINT, f"{HINT}, points=float('nan')", "points of at least 0"),
        (DOC, "", "test_text has no docstring"),
        (DOC, '    """   """\n', "test_text has no docstring"),
        ("test_text(student)", "test_text()", "student, and no other"),
        ("test_text(student)", "test_text(student, tmp_path)", "student, and no other"),
        ("test_text(student)", "test_text(student, reference)", "no reference in a"),
        (f", {WRONG}", "", "fails=.* and hint= expected"),
        (WRONG, "fails=[]", "fails=.* and hint= expected"),
        (', hint="Texts")', ")", "fails=.* and hint= expected"),
        (
            "    def double(number):\n        return number + 3\n",
            "",
            "wants_a_number is empty",
        ),
        ("SECRET = [", "if 1: SECRET = [", None),
    ],
)
def test_mistake_is_told_with_file_and_line(load, old, new, problem):
    if problem is None:  # only the visible part minds
        with pytest.raises(CourseError, match=rf"^test_{NAME}\.py:5: only imports"):
            load(old, new, hidden=False)
        return
    with pytest.raises(CourseError, match=rf"^test_{NAME}\.py:\d+: .*{problem}"):
        load(old, new)
