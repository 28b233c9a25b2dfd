"""Starting the demo, safely. Alone: pytest tests/course/demo/test_launch.py."""

import inspect
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest

from course.demo import launch, pages, sharing
from course.demo.launch import SETTINGS, main, run, runtime_folder
from course.demo.options import Options
from course.errors import CourseError


def test_the_folder_is_empty_private_and_gone_afterwards(monkeypatch):
    before = Path.cwd()
    with runtime_folder() as folder:
        assert Path.cwd().parent.samefile(folder)
        assert list(Path.cwd().iterdir()) == []
        files = Path(os.environ["GRADIO_TEMP_DIR"])
        for path in (folder, files, Path.cwd()):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert Path.cwd() == before
    assert not folder.exists()


def test_settings_of_others_do_not_reach_gradio(monkeypatch):
    monkeypatch.setenv("GRADIO_SHARE", "True")
    monkeypatch.setenv("GRADIO_ALLOWED_PATHS", "/")
    monkeypatch.setenv("GRADIO_ROOT_PATH", "/kept")
    monkeypatch.setenv("COURSE_RUNS", "relative/runs")
    monkeypatch.setenv("no_proxy", "example.org")
    before, folder = dict(os.environ), Path.cwd()
    with runtime_folder():
        assert "GRADIO_SHARE" not in os.environ
        assert "GRADIO_ALLOWED_PATHS" not in os.environ
        assert os.environ["GRADIO_ROOT_PATH"] == "/kept"
        assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
        assert os.environ["COURSE_RUNS"] == str(folder / "relative/runs")
        assert os.environ["no_proxy"] == "example.org,127.0.0.1,localhost"
    assert dict(os.environ) == before


def test_gradio_knows_every_setting():
    assert set(SETTINGS) <= set(inspect.signature(gr.Blocks.launch).parameters)


@pytest.mark.parametrize("flags", [["--share"], ["--port", "x"], ["--auth", "ana"]])
def test_wrong_flags_end_in_one_line(flags, capsys, monkeypatch):
    monkeypatch.delenv("COURSE_AUTH", raising=False)
    assert main(flags) == 2
    error = capsys.readouterr().err
    assert error.startswith("course app: --")
    assert error.count("\n") == 1


def test_wrong_flags_are_answered_without_gradio_and_torch():
    code = (
        "import sys; from course.demo.launch import main; code = main(['--share']); "
        "print(code, *{'gradio', 'torch', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "2", done.stderr


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What `run` would have started; nothing is."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    seen = {"share_url": None}

    class Demo:
        is_running = False
        share_url = property(lambda self: seen["share_url"])

        def close(self, verbose):
            seen["closed"] = True

    def build_demo(context, training):
        seen.update(context=context, training=training)
        return Demo()

    def serve(demo, given, port):
        seen["options"] = given
        return f"http://127.0.0.1:{port}/"

    monkeypatch.setattr(pages, "build_demo", build_demo)
    monkeypatch.setattr(launch, "serve", serve)
    monkeypatch.setattr(launch, "warm_up", lambda models: None)
    monkeypatch.setattr(sharing, "share_server_answers", lambda: False)
    monkeypatch.setattr(sharing, "lan_address", lambda: "192.168.0.7")
    return seen


def test_without_network_sharing_falls_back_to_the_local_one(started, capsys):
    options = Options("0.0.0.0", auth=("ana", "secret"), share=True)
    run(options)
    assert started["options"] == replace(options, share=False)
    assert started["closed"]
    output = capsys.readouterr()
    assert "No public link: the share server cannot be reached" in output.err
    assert output.out.startswith("The demo is at http://127.0.0.1:")
    assert "http://192.168.0.7:" in output.out


@pytest.mark.parametrize("url", [None, "https://0123.gradio.live"])
def test_a_link_is_announced_or_its_want(started, capsys, monkeypatch, url):
    monkeypatch.setattr(sharing, "share_server_answers", lambda: True)
    monkeypatch.setattr(sharing, "link_answers", lambda url: True)
    started["share_url"] = url
    run(Options("0.0.0.0", auth=("ana", "secret"), share=True))
    assert started["options"].share
    output = capsys.readouterr()
    assert "http://192.168.0.7:" in output.out
    assert ("The public link answers." in output.out) == bool(url)
    assert ("the share server refused" in output.err) == (url is None)


def test_pages_get_language_training_and_a_log(started, tmp_path):
    run(Options(language="de", training=False))
    assert started["context"].say.language == "de"
    assert not started["training"]
    assert started["context"].log.path == tmp_path / "demo" / "predictions.sqlite"
    assert started["context"].log.path.is_file()


def test_nothing_is_kept_if_nobody_wants_it(started, tmp_path):
    run(Options(log=False))
    assert started["context"].log is None
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_a_log_the_demo_starts_and_says_so(started, tmp_path, capsys):
    (tmp_path / "demo").write_text("in the way")
    run(Options())
    assert started["context"].log is None
    error = capsys.readouterr().err
    assert error.startswith("Predictions are not kept: ")
    assert error.count("\n") == 1


def test_what_mcp_needs_is_said_in_one_line(monkeypatch):
    def refuse(self, **settings):
        assert settings["mcp_server"]
        raise ImportError("cannot import name 'x' from 'mcp'")

    monkeypatch.setattr(gr.Blocks, "launch", refuse)
    with pytest.raises(CourseError, match=r"--mcp needs gradio.mcp.*cannot import"):
        launch.serve(gr.Blocks(), Options(mcp=True), 7860)
