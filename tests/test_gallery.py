"""The gallery in README shows every lab. Alone: pytest tests/test_gallery.py."""

import re
import struct

import pytest
from gallery import (
    GALLERY,
    HIGHEST,
    LARGEST,
    WINDOW,
    lab_classes,
    read_tour,
    tour_cells,
)

from course.lessons.lesson import PROJECT

README = (PROJECT / "README.md").read_text("utf-8")
ROWS = re.findall(
    r"^\| `(\w+)` \| !\[([^\]]+)\]\(docs/gallery/(\w+)\.png\) \| (.+) \|$", README, re.M
)


def test_gallery_pictures_and_classes_agree():
    classes = sorted(lab_classes())
    assert sorted(row[0] for row in ROWS) == classes
    assert sorted(path.stem for path in GALLERY.glob("*")) == classes
    assert sorted(read_tour()) == classes


def test_gallery_is_in_the_order_of_the_tour():
    assert [row[0] for row in ROWS] == list(read_tour())


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_row_says_what_is_there(row):
    name, description, picture, sentence = row
    assert picture == name
    assert 20 <= len(description) <= 140
    assert re.fullmatch(r"[A-Z][^.]+\.", sentence)


def test_pictures_are_small():
    pictures = sorted(GALLERY.glob("*.png"))
    assert sum(path.stat().st_size for path in pictures) < LARGEST
    for path in pictures:
        head = path.read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", head[16:24])
        assert WINDOW["width"] / 2 < width <= WINDOW["width"]
        assert 100 < height <= HIGHEST


def test_tour_cells_are_found_by_their_headings():
    cells = [
        {"cell_type": "markdown", "source": ["# All\n"]},
        {"cell_type": "code", "source": ["x = 1"]},
        {"cell_type": "markdown", "source": ["## ALab\n", "\n", "Try."]},
        {"cell_type": "code", "source": ["ALab()"]},
        {"cell_type": "code", "source": ["more"]},
        {"cell_type": "markdown", "source": ["## BLab"]},
        {"cell_type": "code", "source": ["BLab()"]},
    ]
    assert tour_cells(cells) == {"ALab": 3, "BLab": 6}
