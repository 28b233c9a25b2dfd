"""A place for runs and adapters of a test's own."""

from pathlib import Path

import pytest
from demo_runs import make_run

import course.evaluation.predicted  # noqa: F401 - before its folder is replaced
from course import runs


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with `runs` and `adapters`, which the demo takes for the real."""
    for name in ("runs", "adapters"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(runs, "ADAPTERS", tmp_path / "adapters")
    return tmp_path


@pytest.fixture
def first_run(places: Path, tiny_model_dir: Path) -> str:
    """The name of the only run there is."""
    make_run(places / "runs" / "first", tiny_model_dir)
    return "first"
