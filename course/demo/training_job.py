"""The one training that the demo may run: begun, followed, ended, and tidied up.

Runs made here carry a mark, so that the oldest of them can be removed; a run without it
is a learner's own and stays. Left out: the page, see `course.demo.train`, and training
itself, see `course.demo.training_process`.
"""

import json
import os
import re
import shutil
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import course
from course.demo.training_process import LOADING, MARK, STOPPING, TRAINING
from course.errors import CourseError
from course.runs import PARTIAL, runs_dir
from course.runs.curves import Curves

KEPT_RUNS = 10  # made by the demo
LEAST_FREE = 1_000_000_000  # bytes of disk, and of memory
MOST_SECONDS = 900  # of a whole training, with loading and measuring
CSV_FOLDER = "demo-csv"  # beside the runs: what they were trained on
_ONE_CORE = {"COURSE_THREADS": "1", "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}


def run_name(wish: str) -> str:
    """Return a run's name that no other run has and no path can be.

    Args:
        wish: What a visitor would like to call it; anything.

    Example:
        >>> run_name("../My films!").rpartition("-")[0].rpartition("-")[0]
        'my-films'
    """
    words = re.findall(r"[a-z0-9]+", str(wish)[:200].lower())
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S%f")[:-3]
    return f"{'-'.join(words)[:40].strip('-') or 'demo'}-{moment}"


def check_room() -> None:
    """Refuse to train where disk or memory is short.

    Raises:
        CourseError: If less than `LEAST_FREE` bytes of one are free.
    """
    import psutil

    folder = runs_dir()
    folder.mkdir(parents=True, exist_ok=True)
    free = {
        "disk": shutil.disk_usage(folder).free,
        "memory": psutil.virtual_memory().available,
    }
    for name, size in free.items():
        if size < LEAST_FREE:
            raise CourseError(
                f"Only {size / 1e9:.1f} GB of {name} are free, training needs "
                f"{LEAST_FREE / 1e9:g}: free some first."
            )


def made_here() -> list[Path]:
    """Return the complete runs that the demo made, newest first."""
    # Under another name than the mark's it is somebody's copy, and theirs.
    runs = [
        mark.parent
        for mark in runs_dir().glob(f"*/{MARK}")
        if json.dumps({"name": mark.parent.name}) == mark.read_text("utf-8").strip()
    ]
    return sorted(runs, key=lambda run: run.stat().st_mtime)[::-1]


def remove_oldest(most: int = KEPT_RUNS) -> list[str]:
    """Remove the oldest runs that the demo made, with the csv that they learnt from.

    Args:
        most: How many stay.

    Returns:
        Names of those that were removed.
    """
    removed = [run.name for run in made_here()[most:]]
    for name in removed:
        shutil.rmtree(runs_dir() / name, ignore_errors=True)
        csv_of(name).unlink(missing_ok=True)
    return removed


def csv_of(name: str) -> Path:
    """Return where the csv of a run lies, if it learnt from one."""
    return runs_dir() / CSV_FOLDER / f"{name}.csv"


@dataclass
class TrainingJob:
    """A training in a process of its own.

    Attributes:
        plan: What `course.demo.training_process` is given.
        owner: Session of the visitor who began it.
        keep: Whether it goes on when that visitor leaves.
        stage: What happens now.
        history: Records so far.
        run: Name of the complete run, or "".
        error: What went wrong, or "".
        ended: Set at the end.
        changed: Set when something is new; whoever looks clears it.
        began: By `time.monotonic`.
    """

    plan: dict[str, Any]
    owner: str
    keep: bool = False
    stage: str = LOADING
    history: list[dict[str, Any]] = field(default_factory=list)
    run: str = ""
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)
    changed: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        """Name of the run."""
        return self.plan["name"]

    @property
    def curves(self) -> Curves:
        """The curves as they are now."""
        state = "complete" if self.run else "training"
        config = {"num_train_epochs": self.plan["changes"].get("num_train_epochs")}
        task = Path(self.plan["task"]).name
        return Curves(self.name, task, state, config, [*self.history])

    def start(self) -> None:
        """Start the process, and a thread that hears it."""
        folder = str(Path(course.__file__).parents[1])
        paths = filter(None, [folder, os.environ.get("PYTHONPATH")])
        self._process = Popen(
            [sys.executable, "-m", "course.demo.training_process"],
            env=os.environ | _ONE_CORE | {"PYTHONPATH": os.pathsep.join(paths)},
            stdin=PIPE,
            stdout=PIPE,
            text=True,
            encoding="utf-8",
        )
        self._write(json.dumps(self.plan))
        self._limit = threading.Timer(MOST_SECONDS, self.kill)
        self._limit.daemon = True
        self._limit.start()
        threading.Thread(target=self._listen, daemon=True).start()

    def stop(self) -> None:
        """End it at its next step, with a run that can be used."""
        self.stage = STOPPING
        self.changed.set()
        self._write("stop")

    def kill(self) -> None:
        """End it at once; nothing of it is left."""
        self._process.kill()
        self.ended.wait(5)

    def _write(self, line: str) -> None:
        with suppress(OSError):  # it has ended by itself
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        for line in self._process.stdout:
            self._hear(json.loads(line))
            self.changed.set()
        self._process.wait()
        self._limit.cancel()
        self._tidy()
        self.ended.set()
        self.changed.set()

    def _hear(self, told: dict[str, Any]) -> None:
        stage = told.get("stage", self.stage)
        if not (self.stage == STOPPING and stage == TRAINING):  # told before it knew
            self.stage = stage
        self.run, self.error = told.get("run", ""), told.get("error", "")
        if "record" in told:
            self.history.append(told["record"])

    def _tidy(self) -> None:
        """Remove what is of no use; an older run only once there is a new one."""
        if self.run:
            remove_oldest()
            return
        self.error = self.error or "The training ended before it was complete."
        # Without `run`, a complete folder would be one that was killed in its last
        # moment: it has no mark yet, and nobody was told of it.
        for folder in (f"{self.name}{PARTIAL}", self.name):
            shutil.rmtree(runs_dir() / folder, ignore_errors=True)
        csv_of(self.name).unlink(missing_ok=True)


class OneTraining:
    """At most one training of this server at a time.

    Example:
        >>> OneTraining().job is None
        True
    """

    def __init__(self) -> None:
        """Begin without one."""
        self.job: TrainingJob | None = None
        self._lock = threading.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether one is going on."""
        return self.job is not None and not self.job.ended.is_set()

    def begin(self, job: TrainingJob) -> bool:
        """Start a training, unless one is going on.

        Args:
            job: The new one.

        Returns:
            Whether it was started.
        """
        with self._lock:
            if self.is_busy:
                return False
            job.start()
            self.job = job
            return True

    def of(self, owner: str) -> TrainingJob | None:
        """Return the training that goes on, if a visitor began it.

        Args:
            owner: The visitor's session.
        """
        return self.job if self.is_busy and self.job.owner == owner else None
