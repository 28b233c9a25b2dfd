"""The run directory: all that passes between training and everything else.

    model.safetensors           the whole model, or
    adapter_model.safetensors   an adapter, with adapter_config.json
    config.json, tokenizer.json, tokenizer_config.json
    run.json                    task, labels, configuration, metrics, versions
    history.jsonl               one line per logged step, appended as it happens
    tensorboard/                the same curves as events
    README.md                   the model card

While it is being written its name ends in `.partial`, so that a complete name is a
complete run. Nothing in it is a pickle, and one that holds a pickle is not opened.
Whatever reads a model takes a run's name or path, a shipped adapter's name, or a local
Hugging Face folder of a classifier. Left out: what is done with the model afterwards.
"""

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any

import platformdirs

from course import assets
from course.errors import CourseError, unknown_name

FORMAT = 1  # of run.json; raised when a field changes its meaning
PARTIAL = ".partial"
ADAPTERS = Path(__file__).parent / "adapters"
PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy")
REQUIRED = ("format", "task", "labels", "model", "method", "config", "metrics")


def runs_dir() -> Path:
    """Return the folder of the runs: `COURSE_RUNS`, `COURSE_HOME`/runs or the user's.

    Example:
        >>> runs_dir().name != ""
        True
    """
    if os.environ.get("COURSE_RUNS"):
        return Path(os.environ["COURSE_RUNS"]).expanduser().absolute()
    if os.environ.get("COURSE_HOME"):
        return Path(os.environ["COURSE_HOME"]).expanduser().absolute() / "runs"
    return platformdirs.user_data_path("llm-teaching-kit", appauthor=False) / "runs"


class Run:
    """A trained model with everything that was recorded about it.

    Attributes:
        path: The run directory.
        info: Contents of run.json.

    Example:
        >>> Run(Path("runs/example"), {"labels": ["ham", "spam"]}).labels
        ['ham', 'spam']
    """

    def __init__(self, path: Path, info: dict[str, Any]) -> None:
        """Wrap a directory that `open_run` has checked."""
        self.path = path
        self.info = info

    @property
    def name(self) -> str:
        """Name of the directory, by which `open_run` finds it again."""
        return self.path.name

    @property
    def task(self) -> str | None:
        """Name of the task it was trained on; None if that is not known."""
        return self.info.get("task")

    @property
    def labels(self) -> list[str]:
        """Label names in the order of the model's outputs."""
        return list(self.info["labels"])

    @property
    def config(self) -> dict[str, Any]:
        """The full `FinetuningConfig` as a dictionary."""
        return self.info.get("config", {})

    @property
    def metrics(self) -> dict[str, dict[str, float]]:
        """Metrics on the test split: name to value, low, high and n."""
        return self.info.get("metrics", {})

    @property
    def is_adapter(self) -> bool:
        """Whether it holds an adapter for a base model instead of a whole model."""
        return (self.path / "adapter_config.json").is_file()

    def history(self) -> list[dict[str, Any]]:
        """Return the logged steps in order; a last line cut by a crash is left out."""
        return read_history(self.path)

    @cached_property
    def bytes(self) -> int:
        """Size of the weights, in bytes."""
        return sum(f.stat().st_size for f in self.path.glob("*.safetensors"))

    def tokenizer(self) -> Any:
        """Load the tokenizer that the model was trained with."""
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(self.path, trust_remote_code=False)

    def model(self) -> Any:
        """Load the model in fp32 for inference, with an adapter merged into its base.

        Returns:
            A `PreTrainedModel` for sequence classification, in evaluation mode.

        Raises:
            CourseError: If a weight file is damaged or does not fit the configuration.
        """
        import torch
        from safetensors import SafetensorError

        try:
            model = self._load_adapter() if self.is_adapter else self._load_whole()
        except (SafetensorError, OSError, KeyError, RuntimeError, ValueError) as error:
            if isinstance(error, CourseError):
                raise
            raise CourseError(
                f"The model in {self.path} cannot be loaded "
                f"({str(error).splitlines()[0][:200]}): train it again or restore the "
                "folder from a copy."
            ) from error
        return model.to(torch.float32).eval()

    def _load_whole(self) -> Any:
        import torch
        from transformers import AutoModelForSequenceClassification

        return AutoModelForSequenceClassification.from_pretrained(
            self.path,
            dtype=torch.float32,
            use_safetensors=True,
            trust_remote_code=False,
            # On a processor the fused attention's backward pass is far slower than the
            # plain products, and only these give attention weights to look at.
            attn_implementation="eager",
        )

    def _load_adapter(self) -> Any:
        from peft import PeftModel

        base = load_base(self.info["model"], self.labels)
        return PeftModel.from_pretrained(base, self.path).merge_and_unload()


def load_base(model: str, labels: list[str], **overrides: Any) -> Any:
    """Load a pre-trained encoder with a new, untrained classification head.

    Args:
        model: An asset's name, a `hub:` name, or a local Hugging Face folder.
        labels: Label names; their number is the number of the head's outputs.
        overrides: Configuration to change, such as `hidden_dropout_prob`.

    Returns:
        A `PreTrainedModel` in fp32.

    Raises:
        CourseError: If the model is not known.
    """
    import torch
    from transformers import AutoModelForSequenceClassification
    from transformers.utils import logging

    logging.disable_progress_bar()
    # A new head is what is wanted here, so the warning about it would only alarm.
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        return AutoModelForSequenceClassification.from_pretrained(
            assets.resolve_model(model),
            dtype=torch.float32,
            attn_implementation="eager",
            trust_remote_code=False,
            use_safetensors=True,
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
            **overrides,
        )
    finally:
        logging.set_verbosity(verbosity)


def read_history(path: Path) -> list[dict[str, Any]]:
    """Return the records of `history.jsonl` in a run directory, complete or not.

    Args:
        path: The directory; one without a history gives an empty list.
    """
    file = path / "history.jsonl"
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines[:-1] if line]  # the last has no newline


def shipped() -> list[str]:
    """Return the names of the adapters that come with the kit.

    Example:
        >>> isinstance(shipped(), list)
        True
    """
    return sorted(file.parent.name for file in ADAPTERS.glob("*/run.json"))


def run_names() -> list[str]:
    """Return the names of the complete runs, newest first."""
    folders = [file.parent for file in runs_dir().glob("*/run.json")]
    complete = [folder for folder in folders if not folder.name.endswith(PARTIAL)]
    newest_first = sorted(complete, key=lambda folder: folder.stat().st_mtime)[::-1]
    return [folder.name for folder in newest_first]


def list_runs() -> list[Run]:
    """Open every complete run, newest first; a damaged one is left out.

    Example:
        >>> all(isinstance(run, Run) for run in list_runs())
        True
    """
    opened = []
    for name in run_names():
        try:
            opened.append(open_run(runs_dir() / name))
        except CourseError:
            continue  # `course doctor` names the damaged ones
    return opened


def open_run(name: str | Path) -> Run:
    """Open a run by name or path, a shipped adapter, or a Hugging Face folder.

    Args:
        name: A run's name, the path of a run directory, the name of a shipped adapter,
            or the path of a local folder with a sequence classifier in safetensors.

    Returns:
        The run; its weights are not loaded yet, but checked to be there.

    Raises:
        CourseError: If there is none, or it is incomplete, damaged or holds a pickle.

    Example:
        >>> open_run("no-such-run")
        Traceback (most recent call last):
        ...
        course.errors.CourseError: Unknown run 'no-such-run'. ...
    """
    if isinstance(name, Run):
        return name
    candidates = [Path(name), runs_dir() / name, ADAPTERS / name]
    if Path(name).is_absolute() or os.sep in str(name):
        candidates = candidates[:1]
    elif Path(name).is_dir() and not any(
        (Path(name) / file).is_file() for file in ("run.json", "config.json")
    ):
        candidates = candidates[1:]  # a folder that happens to have a run's name
    folder = next((folder for folder in candidates if folder.is_dir()), None)
    if folder is None:
        raise unknown_name("run", str(name), [*run_names(), *shipped()])
    folder = folder.absolute()
    _check_files(folder)
    return Run(folder, _read_info(folder))


def _check_files(folder: Path) -> None:
    """Refuse a folder with a pickle, and one without weights or tokenizer."""
    for file in sorted(folder.iterdir()):
        if file.suffix in PICKLES:
            raise CourseError(
                f"{folder} holds {file.name}, a format that can run code when it is "
                "read; only safetensors are opened: remove it or convert it first."
            )
    if folder.name.endswith(PARTIAL):
        raise CourseError(
            f"The run {folder.name.removesuffix(PARTIAL)} is not complete: finish it "
            f"with 'course train --resume {folder.name.removesuffix(PARTIAL)}'."
        )
    adapter = (folder / "adapter_config.json").is_file()
    weights = "adapter_model.safetensors" if adapter else "model.safetensors"
    needed = [weights, "tokenizer.json"] if adapter else [weights, "config.json"]
    for file in needed:
        if not (folder / file).is_file():
            raise CourseError(
                f"{folder} has no {file}: it is not a run directory, or a damaged one; "
                "train again or restore it from a copy."
            )


def _read_info(folder: Path) -> dict[str, Any]:
    """Read run.json, or make one up for a Hugging Face folder that has none."""
    file = folder / "run.json"
    try:
        if not file.is_file():
            return _info_of_model_folder(folder)
        info = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:  # not JSON, or not UTF-8
        raise CourseError(
            f"{file} is not readable JSON ({error}): restore it from a copy or train "
            "again."
        ) from error
    if not isinstance(info, dict) or any(field not in info for field in REQUIRED):
        missing = [field for field in REQUIRED if field not in (info or {})]
        raise CourseError(
            f"{file} lacks {', '.join(missing)}: it was not written by this kit."
        )
    if info["format"] != FORMAT:
        raise CourseError(
            f"{file} has format {info['format']}, this kit reads {FORMAT}: update the "
            "kit or train again."
        )
    return info


def _info_of_model_folder(folder: Path) -> dict[str, Any]:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    names = config.get("id2label") or {}
    kinds = config.get("architectures") or []
    if not names or not any("SequenceClassification" in kind for kind in kinds):
        raise CourseError(
            f"{folder} holds {', '.join(kinds) or 'a model of unknown kind'}, not a "
            "text classifier with label names: name a run or a classifier's folder."
        )
    labels = [names[key] for key in sorted(names, key=int)]
    return {"format": FORMAT, "task": None, "labels": labels, "model": str(folder)} | {
        "method": "unknown",
        "config": {},
        "metrics": {},
    }
