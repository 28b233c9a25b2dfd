"""A socket that carries frames, with a deadline on all that is waited for.

Left out: what a frame may hold (`course.grading.processes.wire`).
"""

import math
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from course.grading.processes.wire import HEAD, Reference, check_sizes, decode, encode


class Connection:
    """One end of a socket that carries frames.

    Args:
        end: A connected stream socket; closed by `close`.
    """

    def __init__(self, end: socket.socket) -> None:
        """Take over a socket."""
        self.socket = end
        end.setblocking(False)

    def send(self, value: Any, deadline: float = math.inf) -> None:
        """Send a frame.

        Args:
            value: As for `encode`.
            deadline: By `time.monotonic`.

        Raises:
            FrameError: If the value cannot cross.
            EOFError: If nobody is at the other end.
            TimeoutError: If it is not taken in time.
        """
        left = memoryview(encode(value))
        while left:
            self._wait(deadline, writing=True)
            try:
                left = left[self.socket.send(left) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise EOFError(str(error)) from None

    def receive(
        self, refer: Callable[[Reference], Any] | None, deadline: float = math.inf
    ) -> Any:
        """Return what the next frame holds.

        Args:
            refer: As for `decode`.
            deadline: By `time.monotonic`.

        Raises:
            FrameError: If it is no frame; what comes after it is none either.
            EOFError: If the other end is closed.
            TimeoutError: If no frame came, or only a part.
        """
        head = self._read(HEAD.size, deadline)
        return decode(head + self._read(sum(check_sizes(head)), deadline), refer)

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def _read(self, length: int, deadline: float) -> bytes:
        parts, left = [], length
        while left:
            self._wait(deadline)
            try:
                part = self.socket.recv(min(left, 1 << 20))
            except BlockingIOError:
                continue
            except OSError as error:
                raise EOFError(str(error)) from None
            if not part:
                raise EOFError("the other end is closed")
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _wait(self, deadline: float, writing: bool = False) -> None:
        if self.socket.fileno() < 0:
            raise EOFError("this end is closed")
        left = None if deadline == math.inf else max(0.0, deadline - time.monotonic())
        here = [self.socket]
        ready = select.select(
            [] if writing else here, here if writing else [], [], left
        )
        if not any(ready):
            raise TimeoutError("nothing came in time")
