"""Every lab in the tour: run without a browser, then in JupyterLab by keys alone.

One server and one page after another. Alone: pytest tests/test_widgets_tour.py. What a
lab should show is a matter of tests/widgets; here is what they all owe: they show
something whether or not a kernel brings them to life, keys do all, and axe-core finds
nothing serious in what they draw.
"""

import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from gallery import TOUR, lab_classes, read_tour, wait_until_still
from lab_page import LabPage, nothing_goes_wrong, serve_lab
from playwright.sync_api import expect
from test_notebooks import MOST_MEMORY, errors_of, run

pytestmark = pytest.mark.whole

MOST_SECONDS = 120  # for the whole tour
LABS = read_tour()
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# What JupyterLab leaves out unless its user asks for it: a widget's state in the file.
SAVE_STATE = {"@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True}}
PICTURES = os.environ.get("COURSE_TOUR_PICTURES")  # a folder to keep screenshots in


def test_tour_shows_every_lab_that_there_is():
    assert set(LABS) == set(lab_classes())
    cells = json.loads(TOUR.read_text("utf-8"))["cells"]
    for name, number in LABS.items():
        code = "".join(cells[number]["source"])
        # A cell that stands alone: it can be copied.
        assert f"from {lab_classes()[name]} import {name}" in code
        assert f"\n{name}(" in code
        text = "".join(cells[number - 1]["source"])
        assert text.startswith(f"## {name}\n\n")
        assert text.endswith(".")


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The tour, run with nobody looking: notebook, seconds, bytes of memory, line."""
    lines = []
    folder = tmp_path_factory.mktemp("headless")
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setenv("COURSE_HEADLESS", "1")
        # In a thread: the browser of this module keeps an event loop in this one.
        job = pool.submit(run, TOUR, folder, lambda _, line: lines.append(line))
        yield *job.result(), lines[0]


@pytest.mark.timeout(300)
def test_tour_runs_offline_with_nobody_looking(executed, record_property):
    notebook, seconds, memory, line = executed
    record_property("notebook", line)
    assert errors_of(notebook) == []
    assert seconds <= MOST_SECONDS
    assert memory <= MOST_MEMORY
    for name, number in LABS.items():
        (output,) = notebook.cells[number].outputs
        assert output.data["text/plain"][-1] in ".?!", name
        assert "<script" not in output.data["text/html"].lower()
        assert len(output.data["text/html"]) < 300_000


# --- JupyterLab ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(folder):
    with serve_lab(folder, SAVE_STATE) as address:
        yield address


@pytest.fixture
def open_tour(browser, address, folder):
    """Open a notebook; afterwards, nothing must have gone wrong."""
    context = browser.new_context(viewport={"width": 1000, "height": 1400})
    page = context.new_page()

    def open_it(name, text=None):
        if text is not None:
            (folder / "notebooks" / name).write_text(text, encoding="utf-8")
        return LabPage(page, address, name)

    with nothing_goes_wrong(page):
        yield open_it
        context.close()


def run_tour(lab):
    """Run all cells; an error in one ends the wait for those below it."""
    lab.command("Run All Cells")
    prompts = lab.page.locator(".jp-CodeCell .jp-InputPrompt")
    waiting = prompts.filter(has_text=re.compile(r"\[[ *]\]"))
    errors = lab.page.locator("[data-mime-type='application/vnd.jupyter.error']")
    for _ in range(2 * MOST_SECONDS):
        if errors.count() or not waiting.count():
            break
        lab.page.wait_for_timeout(500)
    assert errors.all_inner_texts() == []
    expect(waiting).to_have_count(0)


def picture_of(lab, name):
    if PICTURES:
        lab.page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest.mark.timeout(300)
def test_untrusted_tour_shows_what_was_drawn(open_tour, executed):
    # This machine has not run it, so JupyterLab does not trust it.
    lab = open_tour("untrusted.ipynb", nbformat.writes(executed[0]))
    for name, number in LABS.items():
        output = lab.go_to(number).locator(".jp-OutputArea-output")
        (stored,) = executed[0].cells[number].outputs
        expect(output.locator("section").first).to_be_visible()
        expect(output).to_contain_text(stored.data["text/plain"])
        expect(output).not_to_contain_text("Error displaying widget")
        expect(lab.cells.nth(number).locator(".course-lab")).to_have_count(0)
        wide, room = output.evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert wide <= room, f"{name} is wider than the page"
        picture_of(lab, f"{name}-untrusted")


@pytest.fixture(scope="module")
def used(folder):
    """Name of the tour's copy that is run, used, saved and opened again."""
    name = "tour.ipynb"
    shutil.copy(TOUR, folder / "notebooks" / name)
    return name


@pytest.mark.timeout(400)
def test_labs_live_and_keys_do_all(open_tour, used):
    lab = open_tour(used)
    run_tour(lab)
    for name, number in LABS.items():
        root = lab.go_to(number).locator(".course-lab")
        expect(root).to_be_visible()
        wait_until_still(root, 300)
        change_a_control(lab, root, name)
        leave(lab, number)
        for mark in ("pick", "drag"):
            wait_until_still(root, 300)
            use_a_part(lab, root, name, mark)
            leave(lab, number)
        picture_of(lab, f"{name}-used")
    find_no_fault(lab)
    lab.save()


def find_no_fault(lab):
    """Look at each lab in both themes."""
    for theme, name in THEMES.items():
        lab.command(f"Use Theme: {name}")
        expect(lab.page.locator(f"body[data-jp-theme-name='{name}']")).to_be_attached()
        # What JupyterLab shows above all while it changes the theme.
        expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
        expect(lab.page.locator(".jp-Notebook-cell.jp-mod-active")).to_be_focused()
        for kind, number in LABS.items():
            lab.go_to(number)
            picture_of(lab, f"{kind}-{theme}")
            assert faults(lab.page, number) == [], f"{kind}, {theme}"


def faults(page, number):
    """What axe-core finds serious or critical in a lab, one line for each."""
    page.evaluate(
        "number => document.querySelectorAll('.course-lab').forEach(lab => lab.id = "
        "lab.closest('[data-windowed-list-index]').dataset.windowedListIndex == number "
        "? 'looked-at' : '')",
        number,
    )
    found = Axe().run(page, context={"include": [["#looked-at"]]})
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:200]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_saved_tour_opens_again_and_runs(open_tour, used):
    lab = open_tour(used)
    for name, number in LABS.items():
        cell = lab.go_to(number)
        expect(cell.locator(".course-view .course-summary")).to_contain_text(".")
        expect(cell).not_to_contain_text("Error displaying widget")
        picture_of(lab, f"{name}-reopened")
    run_tour(lab)
    for name, number in LABS.items():
        root = lab.go_to(number).locator(".course-lab")
        expect(root).to_be_visible()
        change_a_control(lab, root, name)
        leave(lab, number)


# --- Keys ----------------------------------------------------------------------------

_FOCUS = """root => {
  const focused = document.activeElement
  if (!root.contains(focused)) return null
  const view = focused.closest(".course-view")
  return { kind: focused.type || focused.getAttribute("role") || focused.tagName,
           view: view !== null, pick: focused.dataset.pick, drag: focused.dataset.drag,
           number: [...root.querySelectorAll("*")].indexOf(focused) }
}"""
# What changes a control of that kind, by keys that need no knowledge of what it is.
_KEYS = {
    "text": ("End", "Backspace", "Enter"),
    "textarea": ("End", "Backspace", "Tab"),
    "number": ("ArrowUp", "Tab"),
    "select-one": ("ArrowDown",),
    "select-multiple": ("Home",),
    "slider": ("ArrowRight",),
    "checkbox": ("Space",),
    "radio": ("ArrowDown",),
}
# The same the other way, for a control that is at its end.
_BACK = {"ArrowUp": "ArrowDown", "ArrowDown": "ArrowUp", "ArrowRight": "ArrowLeft"}


def drawn(root):
    """What a lab shows: pictures and sentences of its views."""
    return root.evaluate(
        """root => [".course-picture", ".course-summary"].map(part =>
             [...root.querySelectorAll(part)].map(e => e.innerHTML).join(""))"""
    )


def changes(root, before, milliseconds=2_000):
    """Whether the lab comes to show something else."""
    for _ in range(milliseconds // 50):
        # Being pointed at, or in the Tab order, is no change.
        if _plain(drawn(root)) != _plain(before):
            return True
        root.page.wait_for_timeout(50)
    return False


def _plain(shown):
    picture, sentence = shown
    for mark in (' class="is-linked"', ' class=""', 'tabindex="0"', 'tabindex="-1"'):
        picture = picture.replace(mark, "")
    return picture, sentence


def tab_within(lab, root, wanted, most=60):
    """Press Tab until something wanted in the lab has the focus, and return it."""
    seen = False
    for _ in range(most):
        lab.press("Tab")
        here = root.evaluate(_FOCUS)
        if here and wanted(here):
            return here
        if seen and not here:
            return None  # through the lab and out again
        seen = seen or bool(here)
    return None


def change_a_control(lab, root, name):
    """Tab to the controls, one after another, until a key changes what is shown."""
    tried = {}

    def is_new(at):
        return not at["view"] and at["kind"] in _KEYS and at["number"] not in tried

    while here := tab_within(lab, root, is_new):
        tried[here["number"]] = here["kind"]
        there = _KEYS[here["kind"]]
        for keys in (there, [_BACK.get(key, key) for key in there]):
            before = drawn(root)
            for key in keys:
                lab.press(key)
            if changes(root, before):
                return
    raise AssertionError(
        f"{name}: no key changed what is shown; tried {[*tried.values()]}"
    )


def leave(lab, number, most=60):
    """Go back from a lab to its cell, with Shift+Tab: Escape is the lab's own."""
    for _ in range(most):
        if lab.cells.nth(number).evaluate("cell => cell === document.activeElement"):
            return
        lab.press("Shift+Tab")
    raise AssertionError(f"{most} times Shift+Tab did not lead back to cell {number}")


# A handle moves by a hundredth of its way with arrows, by a tenth with these.
_WAYS = {"drag": ("ArrowRight", "PageUp", "PageUp", "PageDown", "Home", "End")}


def use_a_part(lab, root, name, mark):
    """Go to a part of the picture that can be picked, or dragged, and see a change."""
    if not root.locator(f"[data-{mark}]").count():
        return
    here = tab_within(lab, root, lambda at: at[mark] is not None)
    assert here, f"{name}: Tab does not lead to what can be {mark}ed"
    for key in _WAYS.get(mark, ["ArrowRight"] * 6):
        before = drawn(root)
        lab.press(key)
        if mark == "pick":
            lab.press("Enter")
        if changes(root, before, 1_000):
            return
    raise AssertionError(f"{name}: keys on what can be {mark}ed changed nothing")
