"""What otter-grader 7.0.0 takes: the learners' notebook, tests, and an autograder zip.

    02/student/02_tokenization.ipynb, tests/*.py   for learners: visible cases
    02/autograder/tests/*.py, otter_config.json    all cases
    02/autograder/autograder.zip                   both, for `otter run`
    README.md                                      how to go on, what is not protected

Tests are in otter's exception format. Left out: otter's set-up of a container, which
`otter generate` adds in the folder `autograder`.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from course.grading.cases import Case
from course.grading.exports.texts import (
    WARNING,
    ExerciseText,
    exercise_texts,
    new_folder,
    quoted,
)
from course.grading.exports.zips import fixed_zip
from course.lessons.building import write
from course.lessons.lesson import Lesson
from course.lessons.notebook import notebook_json, write_notebook

_README = """# The lessons for otter-grader

In an environment that has otter-grader 7.0.0 and the kit:

    cd {first}/autograder
    otter run -a autograder.zip SUBMISSION.ipynb   # one notebook, in results.json
    otter generate                                 # a zip for containers instead

Learners get the folder `student`.

{warning}
"""
_START = 'import otter\n\ngrader = otter.Notebook("{name}.ipynb")'
_TEST = '''\
"""Exercise {id}; its cases run in the learner's own process."""

from otter.test_files import test_case

from course.grading.exports.embedded import Cases

OK_FORMAT = False
name = "{name}"
points = {points}

visible = Cases({visible})
{hidden}'''
_CASE = """

@test_case(name={title}, points={points}, hidden={hidden})
def {name}(env):
    {which}.run("{name}", env)
"""


def write_otter(folder: Path, lessons: Sequence[str]) -> list[Path]:
    """Write what otter needs.

    Args:
        folder: Where to; it must not exist, or be empty.
        lessons: Two digits each, as "02"; at least one.

    Returns:
        What was written.

    Raises:
        CourseError: If something is in the folder, or a lesson is not known.
    """
    texts, zips = {}, {}
    for number in lessons:
        lesson, exercises = exercise_texts(number)
        student, grading = folder / number / "student", folder / number / "autograder"
        stem = lesson.path.stem
        texts[student / f"{stem}.ipynb"] = student_notebook(lesson, exercises)
        config = {"lang": "python", "points_possible": sum(e.points for e in exercises)}
        inside = {"otter_config.json": json.dumps(config, indent=2) + "\n"}
        for exercise in exercises:
            path = f"tests/{exercise.name}.py"
            inside[path] = test_file(exercise, hidden=True)
            texts[student / path] = test_file(exercise, hidden=False)
        texts.update({grading / name: text for name, text in inside.items()})
        zips[grading / "autograder.zip"] = fixed_zip(
            {name: text.encode() for name, text in inside.items()}
        )
    readme = _README.format(first=lessons[0], warning=WARNING)
    texts[folder / "README.md"] = readme
    new_folder(folder)
    written = write(texts)
    for path, data in zips.items():
        path.write_bytes(data)
    return [*written, *zips]


def student_notebook(lesson: Lesson, exercises: list[ExerciseText]) -> str:
    """Return a lesson's notebook with otter's checks in place of the kit's.

    Args:
        lesson: From `course.grading.exports.texts.exercise_texts`.
        exercises: Likewise.
    """
    import nbformat

    points = {exercise.task.id: exercise.points for exercise in exercises}
    notebook = nbformat.reads(notebook_json(lesson, points), as_version=4)
    names = {exercise.task.id: exercise.name for exercise in exercises}
    start = nbformat.v4.new_code_cell(_START.format(name=lesson.path.stem))
    start.metadata["deletable"] = False
    for cell in notebook.cells:
        about = cell.metadata.pop("nbgrader", None)
        if about and about["grade"]:
            cell.source = f'grader.check("{names[cell.metadata["exercise"]]}")'
        elif about and about["solution"]:
            cell.metadata["tags"] = [*cell.metadata["tags"], "otter_answer_cell"]
    return write_notebook([start, *notebook.cells], dict(notebook.metadata))


def test_file(exercise: ExerciseText, hidden: bool) -> str:
    """Return the code of an exercise's test file.

    Args:
        exercise: From `course.grading.exports.texts.exercise_texts`.
        hidden: Whether to put in the hidden cases; learners get the file without.
    """
    cases = [case for case in exercise.cases if hidden or not case.hidden]
    back = ""
    if any(case.hidden for case in cases):
        solution = quoted(exercise.solution) if exercise.solution else ""
        solution = solution and f", {solution}"
        back = f"hidden = Cases({quoted(exercise.hidden)}{solution})\n"
    head = _TEST.format(
        id=exercise.task.id,
        name=exercise.name,
        points=sum(case.points for case in cases),
        visible=quoted(exercise.visible),
        hidden=back,
    )
    return head + "".join(map(_case, cases))


def _case(case: Case) -> str:
    return _CASE.format(
        title=repr(case.title),
        points=case.points,
        hidden=case.hidden,
        name=case.name,
        which="hidden" if case.hidden else "visible",
    )
