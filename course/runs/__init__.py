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

import os
from functools import cached_property
from pathlib import Path
from typing import Any

import platformdirs

from course.errors import CourseError, unknown_name
from course.runs.files import FORMAT, PARTIAL, check_files, read_history, read_info
from course.runs.loading import load_adapter, load_base, load_whole, plain_errors

__all__ = [
    "ADAPTERS",
    "FORMAT",
    "PARTIAL",
    "Run",
    "list_runs",
    "load_base",
    "open_run",
    "read_history",
    "run_names",
    "runs_dir",
    "shipped",
]

ADAPTERS = Path(__file__).parents[1] / "adapters"


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
        """Load the tokenizer that the model was trained with.

        Raises:
            CourseError: If its files are damaged.
        """
        from transformers import AutoTokenizer

        with plain_errors(f"The tokenizer in {self.path}"):
            return AutoTokenizer.from_pretrained(self.path, trust_remote_code=False)

    def model(self) -> Any:
        """Load the model in fp32 for inference, with an adapter merged into its base.

        Returns:
            A `PreTrainedModel` for sequence classification, in evaluation mode.

        Raises:
            CourseError: If a weight file is damaged or does not fit the configuration.
        """
        if self.is_adapter:
            return load_adapter(self.path, self.info["model"], self.labels)
        return load_whole(self.path, self.labels)


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
    folder = _find(str(name))
    if folder is None:
        raise unknown_name("run", str(name), [*run_names(), *shipped()])
    try:
        check_files(folder)
        return Run(folder, read_info(folder))
    except OSError as error:
        raise CourseError(
            f"{folder} cannot be read ({error.strerror}): check its permissions."
        ) from error


def _find(name: str) -> Path | None:
    """Return the folder that a name or a path means, None if there is none."""
    path = Path(os.path.expanduser(name))
    if path.is_absolute() or path.name in ("", "..") or {"/", os.sep} & set(name):
        candidates = [path] if name else []
    else:
        candidates = [runs_dir() / name, ADAPTERS / name, runs_dir() / (name + PARTIAL)]
        # A folder here that only happens to have a run's name does not count.
        if any(os.path.isfile(path / file) for file in ("run.json", "config.json")):
            candidates.insert(0, path)
    # Unlike Path.is_dir, this is no error for a name that is too long.
    found = [folder.absolute() for folder in candidates if os.path.isdir(folder)]
    return found[0] if found else None
