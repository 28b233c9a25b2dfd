"""One thread that writes for all: many rows in one transaction, each in its turn.

Whoever hands over a row need not wait for the disk; whoever has to know that it is
there gets a `Future`, which is done when the row is committed and not before. Left out:
what is written.
"""

import atexit
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

from course.errors import CourseError
from course.monitoring.schema import connect

LINGER = 0.1  # seconds in which rows that nobody waits for are gathered
BATCH = 500  # rows of one transaction at most
WAITING = 20_000  # rows not yet written, beyond which new ones are dropped
Work = Callable[[sqlite3.Connection], Any]


class _Item(NamedTuple):
    work: Work
    done: "Future[Any] | None"


class Writer:
    """Writes to one database. Any thread may hand over work.

    Args:
        path: The database.

    Attributes:
        lost: How many rows could not be written.
    """

    def __init__(self, path: Path) -> None:
        """Start no thread before there is something to write."""
        self.path = path
        self.lost = 0
        self._items: queue.Queue[_Item | None] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def later(self, work: Work) -> None:
        """Have something written within about `LINGER` seconds; errors are counted."""
        self._start()
        try:
            self._items.put_nowait(_Item(work, None))
        except queue.Full:
            self.lost += 1

    def now(self, work: Work) -> Any:
        """Have something written after all that came before, and wait for the commit.

        Args:
            work: From a connection to anything.

        Returns:
            What `work` returned.

        Raises:
            CourseError: If it cannot be written, or `work` raised one.
        """
        self._start()
        done: Future[Any] = Future()
        self._items.put(_Item(work, done))
        try:
            return done.result()
        except sqlite3.Error as error:
            raise CourseError(
                f"{self.path.name} cannot be written ({error}): is the disk full, or "
                "another program holding it?"
            ) from error

    def flush(self) -> None:
        """Wait until all that was handed over so far is written."""
        if self._thread is not None and not self._closed:
            self.now(lambda connection: None)

    def close(self) -> None:
        """Write what is waiting, and end the thread."""
        with self._lock:
            thread, self._closed = self._thread, True
        if thread and thread.is_alive():
            self._items.put(None)
            thread.join()
        atexit.unregister(self.close)

    def _start(self) -> None:
        with self._lock:
            if self._closed:
                raise CourseError(f"{self.path.name} was closed: open it again.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def _run(self) -> None:
        running = True
        with contextlib.closing(connect(self.path)) as connection:
            while running:
                batch, running = self._gather()
                self._write(connection, batch)

    def _gather(self) -> tuple[list[_Item], bool]:
        """Wait for work, and a little longer for more unless somebody waits for it."""
        batch: list[_Item] = []
        end = None
        while len(batch) < BATCH:
            left = None if end is None else max(0.0, end - time.monotonic())
            try:
                item = self._items.get(timeout=left)
            except queue.Empty:
                break
            if item is None:
                return batch, False
            batch.append(item)
            end = time.monotonic() if item.done else end or time.monotonic() + LINGER
        return batch, True

    def _write(self, connection: sqlite3.Connection, batch: list[_Item]) -> None:
        results: list[Any] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            results = [_attempt(connection, item.work) for item in batch]
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            results = [error] * len(batch)
        for item, result in zip(batch, results, strict=True):
            failed = isinstance(result, Exception)
            if item.done is None:
                self.lost += failed
            elif failed:
                item.done.set_exception(result)
            else:
                item.done.set_result(result)


def _attempt(connection: sqlite3.Connection, work: Work) -> Any:
    """Do one thing; if it is refused, the rest of the transaction stands."""
    try:
        return work(connection)
    except (CourseError, sqlite3.IntegrityError) as error:
        return error
