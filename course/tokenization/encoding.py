"""What every tokenizer here returns: numbers, names, and the places in the text.

Left out: padding, truncation and attention masks, which belong to models and are shown
where models are.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from course.errors import CourseError

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Encoding:
    """A text as tokens.

    Attributes:
        text: The text as it came.
        ids: Number of each token in the vocabulary.
        tokens: Name of each token in the vocabulary. Byte-level vocabularies write a
            space as "Ġ" and other bytes as other printable characters.
        spans: First character of each token in `text`, and the first after it. Tokens
            that share a character all have that character's span.
    """

    text: str
    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.ids)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The stretch of text that each token stands for."""
        return tuple(self.text[start:end] for start, end in self.spans)


class TextTokenizer(Protocol):
    """What all tokenizers of this package can do.

    Attributes:
        name: For tables and pictures.
        unk_id: Number of the unknown token; None where nothing is unknown.
    """

    name: str
    unk_id: int | None

    @property
    def vocab_size(self) -> int:
        """How many tokens the vocabulary has, special ones included."""

    @property
    def tokens(self) -> list[str]:
        """The vocabulary: the name of each token, at its number."""

    def encode(self, text: str) -> Encoding:
        """Cut a text into tokens; special tokens written in it are plain text."""

    def decode(self, ids: list[int]) -> str:
        """Put tokens together again."""


def check_ids(ids: Iterable[int], vocab_size: int, name: str) -> list[int]:
    """Return token numbers as a list, or refuse one that the vocabulary has not.

    Args:
        ids: The numbers.
        vocab_size: One more than the largest.
        name: The tokenizer's.

    Raises:
        CourseError: If a number is below 0 or too large.

    Example:
        >>> check_ids(range(2), 5, "words")
        [0, 1]
    """
    ids = list(ids)
    for number in ids:
        if not 0 <= number < vocab_size:
            raise unknown_id(number, vocab_size, name)
    return ids


def unknown_id(number: int, vocab_size: int, name: str) -> CourseError:
    """Return the error for a number that a vocabulary has no token for.

    Args:
        number: What came.
        vocab_size: One more than the largest.
        name: The tokenizer's.
    """
    return CourseError(
        f"Token {number!r} came; {name} has numbers from 0 to {vocab_size - 1}: decode "
        "with the tokenizer that encoded."
    )


def replace_surrogates(text: str) -> str:
    r"""Put U+FFFD in place of halves of characters, which no encoding can write.

    They come from broken JSON and from cutting UTF-16 text in the middle of an emoji.
    tiktoken replaces a lone one likewise; `tokenizers` refuses the text.

    Args:
        text: Any string.

    Returns:
        A text of the same length that UTF-8 can encode.

    Example:
        >>> replace_surrogates("a\ud83db") == "a\ufffdb"
        True
    """
    return _SURROGATE.sub("\ufffd", text)
