"""The training loop: transformers' `Trainer`, made fast on processors, safe to stop.

What is added to it, each in a few lines: batches of texts of like length, so that
almost no padding is computed; checkpoints without pickles, from which a stopped run
continues to the same result; a loss with class weights. Left out: the choice of model,
data and options, which is `course.finetuning.preparation`'s.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.utils.data import DataLoader, Sampler
from transformers import PrinterCallback, Trainer, TrainerCallback
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from course.inference import pad

# Texts are sorted by length within this many batches at a time: enough for batches of
# nearly one length, few enough that batches differ from epoch to epoch.
BATCHES_SORTED_TOGETHER = 50


class LengthGroupedBatches(Sampler[list[int]]):
    """Batches of texts of like length, in an order that seed and epoch determine.

    Args:
        lengths: Tokens of each text, shape (n,).
        batch_size: Texts in a batch.
        seed: Seed of the order.

    Example:
        >>> batches = LengthGroupedBatches([3, 9, 3, 9], batch_size=2, seed=0)
        >>> sorted(sorted(batch) for batch in batches)
        [[0, 2], [1, 3]]
    """

    def __init__(self, lengths: list[int], batch_size: int, seed: int) -> None:
        """Keep the lengths; the order is drawn anew for each epoch."""
        self.lengths = np.asarray(lengths)
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return -(-len(self.lengths) // self.batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        """Yield the batches of the present epoch as lists of row numbers."""
        generator = np.random.default_rng((self.seed, self.epoch))
        order = generator.permutation(len(self.lengths))
        window = self.batch_size * BATCHES_SORTED_TOGETHER
        batches = []
        for start in range(0, len(order), window):
            rows = order[start : start + window]
            rows = rows[np.argsort(self.lengths[rows], kind="stable")]
            batches += [
                rows[i : i + self.batch_size].tolist()
                for i in range(0, len(rows), self.batch_size)
            ]
        generator.shuffle(batches)
        return iter(batches)


class CourseTrainer(Trainer):
    """A `Trainer` with length-grouped batches and checkpoints without pickles.

    Takes what `Trainer` takes; the training set's rows hold `input_ids` and `labels`.
    """

    def get_train_dataloader(self) -> DataLoader:
        """Return the loader of length-grouped batches."""
        lengths = [len(row) for row in self.train_dataset["input_ids"]]
        batches = LengthGroupedBatches(lengths, self._train_batch_size, self.args.seed)
        self.add_callback(_TellEpoch(batches))
        loader = DataLoader(
            self.train_dataset, batch_sampler=batches, collate_fn=self.data_collator
        )
        return self.accelerator.prepare(loader)

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        # Trainer's own also writes its arguments as a pickle.
        self.model.save_pretrained(output_dir or self.args.output_dir)

    def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
        state = self.optimizer.state_dict()
        tensors = {
            f"{index}.{name}": torch.as_tensor(value).contiguous()
            for index, values in state["state"].items()
            for name, value in values.items()
        }
        save_file(tensors, Path(output_dir, "optimizer.safetensors"))
        groups = {
            "param_groups": state["param_groups"],
            "lr_scheduler": self.lr_scheduler.state_dict(),
        }
        Path(output_dir, "optimizer.json").write_text(json.dumps(groups))

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        if checkpoint is None:
            return
        groups = json.loads(Path(checkpoint, "optimizer.json").read_text())
        state: dict[int, dict[str, torch.Tensor]] = {}
        for key, tensor in load_file(Path(checkpoint, "optimizer.safetensors")).items():
            index, name = key.split(".", 1)
            state.setdefault(int(index), {})[name] = tensor
        self.optimizer.load_state_dict(
            {"state": state, "param_groups": groups["param_groups"]}
        )
        self.lr_scheduler.load_state_dict(groups["lr_scheduler"])

    def _save_rng_state(self, output_dir: str) -> None:
        kind, words, *rest = np.random.get_state()
        states = {
            "python": random.getstate(),
            "numpy": [kind, words.tolist(), *rest],
            # The loss summed since the last record belongs to the next one.
            "loss": self._tr_loss.item(),
            "last_logged": self._globalstep_last_logged,
        }
        Path(output_dir, "rng_state.json").write_text(json.dumps(states))
        tensors = {"cpu": torch.random.get_rng_state()}
        if torch.cuda.is_available():
            tensors["cuda"] = torch.cuda.random.get_rng_state()
        save_file(tensors, Path(output_dir, "rng_state.safetensors"))

    def _load_rng_state(self, checkpoint: str | None) -> None:
        if checkpoint is None:
            return
        states = json.loads(Path(checkpoint, "rng_state.json").read_text())
        version, words, gauss = states["python"]
        random.setstate((version, tuple(words), gauss))
        np.random.set_state(tuple(states["numpy"]))
        self._tr_loss = torch.tensor(states["loss"], device=self.args.device)
        self._globalstep_last_logged = states["last_logged"]
        tensors = load_file(Path(checkpoint, "rng_state.safetensors"))
        torch.random.set_rng_state(tensors["cpu"])
        if "cuda" in tensors and torch.cuda.is_available():
            torch.cuda.random.set_rng_state(tensors["cuda"])


class _TellEpoch(TrainerCallback):
    """Tell the sampler which epoch begins, so that a resumed one has the same order."""

    def __init__(self, batches: LengthGroupedBatches) -> None:
        self.batches = batches

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.batches.epoch = int(state.epoch or 0)


class Collator:
    """Pad the rows of a batch to the longest of them.

    Args:
        pad_token_id: What to fill with.
    """

    def __init__(self, pad_token_id: int) -> None:
        """Keep the padding id."""
        self.pad_token_id = pad_token_id

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        """Return `input_ids`, `attention_mask` and `labels` of a batch."""
        ids = [torch.tensor(row["input_ids"]) for row in rows]
        labels = torch.tensor([row["labels"] for row in rows])
        return {**pad(ids, self.pad_token_id), "labels": labels}


class ClassificationLoss:
    """Cross-entropy with class weights and label smoothing, summed over a batch.

    Args:
        weight: Weight of each label, shape (num_labels,), or None for equal ones.
        label_smoothing: Share of the target spread evenly over all labels, 0 to 1.
    """

    def __init__(
        self, weight: torch.Tensor | None = None, label_smoothing: float = 0.0
    ) -> None:
        """Keep the weights."""
        self.weight = weight
        self.label_smoothing = label_smoothing

    def __call__(
        self, outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None
    ) -> torch.Tensor:
        """Return the loss per example, over all accumulated batches if any."""
        logits = outputs["logits"].float()
        loss = torch.nn.functional.cross_entropy(
            logits,
            labels,
            weight=None if self.weight is None else self.weight.to(logits.device),
            label_smoothing=self.label_smoothing,
            reduction="sum",
        )
        return loss / (num_items_in_batch if num_items_in_batch else len(labels))


def latest_checkpoint(path: Path) -> Path | None:
    """Return the newest whole checkpoint in a folder, None if there is none.

    A checkpoint that a kill cut short lacks its state file, which is written last, or
    has one that does not parse; it is passed over for the one before.

    Args:
        path: The folder of the checkpoints.
    """
    folders = path.glob(f"{PREFIX_CHECKPOINT_DIR}-*")
    for folder in sorted(folders, key=lambda f: -int(f.name.rsplit("-", 1)[1])):
        try:
            json.loads((folder / "trainer_state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return folder
    return None


def quiet(trainer: Trainer) -> None:
    """Remove the callbacks that print; the kit shows its own progress."""
    from transformers.utils.notebook import NotebookProgressCallback

    for callback in (PrinterCallback, NotebookProgressCallback):
        trainer.remove_callback(callback)
