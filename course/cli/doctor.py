"""Is this machine ready? Each check says what it found and, if need be, the remedy.

A failed check means that a lesson could not run. What only some parts of the kit need,
such as the sandbox of the grader, is reported and never fails. Left out: repairing.
"""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from course.errors import CourseError

PACKAGES = (
    "torch",
    "transformers",
    "accelerate",
    "peft",
    "datasets",
    "evaluate",
    "scikit-learn",
    "shap",
    "captum",
    "optuna",
    "ipywidgets",
    "anywidget",
    "plotly",
    "gradio",
    "jupyterlab",
)
GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What was looked at.
        ok: False if a lesson could not run because of it.
        detail: What was found.
        remedy: What to do; empty if there is nothing to do.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def _python() -> Check:
    found = platform.python_version()
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, found, "" if ok else "install Python 3.11 or newer")


def _packages() -> Check:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        remedy = "run 'make lab', or pip install -c constraints.txt -e ."
        return Check("packages", False, f"missing: {', '.join(missing)}", remedy)
    return Check("packages", True, ", ".join(found))


def _assets() -> Check:
    from course import assets

    rows = assets.status()
    missing = [row["name"] for row in rows if not row["fetched"]]
    size = sum(row["bytes"] for row in rows if row["name"] in missing) / 1e6
    if missing:
        detail = f"not fetched: {', '.join(missing)} ({size:.0f} MB to download)"
        return Check("assets", False, detail, "run 'course assets fetch'")
    return Check("assets", True, f"{len(rows)} fetched, in {assets.home()}")


def _memory() -> Check:
    import psutil

    memory = psutil.virtual_memory()
    ok = memory.total >= 3.5 * GIGABYTE
    detail = (
        f"{memory.total / GIGABYTE:.1f} GB, {memory.available / GIGABYTE:.1f} GB free"
    )
    return Check("memory", ok, detail, "" if ok else "use a machine with 4 GB or more")


def _disk() -> Check:
    from course import assets
    from course.runs import runs_dir

    places = {"assets": assets.home(), "runs": runs_dir()}
    free = {}
    for name, place in places.items():
        while not place.exists():
            place = place.parent
        free[name] = shutil.disk_usage(place).free / GIGABYTE
    ok = min(free.values()) >= 1
    detail = ", ".join(f"{size:.0f} GB free for {name}" for name, size in free.items())
    return Check("disk", ok, detail, "" if ok else "free at least 1 GB")


def _arithmetic() -> Check:
    import torch

    from course import hardware

    threads, precision = hardware.apply_threads(), hardware.precision()
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    rate = hardware.matmul_rate(dtype) / 1e9
    detail = (
        f"{hardware.device().type}, {threads} thread(s), {precision}, "
        f"{rate:.0f} GFLOP/s in matrix products"
    )
    return Check("arithmetic", True, detail)


def _runs() -> Check:
    from course.runs import ADAPTERS, open_run, run_names, runs_dir, shipped

    damaged = []
    # The shipped ones come first: lessons need them.
    folders = [ADAPTERS / name for name in shipped()]
    folders += [runs_dir() / name for name in run_names()]
    for folder in folders:
        try:
            open_run(folder)
        except CourseError as error:
            damaged.append((folder.parent == ADAPTERS, str(error)))
    names = ", ".join(shipped()) or "none"
    detail = f"{len(run_names())} in {runs_dir()}, shipped: {names}"
    if not damaged:
        return Check("runs", True, detail)
    needed, reason = damaged[0]
    detail += f"; {len(damaged)} damaged: {reason}"
    return Check("runs", not needed, detail, "restore that folder or move it away")


def _sandbox() -> Check:
    """What locks in a learner's code while it is graded; no lesson needs it."""
    from course.grading.sandbox import REMEDY
    from course.grading.sandbox import report as try_all

    found = try_all()
    reasons = "; ".join(f"{tier}: {why}" for tier, why in found["reasons"].items())
    detail = f"{found['tier']} works" if found["tier"] else "none works"
    detail += f" ({reasons})" if reasons else ""
    return Check("sandbox", True, detail, "" if found["tier"] else REMEDY)


def _network() -> Check:
    online = os.environ.get("COURSE_ONLINE") == "1"
    detail = "hub names allowed (COURSE_ONLINE=1)" if online else "not used"
    return Check("network", True, detail)


_CHECKS: tuple[Callable[[], Check], ...] = (
    _python,
    _packages,
    _assets,
    _memory,
    _disk,
    _arithmetic,
    _runs,
    _sandbox,
    _network,
)


def examine() -> Iterator[Check]:
    """Run the checks one after the other.

    Yields:
        A `Check` for each; one that itself fails is reported as failed.

    Example:
        >>> next(examine()).name
        'python'
    """
    for check in _CHECKS:
        try:
            yield check()
        except (ImportError, OSError, CourseError) as error:
            name, detail = (
                check.__name__.lstrip("_"),
                f"{type(error).__name__}: {error}",
            )
            remedy = "run 'make lab' again; if it stays, report it with this line"
            if isinstance(error, CourseError):
                detail, remedy = str(error), "do what this line says"
            yield Check(name, False, detail, remedy)


def report(checks: list[Check]) -> dict[str, Any]:
    """Return what `course doctor --json` prints.

    Args:
        checks: Results of `examine`.

    Example:
        >>> report([Check("python", True, "3.11.7")])["ok"]
        True
    """
    return {
        "ok": all(check.ok for check in checks),
        "checks": [asdict(check) for check in checks],
    }


def notebooks_dir() -> Path:
    """Return the folder of the notebooks: beside the package, or below this folder.

    Raises:
        CourseError: If there is none.
    """
    for root in (Path(__file__).parents[2], Path.cwd()):
        if list((root / "notebooks").glob("*.ipynb")):
            return root / "notebooks"
    raise CourseError(
        f"No notebooks/ beside {Path(__file__).parents[2]} or in {Path.cwd()}: "
        "start in the folder of the kit."
    )
