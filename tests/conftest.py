"""What every test stands on: no network, one thread, run directories of its own.

The models and data are the real ones, fetched before (`course assets fetch`).
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Before torch is imported: workers of one machine must not fight over its cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("COURSE_THREADS", "1")

import hypothesis
import offline
import pytest

CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_FLAGS = (
    "--no-sandbox",  # a container's root user cannot have Chromium's own sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks the internet for fails here as it does on a learner's train.
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

# Sockets are blocked before any test module is imported.
offline.block_network()

# How long an example takes says how busy the machine is, and nothing about our code.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")


def pytest_configure(config: pytest.Config) -> None:
    config.scratch = Path(tempfile.mkdtemp(prefix="course-tests-"))
    os.environ["COURSE_RUNS"] = str(config.scratch / "runs")
    os.environ["COURSE_PROGRESS"] = str(config.scratch / "progress.json")
    os.environ["HF_HOME"] = str(config.scratch / "huggingface")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.scratch, ignore_errors=True)


def _skipped_in_ci(config: pytest.Config) -> list:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or terminal is None:
        return []
    return terminal.stats.get("skipped", [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a skipped test fails the run: there, everything is installed."""
    if _skipped_in_ci(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    reports = [r for group in terminalreporter.stats.values() for r in group]
    found = [getattr(report, "user_properties", []) for report in reports]
    lines = {line for pairs in found for name, line in pairs if name == "notebook"}
    if lines:
        terminalreporter.section("notebooks: seconds and peak memory")
        for line in sorted(lines):
            terminalreporter.line(line)
    if skipped := _skipped_in_ci(config):
        terminalreporter.section("failed: skipped although CI=true", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[-1]}")


@pytest.fixture(autouse=True)
def network_attempts() -> Iterator[list[str]]:
    """Refused connections of this test; one that nobody expected fails the test.

    A library may swallow the refusal, so it is counted here as well. A test that wants
    a refusal asks for this fixture, reads the list and clears it.
    """
    offline.attempts.clear()
    yield offline.attempts
    unexpected = list(offline.attempts)
    offline.attempts.clear()
    if unexpected:
        pytest.fail("\n".join(unexpected), pytrace=False)


@pytest.fixture(scope="session")
def tiny_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Hugging Face folder of a two-layer classifier with random, seeded weights."""
    import torch
    from transformers import (
        AutoTokenizer,
        BertConfig,
        BertForSequenceClassification,
    )

    from course import assets

    folder = tmp_path_factory.mktemp("tiny-model")
    tokenizer = AutoTokenizer.from_pretrained(assets.path("minilm"))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        id2label={0: "negative", 1: "positive"},
        label2id={"negative": 0, "positive": 1},
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = BertForSequenceClassification(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def find_chromium() -> str | None:
    """The path of the system's Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="module")
def browser():
    """A Chromium driven by Playwright; closed after each module.

    Playwright keeps an event loop in this thread while it is open, which notebooks'
    kernels and servers under test in other modules should not meet.
    """
    executable = find_chromium()
    if executable is None:
        pytest.skip(f"no Chromium found: none of {', '.join(CHROMIUM_NAMES)} on PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=list(CHROMIUM_FLAGS)
        )
        yield chromium
        chromium.close()
