"""The `course` command: thin, every line of work is in the modules it calls.

People read standard error; `--json` puts JSON, and only that, on standard output. A
mistake of the user's is one line and exit code 2; `--debug` shows where it came from.
Modules are imported inside the commands, so that `course --help` answers at once.
"""

import errno
import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from course.cli import exporting as cli_exporting
from course.cli import grading as cli_grading
from course.cli import learning as cli_learning
from course.cli import lessons as cli_lessons
from course.cli import options as options
from course.cli import runs as cli_runs
from course.cli import training as cli_training
from course.cli.output import console, show
from course.errors import CourseError, Stopped, one_line, unknown_name

app = typer.Typer(
    help="Learn how language models work: train, measure, explain and serve real ones.",
    epilog="Add --debug to any command to see where an error came from.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# What the user's disk and permissions cause, wherever it happens.
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS} | {
    errno.ENOTDIR
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit.

    Args:
        arguments: What follows `course`; default that of this process.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    debug = "--debug" in given[: (given + ["--"]).index("--")]
    if debug:
        given.remove("--debug")
    _use_utf8()
    try:
        code = app(given or ["--help"], prog_name="course", standalone_mode=False)
    except (CourseError, typer.TyperException, OSError) as error:
        if debug or (isinstance(error, OSError) and error.errno not in _DISK_ERRORS):
            raise
        line = escape(one_line(_message(error), 2000))
        stopped = isinstance(error, Stopped)
        label = "" if stopped else "[bold red]Error:[/] "
        console.print(label + line, soft_wrap=True, highlight=False)
        sys.exit(130 if stopped else 2)
    if code == 130:  # typer's for Ctrl-C
        console.print("Stopped.")
    sys.exit(code)


def _use_utf8() -> None:
    """Read and write UTF-8 wherever the system's default is another encoding.

    What UTF-8 cannot express either is written as JSON would escape it.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _message(error: Exception) -> str:
    """Return what to tell the user: what came, and where to look."""
    if isinstance(error, typer.TyperException):
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "course"
        return f"{error.format_message().rstrip('.')}: see '{command} --help'."
    if isinstance(error, OSError):
        place = error.filename or "The disk"
        return (
            f"{place} cannot be used ({error.strerror}): free space or choose another."
        )
    return str(error)


def _show_version(wanted: bool) -> None:
    if wanted:
        from course import __version__

        print(f"llm-teaching-kit {__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version.",
            callback=_show_version,
        ),
    ] = False,
) -> None:
    pass


# Not named `doctor`: that is the module beside, which a function would hide.
@app.command("doctor", epilog="Example: course doctor --json")
def examine_machine(as_json: options.Json = False) -> None:
    """Check Python, packages, assets, memory, threads and sandbox."""
    from course.cli.doctor import examine, report

    checks = []
    for check in examine():
        checks.append(check)
        mark = "[green]ok  [/]" if check.ok else "[bold red]FAIL[/]"
        line = f"{check.name:<11}{check.detail}"
        console.print(f"{mark} {escape(line)}", soft_wrap=True)
        if check.remedy:
            console.print(f"     [yellow]-> {escape(check.remedy)}[/]", soft_wrap=True)
    if as_json:
        show(report(checks))
    if not report(checks)["ok"]:
        raise typer.Exit(1)


class _AssetAction(StrEnum):
    LIST = "list"
    FETCH = "fetch"
    VERIFY = "verify"


@app.command(epilog="Example: course assets fetch")
def assets(
    action: Annotated[_AssetAction, typer.Argument()] = _AssetAction.LIST,
    names: Annotated[list[str] | None, typer.Argument(help="Default: all.")] = None,
    as_json: options.Json = False,
) -> None:
    """Models and data: list them, fetch them once, verify every byte."""
    from course import assets as shelf
    from course.cli.tables import assets_table

    if action is _AssetAction.FETCH:
        shelf.fetch_all(names)
    for name in names or []:
        if name not in shelf.ASSETS:
            raise unknown_name("asset", name, shelf.ASSETS)
    rows = [row for row in shelf.status() if not names or row["name"] in names]
    problems = {}
    if action is _AssetAction.VERIFY:
        problems = {row["name"]: shelf.verify(row["name"]) for row in rows}
        rows = [row | {"problems": problems[row["name"]]} for row in rows]
    if as_json:
        show(rows)
    else:
        console.print(assets_table(rows))
    if any(problems.values()):
        raise CourseError(
            f"Missing or damaged: {', '.join(n for n in problems if problems[n])}: do "
            "what is said of each above."
        )


@app.command(epilog="Example: course lab --no-browser")
def lab(
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8888,
) -> None:
    """Open JupyterLab at the first notebook."""
    from course.cli.doctor import notebooks_dir

    folder = notebooks_dir()
    first = min(folder.glob("*.ipynb")).name
    command = [sys.executable, "-m", "jupyterlab", first, f"--port={port}"]
    command += ["--ServerApp.root_dir=."] + ([] if browser else ["--no-browser"])
    if getattr(os, "geteuid", lambda: 1)() == 0:
        # In a container everyone is root; Jupyter listens on this machine alone.
        command.append("--allow-root")
    # Defaults of ours, which the user's own settings go before: saved notebooks keep
    # their widgets, so that they are there when one is opened again.
    ours = [str(Path(__file__).parent / "jupyter")]
    theirs = os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(ours + [p for p in theirs if p])
    os.chdir(folder)
    os.execv(sys.executable, command)


@app.command(
    "app",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: course app --port 7870",
)
def demo(context: typer.Context) -> None:
    """Start the demo of the shipped adapters and your own runs."""
    from course.demo.launch import main as launch

    launch(context.args)


app.add_typer(cli_training.app)
app.add_typer(cli_runs.app)
app.add_typer(cli_lessons.app)
app.add_typer(cli_learning.app)
app.add_typer(cli_grading.app)
app.add_typer(cli_exporting.app)
