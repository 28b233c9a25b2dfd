"""Forged results: written beside the grader's, and said in its own language."""

from collections.abc import Iterator
from dataclasses import replace

from grading.hostile.hostiles import Hostile, of_answers, of_body, of_first

from course.grading.marks.results import EXERCISE_STATUSES

# The learner's own end of the socket, by any way there is.
END = """import gc
from course.grading.processes.connection import Connection
from course.grading.processes.wire import HEAD, Reference, encode
end = [o for o in gc.get_objects() if type(o) is Connection][-1]
"""
WRONG = "\ndef add(a, b):\n    return -1\n"
FILES = """
import json, os
for place in ('.', '..', '../..', '/', '/tmp', {out!r}, {out!r} + '/{name}', {subs!r}):
    for name in ('result.json', 'gradebook.csv', 'timings.json', '.lock'):
        try:
            with open(os.path.join(place, name), 'w') as file:
                file.write('{{"score": 15, "extra_data": {{"format": 1}}}}')
        except OSError:
            pass
"""

# What a function says before it ends its process, and what its exercise gets.
SAID = (
    ("callback", "{'callback': 0, 'arguments': (), 'keywords': {}}", "crashed"),
    ("callback-below", "{'callback': -1, 'arguments': (), 'keywords': {}}",
     "crashed"),
    ("callback-odd", "{'callback': True, 'arguments': 7}", "crashed"),
    ("handle", "{'value': Reference('handle', 0, 'int')}", "failed"),
    ("handle-far", "{'value': Reference('handle', 1 << 50, 'int')}", "failed"),
    ("function", "{'value': Reference('function', 0)}", "crashed"),
    ("role", "{'value': Reference('passed', 0)}", "crashed"),
    ("score", "{'status': 'passed', 'score': 99}", "crashed"),
    ("assertion", "{'raised': ['AssertionError', 'x', None, '']}", "error"),
    ("process-ended", "{'raised': ['ProcessEnded', 'passed', 1 << 70, '']}",
     "error"),
    ("stub-of-another", "{'stub': '90.2'}", "not_attempted"),
    ("missing-other", "{'missing': 'solution' * 999}", "missing"),
    ("right", "{'value': 7}", "partial"),
    ("notes", "{'value': -1, 'notes': ['<b>passed</b>' * 99] * 999}", "failed"),
    ("two-answers", "{'value': -1, 'raised': ['A', 'b', 1, '']}", "failed"),
)  # fmt: skip
# Bytes that are no frame.
RAW = (
    ("half", "HEAD.pack(9, 9) + b'['", "timeout"),
    ("giant", "HEAD.pack((1 << 32) - 1, 9)", "crashed"),
    ("deep", "HEAD.pack(200000, 0) + b'[' * 200000", "crashed"),
    ("json", "HEAD.pack(13, 0) + b'{\"value\": 7}  '", "crashed"),
    (
        "pickle",
        "HEAD.pack(9, 0) + __import__('pickle').dumps(7).ljust(9)",
        "crashed",
    ),
)


def hostile() -> Iterator[Hostile]:
    yield of_body(
        "print-a-score",
        """print('{"score": 15, "status": "passed"}')
import sys
print('PASSED', file=sys.stderr)
return -1""",
    )
    yield _writing_files()
    raw = "import os\nfor number in range(64):\n    try: os.write(number, {})\n"
    raw += "    except OSError: pass"
    frames = "encode({'value': 7}) * 5"
    # What is sent ahead answers later requests. It is worth what 7 is worth: it cannot
    # know what is asked.
    yield of_answers("frames-to-all-descriptors", "partial failed|error failed|error",
                     2, first=END + raw.format(frames) + WRONG)  # fmt: skip
    yield of_first("rubbish-to-all-descriptors", raw.format("b'x' * 99") + WRONG,
                   "crashed")  # fmt: skip
    yield of_answers("frames-ahead", "partial failed|error failed|error", 2,
                     first=END + "[end.send({'value': 7}) for _ in range(9)]"
                     + WRONG)  # fmt: skip
    races = "|".join(EXERCISE_STATUSES)
    forged = of_answers(
        "frames-from-a-thread", races, 0,
        first=END + "import threading, time\ndef forge():\n    while True:\n"
        "        end.send({'value': None})\n        time.sleep(0.0005)\n"
        "threading.Thread(target=forge, daemon=True).start()" + WRONG,
    )  # fmt: skip
    # What it says is never right; when it comes decides what else is lost.
    yield replace(forged, points=tuple(range(11)), steady=False)
    yield of_first(
        "frames-at-exit",
        END + "import atexit, os\natexit.register(end.send, {'value': 7})\n"
        "def add(a, b):\n    raise SystemExit(0)",
        "error",
    )
    yield from _frames()


def _writing_files() -> Hostile:
    made = of_body("result-files", "return -1")

    def make(folder) -> None:
        text = FILES.format(
            out=str(folder.parent / "out"),
            subs=str(folder.parent / "subs"),
            name=made.name,
        )
        of_first(made.name, text + WRONG).make(folder)

    return Hostile(made.name, make, made.statuses, made.points, made.learner)


def _frames() -> Iterator[Hostile]:
    for name, said, status in SAID:
        forged = (
            END + f"import os\ndef add(a, b):\n    end.send({said})\n    os._exit(0)"
        )
        if status == "crashed":
            yield of_first(f"forged-{name}", forged, status)
        else:  # that its process is gone, the next answer shows: its own loss
            points = 4.0 if status == "partial" else 2.0
            wanted = f"{status} crashed crashed"
            yield of_answers(f"forged-{name}", wanted, points, first=forged)
    for name, data, status in RAW:
        yield of_first(f"raw-{name}", END + "import time\ndef add(a, b):\n"
                       f"    end.socket.sendall({data})\n    time.sleep(9)",
                       status)  # fmt: skip
    yield of_first("closed-socket", END + "def add(a, b):\n    end.socket.close()\n"
                   "    return 7", "crashed|timeout")  # fmt: skip
    yield of_first("shut-socket", END + "def add(a, b):\n    end.socket.shutdown(2)\n"
                   "    return 7", "crashed|timeout")  # fmt: skip
