"""Processes for learners' code.

Alone: pytest tests/course/grading/processes/test_workshop.py
"""

import os
import time

import numpy as np
import pytest

from course.errors import CourseError
from course.grading.answers import NotAttempted, NotDefined, StudentError
from course.grading.processes.remote import ProcessEnded
from course.grading.processes.workshop import TemplateGone, Workshop
from course.grading.sandbox import choose, python_paths
from course.grading.student import Handle, Student

SET_UP = "import numpy as np\nBASE = 7"


@pytest.fixture(scope="module")
def workshop():
    with Workshop(SET_UP, choose(), python_paths()) as made:
        yield made


@pytest.fixture
def start(workshop):
    started = []

    def start_it(*cells, seconds=10):
        process = workshop.start()
        started.append(process)
        process.channel.deadline = time.monotonic() + seconds
        for number, text in enumerate(cells, start=1):
            process.channel.run(text, f"cell {number}")
        return Student(process.channel), process

    yield start_it
    for process in started:
        process.end()


def test_functions_are_called_with_copies(start):
    student, _ = start(
        "def twice(x, times=2):\n    x.append(BASE)\n    return x * times"
    )
    given = [1]
    assert student.twice(given, times=3) == [1, 7, 1, 7, 1, 7]
    assert given == [1]
    assert student["BASE"] == 7


def test_each_process_begins_anew(start):
    first, _ = start("BASE = 8\nimport math\nmath.pi = 3")
    second, _ = start("import math\npi = math.pi")
    assert (first["BASE"], second["BASE"]) == (8, 7)
    assert second["pi"] > 3.14


def test_arrays_and_handles_cross(start):
    student, _ = start(
        "class Model:\n"
        "    size = 3\n"
        "    def forward(self, x, other=None):\n"
        "        return x * self.size if other is None else other.size",
        "def make():\n    return Model()\ndef size_of(model):\n    return model.size",
    )
    model = student.make()
    assert isinstance(model, Handle)
    assert (model.forward(np.arange(3)) == [0, 3, 6]).all()
    assert (model["size"], student.size_of(model)) == (3, 3)
    assert model.forward(0, other=student.make()) == 3


def test_a_case_gives_functions_that_the_learner_calls(start):
    student, _ = start(
        "def add(a, b):\n    return a + b\ndef run(f, x):\n    return f(x)"
    )
    assert student.run(lambda x: x + 1, 4) == 5
    assert student.run(lambda x: student.add(x, x), 4) == 8  # and back again
    with pytest.raises(StudentError, match="RuntimeError: ZeroDivisionError"):
        student.run(lambda x: 1 / x, 0)


def test_what_goes_wrong_is_said_as_in_a_notebook(start):
    student, process = start("def f(x):\n    y = 1\n    return y / x\nvalue = 3")
    with pytest.raises(StudentError, match="ZeroDivisionError") as raised:
        student.f(0)
    assert (raised.value.line, raised.value.code) == (3, "return y / x")
    with pytest.raises(NotDefined, match="g is not defined"):
        student.g(0)
    with pytest.raises(NotAttempted):
        process.channel.run('raise NotImplementedError("Exercise 90.1: ...")', "cell 2")
    with pytest.raises(StudentError, match="SyntaxError"):
        process.channel.run("def f(:", "cell 3")
    with pytest.raises(StudentError, match="SystemExit"):
        process.channel.run("import sys; sys.exit(3)", "cell 4")
    with pytest.raises(StudentError, match="KeyboardInterrupt"):
        process.channel.run("raise KeyboardInterrupt", "cell 5")
    assert student["value"] == 3  # and goes on


def test_magics_are_noted(start):
    _, process = start("%matplotlib inline\n!ls", "x = 1")
    assert process.channel.notes == [
        "the magic %matplotlib does nothing here",
        "the shell command !ls was refused: only Python is run",
    ]


@pytest.mark.parametrize(
    ("text", "status", "how"),
    [
        ("import os; os._exit(3)", "crashed", {"code": 3, "full": False}),
        ("import os, signal; os.kill(os.getpid(), 9)", "crashed", {"code": -9}),
        ("import os, signal; os.kill(os.getpid(), 19)", "timeout", {"code": None}),
        ("while True: pass", "timeout", {"code": None}),
        ("import time; time.sleep(60)", "timeout", {"code": None}),
        ("import ctypes; ctypes.string_at(0)", "crashed", {"code": -11}),
    ],
)
def test_a_process_that_ends_is_said_to(start, text, status, how):
    _, process = start(seconds=1.0)
    began = time.monotonic()
    with pytest.raises(ProcessEnded) as ended:
        process.channel.run(text, "cell 1")
    assert ended.value.status == status
    found = process.end(1.0 if status == "crashed" else 0.0)
    assert found | how == found
    assert time.monotonic() - began < 3
    start()  # another one can be started
    process.end = lambda *_: None


def test_forged_frames_end_the_process_or_are_values(start):
    write = (
        "import gc, socket\n"
        "ends = [o for o in gc.get_objects() if isinstance(o, socket.socket)]\n"
    )
    _, process = start()
    with pytest.raises(ProcessEnded, match="crashed: No frame came"):
        process.channel.run(write + "[e.send(b'x' * 100) for e in ends]", "cell 1")


@pytest.mark.parametrize(
    "answer",
    ["5", "{}", "{'callback': 0}", "{'callback': 0, 'arguments': 1, 'keywords': {}}",
     "{'raised': [1, 2, 3, 4]}", "{'stub': 3}", "[1]", "{'notes': 3}"],
)  # fmt: skip
def test_answers_that_mean_nothing_end_the_process(start, answer):
    forge = (
        "import gc\nfrom course.grading.processes.connection import Connection\n"
        "end = [o for o in gc.get_objects() if type(o) is Connection][-1]\n"
    )
    _, process = start()
    with pytest.raises(ProcessEnded, match=r"crashed: no (answer|call) came"):
        process.channel.run(f"{forge}end.send({answer})", "cell 1")


def test_its_folder_is_its_own_and_is_removed(start):
    student, process = start(
        "import os\nopen('a.txt', 'w').write('x')\nos.makedirs('b/c')\n"
        "def here():\n    return os.getcwd(), sorted(os.listdir('.'))"
    )
    folder, names = student.here()
    assert names == ["a.txt", "b"]
    other, _ = start("import os\ndef here():\n    return os.getcwd(), os.listdir('.')")
    assert other.here()[0] != folder
    assert other.here()[1] == []
    assert process.end() == {"code": None, "full": False}
    assert not os.path.exists(folder)
    process.end = lambda *_: None


def test_it_is_a_session_of_its_own_whose_threads_win_no_time(start):
    student, _ = start("import os\ndef leads(): return os.getsid(0) == os.getpid()")
    assert student.leads() is True


def test_a_set_up_cell_that_fails_is_one_line():
    with pytest.raises(CourseError, match=r"set-up cell cannot be run .*ZeroDivision"):
        Workshop("1 / 0", choose(), python_paths()).start()


def test_a_template_that_is_gone_is_one_line():
    with Workshop("", choose(), python_paths()) as made:
        process = made.start()
        made._process.kill()
        made._process.wait()
        with pytest.raises(TemplateGone):
            process.end()


def test_one_that_is_still_preparing_can_be_closed():
    began = time.monotonic()
    Workshop("import time; time.sleep(60)", choose(), python_paths()).close()
    assert time.monotonic() - began < 3


def test_nothing_is_left_when_it_is_closed():
    made = Workshop("", choose(), python_paths())
    process = made.start()
    folder, template = made._folder.name, made._process
    made.close()
    assert template.returncode is not None
    assert not os.path.exists(folder)
    with pytest.raises(ProcessEnded):
        process.channel.run("x = 1", "cell 1")
