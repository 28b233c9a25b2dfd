"""Start the demo, under settings with which it is safe to share.

It listens on this machine alone unless told otherwise, and a public link needs a
password. It runs in an empty folder of its own, so that there is no file to serve, and
which goes when it ends. Left out: flags (`options.py`), pages (`pages.py`), and how
others find it (`sharing.py`).

Sources: Gradio's security policy; Trail of Bits, "Gradio 5 security review", 2024.
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.demo import sharing
from course.demo.context import Context
from course.demo.messages import Say
from course.demo.models import LoadedModels, list_models
from course.demo.options import Options, find_port, parse_options
from course.errors import CourseError

if TYPE_CHECKING:  # seconds to import; wrong flags are answered before
    import gradio as gr

    from course.monitoring import PredictionLog

# For `gradio app.py`, and for a proxy before the demo. Any other GRADIO_ variable could
# open what is closed here.
KEPT_VARIABLES = ("GRADIO_WATCH_", "GRADIO_ROOT_PATH")
FOLDER_VARIABLES = ("COURSE_HOME", "COURSE_RUNS", "HF_HOME")
LOCAL_NAMES = {"127.0.0.1", "localhost", "::1"}
SETTINGS = {
    "allowed_paths": [],
    "max_file_size": "1mb",
    "strict_cors": True,
    "show_error": False,  # a `CourseError` is shown, the inside of anything else is not
    "enable_monitoring": False,
    "run_history": False,
    "ssr_mode": False,
    "pwa": False,
    "num_workers": 0,
    "max_threads": 16,
    "state_session_capacity": 200,
    "footer_links": ["api"],
}


@contextlib.contextmanager
def runtime_folder() -> Iterator[Path]:
    """Work in an empty folder, without settings that others left in the environment.

    Yields:
        The folder; it and all in it are gone afterwards, and the environment is as it
        was.
    """
    environment, previous = dict(os.environ), Path.cwd()
    folder = Path(tempfile.mkdtemp(prefix="course-demo-"))  # for this user alone
    (folder / "files").mkdir(mode=0o700)
    (folder / "empty").mkdir(mode=0o700)
    for name in [name for name in os.environ if name.startswith("GRADIO_")]:
        if not name.startswith(KEPT_VARIABLES):
            del os.environ[name]
    os.environ["GRADIO_TEMP_DIR"] = str(folder / "files")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Else Gradio sums up the last events with pandas after every single one.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    for name in FOLDER_VARIABLES:  # they may be relative to the folder that is left
        if os.environ.get(name):
            os.environ[name] = str(Path(os.environ[name]).expanduser().absolute())
    # Gradio asks its own server whether it is up; a proxy could not answer that.
    for name in ("no_proxy", "NO_PROXY"):
        known = os.environ.get(name)
        os.environ[name] = ",".join(filter(None, [known, "127.0.0.1,localhost"]))
    os.chdir(folder / "empty")
    try:
        yield folder
    finally:
        os.chdir(previous)
        os.environ.clear()
        os.environ.update(environment)
        shutil.rmtree(folder, ignore_errors=True)


def serve(demo: "gr.Blocks", options: Options, port: int) -> str:
    """Start the server and return at once.

    Args:
        demo: What `build_demo` gave.
        options: Host, password, whether to share, and whether to offer MCP tools.
        port: A free port.

    Returns:
        The demo's address on this machine.

    Raises:
        CourseError: If the server does not come up.
    """
    from starlette.middleware import Middleware

    from course.demo.guard import Guard
    from course.demo.light_sessions import lighten
    from course.demo.pages import CSS, THEME

    # A page of another site whose name leads here must not pass for ours.
    hosts = LOCAL_NAMES if options.local else None

    try:
        _, address, _ = demo.launch(
            server_name=f"[{options.host}]" if ":" in options.host else options.host,
            server_port=port,
            auth=options.auth,
            # Never None, with which Gradio shares by itself in a hosted notebook.
            share=options.share,
            theme=THEME,
            css=CSS,
            app_kwargs={"middleware": [Middleware(Guard, hosts=hosts)]},
            prevent_thread_lock=True,
            quiet=True,
            mcp_server=options.mcp,
            **SETTINGS,
        )
    except ImportError as error:
        raise CourseError(
            f"--mcp needs gradio[mcp], in versions that fit: {error}"
        ) from error
    except (OSError, ValueError) as error:
        raise CourseError(
            f"The demo cannot listen on {options.host}:{port} ({error}): choose "
            "another --host or --port."
        ) from error
    lighten(demo)
    return address


def warm_up(models: LoadedModels) -> None:
    """Load the first model, so that the first question does not wait for it."""
    # A model that cannot be loaded says so to whoever asks for it.
    with contextlib.suppress(CourseError):
        for name in list(list_models())[:1]:
            models.get(name).predict(["The first answer takes longest."])


def open_log(options: Options) -> "PredictionLog | None":
    """Open the log of predictions, or say why there is none."""
    if not options.log:
        return None
    from course.monitoring import PredictionLog

    try:
        return PredictionLog()
    except CourseError as error:
        print(f"Predictions are not kept: {error}", file=sys.stderr)
        return None


def run(options: Options) -> None:
    """Serve the demo until Ctrl-C, or until the process is told to end."""
    port = find_port(options.host, options.port)
    if options.share and not sharing.share_server_answers():
        print(sharing.NO_NETWORK, file=sys.stderr)
        options = replace(options, share=False)
    from course.demo.pages import build_demo

    log = open_log(options)
    context = Context(say=Say(options.language), log=log)
    demo = build_demo(context, training=options.training)
    try:
        address = serve(demo, options, port)
        threading.Thread(target=warm_up, args=[context.models], daemon=True).start()
        sharing.announce(options, address, port)
        if options.share:
            sharing.announce_link(demo.share_url)
        while demo.is_running:
            time.sleep(0.5)
    finally:
        demo.close(verbose=False)
        if log is not None:
            log.close()


def _end(*_: Any) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> int:
    """Start the demo from the command line.

    Args:
        arguments: Flags; default those of this process.

    Returns:
        The exit code: 0, or 2 for a user error, which is printed as one line.

    Example:
        >>> main(["--share"])  # says on standard error that a password is needed
        2
    """
    try:
        options = parse_options(sys.argv[1:] if arguments is None else arguments)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _end)  # so that the folder is removed
        with runtime_folder():
            run(options)
    except CourseError as error:
        print(f"course app: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0
