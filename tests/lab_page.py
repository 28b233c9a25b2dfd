"""A JupyterLab of its own, and a person at its keyboard.

No mouse is used, and no script changes the page; scripts only read what is there. Left
out: what a lesson's notebook should show, which the tests say.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Locator, Page, expect

SECONDS = 1000  # in the milliseconds of Playwright
START = 60  # seconds that the server has to start, and to stop
_FOLDERS = {
    "COURSE_RUNS": "runs",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
}
# No token: only this machine is served. No news: a pop-up would ask about them.
_SETTINGS = {
    "config/jupyter_server_config.json": {
        "IdentityProvider": {"token": ""},
        "LabApp": {"extension_manager": "readonly", "news_url": None},
    },
    "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


@contextmanager
def serve_lab(
    folder: Path, settings: dict[str, dict[str, Any]] | None = None
) -> Iterator[str]:
    """Start JupyterLab on `folder`/notebooks; afterwards none of its processes is left.

    Args:
        folder: Also for all else that JupyterLab, its kernels and the course write.
        settings: What its user has chosen, such as
            `{"@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True}}`;
            default nothing.

    Yields:
        Its address, with the slash at its end.
    """
    (folder / "notebooks").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0"]
    command += ["--ip=127.0.0.1", "--ServerApp.root_dir=.", "--allow-root"]
    place = {"cwd": folder / "notebooks", "env": _environment(folder)}
    for name, chosen in (settings or {}).items():
        path = folder / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(chosen))
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, **place)
        try:
            yield _wait_for_address(server, folder)
        finally:
            _stop(server)


def _environment(folder: Path) -> dict[str, str]:
    """Give whatever Jupyter and the course read or write its place in `folder`."""
    environment = {**os.environ, "COURSE_PROGRESS": str(folder / "progress.json")}
    for variable, name in _FOLDERS.items():
        (folder / name).mkdir()
        environment[variable] = str(folder / name)
    for path, content in _SETTINGS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content))
    return environment


def _wait_for_address(server: subprocess.Popen, folder: Path) -> str:
    file = folder / "runtime" / f"jpserver-{server.pid}.json"
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        # An empty file is one that is being written.
        if file.is_file() and (text := file.read_text()):
            return f"http://127.0.0.1:{json.loads(text)['port']}/"
        time.sleep(0.05)
    raise RuntimeError((folder / "server.log").read_text())


def _stop(server: subprocess.Popen) -> None:
    """Ask the server to end, which ends its kernels; what stays is killed and told."""
    family = [psutil.Process(server.pid)] if server.poll() is None else []
    family += family[0].children(recursive=True) if family else []
    server.terminate()
    server.wait(START)
    _, left = psutil.wait_procs(family, timeout=START)
    for process in left:
        process.kill()
    assert left == []


@contextmanager
def nothing_goes_wrong(page: Page) -> Iterator[None]:
    """Watch a page: no request leaves this machine, and no error is complained of.

    Args:
        page: Before it goes anywhere.

    Raises:
        AssertionError: At the end, with the requests or the complaints.
    """
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: requests.append(socket.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            message.type == "error"
            and complaints.append(f"{message.text} {message.location['url']}")
        ),
    )
    yield
    assert {urlsplit(url).hostname for url in requests} - {None} == {"127.0.0.1"}
    assert complaints == []


class LabPage:
    """A notebook in JupyterLab, used with the keyboard alone.

    Args:
        page: A page of Chromium.
        address: Of the server.
        name: File of the notebook, which is opened.

    Attributes:
        page: As given.
        cells: All cells, in the order of the file.
    """

    def __init__(self, page: Page, address: str, name: str) -> None:
        """Open the notebook and wait for its kernel."""
        self.page = page
        self.cells = page.locator(".jp-Notebook .jp-Notebook-cell")
        page.goto(f"{address}lab/workspaces/{Path(name).stem}/tree/{name}")
        # The circle beside the kernel's name shows "idle" before there is a kernel.
        page.get_by_text(re.compile(r"\| Idle$")).wait_for(timeout=START * SECONDS)
        expect(self.cells.first).to_be_focused()

    def press(self, keys: str, times: int = 1) -> None:
        """Press a key, or several together, as "Control+A", so many times."""
        for _ in range(times):
            self.page.keyboard.press(keys)

    def command(self, name: str) -> None:
        """Choose a command in JupyterLab's palette, by the name it has there."""
        self.press("Control+Shift+C")
        typed = self.page.locator(".lm-CommandPalette-input")
        expect(typed).to_be_focused()
        self.press("Control+A")
        self.page.keyboard.insert_text(name)
        found = self.page.locator(".lm-CommandPalette-item.lm-mod-active")
        expect(found.locator(".lm-CommandPalette-itemLabel")).to_have_text(name)
        self.press("Enter")
        expect(typed).not_to_be_visible()

    def go_to(self, number: int) -> Locator:
        """Move to a cell, by its number from 0, while none is being edited."""
        now = self._active()
        self.press("ArrowDown" if number > now else "ArrowUp", abs(number - now))
        cell = self.cells.nth(number)
        expect(cell).to_be_focused()
        return cell

    def _active(self) -> int:
        active = self.page.locator(".jp-Notebook-cell.jp-mod-active")
        return int(active.get_attribute("data-windowed-list-index"))

    def write(self, text: str) -> None:
        """Replace the active cell's text, as by pasting: no bracket closes itself."""
        self.press("Enter")
        self.press("Control+A")
        self.page.keyboard.insert_text(text)

    def run(self) -> None:
        """Run the active cell, go on to the next, and wait for the result."""
        number = self._active()
        prompt = self.cells.nth(number).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self.press("Shift+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"))
        expect(self.cells.nth(number + 1)).to_be_focused()

    def run_all(self, seconds: float) -> None:
        """Run all cells and wait until each of them has run.

        Args:
            seconds: How long they take, beside what a slow machine needs.
        """
        self.command("Run All Cells")
        prompts = self.page.locator(".jp-CodeCell .jp-InputPrompt")
        waiting = prompts.filter(has_text=re.compile(r"\[[ *]\]"))
        expect(waiting).to_have_count(0, timeout=(seconds + START) * SECONDS)

    def tab_to(self, wanted: Locator, most: int = 20) -> None:
        """Press Tab until what is wanted has the focus, so many times at most."""
        for _ in range(most):
            self.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{most} times Tab did not lead to {wanted}")

    def save(self) -> None:
        """Save the notebook and wait until it is on the disk."""
        self.press("Control+S")
        unsaved = self.page.locator(".lm-TabBar-tab.jp-mod-dirty")
        expect(unsaved).to_have_count(0)


# Reads each piece of text below an element: its colour, and those behind it.
_COLOURS = """root => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim()
    let element = walker.currentNode.parentElement
    if (!text || !element.checkVisibility() || element.matches("style")) continue
    const behind = [], colour = getComputedStyle(element).color
    for (; element; element = element.parentElement)
      behind.push(getComputedStyle(element).backgroundColor)
    found.push({ text, colour, behind })
  }
  return found
}"""


def contrasts(element: Locator) -> dict[str, float]:
    """Return the contrast of each text below an element, from 1 to 21 (WCAG 2.2).

    Args:
        element: What is looked at.
    """
    found = {}
    for piece in element.evaluate(_COLOURS):
        behind = (1.0, 1.0, 1.0)
        for layer in reversed(piece["behind"]):
            behind = _over(_rgba(layer), behind)
        colour = _over(_rgba(piece["colour"]), behind)
        dark, light = sorted(map(_luminance, (colour, behind)))
        found[piece["text"]] = (light + 0.05) / (dark + 0.05)
    return found


def _rgba(css: str) -> tuple[float, ...]:
    """Read "rgb(0, 0, 0)" or "rgba(0, 0, 0, 0.5)"; channels from 0 to 1."""
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+", css))
    return red / 255, green / 255, blue / 255, *(alpha or [1.0])


def _over(top: tuple[float, ...], below: tuple[float, ...]) -> tuple[float, ...]:
    *channels, alpha = top
    return tuple(
        alpha * c + (1 - alpha) * b for c, b in zip(channels, below, strict=True)
    )


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
