"""Notebooks as they are handed in: damaged, old, hostile.

Alone: pytest tests/course/grading/handed_in/test_ipynb.py
"""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import CourseError
from course.grading.handed_in import ipynb
from course.grading.handed_in.ipynb import NotebookCell, Unreadable, read_notebook


def notebook(*cells, **more):
    return {"cells": list(cells), "nbformat": 4, "metadata": {}, **more}


def data_of(*cells):
    return json.dumps(notebook(*cells)).encode()


ONE = {"cell_type": "code", "source": "x = 'é'"}


def test_a_cell_is_read():
    metadata = {"nbgrader": {"grade_id": "g"}, "exercise": "02.1", "tags": ["setup", 1]}
    raw = {"cell_type": "code", "id": "a1", "source": ["x\n", "y"]}
    found = read_notebook(data_of({**raw, "metadata": metadata}))
    cell = NotebookCell(1, "code", "x\ny", "a1", "g", "02.1", ("setup",))
    assert found == ([cell], ())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
)
def test_encodings(encoding):
    text = json.dumps(notebook(ONE), ensure_ascii=False)
    sign = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    cells, warnings = read_notebook(sign + text.encode(encoding))
    assert cells[0].text == "x = 'é'"
    assert bool(warnings) == ("16" in encoding or "32" in encoding)


def test_old_notebooks_have_worksheets():
    cells = [{"cell_type": "code", "input": ["a"]}, {"cell_type": "heading"}]
    old = {"nbformat": 3, "worksheets": [{"cells": cells}, {"cells": [ONE]}, 7]}
    found, _ = read_notebook(json.dumps(old).encode())
    assert [(cell.number, cell.kind, cell.text) for cell in found] == [
        (1, "code", "a"),
        (2, "markdown", ""),
        (3, "code", "x = 'é'"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\0", "empty"),
        (data_of(ONE)[:-10], "ends too early"),
        (b'{"cells": ["abc', "ends too early"),
        (b"print(1)", "is no notebook .line 1"),
        (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n', "marks of a merge"),
        (b"[1]", "JSON but no notebook"),
        (b'{"cells": {}}', "has no cells"),
        (b"[" * 100_000, "RecursionError"),
        (b'{"cells": [' + b"[" * 50_000 + b"]" * 50_000 + b"]}", "RecursionError"),
        (b'{"cells": [' + b"[]," * 2_000_000 + b"[]]}", "millions of values"),
        (b" " * (ipynb.LARGEST + 1), "20,000,001 bytes"),
        (data_of(*[ONE] * (ipynb.MOST_CELLS + 1)), "5,001 cells"),
    ],
)
def test_unreadable_files_say_why_in_a_line(data, reason):
    with pytest.raises(Unreadable, match=reason) as raised:
        read_notebook(data)
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value, CourseError)


@pytest.mark.parametrize(
    "cell",
    [
        *(None, 7, [], {}, {"cell_type": ["code"], "source": "x"}),
        *(
            {"cell_type": "code", "source": 7},
            {"cell_type": "code", "source": ["a", 1]},
        ),
        {"cell_type": "code"},
    ],
)
def test_odd_cells_are_counted_and_named(cell):
    cells, warnings = read_notebook(data_of(ONE, cell, ONE))
    assert [c.number for c in cells] == [1, 2, 3]
    assert warnings == ("Cells that could not be read in full: 2.",)


@pytest.mark.parametrize("metadata", [None, 7, {"nbgrader": 1}, {"tags": {}}])
def test_odd_metadata_are_none(metadata):
    cells, warnings = read_notebook(data_of({**ONE, "metadata": metadata, "id": 7}))
    assert cells == [NotebookCell(1, "code", "x = 'é'")]
    assert warnings == ()


def test_numbers_that_python_refuses_do_no_harm():
    data = data_of(ONE).replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 10_000)
    assert len(read_notebook(data.replace(b'{"cells"', b'{"n": NaN, "cells"'))[0]) == 1


def test_half_characters_become_whole():
    cells, _ = read_notebook(b'{"cells":[{"cell_type":"code","source":"a\\ud800b"}]}')
    assert cells[0].text == "a\ufffdb"
    cells, warnings = read_notebook(data_of(ONE).replace(b"x", b"\xff"))
    assert "\ufffd" in cells[0].text
    assert warnings == ("Some characters of the file cannot be read.",)


def test_lines_end_alike():
    cells, _ = read_notebook(data_of({"cell_type": "code", "source": "a\r\nb\rc\fd"}))
    assert cells[0].text == "a\nb\nc\fd"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["cells", "source", "id"]), inner)
    ),
)


@given(JSON, st.binary())
def test_any_file_is_read_or_refused(value, raw):
    for data in (json.dumps(value).encode(), json.dumps(notebook(value)).encode(), raw):
        start = time.process_time()
        try:
            cells, _ = read_notebook(data)
        except Unreadable:
            cells = []
        for number, cell in enumerate(cells, 1):
            assert cell.number == number
            assert cell.text.encode().decode() == cell.text
        assert time.process_time() - start < 1
