"""How often one visitor may ask: token buckets, in memory.

A bucket fills at a steady rate up to a brim; each request takes one token, and an empty
bucket says how long to wait. A class behind one address shares the address's bucket,
which is large, while each session has a smaller one: nobody's loop stops the others.
Left out: telling who asks, which is the guard's.

Source: Turner, "New directions in communications", IEEE Communications Magazine, 1986.
"""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

CAPACITY = 5_000  # buckets of a kind; a forged session costs a few hundred bytes
# Tokens a second, and at the brim. Opening the page takes some twenty, typing where an
# answer follows each key up to ten a second.
SESSION = (20.0, 200.0)
ADDRESS = (200.0, 2_000.0)
PASSWORD = (1.0, 60.0)  # a class logs in at once; a thief has four thousand an hour


class TokenBuckets:
    """One bucket for each key, the least recently used ones forgotten.

    Args:
        rate: Tokens that flow in, a second.
        brim: Tokens that a bucket holds, and starts with.
        capacity: Buckets to keep.
        clock: Seconds that only grow.

    Example:
        >>> buckets = TokenBuckets(rate=2, brim=1, clock=lambda: 0.0)
        >>> buckets.take("ana"), buckets.take("ana"), buckets.take("eva")
        (0.0, 0.5, 0.0)
    """

    def __init__(
        self,
        rate: float,
        brim: float,
        capacity: int = CAPACITY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start without buckets."""
        self.rate, self.brim, self.capacity = rate, brim, capacity
        self._clock = clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return the number of buckets."""
        return len(self._buckets)

    def take(self, key: Hashable) -> float:
        """Take one token.

        Args:
            key: Whose bucket.

        Returns:
            0 if there was one; otherwise the seconds until there is.
        """
        with self._lock:
            now = self._clock()
            tokens, filled = self._buckets.pop(key, (self.brim, now))
            tokens = min(self.brim, tokens + (now - filled) * self.rate)
            wait = 0.0 if tokens >= 1 else (1 - tokens) / self.rate
            self._buckets[key] = (tokens if wait else tokens - 1, now)
            while len(self._buckets) > self.capacity:
                self._buckets.popitem(last=False)
            return wait


class RateLimit:
    """The demo's limits: for a session, for an address, and for guessing passwords.

    Args:
        session: Rate and brim for each session at an address.
        address: Rate and brim for each address.
        password: Rate and brim for logging in from an address.

    Example:
        >>> limit = RateLimit(session=(1, 1))
        >>> limit.wait("192.0.2.7", "a"), limit.wait("192.0.2.7", "a") > 0
        (0.0, True)
    """

    def __init__(
        self,
        session: tuple[float, float] = SESSION,
        address: tuple[float, float] = ADDRESS,
        password: tuple[float, float] = PASSWORD,
    ) -> None:
        """Start with full buckets."""
        self._sessions = TokenBuckets(*session)
        self._addresses = TokenBuckets(*address)
        self._passwords = TokenBuckets(*password)

    def wait(self, address: str, session: str | None = None) -> float:
        """Count one request, and return the seconds to wait if it is one too many.

        Args:
            address: Who asks; a program of this very machine is its owner's and, as
                long as it names no session, free.
            session: As the request says, which may be forged; None for programs.
        """
        if is_this_machine(address):
            return self._sessions.take((address, session)) if session else 0.0
        wait = self._addresses.take(address)
        return wait or self._sessions.take((address, session))

    def wait_to_log_in(self, address: str) -> float:
        """Count one password, and return the seconds to wait if it is one too many."""
        return self._passwords.take(address)


def is_this_machine(address: str) -> bool:
    """Whether an address is this machine's own, so that no network lies between.

    Example:
        >>> is_this_machine("127.0.0.1"), is_this_machine("192.0.2.7")
        (True, False)
    """
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
