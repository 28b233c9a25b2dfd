"""Keep every step of learning byte-pair merges from a text, to be looked at.

Symbols are characters here, which everyone can read; real vocabularies begin with
bytes, which is the same for English. Left out: large texts, since all steps are kept
(`course.tokenization.training` learns from those).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from course.tokenization.bpe import Pair, Word, count_pairs, merge_word, train_bpe
from course.tokenization.merging import merge_steps
from course.tokenization.pretokenization import count_words, split_by_pattern

MOST_CANDIDATES = 8  # for the next merge
MOST_TYPED = 60  # characters of a learner's own word


@dataclass(frozen=True)
class Merges:
    """All steps of learning merges from a text.

    Attributes:
        text: The text.
        pairs: What was merged, the first first.
        words: After 0, 1, 2, ... merges: each distinct word and its symbols.
        counts: After 0, 1, 2, ... merges: how often each pair occurs.
        sizes: After 0, 1, 2, ... merges: how many symbols the text has.
    """

    text: str
    pairs: tuple[Pair, ...]
    words: tuple[Mapping[str, Word], ...]
    counts: tuple[Mapping[Pair, int], ...]
    sizes: tuple[int, ...]

    def candidates(self, step: int) -> list[Pair]:
        """The commonest pairs after so many merges, in the order of their letters."""
        counts = self.counts[step]
        commonest = sorted(counts, key=lambda pair: (-counts[pair], pair))
        return sorted(commonest[:MOST_CANDIDATES])


def learn_merges(text: str, num_merges: int) -> Merges:
    """Learn merges from a text, symbol by symbol from its characters.

    A word takes the space before it along, as in GPT-2, and no merge crosses words.

    Args:
        text: Any text; some thousand characters at most, since all steps are kept.
        num_merges: How many at most; fewer where every word is one symbol.

    Example:
        >>> learn_merges("low lower lowest", 2).pairs
        (('l', 'o'), ('lo', 'w'))
    """
    frequencies = count_words([text])
    words: list[dict[str, Word]] = [{word: tuple(word) for word in frequencies}]
    pairs = train_bpe({tuple(w): n for w, n in frequencies.items()}, num_merges)
    for left, right in pairs:
        joined = left + right
        words.append(
            {
                # Most words hold no such pair: they stay as they are.
                w: merge_word((left, right), s, joined) if left in s else s
                for w, s in words[-1].items()
            }
        )
    counts = [
        count_pairs({s: frequencies[w] for w, s in state.items()}) for state in words
    ]
    sizes = [sum(len(s) * frequencies[w] for w, s in state.items()) for state in words]
    return Merges(text, tuple(pairs), tuple(words), tuple(counts), tuple(sizes))


def word_steps(merges: Merges, step: int, word: str) -> list[list[list[str]]]:
    """Encode a word with the first merges, in the order in which they were learned.

    Args:
        merges: From `learn_merges`.
        step: How many of them are used.
        word: Any text, of which `MOST_TYPED` characters are read.

    Returns:
        For each chunk of the word its symbols after 0, 1, 2, ... merges.

    Example:
        >>> word_steps(learn_merges("low lower lowest", 2), 2, "los")
        [[['l', 'o', 's'], ['lo', 's']]]
    """
    ranks = {pair: rank for rank, pair in enumerate(merges.pairs[:step])}
    chunks = split_by_pattern(word[:MOST_TYPED])
    return [merge_steps(list(chunk), ranks.get) for chunk in chunks]
