"""Predict with a trained classifier: batches of like length, in the fastest precision.

`Classifier` is what evaluation, explanation and the demo share. Texts that are longer
than the model reads are cut, and the result says which ones. Left out: generation.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from course import hardware
from course.errors import CourseError, unknown_name
from course.runs import Run, open_run

MAX_TEXT_CHARACTERS = 1_000_000
# A token of ordinary text has about five characters with its space. Of a long text the
# first so many per token are tried first; all of it is read where they do not suffice.
CHARACTERS_PER_TOKEN = 16


@dataclass(frozen=True)
class Predictions:
    """What a classifier says of n texts with k labels.

    Attributes:
        logits: Shape (n, k), float32, the model's raw outputs.
        probabilities: Shape (n, k), float32, rows sum to 1.
        labels: The n most probable labels.
        truncated: Shape (n,), bool: whether the model read only a text's beginning.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    labels: list[str]
    truncated: np.ndarray

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.labels)


def encode(
    tokenizer: Any, texts: list[str], max_length: int
) -> tuple[list[list[int]], np.ndarray]:
    """Turn texts into token ids, and say which of them were too long.

    Args:
        tokenizer: The model's tokenizer.
        texts: n texts; an empty one is allowed.
        max_length: Most tokens of a row, special tokens included.

    Returns:
        n lists of at most `max_length` ids, and a bool array of shape (n,): whether a
        text was cut.

    Raises:
        CourseError: If something else than texts came, or a text is very long.
    """
    for text in texts:
        if not isinstance(text, str):
            raise CourseError(
                f"A {type(text).__name__} came where a text is expected: pass a list "
                "of strings."
            )
        if len(text) > MAX_TEXT_CHARACTERS:
            raise CourseError(
                f"A text has {len(text):,} characters, at most "
                f"{MAX_TEXT_CHARACTERS:,} are read: shorten it."
            )
    if not texts:
        return [], np.zeros(0, dtype=bool)
    # Lone surrogates, which UTF-8 cannot express, would stop the tokenizer.
    clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    heads = [_head(text, max_length) for text in clean]
    # Cut here and not by the tokenizer, which keeps its limit as a state that threads
    # would share.
    ids = tokenizer(heads, verbose=False)["input_ids"]
    for position, (head, text) in enumerate(zip(heads, clean, strict=True)):
        if len(head) < len(text) and len(ids[position]) <= max_length:
            ids[position] = tokenizer(text, verbose=False)["input_ids"]
    truncated = np.array([len(row) > max_length for row in ids])
    special = set(tokenizer.all_special_ids)
    for position in np.flatnonzero(truncated):
        # A closing special token stays; the last tokens of the text go.
        closing = [i for i in ids[position][-1:] if i in special]
        ids[position] = ids[position][: max_length - len(closing)] + closing
    return ids, truncated


def _head(text: str, max_length: int) -> str:
    """Return whole words from the beginning of a long text; none if it has no space."""
    if len(text) <= CHARACTERS_PER_TOKEN * max_length:
        return text
    return text[: CHARACTERS_PER_TOKEN * max_length].rpartition(" ")[0]


def pad(rows: list[torch.Tensor], pad_token_id: int) -> dict[str, torch.Tensor]:
    """Pad rows of ids to the longest of them.

    Args:
        rows: n tensors of shape (length,), dtype int64.
        pad_token_id: What to fill with.

    Returns:
        `input_ids` and, if any row is shorter than another, `attention_mask`; both of
        shape (n, longest), int64.

    Example:
        >>> batch = pad([torch.tensor([5, 6]), torch.tensor([7])], pad_token_id=0)
        >>> batch["input_ids"].tolist(), batch["attention_mask"].tolist()
        ([[5, 6], [7, 0]], [[1, 1], [1, 0]])
    """
    lengths = torch.tensor([len(row) for row in rows])
    ids = torch.nn.utils.rnn.pad_sequence(
        rows, batch_first=True, padding_value=pad_token_id
    )
    longest = ids.shape[1]
    if int(lengths.min()) == longest:
        return {"input_ids": ids}  # without a mask the model skips adding zeros
    mask = torch.arange(longest) < lengths[:, None]
    return {"input_ids": ids, "attention_mask": mask.long()}


def _check_tokenizer(name: str, tokenizer: Any, model: Any) -> None:
    """Refuse a tokenizer that is not the model's, or cannot fill up a batch."""
    embeddings = model.get_input_embeddings().num_embeddings
    if len(tokenizer) > embeddings:
        raise CourseError(
            f"The tokenizer of {name} has {len(tokenizer):,} tokens, its model "
            f"{embeddings:,}: they are not of one training; restore the folder."
        )
    if tokenizer.pad_token_id is None:
        raise CourseError(
            f"The tokenizer of {name} has no padding token, which batches need: set "
            "one before saving the model."
        )


class Classifier:
    """A run's model, ready to predict. May be read by several threads at once.

    Args:
        run: A `Run`, or what `open_run` takes.
        precision: `"bf16"` or `"fp32"`; default the faster one of this machine.
        max_length: Longest input in tokens, from 3; default as in training.

    Example:
        >>> classifier = Classifier("sentiment")
        >>> classifier.predict(["A joy from start to finish."]).labels
        ['positive']
    """

    def __init__(
        self,
        run: Run | str | Path,
        precision: str | None = None,
        max_length: int | None = None,
    ) -> None:
        """Load the model and its tokenizer."""
        self.run = open_run(run)
        self.labels = self.run.labels
        self.precision = precision or hardware.precision()
        if self.precision not in ("bf16", "fp32"):
            raise unknown_name("precision", str(precision), ("bf16", "fp32"))
        hardware.apply_threads()
        model = self.run.model()
        # A model converted once predicts faster than one under autocast, which
        # converts the weights at each call.
        dtype = torch.bfloat16 if self.precision == "bf16" else torch.float32
        self.model = model.to(hardware.device(), dtype)
        self.tokenizer = self.run.tokenizer()
        _check_tokenizer(self.run.name, self.tokenizer, self.model)
        reads = min(
            getattr(self.model.config, "max_position_embeddings", 512),
            self.tokenizer.model_max_length,  # of RoBERTa two less than its positions
        )
        trained = self.run.config.get("max_length") or reads
        wanted = trained if max_length is None else max_length
        if not isinstance(wanted, int) or wanted < 3:  # two special tokens and a word
            raise CourseError(
                f"max_length is {wanted!r}; a whole number of at least 3 is expected."
            )
        self.max_length = min(wanted, reads)

    def encode(self, texts: list[str]) -> tuple[list[list[int]], np.ndarray]:
        """Return the token ids of each text, and which texts were cut: see `encode`."""
        return encode(self.tokenizer, texts, self.max_length)

    def logits_from_ids(
        self, input_ids: list[list[int]] | torch.Tensor, batch_size: int = 128
    ) -> torch.Tensor:
        """Run the model on token ids.

        Args:
            input_ids: n rows of token ids, of any lengths.
            batch_size: Rows in one forward pass.

        Returns:
            Logits, shape (n, num_labels), fp32, on the processor, in the order given.
        """
        rows = [torch.as_tensor(row, dtype=torch.long) for row in input_ids]
        logits = torch.empty(len(rows), len(self.labels))
        # Rows of like length stand together, so that little padding is computed.
        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            logits[batch] = self._forward([rows[row] for row in batch])
        return logits

    def _forward(self, rows: list[torch.Tensor]) -> torch.Tensor:
        """Pad rows of ids to one length and return their logits in fp32."""
        inputs = pad(rows, self.tokenizer.pad_token_id)
        inputs = {name: tensor.to(self.model.device) for name, tensor in inputs.items()}
        with torch.inference_mode():
            return self.model(**inputs).logits.float().cpu()

    def predict(self, texts: list[str], batch_size: int = 64) -> Predictions:
        """Predict the labels of texts.

        Args:
            texts: n texts; an empty text is allowed and read as one.
            batch_size: Texts in one forward pass.

        Returns:
            `Predictions` in the order of the texts.

        Raises:
            CourseError: If something else than a list of texts came, or the model gives
                no numbers.
        """
        if isinstance(texts, str):
            raise CourseError("One text came where a list is expected: write [text].")
        ids, truncated = self.encode(list(texts))
        logits = self.logits_from_ids(ids, batch_size)
        if not logits.isfinite().all():
            raise CourseError(
                f"{self.run.name} gives no numbers (NaN), as after a training that "
                "diverged: train again with a lower learning_rate."
            )
        probabilities = logits.softmax(-1).numpy()
        best = probabilities.argmax(-1) if len(ids) else []
        labels = [self.labels[number] for number in best]
        return Predictions(logits.numpy(), probabilities, labels, truncated)
