"""Alone: pytest tests/course/grading/test_local.py."""

import linecache

import pytest

from course.grading.answers import NotAttempted, NotDefined, StudentError
from course.grading.local import LocalChannel
from course.grading.student import Handle, Student


def notebook(code, name="cell"):
    """A student whose notebook has one cell."""
    namespace = {}
    exec(compile(code, name, "exec"), namespace)
    return Student(LocalChannel(namespace))


def test_values_are_copied_both_ways():
    student = notebook("kept = []\ndef f(x):\n    x.append(1)\n    return kept")
    given = []
    result = student.f(given)
    assert (given, result) == ([], [])
    result.append(2)
    assert student["kept"] == []


def test_object_stays_there_and_its_handle_works():
    student = notebook(
        "class Counter:\n    def __init__(self, n): self.n = n\n"
        "    def add(self, k): self.n += k; return self\n"
        "    def __call__(self): return [self.n]\n"
        "def total(counter): return counter.n"
    )
    counter = student.Counter(3)
    assert repr(counter) == "<Counter>"
    assert isinstance(counter.add(4), Handle)
    assert (counter["n"], counter(), student.total(counter)) == (7, [7], 7)


def test_function_of_a_case_is_called_with_copies():
    student = notebook("def apply(f, x):\n    return f(x, scale=[2]), x")
    seen = []

    def function(x, scale):
        seen.append((x, scale))
        x.append(9)
        return scale

    assert student.apply(function, [1]) == ([2], [1])
    assert seen == [([1, 9], [2])]


def test_case_cannot_pass_what_would_not_cross():
    with pytest.raises(TypeError, match="a case passed a object"):
        notebook("def f(x): pass").f(object())


def test_what_is_not_there():
    student = notebook("class A: pass\na = A")
    with pytest.raises(NotDefined, match="double is not defined"):
        student.double(1)
    with pytest.raises(NotDefined):
        _ = student["sorted"]
    with pytest.raises(StudentError, match="AttributeError"):
        _ = student.A()["r"]


STUB = 'raise NotImplementedError("Exercise 02.7: replace this line.")'


def test_stub_is_not_attempted_also_behind_another_function():
    student = notebook(f"def f():\n    {STUB}\ndef g(): return f()")
    for call in (student.f, student.g):
        with pytest.raises(NotAttempted) as raised:
            call()
        assert raised.value.exercise == "02.7"


@pytest.mark.parametrize("text", ["", "later", "Exercise 2.1: x", "No. Exercise 02.1:"])
def test_other_unfinished_code_is_an_error(text):
    with pytest.raises(StudentError, match="NotImplementedError"):
        notebook(f"def f(): raise NotImplementedError({text!r})").f()


@pytest.mark.parametrize(
    "error",
    [
        *("ValueError('x')", "SystemExit('x')", "GeneratorExit('x')"),
        *("BaseException('x')", "StopIteration('x')", "AssertionError('x')"),
        *("ExceptionGroup('x', [ValueError()])", "RecursionError('x')"),
    ],
)
def test_whatever_is_raised_is_the_learners_error(error):
    student = notebook(f"def f():\n    raise {error}")
    with pytest.raises(StudentError, match="x") as raised:
        student.f()
    assert raised.value.kind == error.split("(")[0]
    assert raised.value.line == 2


def test_error_that_cannot_be_written_is_one_as_well():
    student = notebook(
        "class Mute(Exception):\n    def __str__(self): return 1 / 0\n"
        "def f(): raise Mute()"
    )
    with pytest.raises(StudentError, match="Mute: its message cannot be shown"):
        student.f()


def test_interruption_is_not_the_learners_error():
    with pytest.raises(KeyboardInterrupt):
        notebook("def f(): raise KeyboardInterrupt").f()


def test_line_is_the_last_one_of_the_notebook(monkeypatch):
    code = "import json\ndef f(text):\n    x = 1\n    return json.loads(text)\n"
    lines = (len(code), None, code.splitlines(True), "cell-of-a-notebook")
    monkeypatch.setitem(linecache.cache, "cell-of-a-notebook", lines)
    with pytest.raises(StudentError) as raised:
        notebook(code, "cell-of-a-notebook").f("{")
    assert (raised.value.line, raised.value.code) == (4, "return json.loads(text)")


def test_wrong_number_of_arguments_has_no_line():
    with pytest.raises(StudentError, match="TypeError") as raised:
        notebook("def f(): pass").f(1)
    assert (raised.value.line, raised.value.code) == (None, "")


def test_property_that_raises_is_the_learners_error():
    student = notebook(
        "class A:\n    @property\n    def r(self): return 1 / 0\ndef make(): return A()"
    )
    with pytest.raises(StudentError, match="ZeroDivisionError"):
        _ = student.make()["r"]


def test_endless_recursion_ends():
    with pytest.raises(StudentError, match="RecursionError"):
        notebook("def f(): return f()").f()
