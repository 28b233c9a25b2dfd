"""Lessons have the anatomy that makes them work. Alone: pytest tests/test_lessons.py.

What a builder can tell (markers, ids, front matter) is an error of `course build`; here
is what makes a lesson good to learn from: short cells, one idea at a time, a prediction
before the answer, an observation behind each picture, a quiz of every kind.
"""

import ast
import json
import re
from itertools import pairwise

import pytest

from course.lessons.building import NOTEBOOKS, build, differences
from course.lessons.lesson import read_lesson, sources
from course.lessons.question_source import KINDS

TAGS = {
    *("setup", "concept", "demo", "observe", "worked", "widget", "predict", "question"),
    *("exercise", "hint", "solution", "misconception", "scale", "quiz", "app"),
    *("reflection", "recap"),
}
LONGEST_CONCEPT = 130  # words
LONGEST_LESSON = 2_400  # words of prose, quiz not counted
LONGEST_CELL = 20  # lines of code; an exercise with its solution may be longer
CELLS = range(40, 81)
SMALLEST_NOTEBOOK_BUDGET = 300_000  # bytes, not executed

LESSONS = [read_lesson(path) for path in sources()]
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda x: x.path.stem)


def tags_of(lesson):
    return [cell.tag for cell in lesson.cells]


def words(text):
    return len(re.findall(r"\w+", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


def notebook_of(lesson):
    path = NOTEBOOKS / f"{lesson.path.stem}.ipynb"
    return path.read_bytes(), json.loads(path.read_text("utf-8"))


def test_notebooks_and_cards_are_what_their_sources_build():
    assert differences(build()) == [], "edit the source, then run: course build"


@each_lesson
def test_notebook_is_small_and_holds_no_outputs(lesson):
    content, notebook = notebook_of(lesson)
    assert len(content) < SMALLEST_NOTEBOOK_BUDGET
    assert len(notebook["cells"]) in CELLS
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in code)


@each_lesson
def test_cells_have_one_known_tag(lesson):
    wrong = [
        (cell.line, cell.options.get("tags"))
        for cell in lesson.cells
        if len(cell.options.get("tags", [])) != 1 or cell.tag not in TAGS
    ]
    assert wrong == []


@each_lesson
def test_parts_stand_in_their_order(lesson):
    order = tags_of(lesson)
    assert order[0] == "setup"
    assert order.count("setup") == 1
    ends = [tag for tag in order if tag in ("quiz", "app", "reflection", "recap")]
    assert ends == ["quiz", "app", "reflection", "recap"]
    assert order[-1] == "recap"
    assert max(i for i, tag in enumerate(order) if tag == "exercise") < order.index(
        "quiz"
    )
    assert {"concept", "observe", "question", "misconception"} <= set(order)


@each_lesson
def test_headings_go_down_one_level_at_a_time(lesson):
    _, notebook = notebook_of(lesson)
    text = "\n".join(
        "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
    )
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    levels = [len(match) for match in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


@each_lesson
def test_prose_is_short(lesson):
    prose = [c for c in lesson.cells if c.kind == "markdown" and c.tag != "quiz"]
    assert sum(words(cell.text) for cell in prose) <= LONGEST_LESSON
    long = [
        (cell.line, words(cell.text))
        for cell in prose
        if cell.tag == "concept" and words(cell.text) > LONGEST_CONCEPT
    ]
    assert long == []


@each_lesson
def test_code_is_short_and_imports_at_the_top(lesson):
    wrong = []
    for cell in (cell for cell in lesson.cells if cell.kind == "code"):
        lines = [line for line in cell.text.splitlines() if line.strip()]
        if len(lines) > (LONGEST_CELL + 10 * (cell.tag == "exercise")):
            wrong.append((cell.line, f"{len(lines)} lines"))
        if re.search(r"^\s*[!%]|/home/|/tmp/|[A-Z]:\\", cell.text, re.MULTILINE):
            wrong.append((cell.line, "shell command, magic or absolute path"))
        nodes = ast.walk(ast.parse(cell.text))
        imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)
        if imports and cell.tag != "setup":
            wrong.append((cell.line, "import outside the set-up cell"))
    assert wrong == []


@each_lesson
def test_each_demo_is_followed_by_what_to_see(lesson):
    order = tags_of(lesson)
    after = [
        order[i + 1]
        for i, tag in enumerate(order)
        if tag in ("demo", "worked") and order[i + 1] != "demo"
    ]
    assert set(after) == {"observe"}


@each_lesson
def test_predictions_are_committed_before_the_answer_is_shown(lesson):
    assert len(lesson.predictions) >= 3
    calls = re.findall(
        r'^(predict|reveal)\("(\d\d\.p\d+)"',
        "\n".join(cell.text for cell in lesson.cells if cell.kind == "code"),
        re.MULTILINE,
    )
    expected = [
        (call, prediction.id)
        for prediction in lesson.predictions
        for call in ("predict", "reveal")
    ]
    assert calls == expected
    asked = [i for i, cell in enumerate(lesson.cells) if cell.tag == "predict"]
    assert [lesson.cells[i].kind for i in asked] == ["markdown", "code"] * (
        len(asked) // 2
    )


@each_lesson
def test_exercises_are_numbered_and_rise(lesson):
    assert [task.id for task in lesson.tasks] == [
        f"{lesson.number}.{n}" for n in range(1, len(lesson.tasks) + 1)
    ]
    assert 3 <= len(lesson.tasks) <= 7
    difficulties = [task.difficulty for task in lesson.tasks]
    assert (difficulties[0], difficulties[-1]) == (
        min(difficulties),
        max(difficulties),
    )
    assert sum(task.minutes for task in lesson.tasks) < lesson.front["minutes"]


@each_lesson
def test_quiz_asks_every_kind_of_question(lesson):
    kinds = [question.kind for question in lesson.questions]
    assert len(kinds) >= 8
    assert set(kinds) == set(KINDS)


@each_lesson
def test_right_option_is_not_given_away_by_its_length(lesson):
    longest = []
    for question in lesson.questions:
        options = sorted(question.options, key=lambda option: len(option.text))
        longest += [question.id] if options[-1].right else []
    # By chance it would be one in four.
    assert len(longest) <= 3 / 8 * len(lesson.questions), longest


@each_lesson
def test_objectives_begin_with_what_one_can_see(lesson):
    objectives = lesson.front["objectives"]
    assert [text for text in objectives if not re.match(r"\*\*[a-z-]+\*\*", text)] == []
    recap = lesson.cells[-1].text
    assert recap.count("\n- You **") == len(objectives)
