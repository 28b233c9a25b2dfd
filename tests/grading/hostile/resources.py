"""Resources: whatever there is too much of costs the exercise that asked for it."""

from collections.abc import Iterator
from dataclasses import replace

from grading.hostile.hostiles import Hostile, of_answers, of_body, of_first
from tiny_assignment import ADD, MEAN, REPEAT

DEAF = (
    "import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
)
DEAF += "    except (OSError, ValueError): pass\n"
BURN = """import ctypes, hashlib, threading, time
ctypes.CDLL(None).mallopt(-8, 1)  # one heap for all threads, or memory ends first
threading.stack_size(1 << 16)
begin = threading.Event()
def burn():
    begin.wait()
    while True: hashlib.pbkdf2_hmac('sha256', b'x', b'y', 10_000_000)
until = time.monotonic() + 0.5
while time.monotonic() < until and threading.active_count() < 1500:
    threading.Thread(target=burn, daemon=True).start()
def wrong(*_):
    begin.set()
    return -1
"""
# A thread that does not end lets the answer come, right or wrong.
RIGHT_ALL_THE_SAME = {
    "thread": "import threading\nthreading.Thread(target=lambda: [None for _ in "
    "iter(int, 1)], daemon=True).start()\n",
    "sleeping-threads": "import threading, time\nfor _ in range(8):\n"
    "    threading.Thread(target=time.sleep, args=(99,)).start()\n",
    "printed": "for _ in range(64): print('x' * (1 << 20))\n",
    "gigabyte-of-output": "import os\nfor _ in range(64):\n"
    "    os.write(1, b'x' * (8 << 20)); os.write(2, b'x' * (8 << 20))\n",
    "limits-raised": "import resource\nfor n in range(16):\n    try: "
    "resource.setrlimit(n, (-1, -1))\n    except (OSError, ValueError): pass\n",
}
LOOPS = {
    "loop": "while True: pass",
    "loop-in-c": DEAF + "import itertools\nreturn all(itertools.repeat(True))",
    "loop-that-catches": "while True:\n    try:\n        while True: pass\n"
    "    except BaseException: pass",
    "regex": "import re\nreturn re.match('(x+x+)+y', 'x' * 64)",
    "sleep": DEAF + "import time\ntime.sleep(99)",
    "wait-for-itself": "import threading\nlock = threading.Lock()\nlock.acquire()\n"
    "lock.acquire()",
    "giant-power": "return 7 ** (7 ** 12)",
    "pipe": "import os\nr, w = os.pipe()\nos.read(r, 1)",
}
MEMORY = {
    "memory-at-once": "return bytearray(4 << 30)",
    "memory-slowly": "x = []\nwhile True: x.append(bytearray(16 << 20))",
    "memory-of-numpy": "import numpy\nreturn numpy.ones((1 << 33,))",
    "memory-of-range": "return list(range(10 ** 12))",
}
# Refused, and said so in an error.
REFUSED = {
    "fork": "import os\nwhile True: os.fork()",
    "fork-by-ctypes": "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    "assert libc.syscall(57) != -1, 'refused'",
    "daemon": "import os\nif not os.fork(): os.setsid(); os.fork()",
    "subprocess": "import subprocess\nsubprocess.run(['sleep', '60'])",
    "multiprocessing": "import multiprocessing\n"
    "multiprocessing.get_context('fork').Process(target=print).start()",
    "spawn": "import os\nos.posix_spawn('/bin/sh', ['sh'], {})",
    "replace-itself": "import os\nos.execv('/bin/sh', ['sh'])",
    "descriptors": "files = []\nwhile True: files.append(open('/dev/null'))",
    "pipes": "import os\nwhile True: os.pipe()",
    "giant-file": "with open('x', 'wb') as file:\n"
    "    while True: file.write(b'x' * (1 << 20))",
    "sparse-file": "with open('x', 'wb') as file: file.truncate(5 << 30)",
}


def hostile() -> Iterator[Hostile]:
    for name, body in LOOPS.items():
        yield of_body(name, body, "timeout")
    for name, body in MEMORY.items():
        yield replace(of_body(name, body, "memory|timeout"), steady=False)
    for name, body in REFUSED.items():
        yield of_body(name, body, "error|crashed|memory")
    for name, text in RIGHT_ALL_THE_SAME.items():
        yield of_first(name, text + ADD, "passed", 5)
    yield of_first("loop-in-cell", "while True: pass\n" + ADD, "timeout")
    yield of_first("memory-in-cell", "x = [0] * (1 << 40)\n" + ADD, "missing")
    yield of_body("shell", "import os\nos.system('sleep 60 &')\nreturn -1")
    yield from _crowds()


def _crowds() -> Iterator[Hostile]:
    """Many of something, until there are too many."""
    yield of_body("many-files", "n = 0\nwhile True:\n    n += 1\n"
                  "    open(f'f{n}', 'w').close()", "crashed|error")  # fmt: skip
    yield of_body("deep-folders", "import os\nwhile True:\n    os.mkdir('d')\n"
                  "    os.chdir('d')", "crashed|error")  # fmt: skip
    yield of_body("files-of-16-mb", "n = 0\nwhile True:\n    n += 1\n"
                  "    open(f'f{n}', 'wb').write(b'x' * (8 << 20))",
                  "crashed|error|timeout")  # fmt: skip
    yield of_body("threads", "import threading, time\nwhile True:\n"
                  "    threading.Thread(target=time.sleep, args=(99,)).start()",
                  "error|memory|timeout|crashed")  # fmt: skip
    # The solution must not look slow while others take all of the processor.
    starved = of_answers(
        "starved-solution", "failed|timeout", 0, first=BURN + "add = wrong",
        second="repeat = wrong", third="class Mean:\n    update = wrong",
    )  # fmt: skip
    yield replace(starved, steady=False)
    loop = "\n    while True: pass\n"
    yield of_answers("three-loops", "timeout", 0,
                     first="def add(a, b):" + loop, second="def repeat(t, n):" + loop,
                     third="class Mean:\n    def update(self, n):\n"
                     "        while True: pass")  # fmt: skip
    yield of_answers("every-cell-loops", "timeout", 0, first=ADD + loop[:1]
                     + "while True: pass", second=REPEAT + "\nwhile True: pass",
                     third=MEAN + "\nwhile True: pass")  # fmt: skip
    yield of_first("giant-cell", "x = [\n" + "    1,\n" * 20_000 + "]\n" + ADD,
                   "passed", 5)  # fmt: skip
    yield of_first("deep-expression", "x = " + "(" * 5000 + ")" * 5000 + "\n" + ADD,
                   "missing|error|crashed")  # fmt: skip
    yield of_first("long-sum", "x = " + "+".join(["1"] * 30_000) + "\n" + ADD,
                   "missing")  # fmt: skip
