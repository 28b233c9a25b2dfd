"""Notebooks made of lessons. Alone: pytest tests/course/lessons/test_notebook.py."""

import json

import nbformat
import pytest
from tiny_lesson import SOURCE, installed

from course.errors import CourseError
from course.lessons.building import build, write
from course.lessons.lesson import read_lesson, sources
from course.lessons.notebook import checksum, notebook_json
from course.lessons.source import solution_lines

MOST_BYTES = 300_000
PREDICT = '# %% [markdown] tags=["predict"]'


@pytest.fixture
def source(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as source:
        yield source


def made(source, solutions=False, points=3.5):
    text = notebook_json(read_lesson(source), {"07.1": points}, solutions)
    return nbformat.reads(text, as_version=4)


def test_order_of_the_cells(source):
    tags = [cell.metadata.tags for cell in made(source).cells]
    assert [tag for (tag,) in tags] == [
        *("title", "objectives", "setup", "concept", "exercise", "exercise", "check"),
        *("predict", "demo", "quiz", "quiz", "sources"),
    ]


def test_cells_that_come_from_the_front_matter(source):
    title, objectives, *_, sources_ = [cell.source for cell in made(source).cells]
    assert title.startswith("# Doubling\n\nLearn to double.\n\n*About 5 minutes, of ")
    assert "`source/07_doubling.py`" in title
    assert objectives.endswith("- **tell** one from the other.")
    assert sources_ == "## Sources\n\n- Euclid. Elements. https://example.org/elements"


def test_what_the_lesson_needs_is_in_its_title(source):
    text = SOURCE.replace("needs: []", "needs: [a model, a cable]")
    source.write_text(text, encoding="utf-8")
    assert "at most; needs a model, a cable. Built" in made(source).cells[0].source


def test_exercise_is_a_task_a_stub_and_a_check(source):
    task, answer, check = made(source).cells[4:7]
    assert task.source == (
        "### Exercise 07.1: Double\n\n*Difficulty ●●○ (2 of 3) · about 3 minutes · "
        "3.5 points*\n\nDouble a number."
    )
    assert answer.source == (
        'def double(number):\n    """Return twice a number."""\n    '
        'raise NotImplementedError("Exercise 07.1: replace this line.")'
    )
    assert check.source == 'check("07.1")'


def test_solved_notebook_has_the_solution_and_the_cells_for_it(source):
    stubbed, solved = made(source), made(source, solutions=True)
    assert "return number + number" in solved.cells[5].source
    assert "SOLUTION" not in solved.cells[5].source
    hidden = "Only in the solved notebook."
    assert [c.source for c in solved.cells].count(hidden) == 1
    assert hidden not in [cell.source for cell in stubbed.cells]
    others = {c.source for c in solved.cells} - {c.source for c in stubbed.cells}
    assert others == {hidden, solved.cells[5].source}


def test_cell_of_another_kind_that_names_an_exercise_is_left_as_it_is(source):
    hint = '# %% [markdown] tags=["hint"] exercise="07.1"\n# Add.\n\n'
    text = SOURCE.replace(PREDICT, hint + PREDICT)
    source.write_text(text, encoding="utf-8")
    cell = next(cell for cell in made(source).cells if cell.source == "Add.")
    assert cell.metadata == {"tags": ["hint"]}


# --- The same at each call -----------------------------------------------------------


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_real_notebook_is_valid_small_and_without_outputs(path):
    first, again = build(path.stem[:2]), build(path.stem[:2])
    assert first == again
    text = next(text for p, text in first.items() if p.suffix == ".ipynb")
    assert len(text.encode()) < MOST_BYTES
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(c.outputs == [] and c.execution_count is None for c in code)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_no_solution_is_in_the_learners_notebook(path):
    lesson = read_lesson(path)
    text = next(t for p, t in build(lesson.number).items() if p.suffix == ".ipynb")
    written = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    assert "SOLUTION" not in written
    for task in lesson.tasks:
        lines = task.answer.text.split("\n")
        for begin, end in solution_lines(task.answer):
            assert "\n".join(lines[begin + 1 : end]) not in written


@pytest.mark.parametrize("marker", ["# %% [markdown] tags=", '# %% tags=["demo"]'])
def test_inserted_cell_leaves_the_ids_of_the_others_alone(source, marker):
    before = [cell.id for cell in made(source).cells]
    inserted = '# %% tags=["demo"]\nprint(1)\n\n'
    text = SOURCE.replace(marker, inserted + marker, 1)
    source.write_text(text, encoding="utf-8")
    after = [cell.id for cell in made(source).cells]
    assert [i for i in after if i in before] == before
    assert len(after) == len(before) + 1


def test_equal_cells_have_ids_of_their_own(source):
    again = '# %% tags=["demo"]\nprint(2 * 4)\n\n'
    source.write_text(SOURCE.replace(PREDICT, again * 2 + PREDICT), encoding="utf-8")
    cells = [cell for cell in made(source).cells if cell.source == "print(2 * 4)"]
    stems = {cell.id[:-1] for cell in cells}
    assert [cell.id[-2:] for cell in cells] == ["-1", "-2", "-3"]
    assert len(stems) == 1


def test_text_ends_with_a_line_end_and_keeps_every_letter(source):
    source.write_text(SOURCE.replace("*six*", "größer 大"), encoding="utf-8")
    text = notebook_json(read_lesson(source), {"07.1": 1})
    assert text.endswith("}\n")
    assert "größer 大" in text


def test_markers_that_do_not_pair_are_told_by_the_lesson(source):
    source.write_text(SOURCE.replace("    # END SOLUTION\n", ""))
    with pytest.raises(CourseError, match="without '# END SOLUTION'"):
        made(source)


# --- nbgrader ------------------------------------------------------------------------


def test_cells_of_an_exercise_carry_what_nbgrader_looks_for(source):
    cells = made(source).cells
    assert [bool(cell.metadata.get("nbgrader")) for cell in cells] == [
        cell.metadata.get("exercise") == "07.1" for cell in cells
    ]
    task, answer, check = (cell.metadata.nbgrader for cell in cells[4:7])
    flags = ("grade", "solution", "locked", "task")
    assert [task[flag] for flag in flags] == [False, False, True, False]
    assert [answer[flag] for flag in flags] == [False, True, False, False]
    assert [check[flag] for flag in flags] == [True, False, True, False]
    assert [task.grade_id, answer.grade_id, check.grade_id] == [
        *("exercise-07-1-task", "exercise-07-1", "exercise-07-1-check"),
    ]
    assert check.points == 3.5
    assert "points" not in answer
    assert {about.schema_version for about in (task, answer, check)} == {3}


def test_only_the_answer_can_be_edited_and_none_be_deleted(source):
    task, answer, check = (cell.metadata for cell in made(source).cells[4:7])
    assert [m.deletable for m in (task, answer, check)] == [False] * 3
    assert [m.get("editable", True) for m in (task, answer, check)] == [
        *(False, True, False),
    ]


def test_written_checksums_are_those_of_the_cells(source):
    for cell in made(source).cells[4:7]:
        about = dict(cell.metadata.nbgrader)
        assert about.pop("checksum") == checksum(cell.source, about)


# What `nbgrader.utils.compute_checksum` of nbgrader 0.9.6 returns for such cells:
# source, type, (grade, solution, locked), id, points, checksum.
CHECK = ('check("07.1")', "code", (True, False, True), "exercise-07-1-check")
ANSWER = ("def double(number):\n    return 2 * number", "code", (False, True, False))
TASK = ("### Größe 大", "markdown", (False, False, True), "exercise-07-1-task")
CHECKSUMS = [
    (*CHECK, 3.5, "a716b552a1830120d16b55d1284428c5"),
    (*CHECK, 4, "19cd39ce8e87f9c0ee1da67329a79b32"),
    (*ANSWER, "exercise-07-1", None, "78fd040235096d2cd360b5b7a050d4fb"),
    (*TASK, None, "a39e6ad670acd388d9d753da0c4188aa"),
    ("", "code", (True, True, False), "both", 0, "c05ee5e0dac5b0052bb4c4c766c411e9"),
]


@pytest.mark.parametrize(
    ("text", "kind", "flags", "name", "points", "expected"), CHECKSUMS
)
def test_checksum_is_nbgraders(text, kind, flags, name, points, expected):
    about = dict(zip(("grade", "solution", "locked"), flags, strict=True))
    about |= {"cell_type": kind, "grade_id": name, "points": points}
    assert checksum(text, about) == expected


def test_stubs_of_a_build_are_what_is_on_disk(source):
    write(build())
    path = source.parents[1] / "07_doubling.ipynb"
    assert nbformat.read(path, as_version=4).cells[5].source.endswith('line.")')
