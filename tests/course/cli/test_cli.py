"""The command line as a whole. Run alone: pytest tests/course/cli/test_cli.py."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tiny_runs import tiny_info

from course import assets, cli
from course.cli import doctor
from course.errors import CourseError, Stopped

COMMANDS = ["doctor", "assets", "lab", "train", "search", "evaluate", "predict"] + [
    "explain",
    "runs",
]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def call(capsys):
    """Call `course` and return its exit code and what it wrote."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as raised:
            cli.main(list(arguments))
        written = capsys.readouterr()
        return raised.value.code or 0, written.out, ANSI.sub("", written.err)

    return run


@pytest.fixture
def refused(call):
    """Call `course`, see that it is refused in one line, and return the line."""

    def run(*arguments: str) -> str:
        code, out, err = call(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("Error: ")
        assert err.endswith("\n")
        assert err[:-1].isprintable()
        return err[:-1]

    return run


# --- Help ---------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("--debug",)])
def test_help_names_every_command(call, arguments):
    code, out, err = call(*arguments)
    assert (code, err) == (0, "")
    for name in [*COMMANDS, "app", "--version", "--install-completion", "--debug"]:
        assert name in out


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_every_command_shows_an_example(call, name, option):
    code, out, _ = call(name, option)
    assert code == 0
    assert f"Example: course {name}" in out


@pytest.mark.parametrize("name", [*COMMANDS, "app"])
def test_the_example_is_one_that_the_command_takes(name):
    """Parsed, not run."""
    group = typer.main.get_command(cli.app)
    command = group.commands[name]
    words = shlex.split(command.epilog.removeprefix("Example: course "))
    assert words[0] == name
    assert command.make_context(name, words[1:]).params is not None


def test_version(call):
    code, out, err = call("--version")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"llm-teaching-kit \d+\.\d+\.\d+\n", out)


# --- Mistakes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--bogus"], "No such option: --bogus: see 'course --help'."),
        (["predcit"], "No such command 'predcit'"),
        (["predict"], "Missing argument 'run': see 'course predict --help'."),
        (["predict", "--bogus"], "No such option: --bogus: see 'course predict --"),
        (["predict", "a", "b", "--file"], "Option '--file' requires an argument: see"),
        (["train", "spam", "--learning-rate", "abc"], "Invalid value for '--learnin"),
        (["lab", "--port", "99999"], "less than or equal to 65535: see 'course lab"),
        (["search", "spam", "--workers", "0"], "greater than or equal to 1"),
        (["assets", "frobnicate"], "'frobnicate' is not one of 'list', 'fetch'"),
        (["runs", "extra"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_one_line(refused, arguments, message):
    assert message in refused(*arguments)


def test_an_error_is_cut_and_keeps_to_its_line(refused, monkeypatch):
    def fail(*_, **__):
        raise CourseError("two\nlines \x1b[31m[bold]" + "x" * 10_000)

    monkeypatch.setattr(assets, "status", fail)
    line = refused("assets")
    assert line.startswith("Error: two lines  [31m[bold]xxx")
    assert len(line) < 2100


def test_debug_shows_where_an_error_came_from(monkeypatch):
    for arguments in (
        ["--debug", "assets", "list", "x"],
        ["assets", "list", "x", "--debug"],
    ):
        with pytest.raises(CourseError, match="Unknown asset 'x'"):
            cli.main(arguments)


def test_debug_shows_wrong_usage_too():
    with pytest.raises(typer.TyperException, match="No such option"):
        cli.main(["runs", "--bogus", "--debug"])


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (28, "No space left on device"),
        (13, "Permission denied"),
        (20, "Not a directory"),
    ],
)
def test_the_users_disk_is_one_line(refused, monkeypatch, number, reason):
    def fail():
        raise OSError(number, os.strerror(number), "/some/file")

    monkeypatch.setattr(assets, "status", fail)
    assert f"/some/file cannot be used ({reason}): free" in refused("assets")


def test_a_fault_of_the_kit_keeps_its_traceback(monkeypatch):
    def fail():
        raise FileNotFoundError(2, "No such file", "inside/the/kit")

    monkeypatch.setattr(assets, "status", fail)
    with pytest.raises(FileNotFoundError):
        cli.main(["assets"])


def test_ctrl_c_is_no_error(call, monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(assets, "status", interrupt)
    assert call("assets") == (130, "", "Stopped.\n")


def test_a_stop_says_how_to_go_on_and_is_no_error(call, monkeypatch):
    def stopped():
        raise Stopped("Stopped at step 3 of 9: continue with 'course train'.")

    monkeypatch.setattr(assets, "status", stopped)
    line = "Stopped at step 3 of 9: continue with 'course train'.\n"
    assert call("assets") == (130, "", line)


# --- doctor -------------------------------------------------------------------------

GOOD = doctor.Check("python", True, "3.11")
BAD = doctor.Check("assets", False, "missing: [x]", "run 'course assets fetch'")


@pytest.mark.parametrize(("checks", "code"), [([GOOD], 0), ([GOOD, BAD], 1)])
def test_doctor_exits_with_one_if_a_check_failed(call, monkeypatch, checks, code):
    monkeypatch.setattr(doctor, "examine", lambda: iter(checks))
    found, out, err = call("doctor", "--json")
    assert found == code
    assert json.loads(out) == doctor.report(checks)
    assert "ok   python     3.11" in err
    assert ("FAIL assets     missing: [x]\n     -> run 'course" in err) == (code == 1)


def test_doctor_misses_assets_in_an_empty_folder(call, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    code, out, err = call("doctor")
    assert (code, out) == (1, "")
    assert "FAIL assets     not fetched: minilm" in err
    assert "-> run 'course assets fetch'" in err


# --- assets -------------------------------------------------------------------------


def test_assets_lists_all(call):
    code, out, err = call("assets", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert [row["name"] for row in rows] == list(assets.ASSETS)
    assert all(row["fetched"] for row in rows)


def test_assets_as_a_table(call):
    code, out, err = call("assets", "list", "minilm", "sms-spam")
    assert (code, out) == (0, "")
    assert "minilm" in err
    assert "sms-spam" in err
    assert "bbc-news" not in err


def test_assets_verify_finds_nothing_wrong(call):
    code, out, _ = call("assets", "verify", "sms-spam", "--json")
    assert code == 0
    assert json.loads(out)[0]["problems"] == []


def test_assets_verify_says_what_is_wrong(call, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    code, out, err = call("assets", "verify", "sms-spam", "--json")
    assert code == 2
    assert "sms-spam is not fetched" in json.loads(out)[0]["problems"][0]
    assert err.startswith("Error: Missing or damaged: sms-spam: do what")


@pytest.mark.parametrize("action", ["list", "verify", "fetch"])
def test_an_unknown_asset(refused, action):
    assert "Did you mean 'minilm'" in refused("assets", action, "minlm")


# --- lab and app --------------------------------------------------------------------


@pytest.mark.parametrize(("user", "flag"), [(1000, ""), (0, " --allow-root")])
def test_lab_opens_the_first_notebook(monkeypatch, tmp_path, user, flag):
    """Another program takes the place of this one, so nothing is returned."""
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "theirs")

    def take_over(program, command):
        raise SystemExit(f"{program} {' '.join(command[1:])}")

    for name in ("01_later.ipynb", "00_start.ipynb"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "notebooks_dir", lambda: tmp_path)
    monkeypatch.setattr(os, "execv", take_over)
    with pytest.raises(SystemExit) as raised:
        cli.main(["lab", "--no-browser", "--port", "8890"])
    assert raised.value.code == (
        f"{sys.executable} -m jupyterlab 00_start.ipynb --port=8890 "
        f"--ServerApp.root_dir=. --no-browser{flag}"
    )
    ours, theirs = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "theirs"
    defaults = Path(ours) / "labconfig" / "default_setting_overrides.json"
    widgets = json.loads(defaults.read_text())[
        "@jupyter-widgets/jupyterlab-manager:plugin"
    ]
    assert widgets == {"saveState": True}


def test_app_hands_its_flags_on(call, monkeypatch):
    given = []
    monkeypatch.setattr("course.demo.launch.main", given.extend)
    assert call("app", "--port", "7870", "--share") == (0, "", "")
    assert given == ["--port", "7870", "--share"]


# --- The program --------------------------------------------------------------------


def run_course(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "course.cli", *arguments],
        capture_output=True,
        input=b"",
        env=os.environ | environment,
        timeout=60,
    )


def test_the_program_answers_a_mistake_in_one_line():
    done = run_course("assets", "verify", "minlm")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"Error: Unknown asset 'minlm'. Did you mean 'minil")
    assert done.stderr.count(b"\n") == 1


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from course import cli\n"
        "try: cli.main(['train', '--help'])\n"
        "except SystemExit: pass\n"
        "print(*{'torch', 'transformers', 'numpy', 'pandas'} & set(sys.modules),"
        " file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "course train" in done.stdout
    assert done.stderr == "\n"


def test_output_is_utf_8_whatever_the_system_says(tmp_path):
    run = tmp_path / "café"
    run.mkdir()
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        (run / name).touch()
    (run / "run.json").write_text(json.dumps(tiny_info()))
    done = run_course(
        "runs", "--json", COURSE_RUNS=str(tmp_path), PYTHONIOENCODING="ascii"
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["name"] == "café"
