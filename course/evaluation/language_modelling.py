"""Perplexity: how surprised a causal language model is by a text.

The mean negative log-likelihood of a token, also as perplexity and as bits per byte.
Perplexities of two models compare only if both cut texts into the same tokens; bits per
byte compare always. Left out: masked models, whose scores are not a text's probability.

A text's first token has nothing before it. By default it is context alone: neither it
nor its bytes are counted. With `first_token="bos"` the tokenizer's start token goes
before each text, and every token of the text is counted.

Sources: Jelinek et al. 1977 (perplexity); Gao et al. 2020, section 3.1 (bits per byte).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from course.errors import CourseError
from course.evaluation.intervals import Interval, bootstrap_totals

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# Logits take tokens * vocab_size * 4 bytes: 0.1 GB for one window of SmolLM2.
MAX_LENGTH = 512


@dataclass(frozen=True)
class Perplexity:
    """How well a model predicts some texts.

    Attributes:
        perplexity: exp of the loss; from 1 (certain) up. As many equally likely tokens
            would surprise as much. The intervals resample texts, so their n is texts.
        negative_log_likelihood: Mean loss of a token in nats, every token alike, so
            that long texts weigh more.
        bits_per_byte: Loss of all tokens in bits over the bytes of their UTF-8 text.
        n_tokens: Number of tokens predicted.
        n_bytes: Number of bytes that these tokens stand for.
        n: Number of texts with at least one token predicted.
    """

    perplexity: Interval
    negative_log_likelihood: Interval
    bits_per_byte: Interval
    n_tokens: int
    n_bytes: int
    n: int

    def to_dict(self) -> dict:
        """Return plain JSON data."""
        return {
            "perplexity": self.perplexity.to_dict(),
            "negative_log_likelihood": self.negative_log_likelihood.to_dict(),
            "bits_per_byte": self.bits_per_byte.to_dict(),
            "n_tokens": self.n_tokens,
            "n_bytes": self.n_bytes,
            "n": self.n,
        }


def perplexity(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    texts: Sequence[str],
    max_length: int | None = None,
    stride: int | None = None,
    batch_size: int = 4,
    first_token: Literal["context", "bos"] = "context",
    seed: int = 0,
) -> Perplexity:
    """Measure how well a causal model predicts texts.

    Args:
        model: A causal language model in evaluation mode.
        tokenizer: Its tokenizer, a fast one.
        texts: The texts; those without a token to predict are left out.
        max_length: Most tokens in one window, at least 2; default what the model can
            read, at most 512.
        stride: By how many tokens the window moves along a longer text, 1 to
            `max_length` - 1; default half of it. A smaller one gives each token more
            context, lowers the loss a little and takes longer.
        batch_size: Windows in one forward pass.
        first_token: "context" to leave a text's first token out, "bos" to predict it
            from the tokenizer's start token.
        seed: Seed of the bootstrap over texts.

    Raises:
        CourseError: If no token is left to predict or an option does not fit.
    """
    if isinstance(texts, str):
        raise CourseError("One text came where a list is expected: write [text].")
    positions = getattr(model.config, "max_position_embeddings", None) or MAX_LENGTH
    max_length = max_length or min(positions, MAX_LENGTH)
    stride = stride or max(1, max_length // 2)
    if not 1 <= stride < max_length <= positions:
        raise CourseError(
            f"max_length {max_length} and stride {stride} came; 1 <= stride < "
            f"max_length <= {positions} is expected: change one of them."
        )
    rows, n_bytes = _encode(tokenizer, texts, first_token)
    windows = [
        (number, window, fresh)
        for number, row in enumerate(rows)
        for window, fresh in sliding_windows(row, max_length, stride)
    ]
    losses = np.zeros(len(rows))
    windows.sort(key=lambda item: len(item[1]))  # little padding in a batch
    for start in range(0, len(windows), batch_size):
        batch = windows[start : start + batch_size]
        for (number, _, _), loss in zip(batch, _losses(model, batch), strict=True):
            losses[number] += loss
    n_tokens = [len(row) - 1 for row in rows]
    return _summary(np.column_stack([losses, n_tokens, n_bytes]), seed)


def sliding_windows(
    input_ids: list[int], max_length: int, stride: int
) -> Iterator[tuple[list[int], int]]:
    """Cut a row of tokens into windows that predict each token but the first once.

    Args:
        input_ids: The tokens.
        max_length: Most tokens in a window, at least 2.
        stride: How many tokens the window moves, 1 to `max_length` - 1.

    Yields:
        A window and how many of its last tokens no earlier window predicted.

    Example:
        >>> list(sliding_windows([5, 6, 7, 8, 9], max_length=3, stride=2))
        [([5, 6, 7], 2), ([7, 8, 9], 2)]
    """
    done = 1  # the first token is never predicted
    for start in range(0, max(1, len(input_ids)), stride):
        end = min(start + max_length, len(input_ids))
        if end > done:
            yield input_ids[start:end], end - done
        done = end
        if end == len(input_ids):
            return


def _encode(
    tokenizer: "PreTrainedTokenizerBase", texts: Sequence[str], first_token: str
) -> tuple[list[list[int]], list[int]]:
    """Rows of at least two tokens, and the bytes of what follows each row's first."""
    if first_token not in ("context", "bos"):
        raise CourseError(
            f"first_token is {first_token!r}; 'context' or 'bos' is expected."
        )
    if first_token == "bos" and tokenizer.bos_token_id is None:
        raise CourseError(
            "The tokenizer has no start token (bos_token): use first_token='context'."
        )
    rows, n_bytes = [], []
    for text in texts:
        encoding = tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        row, seen = list(encoding["input_ids"]), 0
        if first_token == "bos":
            row = [tokenizer.bos_token_id, *row]
        elif row:
            seen = encoding["offset_mapping"][0][1]
        if len(row) > 1:
            rows.append(row)
            n_bytes.append(len(text[seen:].encode("utf-8", "replace")))
    if not rows:
        raise CourseError(
            f"{len(texts)} texts came, none with a token to predict: give texts of at "
            "least two tokens."
        )
    return rows, n_bytes


@torch.inference_mode()
def _losses(
    model: "PreTrainedModel", batch: list[tuple[int, list[int], int]]
) -> list[float]:
    """Sum of the losses of each window's last `fresh` tokens, in nats."""
    longest = max(len(window) for _, window, _ in batch)
    # Padding stands on the right, where no token before it looks: any id will do.
    input_ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros_like(input_ids)
    for i, (_, window, _) in enumerate(batch):
        input_ids[i, : len(window)] = torch.tensor(window)
        mask[i, : len(window)] = 1
    logits = model(
        input_ids=input_ids.to(model.device), attention_mask=mask.to(model.device)
    ).logits
    sums = []
    for i, (_, window, fresh) in enumerate(batch):
        end = len(window)
        # The logits at one position predict the token at the next.
        before = logits[i, end - 1 - fresh : end - 1].float()
        targets = input_ids[i, end - fresh : end].to(before.device)
        loss = torch.nn.functional.cross_entropy(before, targets, reduction="none")
        sums.append(float(loss.double().sum()))
    return sums


def _summary(per_text: np.ndarray, seed: int) -> Perplexity:
    """Sum up losses (nats), tokens and bytes of the texts, shape (n, 3)."""

    def loss(totals: np.ndarray) -> np.ndarray:
        return totals[:, 0] / totals[:, 1]

    def bits_per_byte(totals: np.ndarray) -> np.ndarray:
        return totals[:, 0] / math.log(2) / np.maximum(totals[:, 2], 1)

    mean = bootstrap_totals(loss, per_text, seed=seed)
    # exp rises, so it carries the ends of one interval to the ends of the other.
    ends = np.exp([mean.value, mean.low, mean.high])
    return Perplexity(
        perplexity=Interval(*map(float, ends), mean.n),
        negative_log_likelihood=mean,
        bits_per_byte=bootstrap_totals(bits_per_byte, per_text, seed=seed),
        n_tokens=int(per_text[:, 1].sum()),
        n_bytes=int(per_text[:, 2].sum()),
        n=len(per_text),
    )
