"""From options and data to a `Trainer` that is ready to run.

Loads the model, chooses which of its parameters train, turns texts into token ids, and
translates the options into transformers' own. Left out: running it.

Source of LoRA: Hu et al. 2022.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset, DatasetDict
from transformers import AutoTokenizer, TrainingArguments, set_seed

from course import assets, hardware
from course.data import class_weights
from course.errors import CourseError
from course.finetuning.configuration import FinetuningConfig
from course.finetuning.training import ClassificationLoss, Collator, CourseTrainer
from course.inference import encode
from course.runs import load_base

# Two evaluations an epoch, and one at least every so many steps: a kill then costs
# little, and early stopping has points to choose from.
EVALUATIONS_PER_EPOCH = 2
MAX_STEPS_BETWEEN_EVALUATIONS = 200


def make_trainer(
    folder: Path, plan: dict[str, Any], dataset: DatasetDict, config: FinetuningConfig
) -> tuple[CourseTrainer, Any, dict[str, int]]:
    """Prepare the model, the tokenized splits and a `Trainer` for them."""
    set_seed(config.seed)
    tokenizer = AutoTokenizer.from_pretrained(
        assets.resolve_model(config.model), trust_remote_code=False
    )
    model = _with_method(
        load_base(
            config.model,
            plan["labels"],
            hidden_dropout_prob=config.hidden_dropout_prob,
            attention_probs_dropout_prob=config.attention_probs_dropout_prob,
        ),
        config,
    )
    train, validation = dataset["train"], dataset["validation"]
    if config.max_train_samples:
        train = train.select(range(min(config.max_train_samples, len(train))))
    train, cut_train = _tokenize(train, tokenizer, config.max_length)
    validation, cut_validation = _tokenize(validation, tokenizer, config.max_length)
    weight = None
    if config.class_weights == "balanced":
        weights = class_weights(train["labels"], len(plan["labels"]))
        weight = torch.tensor(weights, dtype=torch.float32)
    trainer = CourseTrainer(
        model=model,
        args=_training_arguments(folder, config, len(train)),
        train_dataset=train,
        # Sorted by length, an evaluation needs almost no padding.
        eval_dataset=validation.select(
            np.argsort([*map(len, validation["input_ids"])])
        ),
        data_collator=Collator(tokenizer.pad_token_id),
        compute_loss_func=ClassificationLoss(weight, config.label_smoothing_factor),
        compute_metrics=_validation_metrics,
    )
    return trainer, tokenizer, {"train": cut_train, "validation": cut_validation}


def _with_method(model: Any, config: FinetuningConfig) -> Any:
    """Choose which parameters train: all, the head's, or those of a LoRA adapter."""
    if config.method == "lora":
        from peft import LoraConfig, TaskType, get_peft_model

        adapter = LoraConfig(
            task_type=TaskType.SEQ_CLS,
            r=config.r,
            lora_alpha=config.lora_alpha,
            lora_dropout=config.lora_dropout,
            target_modules=list(config.target_modules),
        )
        try:
            return get_peft_model(model, adapter)
        except ValueError as error:  # peft's, when no layer has such a name
            raise CourseError(
                f"target_modules is {', '.join(config.target_modules)}; linear "
                f"layers of {config.model} are expected, such as query, key and value."
            ) from error
    if config.method == "head":
        # Pooler and classifier are what stands above the encoder.
        model.base_model.requires_grad_(False)
        pooler = getattr(model.base_model, "pooler", None)
        if pooler is not None:
            pooler.requires_grad_(True)
    elif not config.train_embeddings:
        model.get_input_embeddings().requires_grad_(False)
    return model


def _tokenize(rows: Dataset, tokenizer: Any, max_length: int) -> tuple[Dataset, int]:
    """Return the token ids and labels of a split, and how many texts were cut."""
    ids, truncated = encode(tokenizer, list(rows["text"]), max_length)
    tokenized = Dataset.from_dict({"input_ids": ids, "labels": list(rows["label"])})
    return tokenized, int(truncated.sum())


def _training_arguments(
    folder: Path, config: FinetuningConfig, examples: int
) -> TrainingArguments:
    """Translate the options into transformers' own."""
    per_step = config.per_device_train_batch_size * config.gradient_accumulation_steps
    interval = -(-examples // per_step) // EVALUATIONS_PER_EPOCH
    interval = min(max(1, interval), MAX_STEPS_BETWEEN_EVALUATIONS)
    same_name = (
        "learning_rate",
        "num_train_epochs",
        "per_device_train_batch_size",
        "gradient_accumulation_steps",
        "lr_scheduler_type",
        "warmup_steps",
        "weight_decay",
        "max_grad_norm",
        "label_smoothing_factor",
        "seed",
        "metric_for_best_model",
    )
    return TrainingArguments(
        output_dir=str(folder),
        **{name: getattr(config, name) for name in same_name},
        greater_is_better=config.metric_for_best_model != "loss",
        per_device_eval_batch_size=64,
        optim="adamw_torch_fused",
        bf16=hardware.precision() == "bf16",
        use_cpu=hardware.device().type == "cpu",
        eval_strategy="steps",
        eval_steps=interval,
        save_strategy="steps",
        save_steps=interval,
        save_total_limit=2,
        load_best_model_at_end=True,
        logging_steps=min(10, interval),
        logging_first_step=True,
        label_names=["labels"],
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        report_to="none",
        log_level="error",
    )


def _validation_metrics(predictions: Any) -> dict[str, float]:
    """Return what early stopping and the curves look at."""
    from sklearn.metrics import f1_score

    chosen = predictions.predictions.argmax(-1)
    return {
        "accuracy": float((chosen == predictions.label_ids).mean()),
        "f1_macro": float(f1_score(predictions.label_ids, chosen, average="macro")),
    }
