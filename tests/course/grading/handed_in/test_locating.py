"""What of a notebook is run, whatever a learner did to it.

Alone: pytest tests/course/grading/handed_in/test_locating.py
"""

import copy
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.grading.handed_in.ipynb import NotebookCell, Unreadable, read_notebook
from course.grading.handed_in.lesson_shape import (
    ExerciseShape,
    LessonShape,
    lesson_shape,
)
from course.grading.handed_in.locating import locate
from course.lessons.building import build_solutions

IDS = [f"02.{n}" for n in range(1, 7)]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    (path,) = build_solutions(tmp_path_factory.mktemp("solved"), "02")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def solved(original):
    return copy.deepcopy(original)


def place(notebook, exercise):
    """Return where an exercise's answer cell is."""
    name = f"exercise-{exercise.replace('.', '-')}"
    metadata = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    return [about.get("grade_id") for about in metadata].index(name)


def code(text, **more):
    return {"cell_type": "code", "metadata": {}, "source": text, **more}


def located(notebook, lesson="02"):
    cells, _ = read_notebook(json.dumps(notebook).encode())
    return locate(cells, lesson_shape(lesson))


def told(found, *words):
    """Return whether each of the words is in a warning, and there are no others."""
    pairs = zip(words, found.warnings, strict=True)
    return all(word in warning for word, warning in pairs)


def test_solved_notebook(solved):
    found = located(solved)
    assert found.found == dict.fromkeys(IDS, "grade_id")
    assert [step.exercise for step in found.steps] == IDS
    assert found.steps[0].label == f"cell {place(solved, '02.1') + 1}"
    assert found.steps[0].text.startswith("def count_pairs")
    assert (found.missing, found.warnings) == ((), ())


def test_untouched_stubs_are_run():
    shape = lesson_shape("02")
    stubs = [code(task.stub) for task in shape.exercises]
    found = located({"cells": stubs})
    assert [step.text for step in found.steps] == [e.stub for e in shape.exercises]
    assert set(found.found.values()) == {"marker"}
    assert found.missing == ()


def test_stripped_metadata_leave_ids(original):
    shape = lesson_shape("02")
    cells = [code(f"def {e.names[0]}(): pass", id=e.cell_id) for e in shape.exercises]
    found = located({"cells": cells})
    assert set(found.found.values()) == {"cell id"}
    assert told(found, "by their cells' ids: exercises 02.1, 02.2")


@pytest.mark.parametrize(
    ("drop_checks", "how"), [(False, "marker"), (True, "name")], ids=["checks", "none"]
)
def test_stripped_metadata_and_ids(solved, drop_checks, how):
    for cell in solved["cells"]:
        cell["metadata"], cell["id"] = {}, ""
    if drop_checks:
        cells = solved["cells"]
        solved["cells"] = [c for c in cells if "check(" not in "".join(c["source"])]
    found = located(solved)
    assert found.found == dict.fromkeys(IDS, how)
    assert [step.exercise for step in found.steps] == IDS
    assert told(found, "Without nbgrader's id")


def test_copy_of_the_stub_does_not_win(solved):
    at = place(solved, "02.2")
    stub = copy.deepcopy(solved["cells"][at])
    stub["source"] = lesson_shape("02").exercises[1].stub
    solved["cells"].append(stub)
    found = located(solved)
    assert found.steps[1].label == f"cell {at + 1}"
    assert told(found, f"02.2 has 2 cells: cell {at + 1} was taken")


def test_the_last_of_two_answers_wins(solved):
    again = copy.deepcopy(solved["cells"][place(solved, "02.2")])
    again["source"] = "def merge(pair, words): return 2"
    broken = {**again, "source": "def merge(pair, words: return 3"}
    solved["cells"] += [again, broken]
    texts = {step.exercise: step.text for step in located(solved).steps}
    assert texts["02.2"] == again["source"]


def test_deleted_answer_is_missing(solved):
    del solved["cells"][place(solved, "02.2")]
    found = located(solved)
    assert found.missing == ("02.2",)
    assert told(found, "Not found: exercises 02.2")
    assert [step.exercise for step in found.steps] == [i for i in IDS if i != "02.2"]


def test_order_is_the_lessons(solved):
    solved["cells"].reverse()
    found = located(solved)
    assert [step.exercise for step in found.steps] == IDS
    assert told(found, "not in the lesson's order")


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_retyped_answer_is_used(solved, kind):
    solved["cells"][place(solved, "02.2")]["cell_type"] = kind
    found = located(solved)
    assert [step.exercise for step in found.steps] == IDS
    assert told(found, f"02.2 is answered in a {kind} cell")


def test_moved_answer_is_used(solved):
    at = place(solved, "02.2")
    solved["cells"].append(code("".join(solved["cells"][at]["source"])))
    solved["cells"][at]["source"] = lesson_shape("02").exercises[1].stub
    found = located(solved)
    moved = f"cell {len(solved['cells'])}"
    assert {s.exercise: s.label for s in found.steps}["02.2"] == moved
    assert found.found["02.2"] == "name"
    assert any(f"02.2 is answered outside its own cell, in {moved}" in w
               for w in found.warnings)  # fmt: skip


def test_two_answers_in_one_cell(solved):
    one, two = place(solved, "02.1"), place(solved, "02.2")
    solved["cells"][one]["source"] += ["\n", *solved["cells"][two]["source"]]
    del solved["cells"][two]
    found = located(solved)
    assert found.missing == ()
    assert [step.exercise for step in found.steps] == [i for i in IDS if i != "02.2"]
    assert any("answers 02.1 and 02.2" in warning for warning in found.warnings)


def test_answer_that_is_no_python_is_run(solved):
    at = place(solved, "02.2")
    solved["cells"][at]["source"] = "def merge(pair, words)\n    return words"
    found = located(solved)
    assert found.steps[1].text.startswith("def merge(pair, words)\n")
    assert found.warnings == ()


def test_answer_under_another_name_is_run(solved):
    solved["cells"][place(solved, "02.2")]["source"] = "def fuse(pair, words): return 1"
    found = located(solved)
    assert (found.steps[1].exercise, found.found["02.2"]) == ("02.2", "grade_id")


def test_helpers_are_followed_and_demos_left(solved):
    at = place(solved, "02.1")
    solved["cells"][at]["source"] = "def count_pairs(words): return outer(words)"
    solved["cells"].insert(
        at, code("%matplotlib inline\ndef outer(w): return inner(w)")
    )
    solved["cells"].append(code("inner = dict(four)"))  # `four` is a demo's
    solved["cells"].append(code("unused = 1"))
    found = located(solved)
    helpers = [step.text for step in found.steps if step.exercise is None]
    assert [text.split("\n")[0] for text in helpers] == [
        'four = {tuple("low"): 5, tuple("lower"): 2, tuple("newest"): 6, '
        'tuple("widest"): 3}',
        "%matplotlib inline",
        "inner = dict(four)",
    ]
    assert found.warnings == ()


def test_import_of_all_helps_if_a_name_is_unknown(solved):
    solved["cells"].insert(1, code("from math import *"))
    assert len(located(solved).steps) == 6
    at = place(solved, "02.1")
    solved["cells"][at]["source"] = "def count_pairs(words): return isqrt(4)"
    assert located(solved).steps[0].text == "from math import *"


def test_changed_setup_is_run_first(solved):
    (setup,) = (c for c in solved["cells"] if c["metadata"].get("tags") == ["setup"])
    setup["source"] = [*setup["source"], "\nmine = 1"]
    found = located(solved)
    assert found.steps[0].text.endswith("mine = 1")
    assert told(found, "The set-up cell (cell 3) was changed")


def test_second_definition_is_not_run(solved):
    solved["cells"].append(code("def merge(pair, words): return None"))
    found = located(solved)
    assert len(found.steps) == 6
    assert told(found, "defines merge again")


def test_helper_that_is_no_python_is_named(solved):
    at = place(solved, "02.1")
    solved["cells"][at]["source"] = "def count_pairs(words): return outer(words)"
    solved["cells"].append(code("def outer(w:"))
    assert told(located(solved), "is no Python and was left out")


def test_notebook_of_another_lesson(solved):
    found = located(solved, "07")
    assert found.steps == ()
    assert len(found.missing) == 7
    assert told(found, "a notebook of lesson 02, not of 07", "Not found")
    assert told(located({"cells": []}), "does not look like", "Not found")


def test_a_second_cell_gives_the_second_name():
    task = ExerciseShape("02.1", "exercise-02-1", "a-1", "stub", ("f", "g"))
    lesson = LessonShape("02", (task,), "", "", ())
    texts = ["def f(): pass", "def g(): pass", "h = 1"]
    cells = [NotebookCell(n, "code", text) for n, text in enumerate(texts, 1)]
    assert [step.text for step in locate(cells, lesson).steps] == texts[:2]


def test_a_notebook_takes_milliseconds(original):
    data = json.dumps(original).encode()
    shape = lesson_shape("02")
    seconds = []
    for _ in range(5):
        start = time.process_time()
        cells, _ = read_notebook(data)
        locate(cells, shape)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.02  # some 2 ms; the margin is for a busy machine


def test_endless_code_is_looked_into_up_to_a_bound(solved):
    solved["cells"] += [code("x = (1 +\n" * 1000 + "a;b;c\n" * 1000)] * 1000
    start = time.process_time()
    assert [step.exercise for step in located(solved).steps] == IDS
    assert time.process_time() - start < 5


VALUES = st.none() | st.integers() | st.text(max_size=9) | st.lists(st.just("def f("))


@st.composite
def damaged(draw, original):
    """Return a notebook's JSON with cells and fields moved, copied, replaced."""
    notebook = copy.deepcopy(original)
    cells = notebook["cells"]
    for _ in range(draw(st.integers(1, 8))):
        one = draw(st.integers(0, len(cells) - 1))
        two = draw(st.integers(0, len(cells) - 1))
        act = draw(st.sampled_from(["swap", "copy", "drop", "field", "kind", "mix"]))
        if act == "swap":
            cells[one], cells[two] = cells[two], cells[one]
        elif act == "copy":
            cells.insert(two, copy.deepcopy(cells[one]))
        elif act == "drop" and len(cells) > 1:
            del cells[one]
        elif isinstance(cells[one], dict) and isinstance(cells[two], dict):
            names = ["source", "metadata", "id", "cell_type"]
            name = "cell_type" if act == "kind" else draw(st.sampled_from(names))
            kinds = st.sampled_from(["code", "markdown", "raw"])
            value = cells[two].get(name) if act == "mix" else draw(VALUES)
            cells[one][name] = draw(kinds) if act == "kind" else value
    return json.dumps(notebook).encode()


@settings(max_examples=60)
@given(st.data())
def test_damaged_notebooks_are_located_or_refused(original, data):
    raw = bytearray(data.draw(damaged(original)))
    edits = st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255))
    for at, byte in data.draw(st.just([]) | st.lists(edits, max_size=4)):
        raw[at] = byte
    start = time.process_time()
    try:
        cells, _ = read_notebook(bytes(raw))
    except Unreadable:
        return
    found = locate(cells, lesson_shape("02"))
    assert time.process_time() - start < 1
    answers = [step.exercise for step in found.steps if step.exercise]
    labels = [step.label for step in found.steps]
    assert answers == sorted(set(answers))
    assert len(labels) == len(set(labels))
    assert {*found.found, *found.missing} == set(IDS)
    assert not set(found.found) & set(found.missing)
    assert found == locate(cells, lesson_shape("02"))
