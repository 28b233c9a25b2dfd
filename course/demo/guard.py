"""What stands between the network and Gradio: size, origin, and closed doors.

The demo takes and gives text only, so that whatever Gradio offers for files is closed
here: nothing of this machine can be asked for, and nothing can be left on it. A web
page of somebody else's must not drive the demo in a visitor's browser either; Gradio
only keeps such a page from reading the answer. Left out: passwords, which are Gradio's.

Source: Trail of Bits, "Gradio 5 security review", 2024 (findings 1-3, 10, 16).
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 2_000_000  # a text of 1 MB still gets the page's own, clearer answer
CLOSED = ("file=", "file/", "proxy=", "upload", "process_recording", "stream/")
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


def is_closed(path: str) -> bool:
    """Whether an address is one of those that only files need.

    Args:
        path: Path of a request, decoded.

    Example:
        >>> is_closed("/gradio_api/file=/etc/passwd"), is_closed("/gradio_api/info")
        (True, False)
    """
    inner = path.lstrip("/").removeprefix("gradio_api").lstrip("/")
    return inner.startswith(CLOSED)


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


class Guard:
    """ASGI middleware that refuses what the demo never needs.

    Args:
        app: The application behind it.
        max_body_bytes: Largest body of a request.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        """Stand before an application."""
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refuse(scope)
        if refused is not None:
            status, detail = refused
            await JSONResponse({"detail": detail}, status)(scope, receive, send)
            return
        await self.app(scope, self._limit(receive), self._add_headers(send))

    def _refuse(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if is_closed(scope["path"]):
            return 403, "This demo takes and gives text only, no files."
        if scope["method"] not in ("GET", "HEAD") and is_foreign(headers):
            return 403, "Requests from pages of other sites are refused."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.max_body_bytes:
            return 413, self._too_large()
        return None

    def _too_large(self) -> str:
        return f"A request may hold at most {self.max_body_bytes:,} bytes."

    def _limit(self, receive: Receive) -> Receive:
        """Count what arrives: a body sent in chunks does not say its size before."""
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_body_bytes:
                raise HTTPException(413, self._too_large())
            return message

        return limited

    def _add_headers(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        return with_headers
