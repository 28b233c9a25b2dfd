r"""Cut text into the chunks that merges never cross, and name bytes with characters.

GPT-2 and its successors first split a text by a pattern: a word takes the space before
it along, digits and punctuation stay apart, and the last space of several belongs to
the word after it. Byte-level vocabularies then spell each chunk in UTF-8 bytes, so that
256 symbols can write any text and nothing is unknown.

The patterns need `\p{L}`, any letter of any script, which the `regex` package knows
and Python's `re` does not. A new edition of Unicode adds characters, and libraries
follow at different times: for a character assigned since, two tokenizers may disagree.

Source: Radford et al. 2019, section 2.2, and OpenAI's tiktoken (patterns).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

GPT2_PATTERN = (
    r"'(?:[sdmt]|ll|ve|re)"  # the endings of "it's", "we'll"
    r"| ?\p{L}+"  # a space and letters
    r"| ?\p{N}+"  # a space and digits
    r"| ?[^\s\p{L}\p{N}]+"  # a space and anything else that shows
    r"|\s+(?!\S)"  # spaces, but the last one goes with the next word
    r"|\s+"
)

_UPPER, _LOWER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K_PATTERN = (
    # A new word starts at a capital, so that "camelCase" is two words.
    rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]*[{_LOWER}]+{_CONTRACTION}"
    rf"|[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]+[{_LOWER}]*{_CONTRACTION}"
    r"|\p{N}{1,3}"  # at most three digits
    r"| ?[^\s\p{L}\p{N}]+[\r\n/]*"
    r"|\s*[\r\n]+"
    r"|\s+(?!\S)"
    r"|\s+"
)


def split_by_pattern(text: str, pattern: str = GPT2_PATTERN) -> Iterator[str]:
    """Cut a text into chunks; joined they are the text again.

    Args:
        text: The text.
        pattern: `GPT2_PATTERN`, `O200K_PATTERN` or one that matches every character.

    Yields:
        The chunks in order.

    Example:
        >>> list(split_by_pattern("It's 12345,  two spaces"))
        ['It', "'s", ' 12345', ',', ' ', ' two', ' spaces']
        >>> list(split_by_pattern("It's 12345", O200K_PATTERN))
        ["It's", ' ', '123', '45']
    """
    return (match.group() for match in compiled(pattern).finditer(text))


@cache
def compiled(pattern: str) -> "regex.Pattern":
    r"""Compile a pattern once, with the package that knows `\p{L}`.

    Args:
        pattern: A pattern of the `regex` package.
    """
    import regex

    return regex.compile(pattern)


def split_by_whitespace(text: str) -> list[tuple[int, int]]:
    """Find the words of a text: all that stands between whitespace.

    Args:
        text: The text.

    Returns:
        First character of each word, and the first after it.

    Example:
        >>> split_by_whitespace("one  two")
        [(0, 3), (5, 8)]
    """
    return [match.span() for match in re.finditer(r"\S+", text)]


def count_words(texts: Iterable[str], pattern: str = GPT2_PATTERN) -> Counter[str]:
    """Count the chunks of all texts.

    Args:
        texts: The texts.
        pattern: As in `split_by_pattern`.

    Returns:
        How often each chunk occurs.

    Example:
        >>> count_words(["low low", " low"])[" low"]
        2
    """
    counts: Counter[str] = Counter()
    for text in texts:
        # findall is all in C; the patterns have no group that it would return instead.
        counts.update(compiled(pattern).findall(text))
    return counts


@cache
def byte_characters() -> dict[int, str]:
    """Give each byte a character that can be printed, as GPT-2's vocabulary does.

    Returns:
        Bytes that are printable in Latin-1 as themselves, first; the 68 others, such as
        the space (Ġ) and the line feed (Ċ), as U+0100 and following. The order of the
        entries is that of the first 256 tokens of GPT-2.

    Example:
        >>> byte_characters()[ord(" ")], byte_characters()[ord("A")]
        ('Ġ', 'A')
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    moved = {byte: chr(256 + number) for number, byte in enumerate(others)}
    return {byte: chr(byte) for byte in printable} | moved


@cache
def _bytes_of_characters() -> dict[str, int]:
    return {character: byte for byte, character in byte_characters().items()}


def to_characters(data: bytes) -> str:
    """Write bytes in printable characters.

    Example:
        >>> to_characters(" é".encode())
        'ĠÃ©'
    """
    characters = byte_characters()
    return "".join([characters[byte] for byte in data])


def to_bytes(characters: str) -> bytes:
    """Read bytes that were written in printable characters.

    Example:
        >>> to_bytes("ĠÃ©").decode()
        ' é'
    """
    values = _bytes_of_characters()
    return bytes([values[character] for character in characters])
