#!/usr/bin/env python3
"""Grade one submission where Gradescope starts this file, and say how it went.

It travels in the archive of `course.grading.exports.gradescope` and runs before the
kit's environment is entered, so it uses the standard library alone. The submission goes
into a folder named after the learner's number, on which the hidden inputs depend. Left
out: grading, which is `course grade`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 30 * 60  # Gradescope's own limit can be set to no more than 40 minutes


def main() -> int:
    """Write results.json, whatever happens.

    Returns:
        0, since Gradescope shows its own message and not ours otherwise.
    """
    root = Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))
    target = root / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            text = grade(root, Path(folder))
    except Exception as error:  # the learner must not be left without a result
        text = failure(f"{type(error).__name__}: {error}")
        print(text)
    target.write_text(text, encoding="utf-8")
    return 0


def grade(root: Path, work: Path) -> str:
    """Return the result of the submission as JSON.

    Args:
        root: Gradescope's folder, with `source` and `submission`.
        work: An empty folder.

    Raises:
        RuntimeError: If the grader failed, or gave no result or several.
    """
    kit = root / "source"
    settings = json.loads((kit / "autograder.json").read_text(encoding="utf-8"))
    handed_in = work / "submissions" / learner(root / "submission_metadata.json")
    # Links stay links: the grader itself refuses those that lead out.
    shutil.copytree(root / "submission", handed_in, symlinks=True)
    python = kit / ".venv" / "bin" / "python"
    command = [str(python) if python.exists() else sys.executable]
    command += ["-m", "course.cli", "grade", str(handed_in.parent)]
    command += ["--lesson", settings["lesson"], "--out", str(work / "out")]
    command += ["--workers", "1", *settings["options"]]
    done = subprocess.run(
        command,
        cwd=kit,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    print(done.stdout.decode(errors="replace"))  # for staff alone
    results = sorted((work / "out").glob("*/result.json"))
    if done.returncode or len(results) != 1:
        raise RuntimeError(
            f"the grader ended with {done.returncode} and {len(results)} results"
        )
    return results[0].read_text(encoding="utf-8")


def learner(metadata: Path) -> str:
    """Return the name of a learner's folder: the same at each attempt.

    Args:
        metadata: Gradescope's file; without it, or of a group, its smallest number.
    """
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        return f"learner-{min(int(user['id']) for user in users)}"
    except (OSError, ValueError, KeyError, TypeError):
        return "learner"


def failure(reason: str) -> str:
    """Return a result of 0 points that staff can see and learners cannot.

    Args:
        reason: What went wrong.
    """
    output = (
        "The grader itself failed, which is no fault of the submission: see below, "
        f"mend it, and run the autograder again.\n{reason}"
    )
    hidden = {"visibility": "hidden", "stdout_visibility": "hidden"}
    return json.dumps({"score": 0, "output": output, **hidden}, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
