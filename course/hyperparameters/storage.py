"""Where a search keeps its trials, and how it finds those that a killed worker left.

By default a journal: a file of JSON lines that several processes of one machine may
append to. The URL of a database server serves several machines. Every worker holds an
operating-system lock on a file of its own for as long as it lives; the system gives it
up with the process, however that dies, so a running trial whose worker's lock is free
has been abandoned. On a server Optuna's heartbeat tells the same about workers of other
machines. Left out: storages that keep pickles (Redis).
"""

import contextlib
import os
import re
import uuid
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import filelock
import optuna
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from course.errors import CourseError
from course.runs import runs_dir

__all__ = [
    "Storage",
    "abandon",
    "enqueue_again",
    "is_abandoned",
    "open_storage",
    "requeue",
]

DATABASES = ("sqlite", "postgresql", "mysql")
HEARTBEAT_SECONDS = 30
# A worker of another machine is given up after as many missed heartbeats as a slow
# database or a suspended laptop may cost.
GRACE_SECONDS = 300


class _JournalLock:
    """Optuna's lock interface on a lock that the system frees when its process dies.

    Optuna's own is a file that outlives a killed process and holds up all others for
    half a minute.
    """

    def __init__(self, path: Path) -> None:
        self._lock = filelock.FileLock(f"{path}.lock")

    def acquire(self) -> bool:
        self._lock.acquire()
        return True

    def release(self) -> None:
        self._lock.release()


class Storage:
    """An open storage, with a folder for the locks of this machine's workers.

    Attributes:
        optuna: The storage as Optuna takes it; None keeps a study in memory.
        folder: Where locks and logs of the workers are.
        is_local: Whether all workers are on this machine and share `folder`.
    """

    def __init__(
        self, storage: BaseStorage | None, folder: Path, is_local: bool
    ) -> None:
        """Wrap an open storage; `open_storage` makes one."""
        self.optuna = storage
        self.folder = folder
        self.is_local = is_local

    def claim_lock(self) -> filelock.FileLock:
        """Return the lock under which a worker of this machine takes a trial."""
        return filelock.FileLock(self.folder / "claim.lock")

    @contextlib.contextmanager
    def worker(self) -> Iterator[str]:
        """Hold a new worker's lock; yields the name that its trials carry."""
        (self.folder / "workers").mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        with filelock.FileLock(self._sign(name)):
            yield name
        self._sign(name).unlink(missing_ok=True)

    def is_gone(self, worker: str) -> bool:
        """Whether a worker has ended; False if that cannot be known here.

        Args:
            worker: The name that `worker` yielded, in this process or another.
        """
        sign = self._sign(worker)
        if not sign.exists():
            return self.is_local  # else it may live on another machine
        try:
            with filelock.FileLock(sign, blocking=False):
                return True
        except filelock.Timeout:
            return False

    def _sign(self, worker: str) -> Path:
        return self.folder / "workers" / f"{worker}.lock"


def open_storage(storage: str | Path | None, name: str) -> Storage:
    """Open the storage of a search.

    Args:
        storage: The path of a journal file, `sqlite:///` and the path of a database
            file, the URL of a server (`postgresql://...`, `mysql://...`), or None for
            a journal of the search's own among the runs.
        name: Name of the search: letters, digits, dots, dashes and underscores.

    Returns:
        The open storage; a journal's file and folder are made if they are missing.

    Raises:
        CourseError: If the name cannot be a folder's, the database cannot be reached,
            or the file is none of Optuna's journals.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
        raise CourseError(
            f"The search's name is {name!r}; up to 100 letters, digits, dots, dashes "
            "and underscores are expected, a letter or digit first."
        )
    folder = runs_dir() / "searches" / name
    url = str(storage) if "://" in str(storage) else None
    file = storage if url is None else _file_of(url)
    if file is not None:
        # The workers' locks belong beside the file that they share.
        file = Path(file).expanduser().absolute()
        folder = file.with_name(f"{file.name}.d") / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if url is not None:
            is_local = file is not None
            return Storage(_open_database(url, is_local), folder, is_local)
        return Storage(_open_journal(file or folder / "journal.log"), folder, True)
    except OSError as error:
        raise CourseError(
            f"The storage of search {name!r} cannot be written ({error.strerror}: "
            f"{error.filename}): free space or name another with storage=."
        ) from error


def _file_of(url: str) -> str | None:
    """Return the file that a URL names, None if it names a server."""
    match = re.fullmatch(r"sqlite(?:\+\w+)?:///([^?]+)(?:\?.*)?", url)
    return match and match[1]


def _open_journal(path: Path) -> JournalStorage:
    lock = _JournalLock(path)
    _mend(path, lock)
    try:
        return JournalStorage(JournalFileBackend(str(path), lock_obj=lock))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{path} is not a search's journal, or a damaged one: restore it from a "
            "copy, or name another file."
        ) from error


def _mend(path: Path, lock: _JournalLock) -> None:
    """Cut off a last line that a full disk left unfinished; it was never in force."""
    if not path.is_file():
        return
    lock.acquire()
    try:
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        # A file without any line is not ours to empty; opening it will say so.
        if content[:1] == b"{" and whole < len(content):
            os.truncate(path, whole)
    finally:
        lock.release()


def _open_database(url: str, is_local: bool) -> RDBStorage:
    """Connect to a database, and hide its password in the message if that fails."""
    kind = re.match(r"[a-z]+", url)
    if kind is None or kind[0] not in DATABASES:
        raise CourseError(
            f"The storage begins with {url.split(':')[0]!r}; one of "
            f"{', '.join(f'{name}://' for name in DATABASES)} or a file is expected."
        )
    heartbeat = {
        "heartbeat_interval": HEARTBEAT_SECONDS,
        "grace_period": GRACE_SECONDS,
        "heartbeat_stale_trial_callback": enqueue_again,
    }
    shown = re.sub(r"//[^@/]*@", "//...@", url)
    try:
        with warnings.catch_warnings():
            # Heartbeats have been marked experimental since Optuna 2.6.
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return RDBStorage(url, **({} if is_local else heartbeat))
    except ImportError as error:
        raise CourseError(
            f"The database {shown} needs the Python package {error.name!r}: install "
            "it, or use sqlite:///FILE."
        ) from error
    except Exception as error:  # each driver raises errors of its own
        raise CourseError(
            f"The database {shown} cannot be reached ({type(error).__name__}): check "
            "address, name and password, and that it is running."
        ) from error


# --- Trials that nobody works on any more -------------------------------------------


def is_abandoned(trial: FrozenTrial) -> bool:
    """Whether a trial ended by no fault of its own: its worker was killed or stopped.

    A trial that failed by itself carries the attribute `error`.

    Args:
        trial: A trial of a search.
    """
    return trial.state == TrialState.FAIL and "error" not in trial.user_attrs


def requeue(study: optuna.Study, storage: Storage) -> None:
    """Queue the trials of ended workers again, with the same values.

    Must be called under the claim lock: within it, no living worker of this machine has
    a trial that does not yet carry its name.

    Args:
        study: The search's study.
        storage: Its storage.
    """
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        worker = trial.user_attrs.get("worker")
        gone = _is_old(trial, storage) if worker is None else storage.is_gone(worker)
        if gone:
            abandon(study, trial)


def abandon(study: optuna.Study, trial: FrozenTrial) -> None:
    """End a running trial and queue its values again.

    Args:
        study: The search's study.
        trial: A running trial, or one that was ended by a stop.
    """
    if trial.state == TrialState.RUNNING:
        try:
            study.tell(trial.number, state=TrialState.FAIL)
        except (ValueError, optuna.exceptions.UpdateFinishedTrialError):
            return  # another machine was first, and has queued it
    enqueue_again(study, trial)


def _is_old(trial: FrozenTrial, storage: Storage) -> bool:
    """Whether the worker that took a trial without signing it must be dead."""
    if storage.is_local or trial.datetime_start is None:
        return storage.is_local
    age = datetime.now(trial.datetime_start.tzinfo) - trial.datetime_start
    return age.total_seconds() > GRACE_SECONDS


def enqueue_again(study: optuna.Study, trial: FrozenTrial) -> None:
    """Queue a trial's values, with what tells that its runs can be continued.

    Args:
        study: The search's study.
        trial: A trial of it that has ended.
    """
    keep: dict[str, Any] = {
        key: trial.user_attrs[key]
        for key in ("grid_point", "run_number")
        if key in trial.user_attrs
    }
    # A queued trial that was killed before it began has its values here alone.
    values = {**trial.system_attrs.get("fixed_params", {}), **trial.params}
    study.enqueue_trial(values, user_attrs={"run_number": trial.number} | keep)
