"""What a tokenizer costs: length, unknowns, languages, and the size of a table.

A model reads so many tokens at once and is paid for by the token, so text that takes
more of them is dearer and leaves less room. The same message can take several times as
many in a script that the vocabulary's makers had little of. A larger vocabulary
shortens texts, the less the larger it is already, and every token in it is a row of the
model's embedding table. A short text may also be one that was not read at all: see
`Cost.unknown_share`. Left out: whether a model answers better for any of it.

Source: Petrov et al. 2023 and Ahia et al. 2023 (cost across languages).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from course.errors import CourseError
from course.tokenization.encoding import TextTokenizer, replace_surrogates
from course.tokenization.training import first_merges, train_tokenizer


@dataclass(frozen=True)
class Cost:
    """How much some texts take with one tokenizer.

    Attributes:
        name: The tokenizer's.
        vocab_size: Tokens in its vocabulary.
        tokens: Tokens of all texts.
        words: Words of all texts, by whitespace; meaningless where a language, such as
            Chinese or Thai, does not put spaces between them.
        characters: Characters of all texts.
        bytes: Bytes of all texts in UTF-8.
        unknown: Tokens that are the unknown one.
    """

    name: str
    vocab_size: int
    tokens: int
    words: int
    characters: int
    bytes: int
    unknown: int

    @property
    def tokens_per_word(self) -> float:
        """Tokens for one word, also called fertility."""
        return self.tokens / max(1, self.words)

    @property
    def tokens_per_character(self) -> float:
        """Tokens for one character."""
        return self.tokens / max(1, self.characters)

    @property
    def tokens_per_byte(self) -> float:
        """Tokens for one byte of UTF-8."""
        return self.tokens / max(1, self.bytes)

    @property
    def unknown_share(self) -> float:
        """Share of the tokens that are the unknown one, from 0 to 1."""
        return self.unknown / max(1, self.tokens)


def measure_cost(tokenizer: TextTokenizer, texts: Iterable[str]) -> Cost:
    """Count what texts take with a tokenizer.

    Args:
        tokenizer: Any of this package.
        texts: The texts.

    Raises:
        CourseError: If the texts are one string.

    Example:
        >>> from course.tokenization.closed import train_characters
        >>> cost = measure_cost(train_characters(["no"]), ["no, on"])
        >>> cost.tokens, cost.unknown, cost.tokens_per_word
        (6, 2, 3.0)
    """
    if isinstance(texts, str):
        raise CourseError("One string came, a list of texts is expected: write [text].")
    texts = list(texts)
    ids = [number for text in texts for number in tokenizer.encode(text).ids]
    return Cost(
        name=tokenizer.name,
        vocab_size=tokenizer.vocab_size,
        tokens=len(ids),
        words=sum(len(text.split()) for text in texts),
        characters=sum(map(len, texts)),
        bytes=sum(len(replace_surrogates(text).encode()) for text in texts),
        unknown=sum(number == tokenizer.unk_id for number in ids),
    )


def compare_costs(
    tokenizers: Iterable[TextTokenizer], texts: Iterable[str]
) -> list[Cost]:
    """Count what the same texts take with several tokenizers, in their order.

    Args:
        tokenizers: Any of this package.
        texts: The texts.

    Raises:
        CourseError: If the texts are one string.
    """
    texts = texts if isinstance(texts, str) else list(texts)
    return [measure_cost(tokenizer, texts) for tokenizer in tokenizers]


def compare_languages(
    tokenizer: TextTokenizer, messages: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """Say how many times as many tokens a language takes to say the same as English.

    Args:
        tokenizer: Any of this package.
        messages: As from `course.translations.parallel`: the same messages by language,
            English as "en".

    Returns:
        Tokens of each language over those of English; 1.0 for English itself.

    Raises:
        CourseError: If there is no English, or the lists differ in length.

    Example:
        >>> from course.tokenization.closed import train_characters
        >>> messages = {"en": ["Yes"], "fr": ["Oui"], "de": ["Jawohl"]}
        >>> compare_languages(train_characters([]), messages)
        {'en': 1.0, 'fr': 1.0, 'de': 2.0}
    """
    lengths = {language: len(texts) for language, texts in messages.items()}
    if not lengths.get("en") or len(set(lengths.values())) > 1:
        raise CourseError(
            f"Messages came as {lengths or 'none'}: give the same number, from 1, of "
            "every language, English as 'en' among them."
        )
    tokens = {
        language: measure_cost(tokenizer, texts).tokens
        for language, texts in messages.items()
    }
    return {name: number / max(1, tokens["en"]) for name, number in tokens.items()}


def embedding_parameters(vocab_size: int, hidden_size: int) -> int:
    """Count the weights of an embedding table: one row per token.

    A model whose output layer has a table of its own, not the same one, has them twice.

    Args:
        vocab_size: Tokens, at least 1.
        hidden_size: Numbers per row, at least 1.

    Raises:
        CourseError: If one is below 1.

    Example:
        >>> embedding_parameters(49_152, 576)  # SmolLM2: a fifth of all its weights
        28311552
    """
    if vocab_size < 1 or hidden_size < 1:
        raise CourseError(
            f"vocab_size {vocab_size} and hidden_size {hidden_size} came; both must be "
            "at least 1."
        )
    return vocab_size * hidden_size


def vocabulary_curve(
    texts: Iterable[str], vocab_sizes: Iterable[int], held_out: Sequence[str]
) -> list[Cost]:
    """Learn byte-level BPE once and count what each size of vocabulary makes of texts.

    Args:
        texts: Texts to learn from.
        vocab_sizes: Sizes from 256; those that the texts have not enough pairs for are
            left out, but for the largest that they have.
        held_out: Other texts to count on; those learned from would flatter it.

    Returns:
        A cost for each size, the smallest first.

    Raises:
        CourseError: If there is no size, or one below 256.

    Example:
        >>> for cost in vocabulary_curve(["low low lower"], [256, 257, 258], ["slow"]):
        ...     print(cost.vocab_size, cost.tokens)
        256 4
        257 3
        258 2
    """
    sizes = sorted(set(vocab_sizes))
    if not sizes or sizes[0] < 256:
        raise CourseError(
            f"Vocabulary sizes {sizes} came; at least one is needed, none below 256."
        )
    trained = train_tokenizer(texts, sizes[-1])
    steps = sorted({min(size - 256, len(trained.merges)) for size in sizes})
    return [measure_cost(first_merges(trained, n), held_out) for n in steps]
