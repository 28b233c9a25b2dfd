"""Who trains a run. Alone: pytest tests/course/runs/test_claims.py."""

import subprocess
import sys

import pytest

from course.errors import CourseError
from course.runs.claims import CLAIM, claim, is_claimed

HOLD = """
import sys, time
from pathlib import Path
from course.runs.claims import claim
with claim(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_claim_ends_with_its_process(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    assert is_claimed(tmp_path)
    with pytest.raises(CourseError, match="being trained already"), claim(tmp_path):
        pass
    assert is_claimed(tmp_path), "who is refused takes nothing away"
    process.kill()
    process.communicate()
    assert (tmp_path / CLAIM).exists()
    assert not is_claimed(tmp_path), "a file that is left over means nothing"
    with claim(tmp_path):
        assert is_claimed(tmp_path)


def test_a_claim_leaves_no_file(tmp_path):
    with claim(tmp_path):
        assert list(tmp_path.iterdir()) == [tmp_path / CLAIM]
    assert list(tmp_path.iterdir()) == []


def test_a_claim_may_lose_its_folder(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    with claim(folder):
        folder.rename(tmp_path / "other")
    assert not is_claimed(tmp_path / "other")
