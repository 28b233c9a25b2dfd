import sys
import warnings

import pytest

from course.grading.exports.embedded import Cases, Marks

VISIBLE = """
import pytest

@pytest.mark.exercise("02.1", points=2, hint=("Twice is times two.", "Second."))
def test_two(student):
    "Two becomes four."
    assert student.double(2) == 4
"""
HIDDEN = """
import pytest

def double(x):
    return 2 * x

@pytest.mark.hidden
@pytest.mark.exercise("02.1", points=3, hint="Any number.")
def test_secret(student, reference, rng):
    "Every number is doubled."
    value = rng.randint(10, 99)
    assert student.double(value) == reference.double(value) == double(value)
"""
SOLUTION = "def double(x):\n    print('quiet')\n    return x + x"


def graded(namespace):
    marks = Marks(namespace)
    marks.run(VISIBLE)
    marks.run(HIDDEN, SOLUTION)
    return marks


def test_right_answer_gets_all_points():
    marks = graded({"double": lambda x: 2 * x})
    assert (marks.score, marks.points()) == (5, None)


def test_half_an_answer_gets_half_and_says_why(capsys):
    marks = graded({"double": lambda x: 4})
    assert marks.points() == 2
    written = capsys.readouterr().out
    assert "Every number is doubled." in written
    assert "hint: Any number." in written
    assert "called" not in written, "a hidden input would be told"


def test_visible_failure_shows_values(capsys):
    assert graded({"double": lambda x: x}).points() == 0
    written = capsys.readouterr().out
    assert "called: double(2)\n  expected: 4\n  got: 2\n" in written
    assert "Second." not in written


def test_nothing_defined_gets_nothing(capsys):
    assert graded({}).points() == 0
    assert "double is not defined" in capsys.readouterr().out


def test_a_stub_is_told_apart(capsys):
    def double(x):
        raise NotImplementedError("Exercise 02.1: replace this line.")

    assert graded({"double": double}).points() == 0
    assert "is not attempted yet" in capsys.readouterr().out


def test_helpers_do_not_pass_for_answers():
    namespace = {"other": 1}
    graded(namespace)
    assert namespace == {"other": 1}


def test_noise_of_a_right_answer_costs_nothing(capsys):
    def double(x):
        print("noise", file=sys.stderr)
        warnings.warn("noise", stacklevel=1)
        return 2 * x

    assert graded({"double": double}).points() is None
    assert capsys.readouterr() == ("", "")


def test_sys_exit_is_an_error_of_the_answer():
    assert graded({"double": lambda x: sys.exit()}).points() == 0


def test_single_cases_raise_what_is_to_be_said():
    cases = Cases(VISIBLE)
    cases.run("test_two", {"double": lambda x: 2 * x})
    with pytest.raises(AssertionError, match="expected: 4"):
        cases.run("test_two", {"double": lambda x: x})
