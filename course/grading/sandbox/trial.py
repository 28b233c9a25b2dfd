"""The small process in which a sandbox is tried: it forks, and the child is confined.

Started by `choosing`, in the way in which grading starts its own, so that what works
here works there.
"""

import json
import os
import sys
import traceback
from pathlib import Path

from course.grading.sandbox.confinement import Confinement, confine
from course.grading.sandbox.places import python_paths
from course.grading.sandbox.probing import probe


def main(tier: str, box_root: str, forbidden: str) -> None:
    """Print, as JSON, which attempts to break out of a sandbox succeeded.

    Args:
        tier: One of `TIERS`.
        box_root: Folder to make the box in.
        forbidden: A file that must not be readable.
    """
    box = Path(box_root, "box")
    box.mkdir()
    result, answer = os.pipe()
    if (child := os.fork()) == 0:
        os.close(result)
        _confined(
            Confinement(box, python_paths(), 256 << 20, 10), tier, answer, forbidden
        )
    os.close(answer)
    with open(result, encoding="utf-8") as file:
        text = file.read()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        sys.exit(f"the confined process was ended by signal {-code}")
    if code:
        sys.exit(1)  # it has said why
    print(text)


def _confined(rules: Confinement, tier: str, answer: int, forbidden: str) -> None:
    """Try to break out, and end: nothing of the parent's runs a second time here."""
    code = 1
    try:
        confine(rules, tier)
        os.write(answer, json.dumps(probe(Path(forbidden))).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
