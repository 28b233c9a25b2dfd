import io
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from course.errors import CourseError
from course.grading.exports.gradescope import gradescope_zip, write_gradescope
from course.lessons.building import build_solutions

FAILED = "import sys\nprint('no grader today')\nsys.exit(2)\n"
TWO = """
import pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
for name in ("a", "b"):
    (out / name).mkdir(parents=True)
    (out / name / "result.json").write_text("{}")
"""
ECHO = """
import json, pathlib, sys
given = sys.argv[1:]
out = pathlib.Path(given[given.index("--out") + 1])
found = sorted(p.name for p in pathlib.Path(given[1]).rglob("*"))
(out / "slug").mkdir(parents=True)
about = json.dumps({"score": 1, "given": given, "found": found})
(out / "slug" / "result.json").write_text(about)
"""


@pytest.fixture(scope="module")
def archive():
    return gradescope_zip("02", ("--salt", "word"))


def autograder(archive, folder):
    """A folder that stands for Gradescope's, with the archive where it unpacks it."""
    source = folder / "source"
    for name in ("source", "submission", "results"):
        (folder / name).mkdir()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(source)
        for info in opened.infolist():  # extractall forgets who may run what
            (source / info.filename).chmod(info.external_attr >> 16)
    users = {"users": [{"id": 31, "name": "Bo"}, {"id": 7}]}
    (folder / "submission_metadata.json").write_text(json.dumps(users))
    return folder


def set_up(folder):
    """Make the environment that setup.sh makes, with the packages that are here."""
    source = folder / "source"
    venv.create(source / ".venv")
    packages = sysconfig.get_path("purelib", vars={"base": str(source / ".venv")})
    # The prefix, since what the sandbox lets in is derived from it.
    lines = [str(source), sysconfig.get_path("purelib")]
    lines.append(f"import site; site.PREFIXES.append({sys.prefix!r})")
    (Path(packages) / "kit.pth").write_text("\n".join(lines) + "\n")


def run(folder, command=None):
    """Start the program as Gradescope does; `command` takes the place of the grader."""
    if command is not None:
        (folder / "source" / "course" / "cli" / "__main__.py").write_text(command)
    environment = {**os.environ, "AUTOGRADER_ROOT": str(folder)}
    environment["PATH"] = f"{os.path.dirname(sys.executable)}:{environment['PATH']}"
    program = folder / "source" / "run_autograder"
    done = subprocess.run([program], env=environment, capture_output=True, timeout=150)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads((folder / "results" / "results.json").read_text())


def test_archive_holds_what_grading_needs_and_no_more(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = opened.namelist()
    needed = {"setup.sh", "run_autograder", "pyproject.toml", "constraints.txt"}
    needed |= {"course/cli/__init__.py", "notebooks/source/02_tokenization.py"}
    needed |= {"tests/exercises/test_02_tokenization.py"}
    assert needed <= set(names)
    tests = [name for name in names if name.startswith(("tests/", "notebooks/"))]
    assert len([name for name in tests if name.endswith(".py")]) == 2
    for name in names:
        assert not name.endswith((".ipynb", ".pyc")), name
        assert not {".git", ".venv", "__pycache__"} & set(name.split("/")), name


def test_programs_can_be_run_and_bytes_repeat(archive):
    assert archive == gradescope_zip("02", ("--salt", "word"))
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        modes = {i.filename: i.external_attr >> 16 for i in opened.infolist()}
        script = opened.read("setup.sh")
    programs = sorted(name for name, mode in modes.items() if mode & 0o111)
    assert programs == ["run_autograder", "setup.sh"]
    subprocess.run(["bash", "-n"], input=script, check=True)


def test_grader_is_called_with_the_learners_number(archive, tmp_path):
    folder = autograder(archive, tmp_path)
    (folder / "submission" / "any name.ipynb").write_text("{}")
    about = run(folder, ECHO)
    assert about["given"][0] == "grade"
    expected = ["--lesson", "02", "--out", "OUT", "--workers", "1", "--salt", "word"]
    expected[3] = about["given"][5]
    assert about["given"][2:] == expected
    assert about["found"] == ["any name.ipynb", "learner-7"]


@pytest.mark.parametrize(
    ("command", "words"),
    [(FAILED, "ended with 2 and 0 results"), (TWO, "ended with 0 and 2 results")],
)
def test_failures_are_for_staff_alone(archive, tmp_path, command, words):
    about = run(autograder(archive, tmp_path), command)
    assert (about["score"], about["visibility"]) == (0, "hidden")
    assert about["stdout_visibility"] == "hidden"
    assert words in about["output"]


def test_broken_archive_still_gives_a_result(archive, tmp_path):
    folder = autograder(archive, tmp_path)
    (folder / "source" / "autograder.json").unlink()
    about = run(folder)
    assert (about["score"], about["visibility"]) == (0, "hidden")
    assert "autograder.json" in about["output"]


@pytest.mark.whole
def test_real_grader_gives_full_points(archive, tmp_path):
    folder = autograder(archive, tmp_path)
    set_up(folder)
    build_solutions(folder / "submission", "02")
    about = run(folder)
    assert "extra_data" in about, about["output"]
    assert about["score"] == about["extra_data"]["points"] == 38
    assert about["extra_data"]["learner"] == "learner-7"


def test_ending_is_checked(tmp_path):
    with pytest.raises(CourseError, match=r"a name that ends with \.zip"):
        write_gradescope(tmp_path / "autograder.tar", "02")
    with pytest.raises(CourseError, match="99"):
        write_gradescope(tmp_path / "autograder.zip", "99")
    assert not list(tmp_path.iterdir())
