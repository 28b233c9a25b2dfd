"""Grade all hostile submissions at once, and note all that there is to see of it.

What is noted is plain data, so that several processes of a test run share one grading.
"""

import contextlib
import csv
import hashlib
import json
import os
import random
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
from grading.hostile.families import EVERY, HONEST, write_class
from grading.hostile.hostiles import Hostile

from course.grading.jobs import Plan
from course.grading.limits import Limits
from course.grading.marking import seed_of
from course.grading.outcome import grade_folder
from course.grading.sandbox import choose

LIMITS = Limits(exercise=1.0, total=8.0)
SECRETS = ("SECRET", "LEAK")
FACING = ("result.json", "feedback.html")  # what a learner is given


def observe(tier: str = "auto") -> dict[str, Any]:
    """Grade: all; all into the same folder; the quick ones again; the honest alone."""
    tier = choose(tier)
    with _place() as place:
        subs = write_class(place / "subs", EVERY)
        (place / "canary").mkdir()
        before = _snapshot(place)
        first = _graded(subs, place / "out", tier)
        facts = {"rows": first["rows"], "memory": first["memory"]}
        facts["tier"] = tier
        facts["csv"] = _csv(place / "out" / "gradebook.csv")
        facts["leaks"] = _leaks(place / "out", first["rows"])
        second = _graded(subs, place / "out", tier)
        facts["again"] = second["graded"], first["files"] == second["files"]
        fresh = _graded(
            write_class(place / "fresh", _quick(first)), place / "new", tier
        )
        facts["differing"] = _differing(first, fresh)
        alone = _graded(write_class(place / "few", HONEST), place / "alone", tier)
        facts["noticed"] = _differing(first, alone)
        after = _snapshot(place)
        facts["changed"] = sorted(n for n in before if before[n] != after.get(n))
        made = {Path(name).parts[0] for name in after.keys() - before.keys()}
        facts["made"] = sorted(made - {"out", "new", "alone", "fresh", "few"})
        _end_workers()
        facts["temporary"] = sorted(os.listdir(place / "tmp"))
        facts["processes"] = processes_of(place)
        return json.loads(json.dumps(facts))


@contextlib.contextmanager
def _place() -> Iterator[Path]:
    """A folder that nobody, too, gets into, for all that is written and for `tempfile`.

    The workers that joblib keeps are started anew, to know of it.
    """
    _end_workers()
    place = Path(tempfile.mkdtemp(prefix="course-hostile-"))
    kept = {name: os.environ.get(name) for name in ("TMPDIR", "COURSE_CANARY")}
    try:
        for folder in (place, place / "tmp"):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o711)
        os.environ |= {"TMPDIR": str(place / "tmp"), "COURSE_CANARY": "LEAK"}
        yield place
    finally:
        _end_workers()
        for name, value in kept.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        shutil.rmtree(place)


def _end_workers() -> None:
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)


def plan_of(place: Path, tier: str = "") -> Plan:
    """Return how the assignment in `90` is graded."""
    tier = tier or choose()
    source, cases = place / "90" / "90_sums.py", place / "90" / "test_90_sums.py"
    return Plan(None, source, cases, tier, LIMITS)


def _graded(subs: Path, out: Path, tier: str) -> dict[str, Any]:
    peak = [0]
    plan = plan_of(subs.parent, tier)

    def look(*_: object) -> None:
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.Error, OSError):
                if any("loky" in word for word in child.cmdline()):
                    peak.append(_peak(child.pid))

    outcome = grade_folder(subs, out, plan, workers=2, on_done=look)
    rows = {
        mark.learner: {
            "slug": mark.slug,
            "score": mark.score,
            "statuses": [exercise.status for exercise in mark.result.exercises],
            "cases": [c.status for e in mark.result.exercises for c in e.cases],
            "seconds": outcome.seconds[mark.slug],
        }
        for mark in outcome.marks
    }
    files = {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.name in (*FACING, "gradebook.csv")
    }
    return {
        "rows": rows,
        "files": files,
        "graded": outcome.graded,
        "memory": max(peak),
    }


def _peak(pid: int) -> int:
    """Return the most bytes of memory that a process ever had."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", text)[0]) << 10


def _quick(found: dict[str, Any]) -> list[Hostile]:
    """Return those that do the same each time and do not wait for a time limit."""
    return [
        one
        for one in EVERY
        if one.steady and found["rows"][one.learner]["seconds"] < 0.8
    ]


def _differing(first: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the files of another grading that are not as they were in the first."""
    return [
        name
        for name, digest in other["files"].items()
        if name in first["files"] and "/" in name and first["files"][name] != digest
    ]


def _csv(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _leaks(out: Path, rows: dict[str, Any]) -> list[str]:
    """Return files of learners that hold what only cases and solutions know."""
    found = []
    for learner, row in rows.items():
        numbers = "|".join(map(str, hidden_inputs(learner)))
        for name in FACING:
            text = (out / row["slug"] / name).read_text(encoding="utf-8")
            if name == "result.json":
                about = json.loads(text)["extra_data"]
                text = json.dumps([about["exercises"], about["warnings"]])
            words = [word for word in SECRETS if word in text]
            words += re.findall(rf"\b(?:{numbers})\b", text)
            found += [f"{row['slug']}/{name}: {word}" for word in words]
    return found


def hidden_inputs(learner: str) -> list[int]:
    """Return the numbers that a hidden case of the tiny assignment gives to `add`."""
    rng = random.Random(f"90.1 test_add_random {seed_of(learner)}")
    return [rng.randrange(1000, 9999) for _ in range(6)]


def _snapshot(place: Path) -> dict[str, str]:
    """Return what everything but results and temporary files is."""
    found = {}
    for top in sorted(os.listdir(place)):
        paths: Iterable[Path] = [place / top, *(place / top).rglob("*")]
        for path in paths if top not in ("tmp", "out", "new", "alone") else []:
            status = path.lstat()
            data = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
            digest = hashlib.sha256(data).hexdigest()
            name = os.fsencode(path.relative_to(place)).decode("latin-1")
            found[name] = f"{status.st_mode} {status.st_mtime_ns} {digest}"
    return found


def processes_of(place: Path) -> list[str]:
    """Return what still runs of a grading whose temporary files are below a folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            values, words = process.environ().values(), " ".join(process.cmdline())
            ours = any(str(place) in value for value in values)
            # Python's own, which stays as long as the process of the tests.
            is_tracker = process.pid == os.getpid() or "resource_tracker" in words
            if ours and not is_tracker:
                found.append(f"{process.pid} {words}")
    return found
