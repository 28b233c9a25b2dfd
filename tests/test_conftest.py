"""The rules that conftest.py holds. Alone: pytest tests/test_conftest.py.

Each test runs a second pytest in a folder with a copy of conftest.py.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

SKIPPED = """
import pytest

def test_one():
    pytest.skip("no such thing here")

def test_two():
    pass
"""

SWALLOWED = """
import socket

def test_one():
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except OSError:
        pass
"""

NO_BROWSER = """
def test_one(browser):
    pass
"""


@pytest.fixture
def run_pytest(tmp_path):
    """Run pytest on one source text; returns its exit status and output."""

    def run(source: str, **environment: str) -> tuple[int, str]:
        for name in ("conftest.py", "offline.py"):
            shutil.copy(HERE / name, tmp_path)
        (tmp_path / "test_sample.py").write_text(source)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "CI": "", **environment},
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_skip_is_a_skip_at_home(run_pytest):
    status, output = run_pytest(SKIPPED)
    assert (status, "1 passed, 1 skipped" in output) == (0, True)


def test_a_skip_fails_the_run_in_ci(run_pytest):
    status, output = run_pytest(SKIPPED, CI="true")
    assert status == 1
    assert "failed: skipped although CI=true" in output
    assert "test_one: Skipped: no such thing here" in output


def test_without_skips_ci_passes(run_pytest):
    status, output = run_pytest("def test_one(): pass", CI="true")
    assert (status, "although" in output) == (0, False)


def test_a_swallowed_refusal_fails_the_test(run_pytest):
    status, output = run_pytest(SWALLOWED)
    assert status == 1
    assert "test_one (call) tried to reach ('192.0.2.1', 80)" in output


def test_a_missing_browser_skips_with_the_reason(run_pytest, tmp_path):
    status, output = run_pytest(NO_BROWSER, PATH=str(tmp_path))
    assert (status, "1 skipped" in output) == (0, True)


def test_a_missing_browser_fails_in_ci(run_pytest, tmp_path):
    status, output = run_pytest(NO_BROWSER, PATH=str(tmp_path), CI="true")
    assert status == 1
    assert "no Chromium found" in output


def test_browser_shows_a_page_and_stays_offline(browser):
    from playwright.sync_api import Error

    page = browser.new_page()
    page.set_content("<h1>Hello</h1>")
    assert page.inner_text("h1") == "Hello"
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://192.0.2.1/")
    page.close()


def test_tiny_model_is_a_complete_folder(tiny_model_dir):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    names = {path.name for path in tiny_model_dir.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= names
    model = AutoModelForSequenceClassification.from_pretrained(tiny_model_dir)
    tokenizer = AutoTokenizer.from_pretrained(tiny_model_dir)
    logits = model(**tokenizer("a fine film", return_tensors="pt")).logits
    assert logits.shape == (1, 2)
    assert model.config.id2label == {0: "negative", 1: "positive"}
