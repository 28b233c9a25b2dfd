"""A learner at work in the real JupyterLab, with the keyboard alone.

One server for the module. Alone: pytest tests/test_jupyterlab.py. The exercise, a wrong
answer, its hint and the solution are read from the lesson and from its cases.
"""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from lab_page import LabPage, contrasts, nothing_goes_wrong, serve_lab
from playwright.sync_api import expect

from course.grading.cases import WrongAnswer, cases_path, load_cases
from course.lessons.lesson import SOURCES, Lesson, read_lesson
from course.lessons.notebook import KERNEL
from course.lessons.questions import choices
from course.lessons.source import solved

pytestmark = pytest.mark.whole

LESSON = "02_tokenization"
NOTEBOOK = SOURCES.parent / f"{LESSON}.ipynb"
LEGIBLE = 4.5  # contrast of text, WCAG 2.2, level AA
WIDTHS = (1280, 800)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


@dataclass(frozen=True)
class Exercise:
    """The lesson's first exercise, as its author sees it.

    Attributes:
        lesson: What it belongs to.
        id: As "02.1".
        solution: The right answer.
        wrong: A wrong one, which a visible check tells from the right one.
        checks: How many visible ones there are.
    """

    lesson: Lesson
    id: str
    solution: str
    wrong: WrongAnswer
    checks: int

    def passed(self) -> str:
        """What a learner reads whose answer is right."""
        counted = f"visible checks {self.checks}/{self.checks}"
        return f"{counted}; hidden checks run when graded."


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    lesson = read_lesson(SOURCES / f"{LESSON}.py")
    task = lesson.tasks[0]
    cases = load_cases(cases_path(lesson.number), hidden=True)
    visible = [case.name for case in cases.of(task.id) if not case.hidden]
    wrong = next(
        answer
        for answer in cases.wrong_answers
        if answer.exercise == task.id and answer.fails[0] in visible
    )
    return Exercise(lesson, task.id, solved(task.answer), wrong, len(visible))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where JupyterLab is; the tests put notebooks beside the lessons' pictures."""
    folder = tmp_path_factory.mktemp("lab")
    pictures = SOURCES.parent / "pictures"
    shutil.copytree(pictures, folder / "notebooks" / "pictures")
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with serve_lab(folder) as address:
        yield address


@pytest.fixture
def open_notebook(browser, address, folder):
    """Open a notebook as a learner does; afterwards, nothing must have gone wrong."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()

    def open_it(name, text):
        (folder / "notebooks" / name).write_text(text, encoding="utf-8")
        return LabPage(page, address, name)

    with nothing_goes_wrong(page):
        yield open_it
        context.close()


def cells_of(text):
    return nbformat.reads(text, as_version=4).cells


def number_of(cells, grade_id):
    """The number, from 0, of the cell that nbgrader knows by an id."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]
    return ids.index(grade_id)


@pytest.mark.timeout(300)
def test_a_learner_solves_an_exercise_with_the_keyboard(
    open_notebook, exercise, folder
):
    text = NOTEBOOK.read_text(encoding="utf-8")
    cells = cells_of(text)
    name = f"exercise-{exercise.id.replace('.', '-')}"
    answer, check = number_of(cells, name), number_of(cells, f"{name}-check")
    lab = open_notebook("learner.ipynb", text)
    lab.run_all(exercise.lesson.front["seconds"])
    said = lab.cells.nth(check).get_by_role("status")
    expect(said).to_contain_text("not attempted yet")
    for code, words in (
        (exercise.wrong.code, exercise.wrong.hint),
        (exercise.solution, exercise.passed()),
    ):
        lab.go_to(answer)
        lab.write(code)
        lab.run()  # goes on to the check
        lab.run()
        # Backquotes may have become the fixed pitch of code.
        expect(said).to_contain_text(re.compile(re.escape(words).replace("`", "`?")))

    quiz = next(n for n, cell in enumerate(cells) if cell.source.startswith("quiz("))
    answer_a_question(lab, quiz, exercise)
    lab.save()
    saved = cells_of((folder / "notebooks" / "learner.ipynb").read_text("utf-8"))
    assert saved[answer].source == exercise.solution
    outputs = [output for cell in saved for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.output_type == "error"] == []
    progress = json.loads((folder / "progress.json").read_text())
    progress = progress["lessons"][exercise.lesson.number]
    assert progress["exercises"][exercise.id]["attempts"] == 2
    assert len(progress["questions"]) == 1


def answer_a_question(lab, number, exercise):
    """Choose the right option of the question shown in a cell, and read that it is."""
    cell = lab.go_to(number)
    expect(cell.get_by_role("radio").first).to_be_visible()
    question = next(q for q in exercise.lesson.questions if q.id in cell.inner_text())
    right = [choice.right for choice in choices(question)].index(True)
    lab.tab_to(cell.get_by_role("radio").nth(right))
    lab.press("Space")
    expect(cell.get_by_role("radio").nth(right)).to_be_checked()
    lab.tab_to(cell.get_by_role("button", name="Answer", exact=True))
    lab.press("Enter")
    said = cell.get_by_role("status").filter(has_text=f"{question.id}: Right.")
    expect(said).to_be_visible()
    expect(cell.get_by_role("button", name="Answer", exact=True)).to_be_focused()
    lab.press("Escape")


@pytest.mark.parametrize("role", ["task", "check"])
def test_a_learner_cannot_change_what_is_graded(open_notebook, exercise, folder, role):
    text = NOTEBOOK.read_text(encoding="utf-8")
    cells = cells_of(text)
    name = f"exercise-{exercise.id.replace('.', '-')}-{role}"
    number = number_of(cells, name)
    about = cells[number].metadata
    assert (about.editable, about.deletable) == (False, False)
    assert about.nbgrader.locked
    lab = open_notebook(f"{role}.ipynb", text)
    lab.go_to(number)
    lab.press("Enter")
    lab.page.keyboard.insert_text("changed")
    lab.press("Escape")
    lab.press("d", times=2)
    expect(lab.cells).to_have_count(len(cells))
    # The keys do work: another cell is deleted by them.
    lab.go_to(0)
    lab.press("d", times=2)
    expect(lab.cells).to_have_count(len(cells) - 1)
    lab.save()
    saved = cells_of((folder / "notebooks" / f"{role}.ipynb").read_text("utf-8"))
    assert [cell.source for cell in saved] == [cell.source for cell in cells[1:]]


def outputs_notebook(exercise):
    """A notebook of whatever the course shows in JupyterLab, which needs no torch."""
    check, lesson = f'check("{exercise.id}")', exercise.lesson.number
    prediction = exercise.lesson.predictions[0].id
    cells = [
        "%env COURSE_PROGRESS=of-this-notebook.json\n"
        "from course.grading import check\n"
        "from course.lessons import predict, reveal\n"
        "from widgets.quiz import quiz",
        check,
        f"{exercise.wrong.code}\n\n{check}",
        check,
        f"{exercise.solution}\n\n{check}",
        f'predict("{prediction}")',
        f'predict("{prediction}", 40, confidence=0.8)',
        f'reveal("{prediction}", 50)',
        f'quiz("{lesson}", "a b")',
        f'quiz("{lesson}")',
    ]
    cells = [nbformat.v4.new_code_cell(text) for text in cells]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL))


def test_what_the_course_shows_is_legible(open_notebook, exercise, tmp_path):
    lab = open_notebook("outputs.ipynb", outputs_notebook(exercise))
    lab.run_all(10)
    answer_a_question(lab, lab.cells.count() - 1, exercise)
    outputs = lab.page.locator(".jp-Notebook-cell .jp-OutputArea-output")
    for theme, name in THEMES.items():
        lab.command(f"Use Theme: {name}")
        expect(lab.page.locator(f"body[data-jp-theme-name='{name}']")).to_be_attached()
        for width in WIDTHS:
            # So high that everything is in sight and drawn.
            lab.page.set_viewport_size({"width": width, "height": 3000})
            lab.go_to(0)
            lab.page.screenshot(path=tmp_path / f"{theme}-{width}.png")
            shown = [outputs.nth(n) for n in range(outputs.count())]
            assert sum(output.locator("section").count() for output in shown) >= 8
            for output in shown:
                pale = {k: v for k, v in contrasts(output).items() if v < LEGIBLE}
                assert pale == {}
                wide, room = output.evaluate("e => [e.scrollWidth, e.clientWidth]")
                assert wide <= room
