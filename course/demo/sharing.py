"""How others find the demo: addresses, a QR code, and whether a link answers.

A public link is tried from here before a class is sent there; the local network is what
remains without one. Left out: making the link, which is Gradio's.

Source of the code's symbols: ISO/IEC 18004, "QR Code" (drawn by segno).
"""

import contextlib
import socket
import sys
import threading
import time
import urllib.request

import psutil

from course.demo.options import EVERY_HOST, Options

SHARE_SERVER = "https://api.gradio.app/v3/tunnel-request"
SHARE_SECONDS = 5  # to wait for the share server's first answer
LINK_SECONDS = 20  # until a new link is known everywhere
NO_NETWORK = (
    "No public link: the share server cannot be reached from here. The local network "
    "is what remains."
)
NOWHERE = "198.51.100.1"  # kept for examples (RFC 5737); nothing is sent there
QUIET_ZONE = 4  # light squares around a QR code, as its standard asks


def answers(url: str, seconds: float) -> bool:
    """Whether an address answers a request.

    Args:
        url: The address.
        seconds: How long to wait; looking up a name may take minutes on its own.
    """
    answered = threading.Event()

    def ask() -> None:
        # Whatever goes wrong means the same.
        with contextlib.suppress(OSError, ValueError):
            with urllib.request.urlopen(url, timeout=seconds) as response:
                response.read(1)
            answered.set()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return answered.is_set()


def share_server_answers(seconds: float = SHARE_SECONDS) -> bool:
    """Whether the server behind public links can be reached from here.

    Args:
        seconds: How long to wait.
    """
    return answers(SHARE_SERVER, seconds)


def link_answers(url: str, seconds: float = LINK_SECONDS, pause: float = 1.0) -> bool:
    """Whether a new public link leads here, asked until it does.

    Args:
        url: The link.
        seconds: How long to go on asking.
        pause: Seconds between two questions.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if answers(url, left):
            return True
        time.sleep(min(pause, max(0.0, end - time.monotonic())))
    return False


def lan_address() -> str | None:
    """Return this machine's address on the local network, or None without one."""
    # The address that a packet to the world outside would leave from. Naming a target
    # sends nothing yet.
    with contextlib.suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as trial:
        trial.connect((NOWHERE, 9))
        return trial.getsockname()[0]
    addresses = [
        address.address
        for name, known in psutil.net_if_addrs().items()
        if psutil.net_if_stats()[name].isup
        for address in known
        if address.family == socket.AF_INET
        and not address.address.startswith(("127.", "169.254."))
    ]
    return next(iter(addresses), None)


def qr_code(text: str) -> str:
    """Draw a QR code with half blocks, dark on light on any terminal.

    Args:
        text: What a telephone reads, at most some hundred characters.

    Returns:
        Lines of equal width, two rows of squares in each.

    Example:
        >>> len(qr_code("http://192.168.0.7:7860").splitlines())
        17
    """
    import segno

    side = [0] * QUIET_ZONE
    rows = [side + list(row) + side for row in segno.make_qr(text).matrix]
    empty = [0] * len(rows[0])
    rows = [empty] * QUIET_ZONE + rows + [empty] * QUIET_ZONE
    rows += [empty] * (len(rows) % 2)
    drawn = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    lines = ["".join(map(drawn.get, zip(*pair, strict=True))) for pair in pairs]
    # Black on white, whatever the terminal's colours: many readers take no negative.
    return "\n".join(f"\x1b[30;107m{line}\x1b[0m" for line in lines)


def _show_code(url: str) -> None:
    # Half blocks that a terminal cannot show must not end the demo.
    with contextlib.suppress(UnicodeEncodeError):
        print(qr_code(url), flush=True)


def announce(options: Options, address: str, port: int) -> None:
    """Print where the demo is and who can reach it.

    Args:
        options: As the demo was started with.
        address: The demo's address on this machine.
        port: The port it listens on.
    """
    print(f"The demo is at {address} (Ctrl-C ends it).", flush=True)
    if options.host != EVERY_HOST:
        if not options.local and options.auth is None:
            print("Everyone who reaches that address can use it: see --auth.")
        return
    lan = lan_address()
    if lan is None:
        print("This machine is on no network: nobody else reaches it.", flush=True)
        return
    url = f"http://{lan}:{port}/"
    print(f"On this network it is at {url} (unencrypted).", flush=True)
    if options.auth is None:
        print("Everyone on this network can use it: add --auth to ask for a password.")
    if not options.share:
        _show_code(url)


def announce_link(url: str | None) -> None:
    """Print the public link, and whether it answers.

    Args:
        url: The link; None if there could be none.
    """
    if url is None:
        print(
            "No public link: the share server refused. The local network is what "
            "remains.",
            file=sys.stderr,
        )
        return
    print(f"For a week at most, everyone with the password reaches {url}", flush=True)
    _show_code(url)
    if link_answers(url):
        print("The public link answers.", flush=True)
    else:
        print(
            f"The public link did not answer within {LINK_SECONDS} s: try it before "
            "you hand it out. The local network is what remains.",
            file=sys.stderr,
        )
