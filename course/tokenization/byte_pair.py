"""A tokenizer that merges bytes: GPT-2's way, and that of most models since.

A text is cut into chunks by a pattern, each chunk is spelled in bytes, and merges are
applied in the order in which they were learned. Any text can be written and read back:
there is no unknown token. Left out: learning the merges
(`course.tokenization.training`) and OpenAI's vocabularies
(`course.tokenization.vocabularies`).

Source: Radford et al. 2019, section 2.2.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from course.errors import CourseError, one_line
from course.tokenization.encoding import Encoding, replace_surrogates, unknown_id
from course.tokenization.merging import BytesPair, merge_by_rank, merge_steps
from course.tokenization.pretokenization import (
    GPT2_PATTERN,
    compiled,
    to_bytes,
    to_characters,
)

_CACHED_CHUNKS = 1 << 16  # most words of a text are among few; some 10 MB at most


class BytePairTokenizer:
    """Byte-level BPE with a splitting pattern and special tokens.

    Example:
        >>> single_bytes = [bytes([byte]) for byte in range(256)]
        >>> tokenizer = BytePairTokenizer([*single_bytes, b"lo"], [(b"l", b"o")])
        >>> tokenizer.encode("lo é").pieces  # the letter é is two bytes
        ('lo', ' ', 'é', 'é')
    """

    unk_id = None

    def __init__(
        self,
        tokens: Sequence[bytes],
        merges: Sequence[BytesPair] | None = None,
        *,
        pattern: str = GPT2_PATTERN,
        special_tokens: Mapping[str, int] | None = None,
        name: str = "byte-level BPE",
    ) -> None:
        """Make a tokenizer of a vocabulary.

        Args:
            tokens: The bytes of each token, at its number; all 256 bytes among them.
            merges: Pairs in the order in which they were learned. Default: any two
                tokens that make a third are merged, the one with the lowest number
                first, which is how tiktoken stores a vocabulary.
            pattern: Cuts text into chunks.
            special_tokens: Numbers of tokens that stand for no text.
            name: For tables and pictures.

        Raises:
            CourseError: If a byte is missing.
        """
        self.name, self.pattern = name, pattern
        self.vocabulary = {token: number for number, token in enumerate(tokens)}
        self.merges = None if merges is None else list(merges)
        self.special_tokens = dict(special_tokens or {})
        missing = sum(bytes([byte]) not in self.vocabulary for byte in range(256))
        if missing:
            raise CourseError(
                f"A vocabulary without {missing} of the 256 bytes came: give one with "
                "all of them, else some texts could not be written."
            )
        self._by_id: dict[int, bytes] = dict(enumerate(tokens))
        self._by_id |= {i: text.encode() for text, i in self.special_tokens.items()}
        if merges is None:
            vocabulary = self.vocabulary
            self._rank_of = lambda pair: vocabulary.get(pair[0] + pair[1])
        else:
            self._rank_of = {pair: rank for rank, pair in enumerate(merges)}.get
        self._encode_chunk = lru_cache(_CACHED_CHUNKS)(self._merge_chunk)

    # --- Look up -------------------------------------------------------------------

    @property
    def vocab_size(self) -> int:
        """How many numbers the vocabulary takes, special tokens included."""
        return max(self._by_id) + 1

    @property
    def tokens(self) -> list[str]:
        """The name of each token at its number; empty where a number is unused."""
        return [self._name(number) for number in range(self.vocab_size)]

    def _name(self, number: int) -> str:
        if number in self.special_tokens.values():
            return self._by_id[number].decode()
        return to_characters(self._by_id.get(number, b""))

    # --- Encode and decode ---------------------------------------------------------

    def encode(self, text: str, allow_special: bool = False) -> Encoding:
        """Cut a text into tokens.

        Args:
            text: Any string; a lone surrogate counts as U+FFFD.
            allow_special: Whether special tokens written in the text become tokens.
                Leave it off for text from others, which could steer the model.
        """
        readable = replace_surrogates(text)
        ids, names, spans = [], [], []
        for start, end, special in self._stretches(readable, allow_special):
            if special is not None:
                ids.append(special)
                names.append(readable[start:end])
                spans.append((start, end))
                continue
            for match in compiled(self.pattern).finditer(readable, start, end):
                offset = match.start()
                for number, name, first, last in self._encode_chunk(match.group()):
                    ids.append(number)
                    names.append(name)
                    spans.append((offset + first, offset + last))
        return Encoding(text, tuple(ids), tuple(names), tuple(spans))

    def _stretches(self, text: str, allow_special: bool) -> list[tuple]:
        """Start, end and number of each special token; None for the text between."""
        if not (allow_special and self.special_tokens):
            return [(0, len(text), None)]
        import regex

        # The longest first, where one is the beginning of another.
        names = sorted(self.special_tokens, key=len, reverse=True)
        stretches, position = [], 0
        for match in regex.finditer("|".join(map(regex.escape, names)), text):
            stretches.append((position, match.start(), None))
            stretches.append((*match.span(), self.special_tokens[match.group()]))
            position = match.end()
        return [*stretches, (position, len(text), None)]

    def _merge_chunk(self, chunk: str) -> list[tuple[int, str, int, int]]:
        """Number and name of each token of a chunk, its first character, its end."""
        parts = merge_by_rank(_single_bytes(chunk), self._rank_of)
        # Byte -> the character that it is part of.
        place = [i for i, c in enumerate(chunk) for _ in range(len(c.encode()))]
        found, position = [], 0
        for part in parts:
            end = position + len(part)
            first, last = place[position], place[end - 1]
            found.append((self.vocabulary[part], to_characters(part), first, last + 1))
            position = end
        return found

    def merge_steps(self, chunk: str) -> list[list[bytes]]:
        """Show how one chunk is merged: its parts after 0, 1, 2, ... merges.

        Args:
            chunk: A word, with its space if it has one; it is not split by the pattern.
        """
        return merge_steps(_single_bytes(chunk), self._rank_of)

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """Return the bytes of tokens, also where they end within a character.

        Raises:
            CourseError: If a number is none of the vocabulary's.
        """
        try:
            return b"".join([self._by_id[number] for number in ids])
        except KeyError as error:
            raise unknown_id(error.args[0], self.vocab_size, self.name) from error

    def decode(self, ids: Iterable[int]) -> str:
        """Put tokens together again.

        Args:
            ids: Numbers; decode them together, because one character may be spread
                over several. Bytes that make no character become U+FFFD.

        Raises:
            CourseError: If a number is none of the vocabulary's.
        """
        return self.decode_bytes(ids).decode(errors="replace")

    # --- Keep ----------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write the tokenizer as plain JSON.

        Args:
            path: The file.
        """
        merges = self.merges and [
            [to_characters(left), to_characters(right)] for left, right in self.merges
        ]
        content = {
            "name": self.name,
            "pattern": self.pattern,
            "special_tokens": self.special_tokens,
            "merges": merges,
            "tokens": [to_characters(token) for token in self.vocabulary],
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        Path(path).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> "BytePairTokenizer":
        """Read what `save` wrote.

        Args:
            path: The file.

        Raises:
            CourseError: If it is not there or holds something else.
        """
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            merges = content["merges"]
            return cls(
                [to_bytes(token) for token in content["tokens"]],
                merges and [(to_bytes(a), to_bytes(b)) for a, b in merges],
                pattern=content["pattern"],
                special_tokens=content["special_tokens"],
                name=content["name"],
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CourseError(
                f"{one_line(str(path))} cannot be read as a tokenizer "
                f"({type(error).__name__}): give a file that `save` wrote."
            ) from error


def _single_bytes(chunk: str) -> list[bytes]:
    return [bytes([byte]) for byte in replace_surrogates(chunk).encode()]
