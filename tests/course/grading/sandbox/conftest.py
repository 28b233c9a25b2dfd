"""Code run inside of a sandbox, in processes of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import course
from course.grading.sandbox import bubblewrap, limits

NOBODY = 65534
# Who starts the program: whoever runs the tests, and if that is root, nobody as well.
PEOPLE = ["me", "nobody"] if limits.can_become(NOBODY) else ["me"]
SANDBOXES = ["bubblewrap", "landlock"]


@pytest.fixture(scope="session")
def copied() -> Iterator[Path]:
    """A folder that everybody can read, with as much of `course` as is needed."""
    source = Path(course.__file__).parent
    with tempfile.TemporaryDirectory(prefix="course-sandbox-") as folder:
        copy = Path(folder, "course")
        shutil.copytree(source / "grading" / "sandbox", copy / "grading" / "sandbox")
        shutil.copy(source / "errors.py", copy)
        shutil.copy(Path(__file__).with_name("harness.py"), copy)
        for package in (copy, copy / "grading"):
            (package / "__init__.py").touch()
        for place in (Path(folder), *Path(folder).rglob("*")):
            place.chmod(0o755)
        yield Path(folder)


@pytest.fixture
def box_root() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="course-boxes-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def python_of(person: str) -> str:
    """This interpreter, or the system's where nobody cannot reach this one."""
    mine = Path(sys.executable)
    is_open = limits.are_open_to(NOBODY, [mine, mine.parent])
    return sys.executable if person == "me" or is_open else "/usr/bin/python3"


@pytest.fixture
def as_person(copied: Path) -> Callable[..., subprocess.CompletedProcess]:
    """Run Python with arguments as "me" or "nobody"."""

    def run(person: str, *arguments: str, **more) -> subprocess.CompletedProcess:
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            [python_of(person), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            cwd="/",
            env={**environment, "PYTHONPATH": str(copied), "HOME": "/root"},
            **(user if person == "nobody" else {}),
            **more,
        )

    return run


@pytest.fixture
def inside(as_person, box_root) -> Callable[..., tuple]:
    """Run code in a sandbox; returns what it left in `answer`, and its exit status."""

    def run(tier: str, person: str, code: str, **order) -> tuple:
        if tier == "bubblewrap" and bubblewrap.program() is None:
            pytest.skip("no bubblewrap found: no bwrap on PATH")
        if person == "nobody":
            os.chown(box_root, NOBODY, NOBODY)
        bounds = {"memory": 256 << 20, "cpu_seconds": 20, **order.pop("bounds", {})}
        order = {"before": "", "abandon": False, "abi": 0, "launch": True, **order}
        order |= {"tier": tier, "box_root": str(box_root), "bounds": bounds}
        order["code"] = textwrap.dedent(code)
        done = as_person(person, "-m", "course.harness", json.dumps(order))
        if order["abandon"]:
            return done.stdout, done.returncode
        assert done.stdout, done.stderr
        return tuple(json.loads(done.stdout))

    return run


@pytest.fixture(params=SANDBOXES)
def sandbox(request) -> str:
    return request.param


@pytest.fixture(params=PEOPLE)
def person(request) -> str:
    return request.param
