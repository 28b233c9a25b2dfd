"""The real nbgrader and the real otter accept what is exported, and mark it right.

Each is installed in an environment of its own, see tests/real_graders.py.
"""

import csv
import json
import os
import subprocess

import nbformat
import pytest
from real_graders import grader

from course.grading.exports.nbgrader import write_nbgrader
from course.grading.exports.otter import write_otter
from course.lessons.lesson import SOURCES, read_lesson
from course.lessons.source import solved

pytestmark = pytest.mark.whole

LESSON = read_lesson(SOURCES / "02_tokenization.py")
NAME = f"{LESSON.path.stem}.ipynb"
POINTS = 38
KEPT = {"setup", "exercise", "check"}


def run(name, command, folder):
    """Run a program of a grader's environment; its kernels are of that one as well."""
    binaries = grader(name)
    environment = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"}
    environment["COURSE_PROGRESS"] = str(folder / "progress.json")
    environment["JUPYTER_DATA_DIR"] = str(folder / "jupyter")
    done = subprocess.run(
        [str(binaries / command[0]), *command[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    return said


def hand_in(given, target, solve=()):
    """Write what a learner hands in: some exercises solved, demos left out for time."""
    notebook = nbformat.read(given, as_version=4)
    answers = {task.id: solved(task.answer) for task in LESSON.tasks}
    kept = []
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", KEPT))
        if cell.cell_type == "code" and tags & KEPT:
            is_answer = "NotImplementedError" in cell.source
            if is_answer and cell.metadata.get("exercise") in solve:
                cell.source = answers[cell.metadata["exercise"]]
            kept.append(cell)
        elif "nbgrader" in cell.metadata:
            kept.append(cell)
    notebook.cells = kept
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)


ALL = tuple(task.id for task in LESSON.tasks)
# Exercise 02.5 stands alone and gives 6 points.
LEARNERS = {"solved": (ALL, POINTS), "half": (("02.5",), 6), "stub": ((), 0)}


@pytest.fixture(scope="module")
def nbgrader_course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nbgrader") / "course"
    write_nbgrader(folder, ["02"])
    run("nbgrader", ["nbgrader", "generate_assignment", "02"], folder)
    return folder


def test_nbgrader_releases_stubs_without_hidden_cases(nbgrader_course):
    text = (nbgrader_course / "release" / "02" / NAME).read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in text
    for word in ("pytest.mark.hidden", "HIDDEN", "SOLUTION", "symbols.append"):
        assert word not in text


def test_nbgrader_gives_the_points(nbgrader_course):
    folder = nbgrader_course
    for learner, (solve, _) in LEARNERS.items():
        target = folder / "submitted" / learner / "02" / NAME
        hand_in(folder / "release" / "02" / NAME, target, solve)
    run("nbgrader", ["nbgrader", "autograde", "02"], folder)
    run("nbgrader", ["nbgrader", "export"], folder)
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    scores = {name: float(row["score"]) for name, row in rows.items()}
    assert scores == {name: points for name, (_, points) in LEARNERS.items()}
    assert {float(row["max_score"]) for row in rows.values()} == {POINTS}


@pytest.mark.parametrize(
    ("learner", "words"),
    [("solved", "passes all the tests"), ("stub", "VALIDATION FAILED ON 6 CELL")],
)
def test_nbgrader_validates(nbgrader_course, tmp_path, learner, words):
    given = nbgrader_course / "release" / "02" / NAME
    hand_in(given, tmp_path / NAME, LEARNERS[learner][0])
    said = run("nbgrader", ["nbgrader", "validate", NAME], tmp_path)
    assert words in said


@pytest.fixture(scope="module")
def otter_course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("otter") / "course"
    write_otter(folder, ["02"])
    return folder / "02"


@pytest.mark.parametrize("learner", LEARNERS)
def test_otter_gives_the_points(otter_course, tmp_path, learner):
    solve, points = LEARNERS[learner]
    hand_in(otter_course / "student" / NAME, tmp_path / NAME, solve)
    archive = otter_course / "autograder" / "autograder.zip"
    run("otter", ["otter", "run", "-a", str(archive), NAME], tmp_path)
    tests = json.loads((tmp_path / "results.json").read_text())["tests"]
    scored = [test for test in tests if "max_score" in test]
    assert sum(test["score"] for test in scored) == pytest.approx(points)
    assert sum(test["max_score"] for test in scored) == pytest.approx(POINTS)


def test_otter_generates_from_the_folder(otter_course, tmp_path):
    archive = tmp_path / "generated.zip"
    command = ["otter", "generate", "-o", str(archive)]
    run("otter", command, otter_course / "autograder")
    assert archive.stat().st_size > 0
