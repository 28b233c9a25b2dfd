"""A program that confines a child and has it run code; copied beside `course` to run.

Started with what to do as JSON; see `inside` in conftest.py.
"""

import json
import os
import signal
import sys
from pathlib import Path

from course.grading.sandbox import (
    Confinement,
    confine,
    landlock,
    launcher,
    python_paths,
)


def main() -> None:
    order = json.loads(sys.argv[1])
    box_root = Path(order["box_root"])
    if order["launch"]:
        order["launch"] = False
        words = launcher(order["tier"], (), box_root)
        words += [sys.executable, "-m", "course.harness", json.dumps(order)]
        os.execv(words[0], words)
    names: dict = {}
    exec(order["before"], names)
    box = box_root / "box"
    box.mkdir()
    result, answer = os.pipe()
    if (child := os.fork()) == 0:
        os.close(result)
        confined(order, box, answer, names)
    os.close(answer)
    with open(result) as file:
        text = file.readline()
        if order["abandon"]:
            print(child, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        text += file.read()
    _, status = os.waitpid(child, 0)
    print(json.dumps([json.loads(text or "null"), os.waitstatus_to_exitcode(status)]))


def confined(order: dict, box: Path, answer: int, names: dict) -> None:
    if order["abi"]:
        landlock.abi = lambda: order["abi"]
    try:
        rules = Confinement(box, python_paths(), **order["bounds"])
        confine(rules, order["tier"])
        exec(order["code"], names)
        found = names["answer"]
    except BaseException as error:
        found = f"{type(error).__name__}: {error}"
    os.write(answer, json.dumps(found).encode() + b"\n")
    if order["abandon"] and found == 1:
        signal.pause()
    os._exit(0)


if __name__ == "__main__":
    main()
