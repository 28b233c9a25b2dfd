"""All options of a fine-tuning, with the names that transformers and peft give them.

A `FinetuningConfig` is plain data: it goes into `run.json` as it is, and a search
varies its fields. Presets are starting points per task, sized for two processor cores.
"""

import typing
from dataclasses import dataclass, fields, replace
from typing import Any

from course.errors import CourseError, one_line, unknown_name

METHODS = ("full", "head", "lora")
SCHEDULES = ("linear", "cosine", "constant", "constant_with_warmup", "polynomial")


@dataclass(frozen=True)
class FinetuningConfig:
    """Options of a fine-tuning.

    Attributes:
        model: An asset's name, a `hub:` name, or the path of a local folder: a run's
            with a whole model, or another that `save_pretrained` wrote.
        method: `full` (all layers), `head` (frozen encoder) or `lora` (adapters).
        learning_rate: Highest learning rate of the schedule, above 0.
        num_train_epochs: Passes over the training split, above 0; may be a fraction.
        per_device_train_batch_size: Texts in a batch.
        gradient_accumulation_steps: Batches in one optimizer step.
        lr_scheduler_type: Shape of the learning rate over time, one of `SCHEDULES`.
        warmup_steps: Steps until the highest rate; below 1 a share of all steps.
        weight_decay: AdamW's decoupled decay, from 0.
        max_grad_norm: Norm to which gradients are clipped; 0 switches clipping off.
        hidden_dropout_prob: Dropout after each sublayer, 0 to below 1.
        attention_probs_dropout_prob: Dropout of the attention weights, 0 to below 1;
            drawing that many random numbers costs a processor a tenth of a step.
        label_smoothing_factor: Share of the target spread over all labels, 0 to below
            1.
        class_weights: `balanced` weighs labels by the inverse of their share.
        train_embeddings: Whether `full` also trains the token embeddings, half of
            MiniLM's parameters: slower, and rare words drift from the frequent ones.
        max_length: Longest input in tokens; longer texts are cut, and counted.
        max_train_samples: Use only the first so many training texts.
        early_stopping_patience: Evaluations without a better one before stopping; None
            trains to the end. The best evaluated step is kept in either case.
        metric_for_best_model: What "better" means: `accuracy`, `f1_macro` or `loss`.
        max_seconds: Time budget of the training, or None.
        seed: Seed of split, head, order and dropout.
        r: Rank of the LoRA matrices.
        lora_alpha: Scale of the LoRA update: it is multiplied by `lora_alpha / r`.
        lora_dropout: Dropout before the LoRA matrices, 0 to below 1.
        target_modules: Linear layers that get LoRA matrices.
        first_stage: A task to train on before this one, or None.

    Example:
        >>> FinetuningConfig(learning_rate=5e-5).method
        'full'
    """

    model: str = "minilm"
    method: str = "full"
    learning_rate: float = 1e-4
    num_train_epochs: float = 3.0
    per_device_train_batch_size: int = 32
    gradient_accumulation_steps: int = 1
    lr_scheduler_type: str = "linear"
    warmup_steps: float = 0.1
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    hidden_dropout_prob: float = 0.1
    attention_probs_dropout_prob: float = 0.0
    label_smoothing_factor: float = 0.0
    class_weights: str | None = None
    train_embeddings: bool = False
    max_length: int = 128
    max_train_samples: int | None = None
    early_stopping_patience: int | None = None
    metric_for_best_model: str = "accuracy"
    max_seconds: float | None = None
    seed: int = 0
    r: int = 8
    lora_alpha: int = 16
    lora_dropout: float = 0.0
    target_modules: tuple[str, ...] = ("query", "key", "value", "dense")
    first_stage: str | None = None

    def check(self) -> None:
        """Raise a `CourseError` for the first option that is out of its range."""
        for field in fields(self):
            self._check_type(field.name, field.type)
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if value is None:
                continue
            inside = low < value if name in _ABOVE_ZERO else low <= value
            if not (inside and value < high):  # also false for a NaN
                least = "above" if name in _ABOVE_ZERO else "at least"
                raise CourseError(
                    f"{name} is {value}; {least} {low} and below {high} is expected."
                )
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                raise unknown_name(name, str(getattr(self, name)), map(str, known))

    def _check_type(self, name: str, kind: Any) -> None:
        """Raise if a value, which may have come as JSON, is not of the field's type."""
        value = getattr(self, name)
        kinds = typing.get_args(kind) or (kind,)
        if name == "target_modules":
            fits = isinstance(value, list | tuple) and len(value) > 0
            fits = fits and all(isinstance(part, str) for part in value)
            expected = "a list of names"
        elif bool in kinds:
            fits, expected = isinstance(value, bool), "true or false"
        else:
            # A whole number will do where a fraction is possible.
            kinds += (int,) if float in kinds else ()
            fits = isinstance(value, kinds) and not isinstance(value, bool)
            expected = _NAMES[next(iter(kinds))]
        if not fits:
            shown = one_line(repr(value))
            raise CourseError(f"{name} is {shown}; {expected} is expected.")


_NAMES = {str: "a name", int: "a whole number", float: "a number"}
_INFINITE = float("inf")
_RANGES: dict[str, tuple[float, float]] = {
    "learning_rate": (0, 1),
    "num_train_epochs": (0, 1000),
    "per_device_train_batch_size": (1, 4097),
    "gradient_accumulation_steps": (1, 1025),
    "warmup_steps": (0, _INFINITE),
    "weight_decay": (0, 10),
    "max_grad_norm": (0, _INFINITE),
    "hidden_dropout_prob": (0, 1),
    "attention_probs_dropout_prob": (0, 1),
    "label_smoothing_factor": (0, 1),
    "max_length": (3, 100_000),
    "max_train_samples": (1, _INFINITE),
    "early_stopping_patience": (1, _INFINITE),
    "max_seconds": (0, _INFINITE),
    "seed": (0, 2**32),
    "r": (1, 1025),
    "lora_alpha": (1, 10_000),
    "lora_dropout": (0, 1),
}
_ABOVE_ZERO = {"learning_rate", "num_train_epochs", "max_seconds"}
_CHOICES: dict[str, tuple[Any, ...]] = {
    "method": METHODS,
    "lr_scheduler_type": SCHEDULES,
    "metric_for_best_model": ("accuracy", "f1_macro", "loss"),
    "class_weights": (None, "balanced"),
}

# What differs from the defaults above. Articles and complaints run to hundreds of
# words, so they get longer inputs and fewer epochs.
_PRESETS: dict[str, dict[str, dict[str, Any]]] = {
    "quick": {
        "": {"max_train_samples": 2000, "num_train_epochs": 2.0, "max_length": 64},
        "topic": {"max_train_samples": 600, "max_length": 96},
        "complaints": {"max_train_samples": 2000, "max_length": 96},
        "reviews": {"max_train_samples": 1500, "max_length": 96},
    },
    "default": {
        "": {},
        "spam": {"class_weights": "balanced", "metric_for_best_model": "f1_macro"},
        "topic": {"num_train_epochs": 2.0, "max_length": 192},
        "complaints": {
            "num_train_epochs": 1.0,
            "max_length": 192,
            "metric_for_best_model": "f1_macro",
        },
        "reviews": {"num_train_epochs": 1.0, "max_length": 192},
    },
    "best": {
        "": {"num_train_epochs": 4.0},
        "sentiment": {"first_stage": "reviews"},
        "spam": {"class_weights": "balanced", "metric_for_best_model": "f1_macro"},
        "topic": {"num_train_epochs": 4.0, "max_length": 256},
        "complaints": {"max_length": 256, "metric_for_best_model": "f1_macro"},
        "reviews": {"num_train_epochs": 2.0, "max_length": 256},
    },
}
PRESETS = tuple(_PRESETS)


def preset(name: str, task: str = "", **changes: Any) -> FinetuningConfig:
    """Return the options of a preset for a task, with some of them changed.

    Args:
        name: `quick` (under a minute), `default` (minutes) or `best` (longer).
        task: The task's name; another one, or a file, gets the general options.
        changes: Fields of `FinetuningConfig` to set.

    Raises:
        CourseError: If the preset or a field is unknown, or a value out of range.

    Example:
        >>> preset("default", "spam", learning_rate=5e-5).class_weights
        'balanced'
    """
    if name not in _PRESETS:
        raise unknown_name("preset", name, _PRESETS)
    known = [field.name for field in fields(FinetuningConfig)]
    for field in changes:
        if field not in known:
            raise unknown_name("option", field, known)
    options = _PRESETS[name][""] | _PRESETS[name].get(task, {})
    config = replace(FinetuningConfig(), **(options | changes))
    config.check()
    return config
