"""Escape: out of the process, out of the folder, out of a field of the grade book."""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from grading.hostile.hostiles import Hostile, of_answers, of_body, of_file, of_first
from tiny_assignment import answers

ENDED = {
    "exit": ("import os\nos._exit(0)", "crashed"),
    "abort": ("import os\nos.abort()", "crashed"),
    "bad-memory": ("import ctypes\nctypes.string_at(1)", "crashed"),
    "kill-itself": ("import os\nos.kill(os.getpid(), 9)", "crashed"),
    "stop-itself": ("import os\nos.kill(os.getpid(), 19)", "timeout"),
    "exit-of-python": ("import sys\nsys.exit(0)", "error"),
    "quit": ("quit()", "error"),
}
# Nothing comes of it, and the answer is wrong.
TRIED = {
    "kill-parent": "import os\ntry: os.kill(os.getppid(), 9)\nexcept OSError: pass\n"
    "return -1",
    "kill-all": "import os\ntry: os.kill(-1, 15)\nexcept OSError: pass\nreturn -1",
    "kill-each": "import os\nfor pid in range(2, 40000):\n    if pid != os.getpid():\n"
    "        try: os.kill(pid, 9)\n        except OSError: pass\nreturn -1",
    "network": "import socket\nfor place in (('127.0.0.1', 22), ('198.51.100.1', 80)):"
    "\n    try:\n        socket.create_connection(place, 0.1)\n        return 7\n"
    "    except OSError: pass\nreturn -1",
    "names-of-hosts": "import socket\ntry:\n    socket.getaddrinfo('example.org', 80)\n"
    "    return 7\nexcept OSError: return -1",
    "listen": "import socket\ntry:\n    socket.create_server(('127.0.0.1', 0))\n"
    "    return 7\nexcept OSError: return -1",
    "unix-socket": "import socket\ntry:\n    socket.socket(socket.AF_UNIX)\n"
    "    return 7\nexcept OSError: return -1",
    "become-root": "import os\ntry:\n    os.setuid(0)\n    return 7\n"
    "except OSError: return -1",
    "new-namespace": "import ctypes\nlibc = ctypes.CDLL(None)\n"
    "return 7 if libc.unshare(0x10000000) == 0 else -1",
    "write-outside": "import os\nfor place in ('/tmp/canary', '/root/canary', "
    "'../canary', '/dev/shm/canary', '/canary', '/var/tmp/canary'):\n    try:\n"
    "        open(place, 'w').write('x')\n        return 7\n"
    "    except OSError: pass\nreturn -1",
    "linked-outside": "import os\nos.symlink('/tmp', 'out')\ntry:\n"
    "    open('out/canary', 'w').write('x')\n    return 7\n"
    "except OSError: return -1",
    "write-the-kit": "import course.errors as e\ntry:\n"
    "    open(e.__file__, 'a').write('x')\n    return 7\nexcept OSError: return -1",
}
NAMES = {
    "Doe, Jane": "Doe, Jane",
    "=cmd()|' A0": "=cmd()|' A0",
    "+SUM(A1)": "+SUM(A1)",
    "@import": "@import",
    "-rf": "-rf",
    "\"quoted\" 'name'": "\"quoted\" 'name'",
    "<script>alert(1)<": "<script>alert(1)<",
    "two\nlines": "two lines",
    "$(touch canary)": "$(touch canary)",
    "gradebook.csv": "gradebook.csv",
    "con": "con",
    "..dots": "..dots",
    "%2e%2e%2f": "%2e%2e%2f",
    "a\u202etxt": "a txt",
    "\u738b\u5c0f\u660e": "\u738b\u5c0f\u660e",
    "x" * 180: "x" * 99 + "…",
}


def hostile() -> Iterator[Hostile]:
    for name, (body, status) in ENDED.items():
        yield of_body(name, body, status)
    for name, body in TRIED.items():
        yield of_body(name, body)
    yield of_first("exit-in-cell", "import os\nos._exit(3)", "crashed")
    yield of_first("handlers", "import signal, os\nsignal.signal(11, lambda *_: None)"
                   "\ndef add(a, b): os.kill(os.getpid(), 11); return -1")  # fmt: skip
    yield of_answers("exit-in-each", "crashed", 0,
                     first="def add(a, b): import os; os._exit(7)",
                     second="def repeat(a, b): import os; os._exit(7)",
                     third="class Mean:\n    def update(self, n):\n"
                     "        import os; os._exit(7)")  # fmt: skip
    for number, (name, learner) in enumerate(NAMES.items()):
        file = of_file(name, answers(), "passed", 15, learner)
        # Its parameter in a test is a plain word.
        yield Hostile(f"name-{number}", file.make, file.statuses, 15, learner)
    yield from _files()
    yield from _archives()


def _files() -> Iterator[Hostile]:
    def link(folder: Path) -> None:
        os.symlink(folder.parent / "90" / "90_sums.py", folder / "linked-file.ipynb")

    def link_to_folder(folder: Path) -> None:
        (folder / "linked-folder").mkdir()
        os.symlink(folder.parent / "canary", folder / "linked-folder" / "a")

    def fifo(folder: Path) -> None:
        os.mkfifo(folder / "a-pipe.ipynb")

    def a_folder(folder: Path) -> None:
        (folder / "a-folder" / "x.ipynb").mkdir(parents=True)

    def bytes_of_a_name(folder: Path) -> None:
        place = os.fsencode(folder) + b"/by\xfftes.ipynb"
        with open(place, "wb") as file:
            file.write(answers())

    none = ("missing",) * 3
    yield Hostile("linked-file", link, none, 0, "linked-file")
    yield Hostile("linked-folder", link_to_folder, none, 0, "linked-folder")
    yield Hostile("a-pipe", fifo, none, 0, "a-pipe")
    yield Hostile("a-folder", a_folder, none, 0, "a-folder")
    yield Hostile("bytes-name", bytes_of_a_name, ("passed",) * 3, 15, "by tes")


def _archives() -> Iterator[Hostile]:
    good = answers()
    none = ("missing",) * 3
    for name, entries, gets in (
        ("zip-upwards", {"../../canary/x.ipynb": good}, 0),
        ("zip-absolute", {"/tmp/canary-of-zip.ipynb": good}, 0),
        ("zip-in-zip", {"a.zip": _zip({"b.zip": _zip({"c.ipynb": good})})}, 0),
        ("zip-bomb", {"x.ipynb": b"0" * 300_000_000}, 0),
        ("zip-of-many", {f"{n}.txt": b"" for n in range(3000)}, 0),
        ("zip-good", {"work/x.ipynb": good, "__MACOSX/._x.ipynb": b"\0\0"}, 15),
        ("zip-of-zip", {"a.zip": _zip({"c.ipynb": good})}, 15),
        ("zip-empty", {}, 0),
    ):

        def make(folder: Path, name: str = name, entries: dict = entries) -> None:
            (folder / f"{name}.zip").write_bytes(_zip(entries))

        wanted = none if gets == 0 else ("passed",) * 3
        yield Hostile(name, make, wanted, gets, name)
    yield Hostile("zip-broken", lambda folder: (folder / "zip-broken.zip").write_bytes(
        _zip({"x.ipynb": good})[:-30]), none, 0, "zip-broken")  # fmt: skip


def _zip(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name, (2026, 5, 1, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return file.getvalue()
