"""A course folder that nbgrader 0.9.6 takes: sources with solutions and hidden tests.

    source/02/02_tokenization.ipynb   for `nbgrader generate_assignment 02`
    nbgrader_config.py
    README.md                         how to go on, and what is not protected

Each cell `check("02.1")` becomes a test cell that gives points for each case. Left out:
running nbgrader, which lives in an environment of its own.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course.grading.exports.texts import (
    WARNING,
    ExerciseText,
    exercise_texts,
    new_folder,
    quoted,
)
from course.lessons.building import write
from course.lessons.lesson import Lesson
from course.lessons.notebook import notebook_json, write_notebook

_CONFIG = '''"""nbgrader reads this file in the folder where it is started."""

c = get_config()  # noqa: F821 - nbgrader defines it
c.CourseDirectory.course_id = "llm-teaching-kit"
# Seconds for a cell: some train a model or load one.
c.ExecutePreprocessor.timeout = 300
'''
_README = """# The lessons as an nbgrader course

Start in this folder, in an environment that has nbgrader 0.9.6 and the kit:

    nbgrader generate_assignment {first}   # the learners' notebook, in release/
    nbgrader autograde {first}             # of what is in submitted/LEARNER/{first}/
    nbgrader export                      # the marks as csv

{warning}
"""
_TEST = """\
# The cases of exercise {id}: run this cell, and it says what does not hold yet.
from course.grading.exports.embedded import Marks as _Marks

_marks = _Marks(globals())
_marks.run({visible})
{hidden}_marks.points()"""
_HIDDEN = """\
### BEGIN HIDDEN TESTS
_marks.run({hidden}{solution})
### END HIDDEN TESTS
"""


def write_nbgrader(folder: Path, lessons: Sequence[str]) -> list[Path]:
    """Write a course folder for nbgrader.

    Args:
        folder: Where to; it must not exist, or be empty.
        lessons: Two digits each, as "02"; at least one.

    Returns:
        What was written.

    Raises:
        CourseError: If something is in the folder, or a lesson is not known.
    """
    texts = {}
    for number in lessons:
        lesson, exercises = exercise_texts(number)
        path = folder / "source" / number / f"{lesson.path.stem}.ipynb"
        texts[path] = source_notebook(lesson, exercises)
    texts[folder / "nbgrader_config.py"] = _CONFIG
    readme = _README.format(first=lessons[0], warning=WARNING)
    texts[folder / "README.md"] = readme
    new_folder(folder)
    return write(texts)


def source_notebook(lesson: Lesson, exercises: list[ExerciseText]) -> str:
    """Return a lesson's notebook as nbgrader's authors write it.

    Args:
        lesson: From `course.grading.exports.texts.exercise_texts`.
        exercises: Likewise.
    """
    import nbformat

    points = {exercise.task.id: exercise.points for exercise in exercises}
    notebook = nbformat.reads(notebook_json(lesson, points, True), as_version=4)
    by_id = {exercise.task.id: exercise for exercise in exercises}
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            _turn(cell, by_id[cell.metadata["exercise"]])
    return write_notebook(notebook.cells, dict(notebook.metadata))


def _turn(cell: Any, exercise: ExerciseText) -> None:
    """Give a cell of an exercise what nbgrader's own cells have in its place."""
    about = cell.metadata["nbgrader"]
    if about["solution"]:
        text = exercise.task.answer.text
        text = text.replace("# BEGIN SOLUTION", "### BEGIN SOLUTION")
        cell.source = text.replace("# END SOLUTION", "### END SOLUTION")
    elif about["grade"]:
        cell.source = test_cell(exercise)
    for name in ("checksum", "cell_type"):
        about.pop(name)  # of a learner's notebook alone; nbgrader sets them


def test_cell(exercise: ExerciseText) -> str:
    """Return the code of an exercise's test cell, hidden cases between their markers.

    Args:
        exercise: From `course.grading.exports.texts.exercise_texts`.
    """
    hidden = ""
    if exercise.hidden:
        solution = quoted(exercise.solution) if exercise.solution else ""
        hidden = _HIDDEN.format(
            hidden=quoted(exercise.hidden), solution=solution and f", {solution}"
        )
    return _TEST.format(
        id=exercise.task.id, visible=quoted(exercise.visible), hidden=hidden
    )
