"""`make gallery`: a picture of each lab for README, from the tour in a real JupyterLab.

    notebooks/widgets_tour.ipynb -> docs/gallery/Class.png

Nothing is drawn by hand: the tour is run, and each lab's output is photographed in the
light theme. Left out: whether the labs work, which tests/test_widgets_tour.py says.
"""

import importlib
import json
import re
import sys
import tempfile
from functools import cache
from pathlib import Path

from conftest import CHROMIUM_FLAGS, find_chromium
from lab_page import LabPage, serve_lab
from playwright.sync_api import Locator, expect, sync_playwright

from course.lessons.building import NOTEBOOKS
from course.lessons.lesson import PROJECT

GALLERY = PROJECT / "docs" / "gallery"
TOUR = NOTEBOOKS / "widgets_tour.ipynb"
LARGEST = 2_000_000  # bytes of all pictures together
WINDOW = {"width": 900, "height": 1600}
HIGHEST = 800  # pixels of a picture; a higher lab is cut below
AT_WORK = re.compile("Computing|is loading")  # what labs say while they are at work
STILL, LONGEST = 1_000, 60_000  # milliseconds without a change, and until then


@cache
def lab_classes() -> dict[str, str]:
    """Return the labs that there are: name of the class -> its module.

    A class that only others build on is none.
    """
    from widgets.lab import Lab

    found = []
    for path in sorted((PROJECT / "widgets").glob("*.py")):
        name = f"widgets.{path.stem}"
        for kind in vars(importlib.import_module(name)).values():
            is_lab = isinstance(kind, type) and issubclass(kind, Lab)
            if is_lab and kind.__module__ == name and kind is not Lab:
                found.append(kind)
    return {
        kind.__name__: kind.__module__
        for kind in found
        if not any(other is not kind and issubclass(other, kind) for other in found)
    }


def tour_cells(cells: list[dict]) -> dict[str, int]:
    """Return the tour's labs: name in the heading -> number of the cell below it.

    Args:
        cells: Of the notebook, as in its file.
    """
    found, name = {}, None
    for number, cell in enumerate(cells):
        text = "".join(cell["source"])
        if heading := re.match(r"## (\w+)$", text, re.MULTILINE):
            name = heading[1]
        elif cell["cell_type"] == "code" and name:
            found[name], name = number, None
    return found


def read_tour() -> dict[str, int]:
    """Return the labs of the tour as it is in its file."""
    return tour_cells(json.loads(TOUR.read_text("utf-8"))["cells"])


# Resolves once nothing below the element has changed for a while.
_SETTLED = """(root, [still, longest]) => new Promise(resolve => {
  const end = () => { observer.disconnect(); resolve() }
  let timer = setTimeout(end, still)
  const observer = new MutationObserver(() => {
    clearTimeout(timer)
    timer = setTimeout(end, still)
  })
  observer.observe(root, { subtree: true, childList: true, characterData: true,
                           attributes: true })
  setTimeout(end, longest)
})"""


def wait_until_still(lab: Locator, still: int = STILL) -> None:
    """Wait until a lab is no longer at work and its drawing has stayed the same.

    Args:
        lab: Its element.
        still: Milliseconds without a change.
    """
    expect(lab).not_to_contain_text(AT_WORK, timeout=LONGEST)
    lab.evaluate(_SETTLED, [still, LONGEST])


def photograph(lab: LabPage, number: int, path: Path) -> None:
    """Take the picture of the lab below a cell, from its top.

    Args:
        lab: With the tour open and run.
        number: Of the cell.
        path: Of the picture.
    """
    shown = lab.go_to(number).locator(".course-lab")
    shown.wait_for()
    wait_until_still(shown)
    shown.evaluate("element => element.scrollIntoView({ block: 'start' })")
    box = shown.bounding_box()
    box["y"] += 2  # below the line that JupyterLab draws above an output
    path.parent.mkdir(parents=True, exist_ok=True)
    clip = {**box, "height": min(box["height"], HIGHEST)}
    lab.page.screenshot(path=path, clip=clip)


def main() -> None:
    """Take all pictures anew; those of labs that are gone go too."""
    labs = read_tour()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with serve_lab(folder) as address:
            tour = folder / "notebooks" / TOUR.name
            tour.write_bytes(TOUR.read_bytes())
            chromium = playwright.chromium.launch(
                executable_path=find_chromium(), args=list(CHROMIUM_FLAGS)
            )
            page = chromium.new_page(viewport=WINDOW, color_scheme="light")
            lab = LabPage(page, address, TOUR.name)
            lab.run_all(120)
            lab.press("Control+B")  # the list of files, beside the notebook
            for kind, number in labs.items():
                photograph(lab, number, GALLERY / f"{kind}.png")
            chromium.close()
    for path in GALLERY.glob("*.png"):
        if path.stem not in labs:
            path.unlink()
    size = sum(path.stat().st_size for path in GALLERY.glob("*.png"))
    print(f"{len(labs)} picture(s), {size / 1e6:.2f} MB, in {GALLERY}")
    if size > LARGEST:
        sys.exit(f"More than {LARGEST / 1e6:g} MB: make labs smaller, or HIGHEST.")


if __name__ == "__main__":
    main()
