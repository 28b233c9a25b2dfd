"""Cells run without a kernel.

Alone: pytest tests/course/grading/processes/test_cells.py
"""

import pytest

from course.grading.processes.cells import Cells


def run(*texts):
    cells = Cells({"__name__": "__main__"})
    for number, text in enumerate(texts, start=1):
        cells.run(text, f"cell {number}")
    return cells


def test_cells_share_their_names():
    cells = run("def f(x):\n    return g(x) + 1", "def g(x):\n    return 2 * x")
    assert cells.namespace["f"](3) == 7
    assert cells.notes == []


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("%matplotlib inline\nx = 1", "the magic %matplotlib does nothing here"),
        ("x = 1\n!rm -rf /", "the shell command !rm -rf / was refused: only Python"),
        ("files = !ls\nx = 1", "the shell command !ls was refused: only Python is run"),
        ("x = 1\nx?", "the magic %pinfo does nothing here"),
        ("%pip install torch\nx = 1", "the magic %pip does nothing here"),
    ],
)
def test_what_is_no_python_is_left_out_and_noted(text, note):
    cells = run(text)
    assert cells.namespace["x"] == 1
    assert cells.notes[0].startswith(note)


@pytest.mark.parametrize("magic", ["%%time", "%%timeit", "%%capture out", "%%prun"])
def test_what_stands_below_a_timing_magic_runs(magic):
    assert run(f"{magic}\nx = 2").namespace["x"] == 2


@pytest.mark.parametrize("magic", ["bash", "writefile a.py", "html", "javascript"])
def test_what_stands_below_another_magic_does_not(magic):
    cells = run(f"%%{magic}\nx = 2")
    assert "x" not in cells.namespace
    assert cells.notes == [
        f"what stands below the magic %%{magic.split()[0]} was not run"
    ]


def test_await_may_stand_outside_a_function():
    text = "import asyncio\nx = await asyncio.sleep(0, 5)\nasync def f(): return 6"
    cells = run(text, "y = await f()")
    assert (cells.namespace["x"], cells.namespace["y"]) == (5, 6)


def test_an_error_shows_its_line():
    cells = run("def f(x):\n    return 1 / x")
    with pytest.raises(ZeroDivisionError) as raised:
        cells.run("y = 1\nf(0)", "cell 2")
    assert raised.traceback[-1].lineno == 1  # from 0: the line of the division


@pytest.mark.parametrize(
    "text", ["def f(:", "x = (1", "\x00", "(" * 5_000, "x = 1\n  y = 2", "return 3"]
)
def test_what_is_not_to_be_read_raises(text):
    with pytest.raises((SyntaxError, ValueError, MemoryError, RecursionError)):
        run(text)


def test_ipython_is_loaded_for_its_syntax_alone():
    assert "x" in run("x = [1,\n2]").namespace
    shell = Cells({}).namespace["get_ipython"]()
    assert not hasattr(shell, "input_transformers_post")
    assert not hasattr(shell, "ast_transformers")
    assert "display" in Cells({}).namespace
