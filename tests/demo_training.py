"""A small program in the place of the one that trains, for tests of the demo."""

import subprocess
import sys
from typing import Any

import pytest

from course.demo import training_job

# Says that it trains; on "stop" it leaves a copy of the run READY_RUN; it ends with its
# input, as the real one does.
PROGRAM = """
import json, os, shutil, sys, pathlib
plan = json.loads(sys.stdin.readline())
tell = lambda line: print(json.dumps(line), flush=True)
partial = pathlib.Path(os.environ["COURSE_RUNS"], plan["name"] + ".partial")
partial.mkdir()
tell({"stage": "training"})
tell({"record": {"step": 1, "loss": 0.5, "epoch": 0.5, "seconds": 1}})
for line in sys.stdin:
    folder = partial.with_suffix("")
    partial.rmdir()
    shutil.copytree(os.environ["READY_RUN"], folder)
    (folder / "made_by_demo.json").write_text(json.dumps({"name": plan["name"]}))
    tell({"stage": "measuring"})
    tell({"record": {"step": 2, "eval_loss": 0.4, "epoch": 1, "seconds": 2}})
    tell({"run": plan["name"]})
    break
"""


def replace_training(patch: pytest.MonkeyPatch, ready_run: Any) -> list[list[str]]:
    """Let the demo start `PROGRAM`.

    Args:
        patch: Undoes it.
        ready_run: Folder of the run that it "trains".

    Returns:
        The commands that the demo wanted to start, as they come.
    """
    real, commands = subprocess.Popen, []

    def start(command: list[str], **options: Any) -> subprocess.Popen:
        commands.append(command)
        return real([sys.executable, "-c", PROGRAM], **options)

    patch.setenv("READY_RUN", str(ready_run))
    # The module's own name for it: others go on starting what they want.
    patch.setattr(training_job, "Popen", start)
    return commands
