"""Refuses every connection that would leave this machine, and remembers who tried.

Loopback addresses and Unix sockets stay open: JupyterLab's kernels, the demo under test
and Chromium need them. Only Python's own sockets are seen; other programs are sent to a
proxy that does not answer (`ENVIRONMENT`).
"""

import ipaddress
import os
import socket
from collections.abc import Callable
from typing import Any

# Read by the libraries when they are first imported, and by programs that tests start.
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_EVALUATE_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "DO_NOT_TRACK": "1",
    "http_proxy": "http://127.0.0.1:9",  # port 9 discards; nothing listens there
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "localhost,127.0.0.1,::1",
}

attempts: list[str] = []  # one line per refused connection, oldest first


class BlockedConnectionError(OSError):
    """A test tried to leave this machine."""


def is_local(host: Any) -> bool:
    """Whether a host name or address, as `socket` takes it, means this machine."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    # Connecting to 0.0.0.0 reaches this machine's own servers.
    return address.is_loopback or address.is_unspecified


def refuse(address: Any) -> None:
    """Raise `BlockedConnectionError`, naming the running test and the address."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "code outside any test")
    line = f"{test} tried to reach {address}: tests run offline (tests/offline.py)"
    attempts.append(line)
    raise BlockedConnectionError(line)


def _guard_address(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        # The address comes last: connect(address), sendto(data, flags, address).
        if self.family in (socket.AF_INET, socket.AF_INET6):
            address = arguments[-1]
            if not is_local(address[0]):
                refuse(address)
        return method(self, *arguments)

    return guarded


def _guard_name(lookup: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        if not (is_local(host) or _is_address(host)):
            refuse(host)  # asking a name server is already leaving
        return lookup(host, *arguments, **options)

    return guarded


def _is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True


def block_network() -> None:
    """Put the guards in place for the rest of this process, once."""
    if hasattr(socket, "_blocked_by_tests"):
        return
    socket._blocked_by_tests = True
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guard_address(getattr(socket.socket, name)))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, _guard_name(getattr(socket, name)))
    os.environ.update(ENVIRONMENT)
    os.environ.pop("COURSE_ONLINE", None)
