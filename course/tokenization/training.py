"""Learn a byte-level vocabulary from texts, and look at it after fewer merges.

Here words, bytes and merges meet: chunks of text are counted, spelled as numbers of
bytes, and `course.tokenization.bpe.train_bpe` does the rest. Left out: what the result
can do (`course.tokenization.byte_pair`).
"""

from collections.abc import Iterable, Sequence

from course.errors import CourseError
from course.tokenization.bpe import train_bpe
from course.tokenization.byte_pair import BytePairTokenizer
from course.tokenization.encoding import replace_surrogates
from course.tokenization.pretokenization import (
    GPT2_PATTERN,
    byte_characters,
    count_words,
)


def train_tokenizer(
    texts: Iterable[str],
    vocab_size: int,
    *,
    pattern: str = GPT2_PATTERN,
    special_tokens: Sequence[str] = (),
    name: str = "own BPE",
) -> BytePairTokenizer:
    """Learn a vocabulary from texts.

    Args:
        texts: The texts.
        vocab_size: Tokens wanted: 256 bytes, merged ones, then the special tokens.
            There are fewer where the texts hold nothing more to merge.
        pattern: Cuts text into chunks.
        special_tokens: Tokens that stand for no text, such as "<|endoftext|>".
        name: For tables and pictures.

    Returns:
        The tokenizer; its merges are those of `tokenizers`' `BpeTrainer`.

    Raises:
        CourseError: If the texts are one string, or the size leaves no room for bytes.

    Example:
        >>> tokenizer = train_tokenizer(["low low lower"], 259)
        >>> tokenizer.merges
        [(b'l', b'o'), (b'lo', b'w'), (b' ', b'low')]
        >>> tokenizer.encode("slow low").tokens
        ('s', 'low', 'Ġlow')
    """
    if isinstance(texts, str):
        raise CourseError("One string came, a list of texts is expected: write [text].")
    num_merges = vocab_size - 256 - len(special_tokens)
    if num_merges < 0:
        raise CourseError(
            f"vocab_size {vocab_size} came; at least {256 + len(special_tokens)} is "
            "needed for 256 bytes and the special tokens."
        )
    # GPT-2's order of bytes, which is what the rule for equal pairs goes by.
    tokens = [bytes([byte]) for byte in byte_characters()]
    numbers = {token: number for number, token in enumerate(tokens)}

    def join(pair: tuple[int, int]) -> int:
        token = tokens[pair[0]] + tokens[pair[1]]
        if token not in numbers:  # two pairs may make the same token
            numbers[token] = len(tokens)
            tokens.append(token)
        return numbers[token]

    chunks = count_words(map(replace_surrogates, texts), pattern)
    words = {
        tuple(numbers[bytes([byte])] for byte in chunk.encode()): count
        for chunk, count in chunks.items()
    }
    merges = train_bpe(words, num_merges, join)
    return BytePairTokenizer(
        tokens,
        [(tokens[left], tokens[right]) for left, right in merges],
        pattern=pattern,
        special_tokens={t: len(tokens) + i for i, t in enumerate(special_tokens)},
        name=name,
    )


def first_merges(tokenizer: BytePairTokenizer, num_merges: int) -> BytePairTokenizer:
    """Return a tokenizer as it was after that many merges.

    Training never takes a merge back, so one training gives all smaller vocabularies.

    Args:
        tokenizer: One that knows its merges.
        num_merges: From 0 to the number of its merges.

    Raises:
        CourseError: If it knows fewer, or was stored without its merges.

    Example:
        >>> tokenizer = train_tokenizer(["low low lower"], 259)
        >>> first_merges(tokenizer, 1).encode("low").tokens
        ('lo', 'w')
    """
    known = tokenizer.merges
    if known is None or not 0 <= num_merges <= len(known):
        raise CourseError(
            f"{num_merges} merges came, {tokenizer.name} knows {len(known or ()):,}: "
            "give a number up to that."
        )
    merges = known[:num_merges]
    made = {left + right for left, right in merges}
    tokens = [t for t in tokenizer.vocabulary if len(t) == 1 or t in made]
    special = sorted(tokenizer.special_tokens, key=tokenizer.special_tokens.get)
    return BytePairTokenizer(
        tokens,
        merges,
        pattern=tokenizer.pattern,
        special_tokens={t: len(tokens) + i for i, t in enumerate(special)},
        name=f"{tokenizer.name}, {num_merges:,} merges",
    )
