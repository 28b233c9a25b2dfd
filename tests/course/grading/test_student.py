"""Alone: pytest tests/course/grading/test_student.py."""

import copy

import pytest

from course.grading.student import NAMESPACE, Call, Handle, Student


class Recorder:
    """A channel that notes what goes over it."""

    def __init__(self):
        self.seen = []

    def call(self, *what):
        self.seen.append(what)
        return "result"

    def get(self, *what):
        self.seen.append(what)
        return "value"


@pytest.fixture
def channel():
    return Recorder()


def test_function_of_the_notebook_is_called(channel):
    student = Student(channel)
    assert student.last is None
    assert student.merge([1], times=2) == "result"
    assert channel.seen == [(NAMESPACE, "merge", ([1],), {"times": 2})]
    assert student.last == Call("merge", ([1],), {"times": 2})


def test_variable_of_the_notebook_is_read(channel):
    student = Student(channel)
    assert student["vocab_size"] == "value"
    assert channel.seen == [(NAMESPACE, "vocab_size")]
    assert student.last is None


def test_object_of_the_notebook_is_called_and_read(channel):
    layer = Handle(channel, 3, "Linear")
    assert (layer(1), layer.forward(x=2), layer["r"]) == ("result", "result", "value")
    assert channel.seen == [
        (3, "", (1,), {}),
        (3, "forward", (), {"x": 2}),
        (3, "r"),
    ]


def test_handle_shows_the_kind_only(channel):
    assert repr(Handle(channel, 3, "Linear")) == "<Linear>"
    assert repr(Student(channel)) == "<student>"


def test_handle_has_none_of_pythons_own_methods(channel):
    handle = Handle(channel, 3, "Linear")
    with pytest.raises(AttributeError, match="__array__"):
        _ = handle.__array__
    assert copy.copy(handle) is not handle
    assert channel.seen == []


@pytest.mark.parametrize("use", [list, sorted, set, lambda h: [*h], enumerate])
def test_handle_is_no_container(channel, use):
    with pytest.raises(TypeError, match=r"plain data was expected, .* not a generator"):
        use(Handle(channel, 3, "generator"))
