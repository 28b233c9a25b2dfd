"""Tampering in Python: what runs beside a case is changed, as far as it can be."""

from collections.abc import Iterator

from grading.hostile.hostiles import Hostile, of_answers, of_body, of_file, of_first
from tiny_assignment import ADD, RIGHT, answer, cell, notebook

WRONG = "\ndef add(a, b):\n    return -1\n"
TRIED = "try:\n    {}\nexcept Exception:\n    pass\n"
ALWAYS = """
class Always({base}):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __ge__(self, other): return True
    def __bool__(self): return True
    def __getattr__(self, name): return self
    def __array__(self, *_, **__): raise SystemExit
    __hash__ = None
    __class__ = int
def add(a, b):
    return Always()
"""
NO_SHELL = "get_ipython().{}.append(lambda lines: [])" + WRONG

PATCHED = {
    "builtins": "import builtins\nbuiltins.all = builtins.any = lambda *_: True\n"
    "builtins.sorted = builtins.abs = lambda *_: 7",
    "asserts": "import builtins\nclass Never(Exception): pass\n"
    "builtins.AssertionError = Never",
    "math": "import math\nmath.isclose = lambda *_, **__: True",
    "numpy": "import numpy\nnumpy.allclose = numpy.array_equal = "
    "lambda *_, **__: True\nnumpy.testing.assert_allclose = lambda *_, **__: None",
    "pytest": "import pytest\npytest.fail = pytest.raises = lambda *_, **__: None",
    "random": "import random\nrandom.Random.randrange = lambda *_: 3\n"
    "random.seed = lambda *_: None",
    "cases": "import course.grading.cases as c, course.grading.running as r\n"
    "c.Case.points = 99\nr.run_case = lambda *_: None",
    "results": "import course.grading.marks.results as r\n"
    "r.CaseResult.status = r.ExerciseResult.score = property(lambda _: 'passed')",
    "marking": "import course.grading.marking as m\n"
    "m.exercise_status = lambda _: 'passed'\n"
    "m._Marking._judged = lambda s, e, o: m.replace(e, status='passed', score=99)",
    "modules": "import sys\nfor name in list(sys.modules):\n"
    "    if name.startswith('course.'): sys.modules[name] = None",
}
# Its process answers everything with 7.
ALL_SEVEN = {
    "local-channel": "from course.grading.local import LocalChannel\n"
    "LocalChannel.call = lambda *_: 7",
    "copy-plain": "import course.grading.processes.learner_side as l\n"
    "l.copy_plain = lambda *_: 7",
    "connection": "from course.grading.processes.connection import Connection\n"
    "send = Connection.send\n"
    "Connection.send = lambda self, said: send(self, {'value': 7})",
    "wire": "import course.grading.processes.connection as c\nencode = c.encode\n"
    "c.encode = lambda said: encode({'value': 7})",
}


def hostile() -> Iterator[Hostile]:
    for kind in ("input_transformers_post", "input_transformers_cleanup"):
        yield of_first(f"shell-{kind[19:]}", NO_SHELL.format(kind), "missing")
    yield of_first(
        "shell-ast-transformer",
        "import ast\nclass NoAssert(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        + TRIED.format("get_ipython().ast_transformers.append(NoAssert())")
        + WRONG,
    )
    for base in ("", "int", "str", "list", "dict", "float"):
        yield of_first(f"equal-{base or 'object'}", ALWAYS.format(base=base))
    yield from _patched()
    yield of_first(
        "handle-of-itself",
        "import course.grading.student as s\nclass H(s.Handle):\n"
        "    def __eq__(self, other): return True\n"
        "def add(a, b): return H(None, 0, 'int')",
    )
    yield of_body("skip-the-case", "import pytest\npytest.skip('no')", "error")
    yield of_body("pass-as-stub", "raise NotImplementedError('Exercise 90.1: x')",
                  "not_attempted")  # fmt: skip
    yield of_first("trace-the-grader", "import sys\nsys.settrace(lambda f, e, a: "
                   "f.f_locals.update(status='passed') or None)" + WRONG)  # fmt: skip
    # Of a learner's set-up cell, which is run too: the other cells are their own loss.
    setup = cell("import math\nBASE = 10\ndef check(*_): return True", tags=["setup"])
    cells = [answer(exercise, text) for exercise, text in RIGHT.items()]
    yield of_file("other-set-up", notebook(setup, *cells), "passed", 15)
    again = cell("add = lambda a, b: a + b", tags=["exercise"])
    yield of_file("defined-later", notebook(answer("90.1", WRONG), again), 
                  "failed missing missing", 0)  # fmt: skip


def _patched() -> Iterator[Hostile]:
    for name, text in PATCHED.items():
        yield of_first(f"patched-{name}", text + WRONG)
    yield of_first("patched-len", "import builtins\nbuiltins.len = lambda _: 7"
                   + WRONG, "crashed")  # fmt: skip
    # What it makes of its own process is its own loss.
    yield of_answers("patched-eval", "failed missing missing", 0,
                     first="import builtins\nbuiltins.eval = builtins.compile = "
                     "lambda *_, **__: None" + WRONG)  # fmt: skip
    # That is worth the visible case that asks for it.
    for name, text in ALL_SEVEN.items():
        yield of_answers(
            f"patched-{name}", "partial failed failed|error", 2, first=text + WRONG
        )
    yield of_first("patched-json", "import json\njson.dumps = lambda *_, **__: 'null'\n"
                   + ADD, "crashed")  # fmt: skip
