"""Run alone: pytest tests/course/cli/test_doctor.py."""

import json
import shutil
from types import SimpleNamespace

import pytest
from tiny_runs import make_tiny_run

from course import assets, hardware, runs
from course.cli import doctor
from course.cli.doctor import Check, examine, notebooks_dir, report
from course.errors import CourseError
from course.grading.sandbox import choosing

NAMES = ["python", "packages", "assets", "memory", "disk", "arithmetic"] + [
    "runs",
    "sandbox",
    "network",
]


@pytest.fixture
def look(monkeypatch):
    """Run one of the checks."""

    def run_check(name: str) -> Check:
        monkeypatch.setattr(doctor, "_CHECKS", (getattr(doctor, f"_{name}"),))
        (check,) = examine()
        return check

    return run_check


def test_every_check_says_what_it_found():
    checks = list(examine())
    assert [check.name for check in checks] == NAMES
    assert all(check.detail.isprintable() and check.detail for check in checks)
    assert all(check.ok or check.remedy for check in checks)
    assert json.loads(json.dumps(report(checks)))["checks"][0]["name"] == "python"


def test_the_report_is_bad_if_one_check_is():
    good, bad = Check("a", True, "x"), Check("b", False, "y", "do z")
    assert report([good])["ok"] is True
    assert report([good, bad]) == {
        "ok": False,
        "checks": [
            {"name": "a", "ok": True, "detail": "x", "remedy": ""},
            {"name": "b", "ok": False, "detail": "y", "remedy": "do z"},
        ],
    }


def test_missing_assets_fail_with_their_size(look, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    check = look("assets")
    assert not check.ok
    total = sum(asset.bytes for asset in assets.ASSETS.values()) / 1e6
    assert "minilm, smollm2" in check.detail
    assert f"({total:.0f} MB to download)" in check.detail
    assert check.remedy == "run 'course assets fetch'"


def test_an_old_python_fails(look, monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 14))
    assert not look("python").ok


def test_a_missing_package_fails_and_is_named(look, monkeypatch):
    monkeypatch.setattr(doctor, "PACKAGES", ("pytest", "no-such-package"))
    check = look("packages")
    assert (check.ok, check.detail) == (False, "missing: no-such-package")
    assert "make lab" in check.remedy


@pytest.mark.parametrize(("gigabytes", "ok"), [(2.0, False), (3.9, True), (16.0, True)])
def test_memory(look, monkeypatch, gigabytes, ok):
    memory = SimpleNamespace(total=gigabytes * 1e9, available=1e9)
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory)
    check = look("memory")
    assert (check.ok, bool(check.remedy)) == (ok, not ok)
    assert f"{gigabytes:.1f} GB, 1.0 GB free" in check.detail


@pytest.mark.parametrize(("free", "ok"), [(5e8, False), (5e9, True)])
def test_disk(look, monkeypatch, tmp_path, free, ok):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "not" / "there" / "yet"))
    usage = {True: SimpleNamespace(free=free)}  # of a folder that is there
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage[place.exists()])
    check = look("disk")
    assert (check.ok, bool(check.remedy)) == (ok, not ok)


def test_arithmetic_is_measured(look, monkeypatch):
    monkeypatch.setattr(hardware, "precision", lambda: "fp32")
    monkeypatch.setattr(hardware, "matmul_rate", lambda dtype: 5e9)
    assert "1 thread(s), fp32, 5 GFLOP/s" in look("arithmetic").detail


def test_a_wrong_setting_is_said_as_it_is(look, monkeypatch):
    monkeypatch.setenv("COURSE_THREADS", "many")
    hardware.threads.cache_clear()
    check = look("arithmetic")
    hardware.threads.cache_clear()
    assert not check.ok
    assert check.detail.startswith("COURSE_THREADS is 'many'; a whole number")
    assert check.remedy == "do what this line says"


@pytest.mark.parametrize("error", [ImportError("no wheel"), OSError("broken disk")])
def test_a_check_that_breaks_is_a_failed_check(look, monkeypatch, error):
    def _memory():
        raise error

    monkeypatch.setattr(doctor, "_memory", _memory)
    check = look("memory")
    assert (check.name, check.ok) == ("memory", False)
    assert check.detail == f"{type(error).__name__}: {error}"


@pytest.fixture
def my_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(runs, "ADAPTERS", tmp_path / "adapters")
    return tmp_path


def test_runs_are_counted(look, my_runs, tiny_model_dir):
    (my_runs / "runs").mkdir()
    make_tiny_run(my_runs / "runs" / "mine", tiny_model_dir)
    check = look("runs")
    assert (check.ok, check.remedy) == (True, "")
    assert check.detail == f"1 in {my_runs / 'runs'}, shipped: none"


@pytest.mark.parametrize(("folder", "ok"), [("runs", True), ("adapters", False)])
def test_a_damaged_run_is_named_and_a_shipped_one_fails(look, my_runs, folder, ok):
    (my_runs / folder / "bad").mkdir(parents=True)
    (my_runs / folder / "bad" / "run.json").write_text("{}")
    check = look("runs")
    assert check.ok is ok
    assert f"1 damaged: {my_runs / folder / 'bad'} has no model" in check.detail
    assert check.remedy == "restore that folder or move it away"


def test_no_sandbox_is_no_failure(look, monkeypatch):
    monkeypatch.setattr(choosing, "why_not", lambda tier: "not on this machine")
    check = look("sandbox")
    assert check.ok
    assert check.detail.startswith("none works (bubblewrap: not on this machine; land")
    assert "WSL2" in check.remedy


def test_the_best_sandbox_that_works_is_named(look, monkeypatch):
    reasons = {"bubblewrap": "bwrap is not installed", "landlock": ""}
    monkeypatch.setattr(choosing, "why_not", reasons.get)
    check = look("sandbox")
    assert check.detail == "landlock works (bubblewrap: bwrap is not installed)"
    assert check.remedy == ""


@pytest.mark.parametrize(("value", "word"), [(None, "not used"), ("1", "hub names")])
def test_network(look, monkeypatch, value, word):
    monkeypatch.delenv("COURSE_ONLINE", raising=False)
    if value:
        monkeypatch.setenv("COURSE_ONLINE", value)
    assert word in look("network").detail


def test_notebooks_are_found_here_or_beside_the_package(tmp_path, monkeypatch):
    package = tmp_path / "kit" / "course" / "cli" / "doctor.py"
    monkeypatch.setattr(doctor, "__file__", str(package))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match=r"No notebooks/ beside .*kit or in "):
        notebooks_dir()
    for root in (tmp_path, tmp_path / "kit"):  # the later one comes first
        (root / "notebooks").mkdir(parents=True)
        (root / "notebooks" / "00_start.ipynb").touch()
        assert notebooks_dir() == root / "notebooks"
