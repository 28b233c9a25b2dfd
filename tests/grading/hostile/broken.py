"""Broken but honest: files and cells as people leave them, and what they are owed."""

import json
from collections.abc import Iterator
from pathlib import Path

from grading.hostile.hostiles import Hostile, of_answers, of_file, of_first
from tiny_assignment import ADD, MEAN, REPEAT, RIGHT, answer, answers, cell, notebook

STUB = 'raise NotImplementedError("Exercise {}: replace this line.")'
PLOT = {
    "output_type": "display_data",
    "metadata": {},
    "data": {"image/png": "iVBORw0KGgo=" * 9999, "text/html": "<script>1</script>"},
}
# Right, whatever stands around it.
HONEST = {
    "magics": "%matplotlib inline\n%load_ext autoreload\n!pip install x\n" + ADD,
    "timed": "%%time\n" + ADD,
    "help": "add?\n" + ADD,
    "await": "import asyncio\nx = await asyncio.sleep(0, 1)\n" + ADD,
    "stderr": "import sys, warnings\nprint('oops', file=sys.stderr)\n"
    "warnings.warn('careful')\n" + ADD,
    "other-folder": "import os\nos.chdir('/')\n" + ADD,
    "display": "display(1)\n" + ADD,
    "tabs-and-returns": ADD.replace("    ", "\t").replace("\n", "\r\n"),
    "lambda": "add = lambda a, b: a + b",
    "partial": "import functools, operator\nadd = functools.partial(operator.add)",
    "annotated": "def add(a: int, b: 'int' = 0, *, c=None) -> int:\n    return a + b",
    "enumeration": "import enum\ndef add(a, b):\n"
    "    return enum.IntEnum('N', {'X': a + b}).X",
    "of-numpy": "import numpy\ndef add(a, b): return numpy.int64(a) + b",
    "float": "def add(a, b): return float(a + b)",
    "input-after": ADD + "\ndef ask(): return input()",
}


def hostile() -> Iterator[Hostile]:
    for name, text in HONEST.items():
        yield of_first(name, text, "passed", 5)
    yield of_first("input", ADD + "\ninput('Which one? ')", "passed", 5)
    yield of_first("syntax-error", "def add(a, b)\n    return a + b", "missing")
    yield of_first("half-right", "def add(a, b): return a + b if a < 9 else 0",
                   "partial", 2)  # fmt: skip
    yield of_answers(
        "noise", "passed", 15, third=MEAN.replace("return ", "return 0 + ")
    )
    yield of_answers("tuple-for-list", "passed failed passed", 10,
                     second=REPEAT.replace("[text] * times", "(text,) * times")
                     )  # fmt: skip
    yield of_answers("untouched", "not_attempted", 0,
                     first="def add(a, b):\n    " + STUB.format("90.1"),
                     second="def repeat(text, times):\n    " + STUB.format("90.2"),
                     third="class Mean:\n    def __init__(self):\n        "
                     + STUB.format("90.3"))  # fmt: skip
    yield from _files()
    yield from _cells()
    yield from _damaged()
    yield from _several()


def _files() -> Iterator[Hostile]:
    good = answers()
    conflict = good.replace(b'"cells"', b'<<<<<<< HEAD\n"cells"', 1)
    text = good.decode()
    for name, data in {
        "empty": b"",
        "zeros": b"\0" * 5000,
        "truncated": good[: len(good) // 2],
        "conflict": conflict,
        "list": b"[1, 2, 3]",
        "number": b"7",
        "null-cells": b'{"cells": null}',
        "no-cells": b'{"nbformat": 4}',
        "deep-json": b"[" * 200_000,
        "many-values": b'{"cells": [' + b"1," * 3_000_000 + b"1]}",
        "too-large": b'{"cells": []}' + b" " * 21_000_000,
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        "page": b"<!DOCTYPE html><script>alert(1)</script>",
        "odd-cells": b'{"cells": [null, 3, {}, {"cell_type": 5, "source": {"a": 1}}]}',
        "many-cells": notebook(*[cell("x = 1")] * 6000),
    }.items():
        yield of_file(name, data, "missing", 0)
    for name, data in {
        "signed": b"\xef\xbb\xbf" + good,
        "utf-16": text.encode("utf-16"),
        "no-kernel": good.replace(
            b'"metadata": {\n  "course"',
            b'"metadata": {"kernelspec": {"name": "julia-1.9"},\n  "course"', 1),
        "twice-a-key": good.replace(b'"nbformat": 4,', b'"nbformat": 3,"nbformat": 4,'),
        "huge-numbers": good.replace(b'"nbformat": 4,', b'"nbformat": ' + b"9" * 9999
                                     + b","),
        "not-a-number": good.replace(b'"nbformat": 4,', b'"nbformat": NaN,'),
    }.items():  # fmt: skip
        yield of_file(name, data, "passed", 15)


def _cells() -> Iterator[Hostile]:
    cells = [answer(exercise, text) for exercise, text in RIGHT.items()]
    first, second, third = cells
    bare = [cell(text) for text in RIGHT.values()]
    old = [{"cell_type": "code", "input": text} for text in RIGHT.values()]
    plots = [{**one, "outputs": [PLOT] * 3, "execution_count": 9} for one in cells]
    retyped = {**first, "cell_type": "markdown"}
    lines = [{**one, "source": one["source"].splitlines(keepends=True)}
             for one in cells]  # fmt: skip
    stub = answer("90.1", 'def add(a, b):\n    """Return the sum."""\n    '
                  + STUB.format("90.1"))  # fmt: skip
    third_version = {"nbformat": 3, "worksheets": [{"cells": old}]}
    for name, data in {
        "bare": notebook(*bare),
        "nbformat-3": json.dumps(third_version).encode(),
        "plots": notebook(*plots),
        "reordered": notebook(third, second, first),
        "copied": notebook(first, *cells),
        "stub-copied": notebook(stub, *cells),
        "stub-behind": notebook(*cells, stub),
        "retyped": notebook(retyped, second, third),
        "lines": notebook(*lines),
        "same-ids": notebook(*({**one, "id": "same"} for one in cells)),
        "odd-metadata": notebook(*({**one, "metadata": 7} for one in cells)),
        "one-cell": notebook(cell("\n\n".join(RIGHT.values()))),
        "helper": notebook(cell("def plus(a, b): return a + b"),
                           answer("90.1", "def add(a, b): return plus(a, b)"),
                           second, third),
        "demo-loops": notebook(*cells, cell("while True: pass"),
                               cell("import os\nos._exit(1)")),
    }.items():  # fmt: skip
        yield of_file(name, data, "passed", 15)


def _damaged() -> Iterator[Hostile]:
    first, second, third = (answer(*pair) for pair in RIGHT.items())
    yield of_file("deleted", notebook(first, third), "passed missing passed", 10)
    yield of_file(
        "half-character-in-code",
        notebook(answer("90.1", ADD + "\nx = '\ud800'"), second, third),
        "passed",
        15,
    )
    yield of_file("nul-in-code", notebook(answer("90.1", ADD + "\0"), second, third),
                  "missing|error passed passed", 10)  # fmt: skip


def _several() -> Iterator[Hostile]:
    """Several files of one learner, or one that is called something else."""

    def two(folder: Path) -> None:
        (folder / "two-files").mkdir()
        (folder / "two-files" / "1.ipynb").write_bytes(answers(first="add = 1"))
        (folder / "two-files" / "2.ipynb").write_bytes(answers())

    def renamed(folder: Path) -> None:
        place = folder / "renamed" / "Copy of Untitled (3) - final.ipynb"
        place.parent.mkdir()
        place.write_bytes(answers())

    def nothing(folder: Path) -> None:
        (folder / "nothing").mkdir()

    def script(folder: Path) -> None:
        (folder / "script.py").write_text("\n\n".join(RIGHT.values()))

    passed, none = ("passed",) * 3, ("missing",) * 3
    yield Hostile("two-files", two, passed, 15, "two-files")
    yield Hostile("renamed", renamed, passed, 15, "renamed")
    yield Hostile("nothing", nothing, none, 0, "nothing")
    yield Hostile("script", script, none, 0, "script")
