"""The grader is killed, and started again. Alone: pytest -m whole, with this file."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from grading.hostile.families import HONEST, write_class
from grading.hostile.hostiles import Hostile, of_first
from grading.hostile.observing import processes_of

KILLS = 20
SEED = 6
# Each takes long enough to be killed in the middle of it.
CLASS: tuple[Hostile, ...] = HONEST + tuple(
    of_first(
        f"slow-{n}", f"import time\ntime.sleep(0.4)\ndef add(a, b): return a + b + {n}"
    )
    for n in range(40)
)


@pytest.fixture
def place():
    """A folder of its own for temporary files, so that what is left is seen."""
    with tempfile.TemporaryDirectory(prefix="course-killed-") as folder:
        Path(folder).chmod(0o711)
        (Path(folder) / "tmp").mkdir(mode=0o711)
        write_class(Path(folder) / "subs", CLASS)
        yield Path(folder)


def start(place: Path, out: str, workers: int) -> subprocess.Popen:
    words = ["grade", str(place / "subs"), "--out", str(place / out)]
    words += ["--source", str(place / "90" / "90_sums.py")]
    words += ["--cases", str(place / "90" / "test_90_sums.py")]
    words += ["--workers", str(workers), "--exercise-seconds", "2"]
    with open(place / "said.txt", "w") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "course.cli", *words],
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, "TMPDIR": str(place / "tmp")},
            start_new_session=True,
        )


def finish(place: Path, out: str, workers: int = 2) -> bytes:
    process = start(place, out, workers)
    assert process.wait(60) == 0, (place / "said.txt").read_text()
    return (place / out / "gradebook.csv").read_bytes()


def wait_for_the_end(place: Path) -> list[str]:
    """Return what still runs of a grading, after it had a moment to end."""
    until = time.monotonic() + 10
    while (left := processes_of(place)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


@pytest.mark.whole
def test_a_grader_that_is_killed_loses_and_leaves_nothing(place):
    wanted = finish(place, "undisturbed")
    rng = random.Random(SEED)
    done = []
    for number in range(KILLS):
        process = start(place, "killed", workers=1 + number % 2)
        time.sleep(rng.uniform(0.2, 2.2))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert wait_for_the_end(place) == [], f"kill {number}"
        done.append(len(list((place / "killed").rglob("result.json"))))
    assert done == sorted(done)  # what was done is kept
    assert finish(place, "killed") == wanted
    for path in (place / "undisturbed").rglob("*.*"):
        if path.name in ("result.json", "feedback.html"):
            other = place / "killed" / path.relative_to(place / "undisturbed")
            assert path.read_bytes() == other.read_bytes()
    assert not list((place / "killed").rglob(".*.tmp"))
    assert wait_for_the_end(place) == []
