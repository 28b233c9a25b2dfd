"""Which sandbox works on this machine: a small process tries to break out of each.

What a machine promises and what a container, a security module or a setting leaves of
it differ, so nothing is concluded from versions.
"""

import json
import platform
import sys
from functools import cache
from pathlib import Path

from course.errors import CourseError, one_line, unknown_name
from course.grading.sandbox import bubblewrap, landlock
from course.grading.sandbox.confinement import TIERS, launcher
from course.grading.sandbox.syscalls import unsupported

_SECONDS = 20  # for the trial of a tier, of which a tenth of a second is usual
_HERE = Path(__file__).resolve().parent
# Without site-packages and the packages' own __init__, which would bring in pytest.
_START = """
import sys, types
for name, folder in (("course", {course!r}), ("course.grading", {grading!r})):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
from course.grading.sandbox.trial import main
main(*sys.argv[1:])
"""
REMEDY = (
    "On Linux, install bubblewrap or use a kernel with Landlock (5.13 or newer); on "
    "macOS and Windows, grade in WSL2 or in a container"
)


def choose(wanted: str = "auto", allow_unsandboxed: bool = False) -> str:
    """Return the best sandbox that works here.

    Args:
        wanted: One of `TIERS`, or "auto".
        allow_unsandboxed: Whether "limits" will do, from which learners' code can
            break out.

    Raises:
        CourseError: If the wanted one, or any, does not work; or for an unknown one.

    Example:
        >>> choose("limits", allow_unsandboxed=True)
        'limits'
    """
    if wanted not in (*TIERS, "auto"):
        raise unknown_name("sandbox", wanted, (*TIERS, "auto"))
    tried = TIERS[:-1] if wanted == "auto" else [wanted]
    reasons = []
    for tier in tried:
        if tier == "limits":
            continue
        if not (reason := why_not(tier)):
            return tier
        reasons.append(f"{tier}: {reason}")
    if allow_unsandboxed and wanted in ("auto", "limits"):
        return "limits"
    found = "; ".join(reasons) or "limits are no sandbox"
    raise CourseError(
        f"No sandbox for learners' code ({found}). {REMEDY}; or pass "
        "--allow-unsandboxed if you trust every submission."
    )


@cache
def why_not(tier: str) -> str:
    """Return why a sandbox does not work here, in a line, or ""; tried once.

    Args:
        tier: "bubblewrap" or "landlock".
    """
    import tempfile

    if reason := unsupported():
        return reason
    if tier == "bubblewrap" and bubblewrap.program() is None:
        return "bwrap is not installed"
    if landlock.abi() < 1:
        return "this kernel has no Landlock, or it is switched off"
    with (
        tempfile.TemporaryDirectory(prefix="course-box-") as box_root,
        tempfile.TemporaryDirectory(prefix="course-cases-") as folder,
    ):
        forbidden = Path(folder, "cases.py")
        forbidden.write_text("hidden = 1\n", encoding="utf-8")
        for place in (forbidden, forbidden.parent, Path(box_root)):
            place.chmod(0o755)  # the sandbox has to refuse, not the mode
        return _try(tier, Path(box_root), forbidden)


def _try(tier: str, box_root: Path, forbidden: Path) -> str:
    import subprocess

    start = _START.format(course=str(_HERE.parents[1]), grading=str(_HERE.parent))
    command = [*launcher(tier, (), box_root), sys.executable, "-I", "-S", "-c", start]
    try:
        done = subprocess.run(
            [*command, tier, str(box_root), str(forbidden)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return one_line(f"{type(error).__name__}: {error}")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        return one_line(lines[-1], 200)
    attempts = json.loads(done.stdout)
    return ", ".join(
        f"could {name}" for name, succeeded in attempts.items() if succeeded
    )


def report() -> dict[str, object]:
    """Return what there is to say of sandboxes on this machine.

    Returns:
        "tier" (None if only limits would hold), "kernel", "machine", "landlock" (its
        ABI, or 0) and "reasons": a tier -> why it does not work.

    Example:
        >>> sorted(report())
        ['kernel', 'landlock', 'machine', 'reasons', 'tier']
    """
    reasons = {tier: why_not(tier) for tier in TIERS[:-1]}
    return {
        "tier": next((tier for tier, reason in reasons.items() if not reason), None),
        "kernel": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "landlock": landlock.abi(),
        "reasons": {tier: reason for tier, reason in reasons.items() if reason},
    }
