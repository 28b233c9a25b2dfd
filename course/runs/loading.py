"""Load a classifier from a folder: whole, as an adapter on its base, or a new one.

transformers fills what a file lacks with random numbers and goes on; here that is an
error, except for a new head. Left out: where the folders come from.
"""

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from course import assets
from course.errors import CourseError, listed, one_line


def load_whole(folder: Path, labels: list[str]) -> Any:
    """Load a trained classifier in fp32, in evaluation mode.

    Args:
        folder: Folder with `model.safetensors` and `config.json`.
        labels: Its label names, one for each output.

    Returns:
        A `PreTrainedModel` for sequence classification.

    Raises:
        CourseError: If a file is damaged, or they do not fit each other.
    """
    import torch
    from transformers import AutoModelForSequenceClassification

    with quiet_transformers(), plain_errors(f"The model in {folder}"):
        model, loaded = AutoModelForSequenceClassification.from_pretrained(
            folder,
            dtype=torch.float32,
            use_safetensors=True,
            trust_remote_code=False,
            # On a processor the fused attention's backward pass is far slower than the
            # plain products, and only these give attention weights to look at.
            attn_implementation="eager",
            ignore_mismatched_sizes=True,  # said below, with the names
            output_loading_info=True,
        )
        _refuse_new(_new_parts(loaded))
        if model.config.num_labels != len(labels):
            outputs = model.config.num_labels
            raise ValueError(f"it has {outputs} outputs for {len(labels)} labels")
    return model.eval()


def load_adapter(folder: Path, base: str, labels: list[str]) -> Any:
    """Load an adapter, merged into its base model: fp32, in evaluation mode.

    Args:
        folder: Folder with `adapter_model.safetensors` and `adapter_config.json`.
        base: Name of the base model, as `load_base` takes it.
        labels: Its label names, one for each output.

    Returns:
        A `PreTrainedModel` for sequence classification.

    Raises:
        CourseError: If a file is damaged, or they do not fit each other.
    """
    import torch
    from peft import PeftModel, get_peft_model_state_dict
    from safetensors import safe_open

    model = load_base(base, labels)
    with quiet_transformers(), plain_errors(f"The adapter in {folder}"):
        adapted = PeftModel.from_pretrained(model, folder)
        with safe_open(folder / "adapter_model.safetensors", "pt") as file:
            lacking = set(get_peft_model_state_dict(adapted)) - set(file.keys())
        _refuse_new(key.removeprefix("base_model.model.") for key in lacking)
        return adapted.merge_and_unload().to(torch.float32).eval()


def load_base(model: str, labels: list[str], **overrides: Any) -> Any:
    """Load a pre-trained encoder with a new, untrained classification head.

    Args:
        model: An asset's name, a `hub:` name, or a local Hugging Face folder.
        labels: Label names; their number is the number of the head's outputs.
        overrides: Configuration to change, such as `hidden_dropout_prob`.

    Returns:
        A `PreTrainedModel` in fp32.

    Raises:
        CourseError: If the model is not known, or damaged.
    """
    import torch
    from transformers import AutoModelForSequenceClassification

    folder = assets.resolve_model(model)
    # A new head is what is wanted here, so the warning about it would only alarm.
    with quiet_transformers(), plain_errors(f"The base model {model}"):
        base, loaded = AutoModelForSequenceClassification.from_pretrained(
            folder,
            dtype=torch.float32,
            attn_implementation="eager",
            trust_remote_code=False,
            use_safetensors=True,
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
            ignore_mismatched_sizes=True,  # a head for other labels is replaced
            output_loading_info=True,
            **overrides,
        )
        encoder = f"{base.base_model_prefix}."
        _refuse_new(
            key
            for key in _new_parts(loaded)
            if key.startswith(encoder) and ".pooler." not in key
        )
        return base


@contextlib.contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep progress bars, load reports and libraries' warnings off the terminal."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="transformers|peft")
            yield
    finally:
        logging.set_verbosity(verbosity)


@contextlib.contextmanager
def plain_errors(what: str) -> Iterator[None]:
    """Say in one line that something cannot be loaded, whichever library noticed."""
    from safetensors import SafetensorError

    try:
        yield
    except CourseError:
        raise
    except (
        *(SafetensorError, OSError, RuntimeError),
        *(ValueError, KeyError, TypeError, AttributeError),
    ) as error:
        reason = one_line(str(error).strip() or type(error).__name__, 200)
        raise CourseError(
            f"{what} cannot be loaded ({reason}): train it again or restore the "
            "folder from a copy."
        ) from error


def _new_parts(loaded: dict[str, Any]) -> set[str]:
    """Name the parameters that were not in the file, or had another shape there."""
    other_shape = {key for key, *_ in loaded["mismatched_keys"]}
    return set(loaded["missing_keys"]) | other_shape


def _refuse_new(keys: Iterable[str]) -> None:
    """Refuse a model with a part that is not in the file: its numbers are random."""
    if keys := sorted(keys):
        raise ValueError(f"the weights do not hold a fitting {listed(keys, most=2)}")
