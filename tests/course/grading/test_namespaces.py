"""A lesson solved, stubbed and wrong.

Alone: pytest tests/course/grading/test_namespaces.py
"""

import pytest
from tiny_lesson import NAME, SOURCE, installed

from course.errors import CourseError
from course.grading import cases, namespaces
from course.grading.answers import NotAttempted
from course.grading.cases import load_cases
from course.grading.local import LocalChannel
from course.grading.namespaces import (
    reference,
    solved_namespace,
    stub_namespace,
    wrong_namespace,
)
from course.grading.student import Student
from course.lessons.lesson import source_of


@pytest.fixture
def source(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as source:
        reference.cache_clear()
        yield source
        reference.cache_clear()


def test_source_of_a_lesson(source):
    assert source_of("07") == source
    with pytest.raises(CourseError, match="Lesson 08 has no source here, so no solut"):
        source_of("08")


def test_solution_answers(source):
    namespace = solved_namespace("07")
    assert namespace["double"](3) == 6
    assert namespace["__name__"] == NAME
    assert "check" in namespace
    assert reference("07").double("a") == "aa"


def test_nothing_between_the_exercises_is_run(source, capsys):
    solved_namespace("07")
    assert capsys.readouterr().out == ""


def test_stub_is_not_attempted(source):
    with pytest.raises(NotAttempted):
        Student(LocalChannel(stub_namespace("07"))).double(3)


def test_wrong_answer_takes_the_place_of_the_solution(source):
    path = cases.CASES / f"test_{NAME}.py"
    (wrong,) = load_cases(path, hidden=True).wrong_answers
    assert wrong_namespace(wrong)["double"](3) == 6
    assert wrong_namespace(wrong)["double"](4) == 7
    assert solved_namespace("07")["double"](4) == 8


def test_namespaces_share_nothing_that_an_answer_defines(source):
    solved_namespace("07")["double"] = None
    assert solved_namespace("07")["double"](1) == 2


TOP = SOURCE.replace(
    'def double(number):\n    """Return twice a number."""\n', "if True:\n"
).replace("return number + number", "double = 4")


def test_stub_at_the_top_of_its_cell_leaves_the_others_alone(source):
    source.write_text(TOP, encoding="utf-8")
    assert solved_namespace("07")["double"] == 4
    assert "double" not in stub_namespace("07")


def test_solution_that_raises_is_not_passed_over(source):
    text = TOP.replace("double = 4", "raise NotImplementedError")
    source.write_text(text, encoding="utf-8")
    with pytest.raises(NotImplementedError) as raised:
        solved_namespace("07")
    trace = raised.tb
    while trace.tb_next:
        trace = trace.tb_next
    # The line of the source itself.
    line = text[: text.index("raise NotImpl")].count("\n") + 1
    assert (trace.tb_frame.f_code.co_filename, trace.tb_lineno) == (str(source), line)


def test_changed_source_is_read_again(source):
    assert solved_namespace("07")["double"](1) == 2
    text = SOURCE.replace("number + number", "number * 3")
    source.write_text(text, encoding="utf-8")
    assert namespaces.solved_namespace("07")["double"](1) == 3
