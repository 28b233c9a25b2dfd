"""The demo's flags, and the port it gets: read and checked before anything heavy loads.

Left out: acting on them, which is `course.demo.launch`'s.
"""

import argparse
import errno
import importlib.util
import os
import socket
from dataclasses import dataclass, replace
from typing import NoReturn

from course.demo.messages import LANGUAGES
from course.errors import CourseError, unknown_name

DEFAULT_HOST = "127.0.0.1"
EVERY_HOST = "0.0.0.0"
DEFAULT_PORT = 7860  # Gradio's
PORTS_TRIED = 40


@dataclass(frozen=True)
class Options:
    """What the flags say.

    Attributes:
        host: Address to listen on.
        port: Port to listen on; None takes the first free one from 7860.
        auth: User and password; None lets everyone in who can reach the address.
        share: Whether to ask Gradio's server for a public link.
        language: The pages' language, one of `LANGUAGES`.
        log: Whether predictions are kept, without their texts.
        training: Whether visitors may train models.
        mcp: Whether programs may use the public endpoints as MCP tools.
    """

    host: str = DEFAULT_HOST
    port: int | None = None
    auth: tuple[str, str] | None = None
    share: bool = False
    language: str = "en"
    log: bool = True
    training: bool = True
    mcp: bool = False

    @property
    def local(self) -> bool:
        """Whether nobody on another machine can reach it."""
        return self.host in (DEFAULT_HOST, "localhost", "::1") and not self.share


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CourseError(f"{message} (--help lists the flags)")


def parse_options(arguments: list[str]) -> Options:
    """Read the flags.

    Args:
        arguments: As they follow `course app`.

    Raises:
        CourseError: If a flag is unknown, or its value will not do.

    Example:
        >>> options = parse_options(["--port", "8000", "--language", "de"])
        >>> options.host, options.port, options.language, options.training
        ('127.0.0.1', 8000, 'de', True)
    """
    flags = _parser().parse_args(arguments)
    auth = _read_auth(flags.auth or os.environ.get("COURSE_AUTH"))
    if flags.share and auth is None:
        raise CourseError(
            "--share makes the demo public, so it needs a password: add "
            "--auth USER:PASSWORD, or set COURSE_AUTH."
        )
    if flags.language not in LANGUAGES:
        raise unknown_name("language", flags.language, LANGUAGES)
    if flags.mcp and importlib.util.find_spec("mcp") is None:
        raise CourseError(
            "--mcp needs a package that is not installed: pip install 'gradio[mcp]'."
        )
    # The local network is what remains of a link that fails.
    host = flags.host or (EVERY_HOST if flags.share else DEFAULT_HOST)
    options = Options(
        host=host,
        port=_read_port(flags.port),
        auth=auth,
        share=flags.share,
        language=flags.language,
        log=not flags.no_log,
        mcp=flags.mcp,
    )
    training = options.local if flags.training is None else flags.training
    return replace(options, training=training)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="course app",
        description="Open the demo: classify texts and ask why, in your browser.",
        epilog="Example: course app --port 8000 --auth teacher:PASSWORD --share",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", help=f"default {DEFAULT_HOST}; with --share, the local network too")
    add("--port", help=f"default {DEFAULT_PORT}, or the next free one")
    add(
        "--auth",
        metavar="USER:PASSWORD",
        help="ask for a password; COURSE_AUTH does the same, unseen by other users",
    )
    add("--share", action="store_true", help="a public link for a week; needs --auth")
    languages = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
    add("--language", default="en", help=f"{languages}; default %(default)s")
    add("--no-log", action="store_true", help="do not keep predictions")
    add(
        "--training",
        action=argparse.BooleanOptionalAction,
        help="let visitors train models; default only while they are on this machine",
    )
    add("--mcp", action="store_true", help="offer the API as MCP tools as well")
    return parser


def _read_auth(text: str | None) -> tuple[str, str] | None:
    if not text:
        return None
    user, colon, password = text.partition(":")
    if not (user and colon and password):
        raise CourseError(
            "--auth expects USER:PASSWORD, both non-empty, such as teacher:some-words."
        )
    return user, password


def _read_port(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CourseError(f"--port {text!r} is not a port: give a number up to 65535.")
    return int(text)


def find_port(host: str, port: int | None = None) -> int:
    """Return a port that is free to listen on.

    Args:
        host: Address to listen on.
        port: The only one wanted; None tries 7860 and those after it.

    Raises:
        CourseError: If the address is not this machine's, or no port is free.
    """
    wanted = [port] if port else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    try:
        family = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
    except OSError as error:
        raise _bad_host(host) from error
    for number in wanted:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, number))
            except OSError as error:
                if error.errno == errno.EADDRNOTAVAIL:
                    raise _bad_host(host) from error
                reason = error.strerror
            else:
                return number
    shown = f"Port {port}" if port else f"Every port from {wanted[0]} to {wanted[-1]}"
    raise CourseError(f"{shown} cannot be used ({reason}): choose another with --port.")


def _bad_host(host: str) -> CourseError:
    return CourseError(
        f"--host {host!r} is no address of this machine: 127.0.0.1 keeps the demo to "
        "this machine, 0.0.0.0 opens it to the whole network."
    )
