"""SmolLM2 and its like: the logits of the next token, and what can be reused for them.

Attention needs keys and values of all tokens before; those of a text that begins alike
are the same, so that a further token, or another one after the same beginning, costs
one token's work (the KV cache). Left out: batches, and chat templates.

Source: Allal et al. 2025 (SmolLM2); Pope et al. 2022, section 3.3 (KV cache).
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from course.errors import CourseError
from course.generation.local_models import SHIPPED, model_folder
from course.tokenization import load_tokenizer
from course.tokenization.pretokenization import to_bytes

if TYPE_CHECKING:
    from transformers import PreTrainedModel

MOST_TOKENS = 512  # of a text here; the model itself reads 8,192
REMEMBERED_LOGITS = 256  # texts; 0.2 MB each
REMEMBERED_KEYS = 8  # texts; 23 kB for each token in bf16
_loading = threading.Lock()


def encode_prompt(text: str) -> tuple[int, ...]:
    """Turn a text into SmolLM2's tokens, special ones in it read as plain text.

    Args:
        text: At least one character.

    Raises:
        CourseError: If there is no text, or more of it than `MOST_TOKENS`.
    """
    numbers = load_tokenizer("smollm2").encode(text).ids
    if not numbers:
        raise CourseError("There is no prompt: type at least one character.")
    _check_length(len(numbers))
    return numbers


@functools.cache
def token_texts() -> tuple[str, ...]:
    r"""Return the text of each of SmolLM2's tokens, at its number.

    Bytes that are no whole character stand as \xf0, like Python writes them.
    """
    pieces = (token_bytes(number) for number in range(_vocab_size()))
    return tuple(piece.decode("utf-8", "backslashreplace") for piece in pieces)


def token_bytes(number: int) -> bytes:
    """Return the bytes that one of SmolLM2's tokens stands for.

    Args:
        number: From 0.

    Raises:
        CourseError: If the vocabulary has no token of that number.
    """
    if not 0 <= number < _vocab_size():
        raise CourseError(
            f"Token {number!r} came; SmolLM2's vocabulary has numbers from 0 to "
            f"{_vocab_size() - 1:,}."
        )
    return to_bytes(load_tokenizer("smollm2").tokens[number])


def continue_text(prompt: str, path: Sequence[int]) -> str:
    """Return a prompt with tokens after it, as text."""
    return prompt + b"".join(map(token_bytes, path)).decode("utf-8", "replace")


def word_tokens(word: str) -> list[int]:
    """Return a word as one token, without and with a space before it.

    A word that is several tokens either way stands for the first of them.

    Args:
        word: Any text; none has no token.
    """
    if not word:
        return []
    encode = load_tokenizer("smollm2").encode
    forms = [encode(text).ids for text in (word, f" {word.lstrip()}")]
    whole = [form for form in forms if len(form) == 1]
    return list(dict.fromkeys(form[0] for form in whole or forms))


class LanguageModel:
    """A causal language model that remembers what it has read.

    Args:
        model: In evaluation mode; moved nowhere.
    """

    def __init__(self, model: "PreTrainedModel") -> None:
        """Take over a model."""
        self.model = model
        # The last product in fp32: in bf16 many tokens would be equally likely.
        self._output = model.get_output_embeddings().weight.detach().float()
        self._logits: OrderedDict[tuple[int, ...], np.ndarray] = OrderedDict()
        self._keys: OrderedDict[tuple[int, ...], list[tuple[Any, Any]]] = OrderedDict()
        self._reading = threading.Lock()

    def logits(self, numbers: Sequence[int]) -> np.ndarray:
        """Return the logits of the token after some tokens.

        Args:
            numbers: 1 to `MOST_TOKENS` tokens.

        Returns:
            Shape (vocab_size,), float32; not to be written to.

        Raises:
            CourseError: If there are none or too many, or one is not in the vocabulary.
        """
        key = tuple(numbers)
        _check_length(len(key))
        if not key or not 0 <= min(key) <= max(key) < len(self._output):
            raise CourseError(
                f"{len(key)} tokens came; at least one is expected, with numbers below "
                f"{len(self._output):,}."
            )
        with self._reading:
            if key not in self._logits:
                self._logits[key] = self._read(key)
            self._logits.move_to_end(key)
            _forget(self._logits, REMEMBERED_LOGITS)
            return self._logits[key]

    def reusable(self, numbers: Sequence[int]) -> int:
        """Return of how many first tokens keys and values are at hand.

        Args:
            numbers: The tokens of a text, the last of which is always read anew.
        """
        return max((_common(known, numbers[:-1]) for known in self._keys), default=0)

    def _read(self, key: tuple[int, ...]) -> np.ndarray:
        import torch
        from transformers import DynamicCache

        length, cache = self.reusable(key), DynamicCache()
        if length:
            known = next(k for k in self._keys if _common(k, key) >= length)
            # A view: what is appended later makes a new tensor, this one stays.
            cache = DynamicCache(
                [(k[:, :, :length], v[:, :, :length]) for k, v in self._keys[known]]
            )
            self._keys.move_to_end(known)
        new = torch.tensor([key[length:]], device=self.model.device)
        with torch.inference_mode():
            read = self.model.base_model(
                input_ids=new, past_key_values=cache, use_cache=True
            )
            logits = self._output @ read.last_hidden_state[0, -1].float()
        layers = read.past_key_values.layers
        self._keys[key] = [(layer.keys, layer.values) for layer in layers]
        _forget(self._keys, REMEMBERED_KEYS)
        return logits.cpu().numpy()


def load_language_model(name: str = SHIPPED) -> LanguageModel:
    """Load a model in the fastest precision; a second call returns the same one.

    Args:
        name: One of `local_models()`; default SmolLM2. Two stay in memory.

    Raises:
        CourseError: If there is no such model, or its files cannot be fetched or read.
    """
    folder = model_folder(name)
    with _loading:  # two threads, one model
        return _load(name, folder, (folder / "config.json").stat().st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _load(name: str, folder: Path, _changed: int) -> LanguageModel:
    import torch
    from transformers import AutoModelForCausalLM

    from course import hardware
    from course.runs.loading import plain_errors, quiet_transformers

    hardware.apply_threads()
    dtype = torch.bfloat16 if hardware.precision() == "bf16" else torch.float32
    with quiet_transformers(), plain_errors(f"{name} in {folder}"):
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=dtype, use_safetensors=True, trust_remote_code=False
        )
    return LanguageModel(model.eval().to(hardware.device()))


def _check_length(count: int) -> None:
    if count > MOST_TOKENS:
        raise CourseError(
            f"The text has {count:,} tokens, at most {MOST_TOKENS} are read: cut it."
        )


def _vocab_size() -> int:
    return load_tokenizer("smollm2").vocab_size


def _common(known: Sequence[int], wanted: Sequence[int]) -> int:
    """How many first tokens two texts share."""
    pairs = enumerate(zip(known, wanted, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(known), len(wanted)))


def _forget(remembered: OrderedDict, most: int) -> None:
    while len(remembered) > most:
        remembered.popitem(last=False)
