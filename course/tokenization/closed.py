"""Characters and words as tokens: the two simple ways, and what each costs.

Both have a closed vocabulary: what was not seen in training is unknown. Words make
short sequences and a vocabulary that never ends; characters a small vocabulary and
sequences several times as long. Subwords stand between them, see
`course.tokenization.bpe`. Left out: anything clever about what a word is; here it is
what stands between whitespace.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from course.errors import CourseError
from course.tokenization.encoding import Encoding, check_ids
from course.tokenization.pretokenization import split_by_whitespace

UNKNOWN = "<unk>"


def split_characters(text: str) -> list[tuple[int, int]]:
    """Return the place of every character.

    Example:
        >>> split_characters("ab")
        [(0, 1), (1, 2)]
    """
    return [(place, place + 1) for place in range(len(text))]


class ClosedTokenizer:
    """One token for each unit that the vocabulary has, the unknown one for the rest.

    Example:
        >>> tokenizer = ClosedTokenizer(
        ...     ["a"], split_characters, separator="", name="letters"
        ... )
        >>> tokenizer.encode("ab").tokens
        ('a', '<unk>')
    """

    unk_id = 0

    def __init__(
        self,
        tokens: Sequence[str],
        split: Callable[[str], list[tuple[int, int]]],
        *,
        separator: str,
        name: str,
    ) -> None:
        """Make a tokenizer of a vocabulary.

        Args:
            tokens: The units known; the unknown token is put before them.
            split: Finds the units of a text.
            separator: What to put between units when decoding.
            name: For tables and pictures.
        """
        self.name, self.split, self.separator = name, split, separator
        self.tokens = [UNKNOWN, *tokens]
        self._numbers = {token: number for number, token in enumerate(tokens, start=1)}

    @property
    def vocab_size(self) -> int:
        """How many tokens the vocabulary has, the unknown one included."""
        return len(self.tokens)

    def encode(self, text: str) -> Encoding:
        """Cut a text into units.

        Args:
            text: Any string; a lone surrogate is a character like any other.
        """
        spans = tuple(self.split(text))
        ids = tuple(self._numbers.get(text[a:b], self.unk_id) for a, b in spans)
        return Encoding(text, ids, tuple(self.tokens[number] for number in ids), spans)

    def decode(self, ids: Iterable[int]) -> str:
        """Put units together again; what was unknown stays so.

        Raises:
            CourseError: If a number is none of the vocabulary's.
        """
        ids = check_ids(ids, self.vocab_size, self.name)
        return self.separator.join(self.tokens[number] for number in ids)


def train_characters(
    texts: Iterable[str], vocab_size: int | None = None
) -> ClosedTokenizer:
    """Make a vocabulary of the commonest characters.

    Args:
        texts: The texts.
        vocab_size: Tokens, the unknown one included; default all that occur.

    Returns:
        A `ClosedTokenizer`.

    Example:
        >>> tokenizer = train_characters(["abba"])
        >>> tokenizer.tokens, tokenizer.encode("abc").ids
        (['<unk>', 'a', 'b'], (1, 2, 0))
    """
    kept = _commonest(texts, split_characters, vocab_size)
    return ClosedTokenizer(kept, split_characters, separator="", name="characters")


def train_words(texts: Iterable[str], vocab_size: int | None = None) -> ClosedTokenizer:
    """Make a vocabulary of the commonest words.

    Args:
        texts: The texts.
        vocab_size: Tokens, the unknown one included; default all that occur.

    Returns:
        A `ClosedTokenizer`.

    Example:
        >>> tokenizer = train_words(["a b a", "c a"], vocab_size=3)
        >>> tokenizer.encode("a  b c").tokens
        ('a', 'b', '<unk>')
    """
    kept = _commonest(texts, split_by_whitespace, vocab_size)
    return ClosedTokenizer(kept, split_by_whitespace, separator=" ", name="words")


def _commonest(
    texts: Iterable[str],
    split: Callable[[str], list[tuple[int, int]]],
    vocab_size: int | None,
) -> list[str]:
    if isinstance(texts, str):
        raise CourseError("One string came, a list of texts is expected: write [text].")
    if vocab_size is not None and vocab_size < 1:
        raise CourseError(f"vocab_size {vocab_size} came; at least 1 is needed.")
    counts = Counter(text[a:b] for text in texts for a, b in split(text))
    # Equally common ones in sorted order, so that the order of texts does not matter.
    ranked = sorted(counts, key=lambda unit: (-counts[unit], unit))
    return ranked if vocab_size is None else ranked[: vocab_size - 1]
