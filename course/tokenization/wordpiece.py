"""BERT's tokenizer: a normaliser that throws away, and greedy longest-match pieces.

Text is lower-cased and its accents are taken off, then cut at spaces and punctuation;
each word takes the longest piece of the vocabulary that it begins with, then the
longest that follows ("##" marks a piece inside a word), and so on. A word that cannot
be spelled so becomes one unknown token as a whole. Left out: learning the pieces, whose
program was never published, and cleaning up spaces when decoding.

The `tokenizers` library has tables of an older Unicode than Python's to say what is a
mark, a control or punctuation. It agrees with this module on every character whose
class has stayed the same since Unicode 3.2; of the rest some hundred rare ones differ.

Source: Devlin et al. 2019; Schuster and Nakajima 2012 and Wu et al. 2016 for WordPiece.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from course.errors import CourseError
from course.tokenization.encoding import Encoding, check_ids, replace_surrogates

# Ideographs, which are words of their own. As `tokenizers` has it: U+2B820 to U+2B91F
# are missing, which BERT's own code counted in.
_IDEOGRAPHS = (
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF)),
    *((0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)),
)
_CONTROLS = {"Cc", "Cf", "Co", "Cs"}


def normalise_character(character: str) -> str:
    r"""Normalise one character: clean, lower-case, without accents.

    Args:
        character: One character.

    Returns:
        What is left of it, which may be nothing; an ideograph between two spaces.

    Example:
        >>> [normalise_character(character) for character in "É\t\x00中"]
        ['e', ' ', '', ' 中 ']
    """
    if character in "\t\n\r":  # controls by their class, spaces by their use
        return " "
    if character == "\ufffd" or unicodedata.category(character) in _CONTROLS:
        return ""
    if character.isspace():
        return " "
    if any(first <= ord(character) <= last for first, last in _IDEOGRAPHS):
        # Compatibility ideographs decompose to the ones they stand for.
        return f" {unicodedata.normalize('NFD', character)} "
    decomposed = unicodedata.normalize("NFD", character)  # "é" -> "e" and an accent
    kept = [part for part in decomposed if unicodedata.category(part) != "Mn"]
    return "".join(part.lower() for part in kept)


def is_punctuation(character: str) -> bool:
    """Tell whether a character is a word of its own.

    ASCII symbols such as "$" count, which Unicode has as no punctuation.

    Example:
        >>> [is_punctuation(character) for character in "a$¿€"]
        [False, True, True, False]
    """
    if character.isascii():
        return character.isprintable() and not (character.isalnum() or character == " ")
    return unicodedata.category(character).startswith("P")


def normalise(text: str) -> tuple[str, list[int]]:
    """Normalise a text, character by character.

    Args:
        text: The text.

    Returns:
        The normalised text, and for each of its characters the number of the one in
        `text` that it came from.

    Example:
        >>> normalise("Ça va")
        ('ca va', [0, 1, 2, 3, 4])
    """
    parts = [normalise_character(character) for character in text]
    origins = [number for number, part in enumerate(parts) for _ in part]
    return "".join(parts), origins


def split_words(text: str) -> list[tuple[int, int]]:
    """Find words and punctuation in a normalised text.

    Args:
        text: From `normalise`.

    Returns:
        First character of each word, and the first after it.

    Example:
        >>> split_words("don't stop")
        [(0, 3), (3, 4), (4, 5), (6, 10)]
    """
    words, start = [], None
    for position, character in enumerate(text + " "):
        space, alone = character.isspace(), is_punctuation(character)
        if (space or alone) and start is not None:
            words.append((start, position))
            start = None
        if alone:
            words.append((position, position + 1))
        elif start is None and not space:
            start = position
    return words


class WordPieceTokenizer:
    """Greedy longest-match pieces of words.

    Example:
        >>> tokenizer = WordPieceTokenizer(["[UNK]", "un", "##known", "!"])
        >>> tokenizer.encode("Unknown word!").tokens
        ('un', '##known', '[UNK]', '!')
    """

    def __init__(
        self,
        tokens: Sequence[str],
        *,
        unk_token: str = "[UNK]",
        max_characters: int = 100,
        name: str = "WordPiece",
    ) -> None:
        """Make a tokenizer of a vocabulary.

        Args:
            tokens: The name of each token, at its number; `[CLS]` and `[SEP]` too, if
                they are to be added.
            unk_token: Token of words that cannot be spelled.
            max_characters: Longer words are unknown without a try.
            name: For tables and pictures.

        Raises:
            CourseError: If the unknown token is missing.
        """
        self.name, self.tokens = name, list(tokens)
        self.vocabulary = {token: number for number, token in enumerate(self.tokens)}
        if unk_token not in self.vocabulary:
            raise CourseError(
                f"A vocabulary without {unk_token} came: words that cannot be spelled "
                "need it, so add it or name another."
            )
        self.unk_id = self.vocabulary[unk_token]
        self.max_characters = max_characters

    @property
    def vocab_size(self) -> int:
        """How many tokens the vocabulary has."""
        return len(self.tokens)

    def split_word(self, word: str) -> list[tuple[int, int, int]]:
        """Cut a normalised word into its longest pieces, from left to right.

        Args:
            word: One word, at least one character.

        Returns:
            Number, first character and first after it of each piece; the whole word as
            the unknown token where the vocabulary cannot spell it.
        """
        pieces, start = [], 0
        unknown = [(self.unk_id, 0, len(word))]
        if len(word) > self.max_characters:
            return unknown
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = word[start:end] if start == 0 else f"##{word[start:end]}"
                if piece in self.vocabulary:
                    break
            else:
                return unknown  # not even one character is known
            pieces.append((self.vocabulary[piece], start, end))
            start = end
        return pieces

    def encode(self, text: str, add_special_tokens: bool = False) -> Encoding:
        """Cut a text into tokens.

        Args:
            text: Any string; a lone surrogate counts as U+FFFD, which is dropped.
            add_special_tokens: Whether to put `[CLS]` before and `[SEP]` after.
        """
        normalised, origins = normalise(replace_surrogates(text))
        ids, spans = [], []
        for first, after in split_words(normalised):
            for number, start, end in self.split_word(normalised[first:after]):
                ids.append(number)
                spans.append((origins[first + start], origins[first + end - 1] + 1))
        if add_special_tokens:
            ids = [self.vocabulary["[CLS]"], *ids, self.vocabulary["[SEP]"]]
            spans = [(0, 0), *spans, (len(text), len(text))]
        names = tuple(self.tokens[number] for number in ids)
        return Encoding(text, tuple(ids), names, tuple(spans))

    def decode(self, ids: Iterable[int]) -> str:
        """Put tokens together again: lower case, accents and spacing stay lost.

        Raises:
            CourseError: If a number is none of the vocabulary's.
        """
        ids = check_ids(ids, self.vocab_size, self.name)
        names = [self.tokens[number] for number in ids]
        return "".join(
            name.removeprefix("##") if name.startswith("##") else f" {name}"
            for name in names
        ).strip()
