"""nbgrader and otter, the real programs, each in an environment of its own.

They are made once, from the internet, and kept: `python tests/real_graders.py` makes
both, a test that needs one makes it if it is missing. COURSE_GRADERS names the folder
to keep them in. Each has its own packages first and then those of the kit's, so that
its kernel finds what lessons import.
"""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

ROOT = Path(__file__).parent.parent
PINS = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader==7.0.0"}
# What `offline` puts in the way of every connection.
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")


def graders() -> Path:
    """The folder that the environments are kept in."""
    return Path(os.environ.get("COURSE_GRADERS") or user_cache_path("course-graders"))


def grader(name: str) -> Path:
    """Return the folder with a program's commands; made first if it is missing."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    kit = sysconfig.get_path("purelib")
    folder = graders() / f"{PINS[name]}-py{version}"
    stamp, made_for = folder / "made", f"{kit}\n{PINS[name]}\n"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != made_for:
            _make(folder, PINS[name], kit)
            stamp.write_text(made_for, encoding="utf-8")
    return folder / "bin"


def _make(folder: Path, pin: str, kit: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in _PROXIES}

    def python(*arguments: str, interpreter: str = str(folder / "bin" / "python")):
        command = [interpreter, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{pin} was not installed:\n{done.stderr[-2000:]}"

    python("-m", "venv", "--clear", str(folder), interpreter=sys.executable)
    packages = folder / "lib" / Path(kit).parent.name / "site-packages"
    # A plain line would not run the kit's own .pth, by which `course` is found.
    line = f"import site; site.addsitedir({kit!r})\n"
    (packages / "kit.pth").write_text(line, encoding="utf-8")
    constraints = str(ROOT / "constraints.txt")
    python("-m", "pip", "install", "--quiet", "-c", constraints, pin)
    # nbgrader starts this program, which has to find nbgrader in turn.
    own = ("--ignore-installed", "--no-deps", "alembic")
    python("-m", "pip", "install", "--quiet", "-c", constraints, *own)


if __name__ == "__main__":
    for name in PINS:
        print(grader(name))
