"""Run alone: pytest tests/course/grading/sandbox/test_bubblewrap.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.grading.sandbox import bubblewrap, launcher, python_paths

ROOT = Path(__file__).parents[4]


@pytest.fixture
def words(monkeypatch, tmp_path):
    monkeypatch.setattr(bubblewrap, "program", lambda: "/usr/bin/bwrap")
    return lambda *readable: bubblewrap.command(readable, tmp_path / "boxes")


def pairs(words: list[str], option: str) -> list[str]:
    return [words[at + 1] for at, word in enumerate(words) if word == option]


def test_only_the_best_tier_needs_a_launcher(tmp_path):
    assert launcher("landlock", (), tmp_path) == []
    assert launcher("limits", (), tmp_path) == []


def test_it_is_missed_in_words(monkeypatch, tmp_path):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    with pytest.raises(FileNotFoundError, match="bwrap is not installed"):
        launcher("bubblewrap", (), tmp_path)


def test_what_is_shown_is_what_is_needed_and_given(words, tmp_path):
    given = tmp_path / "given.txt"
    given.touch()
    shown = pairs(words(given, tmp_path / "absent"), "--ro-bind")
    assert str(given) in shown
    assert str(tmp_path / "absent") not in shown
    assert {"/usr", "/etc/ld.so.cache"} <= set(shown)
    for place in map(Path, shown):
        assert not (ROOT / "tests").is_relative_to(place), place
        assert not (ROOT / "notebooks").is_relative_to(place), place
        assert place.parts[:2] not in (("/", "proc"), ("/", "dev"))


def test_only_a_root_who_has_a_nobody_keeps_capabilities(words, monkeypatch):
    monkeypatch.setattr(bubblewrap, "can_become", lambda user: False)
    assert "--unshare-all" in words()
    assert "--cap-add" not in words()
    monkeypatch.setattr(bubblewrap, "can_become", lambda user: True)
    assert pairs(words(), "--cap-drop") == ["ALL"]
    assert pairs(words(), "--cap-add")[:5] == [
        f"CAP_{name}" for name in ("SETUID", "SETGID", "CHOWN", "KILL", "DAC_OVERRIDE")
    ]


def test_reading_all_is_kept_only_for_closed_files(words, monkeypatch, tmp_path):
    monkeypatch.setattr(bubblewrap, "can_become", lambda user: True)
    closed = tmp_path / "closed"
    closed.touch(mode=0o600)
    assert "CAP_DAC_READ_SEARCH" in words(closed)
    closed.chmod(0o644)
    assert "CAP_DAC_READ_SEARCH" not in words(closed)


def start(box_root: Path, code: str, **more) -> subprocess.CompletedProcess:
    if bubblewrap.program() is None:
        pytest.skip("no bubblewrap found: no bwrap on PATH")
    command = [*launcher("bubblewrap", (), box_root), sys.executable, "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **more)


def test_inherited_descriptors_reach_the_program(box_root):
    result, answer = os.pipe()
    start(box_root, f"import os; os.write({answer}, b'hello')", pass_fds=[answer])
    os.close(answer)
    assert os.read(result, 9) == b"hello"
    os.close(result)


def test_the_folder_of_boxes_is_small_and_in_memory(box_root):
    code = """
import errno
try:
    for i in range(9):
        open(str(i), "wb").write(bytes(16 << 20))
except OSError as error:
    print(i, errno.errorcode[error.errno])
"""
    done = start(box_root, code)
    assert done.stdout == "4 ENOSPC\n", done.stderr
    assert list(box_root.iterdir()) == []


def test_nothing_else_can_be_seen_or_changed(box_root):
    code = f"""
import json, os
def refused(path):
    try:
        open(path, "w")
    except OSError as error:
        return error.errno
print(json.dumps([
    os.path.exists({str(ROOT / "tests")!r}), os.path.exists("/etc/passwd"),
    os.listdir("/tmp"), len([p for p in os.listdir("/proc") if p.isdigit()]),
    [name for _, name in __import__("socket").if_nameindex()],
    refused("/x"), refused("/usr/x"),
]))
"""
    done = start(box_root, code)
    assert done.returncode == 0, done.stderr
    tests, passwd, tmp, processes, networks, *refused = json.loads(done.stdout)
    assert (tests, passwd, refused) == (False, False, [30, 30])  # read-only
    # The kit itself may have been cloned to somewhere below /tmp.
    needed = {path.parts[2] for path in python_paths() if path.parts[1] == "tmp"}
    assert (set(tmp) - needed, networks) == ({box_root.name}, ["lo"])
    assert processes == 2  # bwrap's own, and this


def test_a_template_can_remove_what_a_child_left(inside, person):
    code = "import os; os.makedirs('a/b'); os.chmod('a', 0); answer = os.listdir()"
    before = """
import atexit, os, shutil
atexit.register(shutil.rmtree, os.path.abspath("box"))
"""
    assert inside("bubblewrap", person, code, before=before) == (["a"], 0)
