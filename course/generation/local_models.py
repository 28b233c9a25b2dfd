"""Models on this machine that write: SmolLM2, and others that read its tokens.

A folder among the runs is one if it holds a causal language model as transformers
saves it, in safetensors, with SmolLM2's own vocabulary: fine-tuned from it, or a larger
sister that somebody fetched. Left out: vocabularies whose tokens have other texts.
"""

import functools
import json
from pathlib import Path
from typing import Any

from course import assets
from course.errors import CourseError, unknown_name
from course.runs import runs_dir

SHIPPED = "smollm2"
_LARGEST_JSON = 50_000_000  # bytes


def local_models() -> list[str]:
    """Return the names of what can be asked to write: SmolLM2 first.

    Example:
        >>> local_models()[0]
        'smollm2'
    """
    folders = runs_dir().glob("*/config.json")
    return [SHIPPED, *sorted(f.parent.name for f in folders if is_writer(f.parent))]


def model_folder(name: str) -> Path:
    """Return the folder of a model.

    Args:
        name: One of `local_models()`; anything else, a path included, is refused.

    Raises:
        CourseError: If there is no such model.
    """
    if name == SHIPPED:
        return assets.path(SHIPPED)
    known = local_models()
    if name not in known:
        raise unknown_name("language model", str(name), known)
    return runs_dir() / name


def is_writer(folder: Path) -> bool:
    """Whether a folder holds a causal model with SmolLM2's vocabulary.

    Args:
        folder: As transformers saves it.
    """
    config = _read(folder / "config.json")
    kinds = config.get("architectures")
    is_causal = isinstance(kinds, list) and str(kinds[:1]).endswith("ForCausalLM']")
    if not is_causal or not any(folder.glob("*.safetensors")):
        return False
    path = folder / "tokenizer.json"
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return False
    return _has_our_tokens(path, changed)


@functools.lru_cache(maxsize=64)
def _has_our_tokens(path: Path, _changed: int) -> bool:
    try:
        ours = _read(assets.path(SHIPPED) / "tokenizer.json")
    except CourseError:  # not fetched: then nothing can be compared, or asked
        return False
    return bool(ours) and _read(path).get("model") == ours["model"]


def _read(path: Path) -> dict[str, Any]:
    """Return an object from a file of JSON; of anything else, an empty one."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            return {}
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
