"""Reading the answers: whatever is found is returned, so that a page would show it."""

import os
from collections.abc import Iterator
from pathlib import Path

from grading.hostile.hostiles import Hostile, of_answers, of_body, of_first

import course

# Returned as it is, so that the page of a visible case would show it.
FOUND = "\ndef add(a, b):\n    return sorted(found)[:5]\n"
OPEN = """found = []
for place in {places!r}:
    try:
        found.append('LEAK ' + open(place, 'rb').read(99).decode('latin-1'))
    except OSError:
        pass
"""
LIST = """import os
found = []
for place in {places!r}:
    try:
        found += ['LEAK ' + name for name in os.listdir(place)]
    except OSError:
        pass
"""

# From object to object, in its own process.
WALKS = {
    "objects": """import gc
found = [o for o in gc.get_objects() if type(o).__name__ in ('Case', 'Assignment')]
found = ['LEAK ' + str(o) for o in found]
for o in gc.get_objects():
    if type(o) is dict and 'SECRET' in o: found.append(str(o['SECRET']))
""",
    "referrers": """import gc
found = [str(o)[:200] for c in gc.get_objects() if type(c) in (list, tuple)
         for o in c if type(o) is str and 'OF-THE' + '-CASES' in o]
""",
    "frames": """import sys
frame, found = sys._getframe(), []
while frame:
    for name, value in {**frame.f_globals, **frame.f_locals}.items():
        if name in ('case', 'reference', 'expected', 'assignment'):
            found.append('LEAK ' + repr(value))
    frame = frame.f_back
""",
    "modules": """import linecache, sys
found = ['LEAK ' + n for n in sys.modules if 'test_90' in n]
found += ['LEAK ' + n for n in linecache.cache if 'solution' in n]
try:
    import test_90_sums
    found.append(test_90_sums.SECRET)
except ImportError: pass
""",
}


def hostile() -> Iterator[Hostile]:
    for name, text in WALKS.items():
        yield of_first(name, text + FOUND)
    yield from _files()
    yield from _links()
    yield from _memory()
    yield of_answers(
        "hard-coded", "partial", 6,
        first="def add(a, b): return 7",
        second="def repeat(text, times): return ['ab', 'ab']",
        third="class Mean:\n    def update(self, number): return 1.5",
    )  # fmt: skip
    yield from _smuggled()


def _files() -> Iterator[Hostile]:
    repository = Path(course.__file__).resolve().parents[1]
    parents = [f"/proc/{pid}" for pid in (os.getpid(), os.getppid(), 1)]
    parents += ["/proc/self", "/proc/thread-self"]
    for name, places, template in (
        ("file-of-cases", ["90/test_90_sums.py", "90/90_sums.py"], OPEN),
        ("files-of-the-kit", [
            *map(str, sorted(repository.glob("tests/exercises/test_*.py"))[:3]),
            *map(str, sorted(repository.glob("notebooks/source/*.py"))[:3]),
            str(repository / ".git" / "HEAD"), str(repository / "pyproject.toml"),
        ], OPEN),
        ("others-work", ["subs/honest-first.ipynb", "out/honest-first/result.json",
                         "out/gradebook.csv"], OPEN),
        ("processes", [f"{p}/{f}" for p in parents
                       for f in ("environ", "maps", "mem")], OPEN),
        ("passwords", ["/etc/passwd", "/etc/shadow", "/etc/hostname"], OPEN),
        ("folders", ["/", "/root", "/home", "..", "../..", "subs", "out", "90",
                     str(repository), str(repository / "tests")], LIST),
    ):  # fmt: skip
        yield _reading(name, places, template)


def _reading(name: str, places: list[str], template: str) -> Hostile:
    """Return one that knows where all of this run lies."""
    made = of_body(name, "return -1")

    def make(folder: Path) -> None:
        known = ("subs", "out", "90")
        where = [
            str(folder.parent / place) if place.split("/")[0] in known else place
            for place in places
        ]
        of_first(name, template.format(places=where) + FOUND).make(folder)

    return Hostile(name, make, made.statuses, made.points, made.learner)


def _links() -> Iterator[Hostile]:
    yield of_first(
        "linked",
        """import os
found = []
for place in ('/etc/passwd', '/proc/1/environ', '/root'):
    try:
        os.symlink(place, 'x'); found.append('LEAK' + open('x').read()[:99])
    except OSError: pass
    try:
        os.link(place, 'y'); found.append('LEAK' + open('y').read()[:99])
    except OSError: pass
"""
        + FOUND,
    )
    yield of_first(
        "environment",
        """import os
found = [f'LEAK {k}={v}' for k, v in os.environ.items()
         if any(w in k for w in ('TOKEN', 'KEY', 'CANARY')) and 'IZERS' not in k]
"""
        + FOUND,
    )


def _memory() -> Iterator[Hostile]:
    yield of_first(
        "own-memory",
        """import ctypes
found, near = [], id(object()) & ~0xfff
word = b'SECRET-OF' + b'-THE-CASES'
for page in range(64):
    text = ctypes.string_at(near - page * 4096, 4096)
    if word in text: found.append(word.decode())
"""
        + FOUND,
        "failed|crashed|missing",
    )
    yield of_first(
        "others-memory",
        f"""import ctypes
libc = ctypes.CDLL(None, use_errno=True)
room, found = ctypes.create_string_buffer(4096), []
class Vector(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
here = Vector(ctypes.addressof(room), 4096)
import os
for pid in (os.getppid(), {os.getpid()}, 1):
    there = Vector(0x400000, 4096)
    got = libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    if got > 0: found.append('LEAK memory')
    if libc.ptrace(16, pid, 0, 0) == 0: found.append('LEAK traced')
"""
        + FOUND,
    )


def _smuggled() -> Iterator[Hostile]:
    """Hidden inputs, sent by every way that leads to a page."""
    for name, way, status in (
        ("value", "return f'LEAK {a}'", "failed"),
        ("error", "raise ValueError(f'LEAK {a}')", "error"),
        ("class", "return type(f'LEAK{a}', (), {})()", "failed"),
        ("raised-class", "raise type(f'LEAK{a}', (Exception,), {})", "error"),
        ("magic", "get_ipython().run_line_magic(f'LEAK{a}', '')\nreturn 0", "failed"),
        ("print", "print(f'LEAK {a}')\nimport os\nos.write(2, b'LEAK')\nreturn 0",
         "failed"),
        ("exit-code", "import os\nos._exit(77)", "crashed"),
        ("signal", "import os\nos.kill(os.getpid(), 10)", "crashed"),
        ("missing", "raise NameError(f'LEAK {a}')", "error"),
        ("stub", "raise NotImplementedError(f'Exercise 90.1: LEAK {a}')",
         "not_attempted"),
        ("frame", "import gc, time\n"
         "from course.grading.processes.connection import Connection\n"
         "from course.grading.processes.wire import HEAD\n"
         "end = [o for o in gc.get_objects() if type(o) is Connection][-1]\n"
         "tree = f'[\"int\", \"LEAK {a}\"]'.encode()\n"
         "end.socket.sendall(HEAD.pack(len(tree), 0) + tree)\ntime.sleep(9)",
         "crashed"),
    ):  # fmt: skip
        hidden = "if a > 999:\n    " + way.replace("\n", "\n    ")
        wanted = status if status == "crashed" else "partial"
        yield of_body(f"smuggled-{name}", f"{hidden}\nreturn a + b", wanted, 2)
