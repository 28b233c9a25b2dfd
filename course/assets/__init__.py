"""Models and data on this machine: fetched once, checked, then read without a network.

An asset's folder appears in one step, when its archive has been downloaded, checked,
unpacked and, for a GGUF, converted. So a folder that exists is complete, and two
processes at once do the work once. Left out: which assets there are
(`course.assets.registry`), where they live (`course.assets.folders`) and the work
itself: `course.assets.staging` has an archive downloaded (`course.assets.downloads`),
unpacked (`course.assets.archives`) and converted (`course.assets.conversion`).
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from course.assets import archives
from course.assets.folders import folder_of, home, read_manifest
from course.assets.registry import ASSETS, Asset
from course.assets.staging import fetch_into_place
from course.errors import CourseError, unknown_name

__all__ = [
    "ASSETS",
    "Asset",
    "fetch",
    "fetch_all",
    "home",
    "path",
    "resolve_model",
    "status",
    "verify",
]

_MODELS = ("minilm", "smollm2")
_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")


def _asset(name: str) -> Asset:
    if name not in ASSETS:
        raise unknown_name("asset", name, ASSETS)
    return ASSETS[name]


# --- Fetch -------------------------------------------------------------------------


def fetch(name: str, progress: bool = True) -> Path:
    """Fetch one asset, unless it is there already.

    Safe with several processes at once: one works, the others wait and find it done. A
    fetch that is killed leaves nothing visible; the next one cleans up, and downloads
    again only what had not come completely.

    Args:
        name: A key of `ASSETS`.
        progress: Whether to show a bar on standard error.

    Returns:
        The asset's folder.

    Raises:
        CourseError: Unknown name, no network, wrong archive, full disk, no pip.
    """
    asset = _asset(name)
    if read_manifest(asset) is None:
        fetch_into_place(asset, progress)
    return folder_of(asset)


def fetch_all(names: Iterable[str] | None = None, progress: bool = True) -> list[Path]:
    """Fetch several assets, one after another; those already there are skipped.

    Args:
        names: Keys of `ASSETS`; default all. All are checked before the first fetch.
        progress: Whether to show bars on standard error.

    Returns:
        Their folders, in the order of `names`.

    Raises:
        CourseError: As `fetch`; what came before the failing one stays fetched.
    """
    assets = [_asset(name) for name in (ASSETS if names is None else names)]
    return [fetch(asset.name, progress) for asset in assets]


def path(name: str) -> Path:
    """Return an asset's folder, fetching the asset where it is missing.

    Args:
        name: A key of `ASSETS`.

    Returns:
        The folder; its files are there to be read, not changed.

    Raises:
        CourseError: As `fetch`.
    """
    return fetch(name)


# --- Look --------------------------------------------------------------------------


def verify(name: str) -> list[str]:
    """Hash an asset's files again and return what is wrong, one line each.

    Args:
        name: A key of `ASSETS`.

    Returns:
        Problems; empty when every file is as it was unpacked. Nothing is fetched.

    Raises:
        CourseError: The name is unknown.
    """
    asset = _asset(name)
    manifest = read_manifest(asset)
    if manifest is None:
        return [f"{name} is not fetched: run `course assets fetch {name}`."]
    folder = folder_of(asset)
    remedy = f"delete {folder} and run `course assets fetch {name}`."
    problems = []
    for file, expected in manifest["files"].items():
        if not (folder / file).is_file():
            problems.append(f"{name}: {file} is missing: {remedy}")
        elif archives.sha256_of(folder / file) != expected["sha256"]:
            problems.append(f"{name}: {file} has changed: {remedy}")
    return problems


def status() -> list[dict]:
    """Return one row per asset, ready for JSON.

    Returns:
        Dictionaries of name, bytes (of the download), licence (of the model or data),
        fetched, path and description.

    Example:
        >>> status()[0]["name"]
        'minilm'
    """
    return [
        {
            "name": asset.name,
            "bytes": asset.bytes,
            "licence": asset.data_licence,
            "fetched": read_manifest(asset) is not None,
            "path": str(folder_of(asset)),
            "description": asset.description,
        }
        for asset in ASSETS.values()
    ]


# --- Models by name ----------------------------------------------------------------


def _check_model_folder(folder: Path) -> None:
    """Raise unless a folder can be loaded as a model without running code from it."""
    if not (folder / "config.json").is_file():
        raise CourseError(
            f"{folder} has no config.json: give a folder that `save_pretrained` wrote."
        )
    if not any(folder.glob("*.safetensors")):
        found = [file.name for file in folder.iterdir()]
        pickles = sorted(n for n in found if Path(n).suffix in archives.PICKLES)
        came = (
            f"only pickled weights ({', '.join(pickles)})" if pickles else "no weights"
        )
        raise CourseError(
            f"{folder} has {came}: give one with .safetensors, which "
            "`model.save_pretrained(folder)` writes; pickles can run code."
        )


def _hub_name(name: str) -> str:
    """Return a hub name without its prefix, when the user allowed the network."""
    if os.environ.get("COURSE_ONLINE") != "1":
        raise CourseError(
            f"{name} would come from the hub, and the kit is offline: set "
            "COURSE_ONLINE=1 in the environment to allow it."
        )
    bare = name.removeprefix("hub:")
    if not _HUB_NAME.fullmatch(bare):
        raise CourseError(f"{bare!r} is no name on the hub: write hub:OWNER/NAME.")
    return bare


def resolve_model(name: str) -> str:
    """Return what `from_pretrained` is to be given for a base model's name.

    Args:
        name: "minilm", "smollm2", a local model folder, or "hub:OWNER/NAME", which is
            answered only when the environment has COURSE_ONLINE=1.

    Returns:
        A folder's path, or the name on the hub.

    Raises:
        CourseError: Unknown, not switched on, or a folder that is not safe to load.
    """
    if name in _MODELS:
        return str(path(name))
    if name.startswith("hub:"):
        return _hub_name(name)
    folder = Path(name).expanduser()
    if folder.is_dir():
        _check_model_folder(folder)
        return str(folder)
    raise unknown_name("model", name, (*_MODELS, "hub:OWNER/NAME", "a model folder"))
