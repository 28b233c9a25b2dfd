"""Grade the same submissions with `course grade`, nbgrader and otter, whole commands.

    python benchmarks/grading.py

Eight tiny notebooks of two exercises, one of the cases hidden, in each program's own
form; sandbox on for ours, which the others do not have. nbgrader and otter are the real
programs, in environments of their own (`python tests/real_graders.py` makes them; that
needs a package index). Then for ours alone: 200 solved notebooks of lesson 02, the
milliseconds of lesson 07's exercises on torch, and what a submission costs in classes
of 20, 200 and 2,000.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The root first: below tests there is a folder called `course`, too.
sys.path[:0] = [str(ROOT)]
sys.path.append(str(ROOT / "tests"))

from real_graders import grader  # noqa: E402 - in the folder named above
from tiny_assignment import answers, cell, write_assignment  # noqa: E402

ADD = "def add(a, b):\n    return a + b"
REPEAT = "def repeat(text, times):\n    return [text] * times"
TESTS = {
    "add": ("assert add(3, 4) == 7", "assert add(1234, 5678) == 6912"),
    "repeat": ('assert repeat("ab", 2) == ["ab"] * 2', 'assert repeat("ab", 0) == []'),
}
OTTER_TEST = """\
from otter.test_files import test_case
OK_FORMAT = False
name = "{name}"
points = 5

@test_case(points=2)
def visible({name}):
    {visible}

@test_case(points=3, hidden=True)
def hidden({name}):
    {hidden}
"""
OTTER_START = "import otter\ngrader = otter.Notebook()"


def run(command: list[str], folder: Path, **environment: str) -> float:
    """Run a command to its end and return its seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}"[-3000:])
    return seconds


def notebook(cells: list[dict]) -> str:
    """Return a notebook's text."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    data = {"nbformat": 4, "nbformat_minor": 4, "cells": cells}
    return json.dumps({**data, "metadata": {"kernelspec": kernel}})


def ours(folder: Path, learners: int) -> float:
    """Grade tiny notebooks with `course grade`, sandbox on."""
    handed_in = folder / "submissions"
    handed_in.mkdir(parents=True)
    for number in range(learners):
        (handed_in / f"learner-{number:04}.ipynb").write_bytes(answers())
    source, cases = write_assignment(folder)
    return grade(folder, handed_in, "--source", str(source), "--cases", str(cases))


def grade(folder: Path, handed_in: Path, *options: str) -> float:
    """Run `course grade` and return its seconds."""
    command = [sys.executable, "-m", "course.cli", "grade", str(handed_in), "--out"]
    seconds = run([*command, str(folder / "marks"), *options], folder)
    report = (folder / "marks" / "report.html").read_text(encoding="utf-8")
    if "bubblewrap" not in report and "landlock" not in report:
        raise SystemExit("no sandbox was on")
    return seconds


def nbgrader_cell(text: str, name: str, points: int | None = None) -> dict:
    """Return a cell with nbgrader's metadata: an answer, or tests with points."""
    about = {
        "schema_version": 3,
        "grade_id": name,
        "grade": points is not None,
        "solution": points is None,
        "locked": points is not None,
        "task": False,
        "cell_type": "code",
    }
    if points is not None:
        about["points"] = points
    return cell(text, nbgrader=about)


def nbgrader(folder: Path, learners: int) -> float:
    """Grade the same with `nbgrader autograde`, after its assignment was made."""
    binaries = grader("nbgrader")
    path = {"PATH": f"{binaries}:{os.environ['PATH']}"}
    cells = []
    for (name, (visible, hidden)), text in zip(
        TESTS.items(), (ADD, REPEAT), strict=True
    ):
        first, rest = text.split("\n", 1)
        marked = f"{first}\n    ### BEGIN SOLUTION\n{rest}\n    ### END SOLUTION"
        tests = f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells += [nbgrader_cell(marked, name), nbgrader_cell(tests, f"test_{name}", 5)]
    source = folder / "source" / "ps1" / "sums.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(notebook(cells), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text("", encoding="utf-8")
    program = str(binaries / "nbgrader")
    run([program, "generate_assignment", "ps1"], folder, **path)
    released = json.loads(
        (folder / "release" / "ps1" / "sums.ipynb").read_text(encoding="utf-8")
    )
    solved = dict(zip(TESTS, (ADD, REPEAT), strict=True))
    for found in released["cells"]:
        name = found["metadata"].get("nbgrader", {}).get("grade_id")
        found["source"] = solved.get(name, found["source"])
    for number in range(learners):
        target = folder / "submitted" / f"learner-{number:04}" / "ps1" / "sums.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(released), encoding="utf-8")
    return run([program, "autograde", "ps1"], folder, **path)


def otter(folder: Path, learners: int) -> float:
    """Grade the same with `otter run`, which takes one notebook at a time."""
    binaries = grader("otter")
    (folder / "tests").mkdir(parents=True)
    for name, (visible, hidden) in TESTS.items():
        text = OTTER_TEST.format(name=name, visible=visible, hidden=hidden)
        (folder / "tests" / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "otter_config.json").write_text("{}", encoding="utf-8")
    with zipfile.ZipFile(folder / "autograder.zip", "w") as archive:
        for name in ("otter_config.json", *(f"tests/{name}.py" for name in TESTS)):
            archive.write(folder / name, name)
    texts = [OTTER_START, ADD, 'grader.check("add")', REPEAT, 'grader.check("repeat")']
    (folder / "sums.ipynb").write_text(notebook([*map(cell, texts)]), encoding="utf-8")
    path = {"PATH": f"{binaries}:{os.environ['PATH']}"}
    command = [str(binaries / "otter"), "run", "-a", "autograder.zip", "sums.ipynb"]
    return sum(run(command, folder, **path) for _ in range(learners))


def solved_class(folder: Path, lesson: str, learners: int) -> tuple[float, float]:
    """Grade solved notebooks of a lesson; return seconds, and those of each."""
    from course.lessons.building import build_solutions

    (text,) = build_solutions(folder / "solved", lesson)
    handed_in = folder / "submissions"
    handed_in.mkdir()
    for number in range(learners):
        shutil.copy(text, handed_in / f"learner-{number:04}.ipynb")
    seconds = grade(folder, handed_in, "--lesson", lesson)
    times = json.loads((folder / "marks" / "timings.json").read_text())["seconds"]
    return seconds, statistics.median(times.values())


def main() -> None:
    """Print a line per measurement, then JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiny", type=int, default=8, help="tiny submissions")
    parser.add_argument("--lesson", type=int, default=200, help="of lesson 02")
    parser.add_argument("--flat", type=int, nargs="*", default=[20, 200, 2000])
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    result: dict[str, object] = {"tiny": options.tiny}

    def say(name: str, value: float, unit: str) -> None:
        result[name] = round(value, 3)
        print(f"{name:28} {value:10.3f} {unit}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as place:
        sides = {"ours": ours, "otter": otter, "nbgrader": nbgrader}
        for name, side in sides.items():
            if name == "ours" or not options.only_ours:
                folder = Path(place) / name
                folder.mkdir()
                say(f"{name}_seconds", side(folder, options.tiny), "s")
        for name in ("otter", "nbgrader"):
            if f"{name}_seconds" in result:
                ratio = result[f"{name}_seconds"] / result["ours_seconds"]
                say(f"times_faster_than_{name}", ratio, "")
        folder = Path(place) / "lesson"
        folder.mkdir()
        seconds, _ = solved_class(folder, "02", options.lesson)
        say(f"lesson_02_x{options.lesson}_seconds", seconds, "s")
        folder = Path(place) / "torch"
        folder.mkdir()
        _, each = solved_class(folder, "07", 10)
        say("torch_exercise_ms", 1000 * each / 7, "ms, one of lesson 07's seven")
        for learners in options.flat:
            folder = Path(place) / f"flat-{learners}"
            folder.mkdir()
            each = 1000 * ours(folder, learners) / learners
            say(f"each_of_{learners}_ms", each, "ms a submission, start included")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
