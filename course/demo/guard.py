"""What stands between the network and Gradio: size, origin, haste, and closed doors.

The demo takes and gives text only, so that whatever Gradio offers for files is closed
here: nothing of this machine can be asked for, and nothing can be left on it. A web
page of somebody else's must not drive the demo in a visitor's browser either; Gradio
only keeps such a page from reading the answer. Left out: passwords, which are Gradio's.

Source: Trail of Bits, "Gradio 5 security review", 2024 (findings 1-3, 10, 16).
"""

import math
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from course.demo.rate_limit import RateLimit

MAX_BODY_BYTES = 2_000_000  # a text of 1 MB still gets the page's own, clearer answer
CLOSED = (
    *("file=", "file/", "proxy=", "upload", "process_recording", "stream/"),
    *("custom_component/", "deep_link", "vibe-", "undo-vibe-", "profiling/"),
)
SESSION = re.compile(rb'"session_hash"\s*:\s*"([\w-]{1,64})"')
HEADERS = {
    # The page is told as well that nothing comes from, or goes to, anywhere else.
    # Gradio's own scripts are partly inline and compile their templates.
    "Content-Security-Policy": (
        "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def inner_path(path: str) -> str:
    """Return a request's path as Gradio reads it, without its prefix.

    Example:
        >>> inner_path("//gradio_api//queue/join")
        'queue/join'
    """
    return path.lstrip("/").removeprefix("gradio_api").lstrip("/")


def is_closed(path: str) -> bool:
    """Whether an address is one of those that the demo never needs, mostly for files.

    Args:
        path: Path of a request, decoded.

    Example:
        >>> is_closed("/gradio_api/file=/etc/passwd"), is_closed("/gradio_api/info")
        (True, False)
    """
    return inner_path(path).startswith(CLOSED)


def is_foreign(headers: Headers) -> bool:
    """Whether a request was sent by a page of another site.

    Browsers name the page's origin in every request that changes something; programs
    such as curl name none. A forwarding proxy says which host the visitor asked for.

    Args:
        headers: Headers of a request.

    Example:
        >>> is_foreign(Headers({"host": "127.0.0.1:7860", "origin": "http://evil.example"}))
        True
    """
    origin = headers.get("origin")
    if origin is None:
        return False
    hosts = {headers.get("host"), headers.get("x-forwarded-host")}
    return urlsplit(origin).netloc not in hosts


def host_name(headers: Headers) -> str:
    """Return the name of the machine that a request was sent to, without the port.

    Args:
        headers: Headers of a request.

    Example:
        >>> host_name(Headers({"host": "[::1]:7860"})), host_name(Headers({}))
        ('::1', '')
    """
    return urlsplit(f"//{headers.get('host', '')}").hostname or ""


class Guard:
    """ASGI middleware that refuses what the demo never needs.

    Args:
        app: The application behind it.
        max_body_bytes: Largest body of a request.
        limit: How often may be asked; default as `RateLimit()`.
        hosts: Names that requests may be sent to; None for any.
    """

    def __init__(
        self,
        app: ASGIApp,
        max_body_bytes: int = MAX_BODY_BYTES,
        limit: RateLimit | None = None,
        hosts: set[str] | None = None,
    ) -> None:
        """Stand before an application."""
        self.app = app
        self.hosts = hosts
        self.max_body_bytes = max_body_bytes
        self.limit = limit or RateLimit()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(send)
        refusal = self._refuse(scope)
        if refusal is None and scope["method"] not in ("GET", "HEAD"):
            body = await self._read(receive)
            refusal = self._too_large() if body is None else self._haste(scope, body)
            receive = _again(body or b"", receive)
        await (refusal or self.app)(scope, receive, send)

    def _refuse(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if is_closed(scope["path"]):
            return _refusal(403, "This demo takes and gives text only, no files.")
        if self.hosts is not None and host_name(headers) not in self.hosts:
            return _refusal(403, "This demo is on this machine alone: use 127.0.0.1.")
        if scope["method"] not in ("GET", "HEAD") and is_foreign(headers):
            return _refusal(403, "Requests from pages of other sites are refused.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.max_body_bytes:
            return self._too_large()
        return None

    def _too_large(self) -> JSONResponse:
        line = f"A request may hold at most {self.max_body_bytes:,} bytes."
        return _refusal(413, line)

    def _haste(self, scope: Scope, body: bytes) -> JSONResponse | None:
        """Refuse one request too many."""
        # The server names the visitor here, not its proxy, if the proxy is on this
        # machine (uvicorn's forwarded_allow_ips); of others it believes nothing.
        address = (scope.get("client") or ("",))[0]
        if inner_path(scope["path"]).startswith("login"):
            wait = self.limit.wait_to_log_in(address)
        else:
            session = SESSION.search(body)
            wait = self.limit.wait(address, session and session[1].decode())
        if not wait:
            return None
        seconds = math.ceil(wait)
        line = f"Too many requests: try again in {seconds} s."
        return _refusal(429, line, {"Retry-After": str(seconds)})

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the body, or None for a larger one, which may not say its size."""
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self.max_body_bytes:
                return None
            if not message.get("more_body"):
                return bytes(body)


def _refusal(
    status: int, detail: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"detail": detail}, status, headers)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more, and then whatever comes."""
    unread = [body]

    async def again() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return again


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return with_headers
