"""A classifier as a function of which words are seen, with nothing computed twice.

Every explanation asks the model about the same text with different words hidden. Four
things make that cheap: rows of equal length in full batches, equal rows once, rows that
were asked before from a cache, and, for BERT, only what the classification head reads:
it looks at the first token alone, so the last layer is computed for that token alone.
Left out: sharing between rows inside the model, which attention in both directions
rules out after the first layer.
"""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from course.errors import CourseError
from course.explanation.masking import MaskedText
from course.inference import Classifier

OUTPUTS = ("log_odds", "probability")
CACHED_ROWS = 20_000  # per model; some 10 MB for sentences
_TOKENS_IN_BATCH = 8192  # bounds the memory for long texts: 16 rows of 512 tokens
_TOKENS_WATCHED = 2048  # while somebody waits who may stop it: some 0.3 s on two cores


def output_of(logits: torch.Tensor, target: int, output: str) -> torch.Tensor:
    """Turn logits into the one number per row that is explained.

    Args:
        logits: Shape (n, k), k at least 2.
        target: Number of the explained label, from 0 to k - 1.
        output: `"log_odds"`, log p / (1 - p), or `"probability"`, p. The contributions
            of words add up more nearly in log-odds, which do not saturate; with two
            labels they are the difference of the logits.

    Returns:
        Shape (n,).

    Example:
        >>> logits = torch.tensor([[0.0, 2.0]])
        >>> output_of(logits, 1, "log_odds").item()
        2.0
        >>> round(output_of(logits, 1, "probability").item(), 3)
        0.881
    """
    if output == "probability":
        return logits.softmax(-1)[:, target]
    others = torch.cat([logits[:, :target], logits[:, target + 1 :]], dim=1)
    return logits[:, target] - others.logsumexp(-1)


def class_token_logits(model: torch.nn.Module, input_ids: torch.Tensor) -> torch.Tensor:
    """Run a BERT classifier, in its last layer for the first token only.

    The layer's keys and values are needed for all tokens, its queries, its output and
    its feed-forward block (ten twelfths of its arithmetic) for the one that is read.

    Args:
        model: A `BertForSequenceClassification` in evaluation mode.
        input_ids: Shape (n, length), rows without padding.

    Returns:
        The model's logits, shape (n, num_labels).
    """
    # B rows, T tokens, H heads, D numbers per head
    states = model.bert.embeddings(input_ids)  # (B, T, H * D)
    layers = model.bert.encoder.layer
    for layer in layers:
        read = states[:, :1] if layer is layers[-1] else states
        attention = layer.attention.self
        query = _heads(attention.query(read), attention)
        key = _heads(attention.key(states), attention)
        value = _heads(attention.value(states), attention)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        mixed = mixed.transpose(1, 2).flatten(2)  # (B, T, H * D)
        attended = layer.attention.output(mixed, read)
        states = layer.output(layer.intermediate(attended), attended)
    # The head costs little, and in bf16 it would round a logit of 5 to the next 1/32.
    pooled = _in_fp32(model.bert.pooler.dense, states[:, 0])
    return _in_fp32(model.classifier, model.bert.pooler.activation(pooled))


def _in_fp32(linear: torch.nn.Linear, states: torch.Tensor) -> torch.Tensor:
    return functional.linear(states.float(), linear.weight.float(), linear.bias.float())


def _heads(projected: torch.Tensor, attention: torch.nn.Module) -> torch.Tensor:
    """(B, T, H * D) -> (B, H, T, D)."""
    return projected.unflatten(-1, (attention.num_attention_heads, -1)).transpose(1, 2)


def _reads_first_token_only(model: torch.nn.Module) -> bool:
    return (
        type(model).__name__ == "BertForSequenceClassification"
        and not model.config.is_decoder
        and not model.training
    )


class RowCache:
    """The logits of the rows asked last, up to a bound. Safe to share among threads.

    Args:
        size: Most rows that are kept; the one not used for longest goes first.

    Example:
        >>> cache = RowCache(size=1)
        >>> cache.put(b"a", np.zeros(2)); cache.put(b"b", np.ones(2))
        >>> cache.get(b"a"), cache.get(b"b")
        (None, array([1., 1.]))
    """

    def __init__(self, size: int = CACHED_ROWS) -> None:
        """Start empty."""
        self.size = size
        self._rows: OrderedDict[bytes, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> np.ndarray | None:
        """Return the logits kept under a key, or None."""
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
            return self._rows.get(key)

    def put(self, key: bytes, logits: np.ndarray) -> None:
        """Keep logits, shape (num_labels,), under a key."""
        with self._lock:
            self._rows[key] = logits
            while len(self._rows) > self.size:
                self._rows.popitem(last=False)


# One cache per classifier, gone with it.
_caches: "weakref.WeakKeyDictionary[Classifier, RowCache]"
_caches = weakref.WeakKeyDictionary()


class MaskedModel:
    """The explained number as a function of which players of a text are seen.

    Args:
        classifier: The model.
        text: A text from `read_text`.
        target: Number of the explained label; default the one predicted for the text.
        output: `"log_odds"` or `"probability"`.
        batch_size: Rows in one forward pass, at most.
        on_batch: Called before each batch with the rows computed so far; what it raises
            ends the work. The batches are smaller then.

    Attributes:
        evaluations: Rows that the model computed for this object so far.
        cache_hits: Rows that were known before, from other texts or methods.

    Raises:
        CourseError: If the output is unknown or the model has only one label.
    """

    def __init__(
        self,
        classifier: Classifier,
        text: MaskedText,
        target: int | None = None,
        output: str = "log_odds",
        batch_size: int = 128,
        on_batch: Callable[[int], None] | None = None,
    ) -> None:
        """Look at the whole text, to know what is predicted."""
        if output not in OUTPUTS:
            raise CourseError(
                f"The output {output!r} came; choose one of {', '.join(OUTPUTS)}."
            )
        if len(classifier.labels) < 2:
            raise CourseError(
                f"{classifier.run.name} has one label; at least 2 are needed "
                "to explain one against the others."
            )
        self.classifier, self.text = classifier, text
        self.output, self.batch_size, self.on_batch = output, batch_size, on_batch
        self.evaluations = self.cache_hits = 0
        self._cache = _caches.setdefault(classifier, RowCache())
        self._known: dict[bytes, np.ndarray] = {}  # logits of all rows asked here
        logits = self.logits(np.ones((1, len(text.players)), dtype=bool))[0]
        self.target = int(logits.argmax()) if target is None else target

    def __call__(self, presence: np.ndarray) -> np.ndarray:
        """Return the explained number for each choice of visible players.

        Args:
            presence: Shape (n, players), True where a player is to be seen.

        Returns:
            Shape (n,), float64, in log-odds or as a probability.
        """
        logits = self.logits(presence).double()
        return output_of(logits, self.target, self.output).numpy()

    def probability(self, presence: np.ndarray) -> np.ndarray:
        """Return the probability of the target, shape (n,), whatever the output is."""
        logits = self.logits(presence).double()
        return output_of(logits, self.target, "probability").numpy()

    def logits(self, presence: np.ndarray) -> torch.Tensor:
        """Return the logits, shape (n, num_labels), for each choice of players."""
        rows = self.text.rows(presence).astype(np.int32)  # half the memory as a key
        rows, position = np.unique(rows, axis=0, return_inverse=True)
        keys = [row.tobytes() for row in rows]
        self._look_up(keys)
        new = [number for number, key in enumerate(keys) if key not in self._known]
        size = self.rows_in_batch(rows.shape[1])
        for start in range(0, len(new), size):
            batch = new[start : start + size]
            self.count(len(batch))
            for number, logits in zip(batch, self._forward(rows[batch]), strict=True):
                self._known[keys[number]] = logits
                self._cache.put(keys[number], logits)
        logits = np.stack([self._known[key] for key in keys])
        return torch.from_numpy(logits[position.ravel()])

    def rows_in_batch(self, length: int) -> int:
        """Return how many rows of this length, in tokens, are computed at once."""
        tokens = _TOKENS_IN_BATCH if self.on_batch is None else _TOKENS_WATCHED
        return max(1, min(self.batch_size, tokens // length))

    def count(self, rows: int) -> None:
        """Tell that so many rows are about to be computed, and count them."""
        if self.on_batch is not None:
            self.on_batch(self.evaluations)
        self.evaluations += rows

    def _look_up(self, keys: list[bytes]) -> None:
        """Take over what earlier explanations have asked this model."""
        for key in keys:
            if key not in self._known and (found := self._cache.get(key)) is not None:
                self._known[key] = found
                self.cache_hits += 1

    def _forward(self, rows: np.ndarray) -> np.ndarray:
        """Logits in fp32, shape (n, num_labels), of rows of token ids."""
        input_ids = torch.from_numpy(rows).long()
        model = self.classifier.model
        if not _reads_first_token_only(model):
            return self.classifier.logits_from_ids(input_ids, len(rows)).numpy()
        with torch.inference_mode():
            logits = class_token_logits(model, input_ids.to(model.device))
        return logits.float().cpu().numpy()
