"""What a cell defines and uses.

Alone: pytest tests/course/grading/handed_in/test_names_in_code.py
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.grading.handed_in.names_in_code import LONGEST, names_in, without_ipython


@pytest.mark.parametrize(
    ("text", "defines", "uses"),
    [
        ("x = x + 1", "x", "x"),
        ("x += y", "x", "x y"),
        ("for x in y: x", "x", "y"),
        ("a, *b = c", "a b", "c"),
        ("import os.path, numpy as np", "os np", ""),
        ("from math import sqrt as root", "root", ""),
        ("from math import *", "*", ""),
        ("def f(a=b): return a + g(f)", "f", "b g"),
        ("h = lambda a: a + b", "h", "b"),
        ("def f():\n    global n\n    n = m", "f n", "m"),
        ("[i for i in xs if w]", "", "xs w"),
        ("with o as k: k", "k", "o"),
        ("x = await f()", "x", "f"),
        ("a.b = 1; c[d] = 2", "", "a c d"),
        ("def f():\n    return k\nk = 1", "f k", ""),
        ("def f():\n    def g():\n        return deep\n    return g", "f", "deep"),
    ],
)
def test_names(text, defines, uses):
    found = names_in(text)
    assert (found.defines, found.uses) == (set(defines.split()), set(uses.split()))
    assert found.is_python


def test_fields_of_a_class_come_from_the_class():
    found = names_in("class A(B):\n    r = 1\n    s = r + q")
    assert found.defines == {"A"}
    assert {"B", "q"} <= found.uses
    assert "r" not in found.uses


@pytest.mark.parametrize(
    "text",
    [
        "%matplotlib inline\nx = y",
        "!pip install \\\n  torch\nx = y",
        "x = y\nlen?",
        "%%time\nx = y",
        "x = y\nz = %time f()",
    ],
)
def test_ipython_is_passed_over(text):
    found = names_in(text)
    assert found.is_python
    assert "x" in found.defines
    assert "y" in found.uses
    assert without_ipython(text).count("\n") == text.count("\n")


def test_a_line_that_only_looks_like_ipython_stays():
    found = names_in('x = """\n!ls\n"""\ny = (x\n  % z)')
    assert found.uses == {"z"}


def test_a_cell_of_another_language_defines_nothing():
    assert names_in("%%bash\nx=1").defines == set()


def test_what_is_no_python_is_guessed():
    found = names_in("def f(:\n    pass\nclass A\ng = (\nh == 1\n  def inner(")
    assert found.defines == {"f", "A", "g"}
    assert not found.is_python


@pytest.mark.parametrize(
    "text", ["(" * 5000, "-" * 9000 + "1", "x\0", "\ud800", "x" * (LONGEST + 1)]
)
def test_hostile_code_is_no_python(text):
    assert not names_in(text).is_python


@given(st.text())
def test_any_text_is_looked_into(text):
    assert names_in(text) == names_in(text)
