"""An autograder for Gradescope: an archive whose `run_autograder` calls this grader.

    setup.sh          once, when the archive is uploaded: Python, the kit, models
    run_autograder    for each submission; see `course.grading.exports.run_autograder`
    autograder.json   the lesson and the options of `course grade`
    course/, ...      the parts of the kit that grading needs

The same kit gives the same bytes. Left out: notebooks, tests other than the lesson's
cases, and the sources of other lessons, whose solutions grading does not need.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from course.errors import CourseError
from course.grading.cases import cases_path
from course.grading.exports.zips import fixed_zip
from course.lessons.building import build
from course.lessons.lesson import PROJECT, source_of

# The licences and the readme belong to the package that pip builds.
_PARTS = ("course", "widgets", "pyproject.toml", "constraints.txt") + (
    *("README.md", "LICENSE", "DATA_LICENSES.md"),
)
_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")
_PROGRAMS = ("setup.sh", "run_autograder")
_SET_UP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image for an assignment.
#   TORCH_INDEX=ADDRESS   take torch from another wheel index
set -euo pipefail
cd "${AUTOGRADER_ROOT:-/autograder}/source"

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \\
            2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

if [ -z "$(find_python)" ]; then
    apt-get update
    # The newest that this system has; most have one of them.
    for name in python3.13 python3.12 python3.11; do
        if apt-get install -y "$name" "$name-venv"; then break; fi
    done
fi
python="$(find_python)"
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed: choose a newer base image." >&2
    exit 1
fi
"$python" -m venv .venv
if [ -n "${TORCH_INDEX:-}" ]; then
    .venv/bin/python -m pip install --no-deps -c constraints.txt \\
        --index-url "$TORCH_INDEX" torch
fi
.venv/bin/python -m pip install -c constraints.txt -e .
# Submissions are graded without network.
.venv/bin/course assets fetch
"""


def gradescope_zip(lesson: str, options: tuple[str, ...] = ()) -> bytes:
    """Return the archive for a lesson.

    Args:
        lesson: Two digits, as "02".
        options: For `course grade`, such as `("--salt", "word")`.

    Raises:
        CourseError: If there is no such lesson, or its source has a mistake.
    """
    settings = {"lesson": lesson, "options": list(options)}
    build(lesson)  # a mistake is told here, and not to the first learner
    script = Path(__file__).with_name("run_autograder.py").read_bytes()
    files = {
        "setup.sh": _SET_UP.encode(),
        "run_autograder": script,
        "autograder.json": (json.dumps(settings, indent=1) + "\n").encode(),
    }
    for path in _files(lesson):
        files[path.relative_to(PROJECT).as_posix()] = path.read_bytes()
    return fixed_zip(files, _PROGRAMS)


def write_gradescope(
    path: Path, lesson: str, options: tuple[str, ...] = ()
) -> list[Path]:
    """Write the archive for a lesson.

    Args:
        path: A file that ends with `.zip`; one that exists is replaced.
        lesson: Two digits, as "02".
        options: For `course grade`.

    Returns:
        What was written.

    Raises:
        CourseError: If the name has another ending, or as `gradescope_zip` does.
    """
    if path.suffix != ".zip":
        raise CourseError(f"{path.name} came: a name that ends with .zip was expected.")
    data = gradescope_zip(lesson, options)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return [path]


def _files(lesson: str) -> Iterator[Path]:
    """Yield the files of the kit that grading a lesson needs."""
    for name in _PARTS:
        part = PROJECT / name
        found = sorted(part.rglob("*")) if part.is_dir() else [part]
        for path in found:
            parts = path.relative_to(PROJECT).parts
            hidden = any(p in _LEFT_OUT or p.endswith(".egg-info") for p in parts)
            if path.is_file() and path.suffix != ".pyc" and not hidden:
                yield path
    yield cases_path(lesson)
    yield source_of(lesson)
    # The lesson is not read without the pictures that it shows.
    yield from sorted((PROJECT / "notebooks" / "pictures").glob(f"{lesson}_*"))
