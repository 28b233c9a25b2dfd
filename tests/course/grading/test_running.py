"""How a case went. Alone: pytest tests/course/grading/test_running.py."""

import random

import pytest

from course.grading.answers import StudentError
from course.grading.cases import Case
from course.grading.comparing import expect_equal, expect_true
from course.grading.local import LocalChannel
from course.grading.running import STATUSES, run_case, write_call
from course.grading.student import Call


def outcome(function, namespace=None, **options):
    case = Case("test_a", "02.1", "A title.", 1, False, ("A hint.",), function)
    return run_case(case, LocalChannel(namespace or {}), **options)


def stub():
    raise NotImplementedError("Exercise 02.1: replace this line.")


def earlier_stub():
    raise NotImplementedError("Exercise 02.0: replace this line.")


def broken():
    raise KeyError("a\nb" * 1000)


def compare(expected, name="f"):
    def case(student):
        expect_equal(getattr(student, name)(), expected, lambda: "words")

    return case


def raises(student):
    with pytest.raises(StudentError, match="KeyError"):
        student.f()


def no_call(student):
    raise ZeroDivisionError("oops")


def told(student):
    expect_true(student.f() > 5, lambda: "more than five were expected")


def sorts(student):
    sorted(student.f())


@pytest.mark.parametrize(
    ("case", "answer", "status", "message"),
    [
        (compare(1), lambda: 1, "passed", ""),
        (compare(1), lambda: 2, "failed", "words"),
        (compare(1), stub, "not_attempted", ""),
        (compare(1), earlier_stub, "not_attempted", "First, exercise 02.0 is not att"),
        (compare(1, "g"), stub, "missing", "g is not defined: run the cell that"),
        (compare(1), broken, "error", "raised KeyError: 'a"),
        (compare(1), lambda: [[1]] * 10, "failed", "words"),
        (told, lambda: 3, "failed", "more than five were expected"),
        (sorts, lambda: None, "failed", "the value that came cannot be used (TypeErr"),
        (sorts, lambda: (i for i in "ab"), "failed", "the value that came cannot be"),
        (raises, broken, "passed", ""),
        (raises, lambda: 1, "failed", "an error should have been raised, and none was"),
        (raises, lambda: 1 / 0, "failed", "Regex pattern did not match"),
        (raises, stub, "not_attempted", ""),
        (no_call, stub, "fault", "ZeroDivisionError: oops"),
    ],
)
def test_status_and_message(case, answer, status, message):
    found = outcome(case, {"f": answer})
    assert (found.status, found.message[: len(message)]) == (status, message)
    assert status in STATUSES
    assert found.message.isprintable()
    assert len(found.message) < 500
    assert bool(message) == bool(found.message)


def test_both_sides_are_written_as_python_writes_them():
    found = outcome(compare(["a", "b"]), {"f": lambda: ["a", "c"]})
    assert (found.call, found.expected, found.got, found.differs) == (
        *("f()", "['a', 'b']", "['a', 'c']"),
        "at item 1: expected 'b', got 'c'",
    )


def test_error_shows_the_call_and_no_sides():
    found = outcome(compare(1), {"f": broken})
    assert (found.call, found.expected, found.got) == ("f()", None, None)


def test_value_that_holds_itself_is_told():
    value = []
    value.append(value)
    found = outcome(compare(1), {"f": lambda: value})
    assert found.message.startswith("A value is nested more than 40 containers deep")


def test_interruption_goes_up():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outcome(compare(1), {"f": interrupted})


def test_case_gets_what_it_asks_for_and_draws_the_same_again():
    seen = []

    def case(student, rng, reference):
        seen.append((rng.random(), reference))

    for seed in (0, 0, 1):
        outcome(case, reference="solution", seed=seed)
    assert seen[0] == seen[1] != seen[2]
    assert seen[0][1] == "solution"
    state = random.getstate()
    outcome(case)
    assert random.getstate() == state


def test_line_of_the_notebook_without_its_text():
    names = {}
    exec("def f():\n    1 / 0", names)
    message = outcome(compare(1), names).message
    assert message == "raised ZeroDivisionError: division by zero, in line 2"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (Call("f", (), {}), "f()"),
        (Call("f", (1, "a"), {"b": [2]}), "f(1, 'a', b=[2])"),
        (Call("f", ((),), {}), "f(())"),
    ],
)
def test_call_as_it_would_be_written(call, text):
    assert write_call(call) == text


def test_call_with_a_long_argument_is_cut():
    assert len(write_call(Call("f", ("x" * 10_000,), {"y": "x" * 10_000}))) < 500
