"""An encoder, the mean of its token vectors, and a head: trained in a plain loop.

What the lesson on fine-tuning compares: which layers train, from which weights. Left
out: everything that `course.finetuning` does for a real training, such as checkpoints,
and the choice of a step by validation.

Sources: Devlin et al. 2019 (fine-tuning), Reimers and Gurevych 2019 (mean pooling).
"""

from typing import Any

import numpy as np
import torch

from course import assets, hardware
from course.finetuning.training import LengthGroupedBatches
from course.inference import pad

BATCH = 16  # texts
LAYERS = 2  # how many "last" trains
ENCODER_RATE, HEAD_RATE = 1e-4, 1e-3


class PooledClassifier(torch.nn.Module):
    """An encoder, the mean of its token vectors, and a linear head.

    Args:
        pretrained: Whether the encoder begins with MiniLM's weights or random ones.
        num_labels: How many labels the head tells apart.
    """

    def __init__(self, pretrained: bool = True, num_labels: int = 2) -> None:
        """Load the encoder and draw the head."""
        from transformers import AutoConfig, AutoModel

        super().__init__()
        folder, eager = assets.path("minilm"), {"attn_implementation": "eager"}
        if pretrained:
            options = {"dtype": torch.float32, "add_pooling_layer": False}
            self.encoder = AutoModel.from_pretrained(folder, **options, **eager)
        else:
            config = AutoConfig.from_pretrained(folder)
            self.encoder = AutoModel.from_config(config, **eager)
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, num_labels)

    def features(self, rows: list[list[int]]) -> torch.Tensor:
        """Return the mean vector of each text, shape (n, hidden_size); pads count 0."""
        inputs = self.inputs(rows)
        hidden = self.encoder(**inputs).last_hidden_state
        mask = inputs.get("attention_mask", torch.ones_like(inputs["input_ids"]))
        weights = mask[..., None].to(hidden.dtype)
        return ((hidden * weights).sum(1) / weights.sum(1)).float()

    def inputs(self, rows: list[list[int]]) -> dict[str, torch.Tensor]:
        """Return what the encoder reads: each row of token ids, padded."""
        return pad([torch.tensor(row) for row in rows], pad_token_id=0)

    def forward(self, rows: list[list[int]]) -> torch.Tensor:
        """Return logits, shape (n, num_labels)."""
        return self.head(self.features(rows))


def choose_trainable(model: PooledClassifier, method: str) -> None:
    """Let the layers train that the method names, and no others.

    Args:
        model: The classifier.
        method: `last`, `full` (its six layers, but not the table of token vectors) or
            `random` (everything).
    """
    model.requires_grad_(method == "random")
    layers = model.encoder.encoder.layer
    for layer in {"last": layers[-LAYERS:], "full": layers}.get(method, []):
        layer.requires_grad_(True)
    model.head.requires_grad_(True)


def train(
    model: PooledClassifier,
    rows: list[list[int]],
    labels: np.ndarray,
    epochs: int,
    seed: int,
    rate: float = ENCODER_RATE,
) -> None:
    """Train with AdamW; the rate falls to zero in a straight line.

    Args:
        model: With the parameters chosen that train.
        rows: n texts as token ids.
        labels: Their labels, shape (n,).
        epochs: Passes over the texts.
        seed: Of their order.
        rate: The encoder's highest learning rate; the head's is `HEAD_RATE`.
    """
    groups = [
        {"params": module.parameters(), "lr": lr}
        for module, lr in ((model.encoder, rate), (model.head, HEAD_RATE))
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    batches = LengthGroupedBatches([*map(len, rows)], BATCH, seed)
    steps = epochs * len(batches)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, steps)
    model.train()
    for batches.epoch in range(epochs):
        for batch in batches:
            with autocast():
                logits = model([rows[i] for i in batch])
            targets = torch.tensor(labels[batch])
            loss = torch.nn.functional.cross_entropy(logits.float(), targets)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()


def count_correct(
    model: PooledClassifier, rows: list[list[int]], labels: np.ndarray
) -> int:
    """Return how many texts the model labels rightly."""
    order = np.argsort([*map(len, rows)], kind="stable")
    right = 0
    model.eval()
    for batch in np.array_split(order, max(1, len(rows) // 64)):
        with torch.inference_mode(), autocast():
            chosen = model([rows[i] for i in batch]).argmax(-1).numpy()
        right += int((chosen == labels[batch]).sum())
    return right


def autocast() -> Any:
    """Return the context in which the encoder computes in the faster precision."""
    enabled = hardware.precision() == "bf16"
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled)
