"""What a run directory holds, and whether it can be trusted: checked before it is read.

A folder with a pickle, without weights or tokenizer, or with a `run.json` that is not
ours is refused in one line. Left out: loading the model.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from types import NoneType
from typing import Any

from course.assets.archives import PICKLES as PICKLED_WEIGHTS
from course.errors import CourseError, listed, one_line

FORMAT = 1  # of run.json; raised when a field changes its meaning
PARTIAL = ".partial"
PICKLES = PICKLED_WEIGHTS | {".npy", ".npz"}
REQUIRED = {
    "format": int,
    "task": (str, NoneType),
    "labels": list,
    "model": str,
    "method": str,
    "config": dict,
    "metrics": dict,
}
# One of these is in every folder that a tokenizer was saved to.
TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "tokenizer.model") + (
    "spiece.model",
    "sentencepiece.bpe.model",
)


def check_files(folder: Path) -> None:
    """Refuse a folder with a pickle, and one without weights or tokenizer."""
    if folder.name.endswith(PARTIAL):
        raise CourseError(
            f"The run {folder.name.removesuffix(PARTIAL)} is not complete: finish it "
            f"with 'course train --resume {folder.name.removesuffix(PARTIAL)}'."
        )
    _refuse_pickles(folder.iterdir())
    adapter = (folder / "adapter_config.json").is_file()
    weights = "adapter_model.safetensors" if adapter else "model.safetensors"
    needed = {
        weights: (weights,),
        "config.json": ("run.json" if adapter else "config.json",),
        "tokenizer.json": TOKENIZERS,
    }
    for name, files in needed.items():
        if not any((folder / file).is_file() for file in files):
            raise CourseError(
                f"{folder} has no {name}: it is not a run directory, or a damaged "
                "one; train again or restore it from a copy."
            )
    _refuse_pickles(folder.rglob("*"))  # only now: any folder could have come


def _refuse_pickles(files: Iterable[Path]) -> None:
    for file in sorted(files):
        if file.suffix.lower() in PICKLES:
            raise CourseError(
                f"{file.parent} holds {one_line(file.name)}, a format that can run "
                "code when it is read; only safetensors are opened: remove it or "
                "convert it first."
            )


def read_info(folder: Path) -> dict[str, Any]:
    """Read run.json, or make one up for a Hugging Face folder that has none."""
    file = folder / "run.json"
    if not file.is_file():
        return _info_of_model_folder(folder)
    info = _read_object(file)
    if info.get("format", FORMAT) != FORMAT:
        raise CourseError(
            f"{file} has format {one_line(str(info['format']))}, this kit reads "
            f"{FORMAT}: update the kit or train again."
        )
    if wrong := _unusable(info):
        raise CourseError(
            f"{file} has no usable {', '.join(wrong)}: it was not written by this kit, "
            "or changed since; restore it from a copy or train again."
        )
    return info


def _unusable(info: dict[str, Any]) -> list[str]:
    """Return the fields that are missing, or hold something else than they should."""
    wrong = [
        field
        for field, kind in REQUIRED.items()
        if not isinstance(info.get(field), kind)
    ]
    if wrong:
        return wrong
    if not all(isinstance(label, str) for label in info["labels"]):
        wrong.append("labels")
    if not all(isinstance(metric, dict) for metric in info["metrics"].values()):
        wrong.append("metrics")
    return wrong


def _read_object(file: Path) -> dict[str, Any]:
    data = _parse(file.read_text(encoding="utf-8", errors="replace"))
    if not isinstance(data, dict):
        raise CourseError(
            f"{file} is not a readable JSON object: restore it from a copy or train "
            "again."
        )
    return data


def _info_of_model_folder(folder: Path) -> dict[str, Any]:
    config = _read_object(folder / "config.json")
    names, kinds = config.get("id2label"), config.get("architectures")
    kinds = list(map(str, kinds)) if isinstance(kinds, list) else []
    is_classifier = any("SequenceClassification" in kind for kind in kinds)
    has_labels = isinstance(names, dict) and all(map(str.isdecimal, names))
    if not (is_classifier and has_labels and names):
        raise CourseError(
            f"{folder} holds {listed(kinds) or 'a model of unknown kind'}, not a text "
            "classifier with label names: name a run or a classifier's folder."
        )
    labels = [str(names[key]) for key in sorted(names, key=int)]
    return {"format": FORMAT, "task": None, "labels": labels, "model": str(folder)} | {
        "method": "unknown",
        "config": {},
        "metrics": {},
    }


def read_history(path: Path) -> list[dict[str, Any]]:
    """Return the records of `history.jsonl` in a run directory, complete or not.

    Args:
        path: The directory; one without a history gives an empty list.

    Raises:
        CourseError: If a line is no record.
    """
    file = path / "history.jsonl"
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    records = []
    for number, line in enumerate(lines[:-1], start=1):  # the last has no newline
        record = _parse(line) if line else {}
        if not isinstance(record, dict):
            raise CourseError(
                f"Line {number} of {file} is not a JSON object: remove that line, or "
                "restore the file from a copy."
            )
        records += [record] if record else []
    return records


def _parse(text: str) -> Any:
    """Return what JSON says, None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
