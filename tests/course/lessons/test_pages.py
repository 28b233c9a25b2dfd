"""From a page's source to its notebook.

Alone: pytest tests/course/lessons/test_pages.py
"""

import json

import pytest
from tiny_lesson import NAME, installed

from course.errors import CourseError
from course.lessons import building
from course.lessons.building import build, build_solutions, differences, write
from course.lessons.lesson import read_lesson, sources
from course.lessons.pages import page_json, page_sources, read_page

PAGE = """\
# ---
# title: All at once
# summary: Everything on one page.
# ---

# %% [markdown]
# ## Twice
#
# Twice three is *six*.

# %%
print(2 * 3)

# %%
print(2 * 3)
"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    """The source of a page beside that of a lesson."""
    with installed(tmp_path, monkeypatch) as lesson:
        path = lesson.with_name("all_at_once.py")
        path.write_text(PAGE, encoding="utf-8")
        yield path


def cells_of(text):
    cells = json.loads(text)["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def test_a_page_is_no_lesson(source):
    assert [path.name for path in sources()] == [f"{NAME}.py"]
    assert page_sources() == [source]


def test_notebook_is_title_text_and_code(source):
    text = page_json(read_page(source))
    (kind, title), *rest = cells_of(text)
    assert kind == "markdown"
    assert title.startswith("# All at once\n\nEverything on one page.\n\n*Built from ")
    assert "`source/all_at_once.py`" in title
    assert rest == [
        ("markdown", "## Twice\n\nTwice three is *six*."),
        ("code", "print(2 * 3)"),
        ("code", "print(2 * 3)"),
    ]
    notebook = json.loads(text)
    assert "course" not in notebook["metadata"]  # belongs to no lesson
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [(c["outputs"], c["execution_count"]) for c in code] == [([], None)] * 2


def test_same_source_same_bytes_and_ids_stay(source):
    text = page_json(read_page(source))
    assert text == page_json(read_page(source))
    ids = [cell["id"] for cell in json.loads(text)["cells"]]
    assert len(set(ids)) == len(ids)
    source.write_text(PAGE.replace("# ## Twice", "# ## Thrice"), encoding="utf-8")
    changed = [c["id"] for c in json.loads(page_json(read_page(source)))["cells"]]
    assert [a == b for a, b in zip(ids, changed, strict=True)] == [
        *(True, False, True, True),
    ]


def test_ids_are_those_of_a_lessons_cells(source):
    # The same text in both gets the same id.
    lesson = source.with_name(f"{NAME}.py")
    concept = next(c for c in read_lesson(lesson).cells if c.tag == "concept")
    assert concept.text == read_page(source).cells[0].text
    derived = {
        path.name: json.loads(text)["cells"]
        for path, text in build().items()
        if path.parent == building.NOTEBOOKS
    }
    found = [
        cell["id"]
        for name in (f"{NAME}.ipynb", "all_at_once.ipynb")
        for cell in derived[name]
        if "".join(cell["source"]) == concept.text
    ]
    assert len(found) == 2
    assert found[0] == found[1]


def test_build_makes_lessons_and_pages(source, tmp_path):
    derived = build()
    assert sorted(path.relative_to(tmp_path).as_posix() for path in derived) == [
        f"cards/{NAME}.json",
        f"notebooks/{NAME}.ipynb",
        "notebooks/all_at_once.ipynb",
    ]
    assert [path.name for path in build("all_at_once")] == ["all_at_once.ipynb"]
    assert "all_at_once.ipynb" not in {path.name for path in build("07")}


def test_differences_know_pages(source, tmp_path):
    write(build())
    assert differences(build()) == []
    page = tmp_path / "notebooks" / "all_at_once.ipynb"
    page.write_text("changed")
    assert differences(build()) == [page]
    source.unlink()
    assert differences(build()) == [page]


def test_pages_have_no_solved_notebook(source, tmp_path):
    written = build_solutions(tmp_path / "solved")
    assert [path.name for path in written] == [f"{NAME}.ipynb"]
    with pytest.raises(CourseError, match="No source of a lesson 'all_at_once'"):
        build_solutions(tmp_path / "solved", "all_at_once")


@pytest.mark.parametrize("name", ["7_x", "07-x", "All", "a-b", "_x"])
def test_name_of_a_page(source, name):
    path = source.rename(source.with_name(f"{name}.py"))
    with pytest.raises(CourseError, match=rf"^{name}\.py:1: a name such as"):
        read_page(path)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("# summary: Everything on one page.\n", "", r":2: .* has title; expected"),
        ("# title: All at once\n", "# title: 3\n", ":2: title is 3: a text"),
        ("# title: All at once", "# other: 1\n# title: x", ":2: .* expected title"),
        ("# title: All at once\n# summary: Everything on one page.", "#", "no fields"),
        ("# %%\nprint", '# %% tags=["demo"]\nprint', ":12: .* options tags: remove"),
        ("print(2 * 3)", "print(2 *", ":12: no Python"),
        ("print(2 * 3)", "# BEGIN SOLUTION\n1\n# END SOLUTION", ":12: a solution out"),
        ("Twice three", "![x](pictures/x.svg)", ":9: the picture pictures/x.svg is"),
    ],
)
def test_mistakes_of_an_author(source, old, new, problem):
    assert old in PAGE
    source.write_text(PAGE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CourseError, match=rf"^all_at_once\.py.*{problem}"):
        build()
