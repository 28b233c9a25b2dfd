"""Starting the demo, safely. Alone: pytest tests/course/demo/test_launch.py."""

import inspect
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import gradio as gr
import pytest

from course.demo import launch, pages
from course.demo.launch import SETTINGS, main, run, runtime_folder, share_server_answers
from course.demo.options import Options


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


def test_a_share_server_that_never_answers_is_not_waited_for(monkeypatch):
    hanging = threading.Event()

    def hang(*_, **__):
        hanging.wait()
        raise OSError("no answer")

    monkeypatch.setattr(launch.urllib.request, "urlopen", hang)
    start = time.perf_counter()
    assert not share_server_answers(seconds=0.2)
    assert time.perf_counter() - start < 2
    hanging.set()


def test_without_network_there_is_no_share_server(network_attempts, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert not share_server_answers(seconds=5)
    assert "api.gradio.app" in network_attempts.pop()


@pytest.fixture
def started(monkeypatch):
    """What `run` would have started; nothing is."""
    options = []

    class Demo:
        is_running, share_url = False, None

        def close(self, verbose):
            options.append("closed")

    def serve(demo, given, port):
        options.append(given)
        return f"http://127.0.0.1:{port}/"

    monkeypatch.setattr(pages, "build_demo", lambda models: Demo())
    monkeypatch.setattr(launch, "serve", serve)
    monkeypatch.setattr(launch, "warm_up", lambda models: None)
    monkeypatch.setattr(launch, "share_server_answers", lambda: False)
    return options


def test_without_network_sharing_falls_back_to_this_machine(started, capsys):
    run(Options(auth=("ana", "secret"), share=True))
    assert started == [Options(auth=("ana", "secret"), share=False), "closed"]
    output = capsys.readouterr()
    assert "No public link: the share server cannot be reached" in output.err
    assert output.out.startswith("The demo is at http://127.0.0.1:")


def test_an_open_door_is_pointed_out(started, capsys):
    run(Options(host="0.0.0.0"))
    assert "Everyone on this network can use it" in capsys.readouterr().out
    run(Options(host="0.0.0.0", auth=("ana", "secret")))
    assert "Everyone on this network" not in capsys.readouterr().out
