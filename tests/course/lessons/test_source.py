"""The percent format, beside jupytext's reading of it.

Alone: pytest tests/course/lessons/test_source.py
"""

import jupytext
import pytest

from course.errors import CourseError
from course.lessons.lesson import sources
from course.lessons.source import Cell, read_cells, solution_lines, solved, stub

FRONT = "# ---\n# title: x\n# ---\n"


@pytest.fixture
def read(tmp_path):
    """Read cells written behind a front matter of three lines."""

    def read_text(text, front=FRONT):
        path = tmp_path / "02_x.py"
        path.write_bytes((front + text).encode("utf-8"))
        return read_cells(path)

    return read_text


# --- The same as jupytext ------------------------------------------------------------


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_real_sources_read_as_by_jupytext(path):
    front, line, ours = read_cells(path)
    first, *theirs = jupytext.read(path, fmt="py:percent").cells
    assert first.source.strip("-\n") == front
    assert line == 2
    assert [(c.kind, c.text) for c in ours] == [(c.cell_type, c.source) for c in theirs]
    assert [c.options for c in ours] == [
        {k: v for k, v in c.metadata.items() if k != "lines_to_next_cell"}
        for c in theirs
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_line_of_a_cell_is_where_its_content_stands(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    for cell in read_cells(path)[2]:
        first = cell.text.split("\n")[0]
        assert lines[cell.line - 1].removeprefix("# ") == first


def test_markdown_loses_one_comment_sign_and_one_space(read):
    (cell,) = read('\n# %% [markdown] tags=["concept"]\n# ## A\n#\n#   b\n#c\n')[2]
    assert (cell.kind, cell.text) == ("markdown", "## A\n\n  b\nc")
    assert (cell.tag, cell.line) == ("concept", 6)


def test_cells_without_blank_lines_between_them(read):
    cells = read("# %%\nx = 1\n# %% n=2\n# %%\ny = 2")[2]
    assert [(c.text, c.line) for c in cells] == [("x = 1", 5), ("", 7), ("y = 2", 8)]
    assert cells[1].options == {"n": 2}


@pytest.mark.parametrize("blank", ["\n\n", "#\n#\n", "   \n\t\n"])
def test_blank_lines_before_the_content_do_not_move_its_line(read, blank):
    (cell,) = read(f"# %% [markdown]\n{blank}# text\n{blank}")[2]
    assert (cell.text, cell.line) == ("text", 7)


def test_windows_line_ends_and_byte_order_mark_change_nothing(read):
    text = '# %% tags=["demo"]\nx = """\n\ta"""\n'
    plain = read(text)
    assert read(text.replace("\n", "\r\n"), FRONT.replace("\n", "\r\n")) == plain
    assert read(text, "\ufeff" + FRONT) == plain


def test_form_feed_and_other_unicode_line_ends_stay_in_their_line(read):
    (cell,) = read('# %%\nx = "a\x0cb\u2028c"\n# BEGIN SOLUTION\ny\n# END SOLUTION')[2]
    assert solved(cell) == 'x = "a\x0cb\u2028c"\ny'
    assert stub(cell, "02.1").startswith('x = "a\x0cb\u2028c"\nraise')


@pytest.mark.parametrize(
    ("tags", "tag"), [("[]", ""), ('["a", "b"]', "a"), ("[3]", "3")]
)
def test_tag_is_the_first_one(read, tags, tag):
    assert read(f"# %% tags={tags}")[2][0].tag == tag


# --- Mistakes, each with its line ----------------------------------------------------


@pytest.mark.parametrize("front", ["", "# title: x\n", "# ---\n# title: x\n"])
def test_missing_front_matter(read, front):
    with pytest.raises(CourseError, match=r"02_x\.py:1: front matter was expected"):
        read("# %%\nx = 1\n", front)


def test_text_before_the_first_cell_is_not_lost_in_silence(read):
    with pytest.raises(CourseError, match=r"02_x\.py:5: a cell was expected"):
        read("\nimport os\n\n# %%\nx = 1\n")


@pytest.mark.parametrize(
    "head",
    [
        '# %% tags="demo"',
        "# %% tags=['demo']",
        '# %% title="a \\q"',
        "# %% minutes=007",
        "# %% [raw]",
        "# %% demo",
        "# %%% tags=[]",
        "#%%",
        "    # %%",
        '# %%tags=["demo"]',
        '# %% title="a "b" c"',
    ],
)
def test_head_that_cannot_be_read(read, head):
    with pytest.raises(CourseError, match=r"02_x\.py:6: the cell's options .* cannot"):
        read(f"# %%\nx = 1\n{head}\ny = 2\n")


def test_code_below_text_without_a_head_of_its_own(read):
    with pytest.raises(CourseError, match=r"02_x\.py:7: a line of text without '#'"):
        read("# %% [markdown]\n# text\n\nx = 1\n")


def test_file_in_another_encoding(tmp_path):
    path = tmp_path / "02_x.py"
    path.write_bytes("# ---\n# title: é\n# ---".encode("latin-1"))
    with pytest.raises(CourseError, match=r"02_x\.py:1: it is not UTF-8"):
        read_cells(path)


# --- Solutions -----------------------------------------------------------------------

TWO = """\
def f(x):
    # BEGIN SOLUTION
    a = 1

    b = 2
    # END SOLUTION
    for _ in x:
        # BEGIN SOLUTION
        pass
        # END SOLUTION
    return x"""


def test_each_solution_becomes_one_line_at_its_indentation():
    message = 'raise NotImplementedError("Exercise 02.1: replace this line.")'
    assert stub(Cell("code", TWO), "02.1") == (
        f"def f(x):\n    {message}\n    for _ in x:\n        {message}\n    return x"
    )


def test_solved_has_all_lines_but_the_markers():
    expected = [line for line in TWO.split("\n") if "SOLUTION" not in line]
    assert solved(Cell("code", TWO)) == "\n".join(expected)


def test_solution_at_the_top_of_a_cell():
    cell = Cell("code", "# BEGIN SOLUTION\nx = 1\n# END SOLUTION")
    assert solved(cell) == "x = 1"
    assert stub(cell, "02.9") == (
        'raise NotImplementedError("Exercise 02.9: replace this line.")'
    )


def test_code_without_markers_stays_as_it_is():
    cell = Cell("code", "x = 1\n\n\ty = 2")
    assert solved(cell) == stub(cell, "02.1") == cell.text
    assert solution_lines(cell) == []


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("x\n# BEGIN SOLUTION\ny", 12, "without '# END SOLUTION'"),
        ("x\ny\n# END SOLUTION", 13, "without '# BEGIN SOLUTION'"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION", 12, "a second"),
        ("x  # BEGIN SOLUTION\ny", 11, "is no marker"),
        ("### END SOLUTION", 11, "is no marker"),
    ],
)
@pytest.mark.parametrize("function", [solved, lambda cell: stub(cell, "02.1")])
def test_markers_that_do_not_pair(function, text, line, problem):
    with pytest.raises(CourseError, match=rf"source\.py:{line}: .*{problem}"):
        function(Cell("code", text, line=11))
