"""Learn byte-pair merges from counted words: the commonest pair becomes one symbol.

A word is a tuple of symbols. Symbols are strings, which a merge joins, or numbers,
where every merge makes a new one. Training runs twice here: `train_bpe_naively` counts
all pairs again after each merge and is there to be read; `train_bpe` finds the same
merges, but looks only at the words that a merge changes. Left out: cutting text into
words (`course.tokenization.pretokenization`) and encoding with what was learned
(`course.tokenization.byte_pair`).

Two pairs are often equally common. The rule here: the smallest pair in sorted order.
Over token numbers that means the pair of the oldest tokens, and the `tokenizers`
library decides likewise.

Source: Sennrich, Haddow and Birch 2016; Gage 1994 for the compression it came from.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import pairwise

from course.errors import CourseError

Symbol = str | int
Pair = tuple[Symbol, Symbol]
Word = tuple[Symbol, ...]


def count_pairs(words: Mapping[Word, int]) -> dict[Pair, int]:
    """Count how often each two symbols stand side by side.

    Args:
        words: How often each word occurs.

    Returns:
        How often each pair occurs; overlapping ones count too, so "aaa" has two.

    Example:
        >>> count_pairs({("a", "a", "a"): 1, ("a", "b"): 5})
        {('a', 'a'): 2, ('a', 'b'): 5}
    """
    counts: dict[Pair, int] = defaultdict(int)
    for word, frequency in words.items():
        for pair in pairwise(word):
            counts[pair] += frequency
    return dict(counts)


def merge_word(pair: Pair, word: Word, symbol: Symbol) -> Word:
    """Put one symbol in place of a pair, from left to right.

    Args:
        pair: The two symbols.
        word: The word.
        symbol: What stands for both from now on.

    Example:
        >>> merge_word(("a", "a"), ("a", "a", "a", "b"), "aa")
        ('aa', 'a', 'b')
    """
    left, right = pair
    merged, position, last = [], 0, len(word) - 1
    while position <= last:
        here = word[position]
        if here == left and position < last and word[position + 1] == right:
            merged.append(symbol)
            position += 2  # the right half is used up: "aaa" becomes "aa" "a"
        else:
            merged.append(here)
            position += 1
    return tuple(merged)


def merge(
    pair: Pair, words: Mapping[Word, int], symbol: Symbol | None = None
) -> dict[Word, int]:
    """Put one symbol in place of a pair, in every word.

    Args:
        pair: The two symbols.
        words: How often each word occurs.
        symbol: What stands for both; for strings the default is the two joined.

    Returns:
        How often each word occurs, in the same order.

    Raises:
        CourseError: If the symbols are numbers and no new one is given.

    Example:
        >>> merge(("l", "o"), {("l", "o", "w"): 5, ("n", "e", "w"): 6})
        {('lo', 'w'): 5, ('n', 'e', 'w'): 6}
    """
    symbol = _join_strings(pair) if symbol is None else symbol
    merged: dict[Word, int] = defaultdict(int)
    for word, frequency in words.items():
        merged[merge_word(pair, word, symbol)] += frequency
    return dict(merged)


def most_frequent(counts: Mapping[Pair, int]) -> Pair:
    """Choose the pair to merge: the commonest, among equals the smallest.

    Args:
        counts: From `count_pairs`, at least one.

    Raises:
        CourseError: If there is no pair.

    Example:
        >>> most_frequent({("e", "s"): 9, ("s", "t"): 9, ("l", "o"): 7})
        ('e', 's')
    """
    if not counts:
        raise CourseError(
            "0 pairs came, at least 1 is needed: every word is one symbol already."
        )
    return min(counts, key=lambda pair: (-counts[pair], pair))


def train_bpe_naively(
    words: Mapping[Word, int],
    num_merges: int,
    join: Callable[[Pair], Symbol] | None = None,
) -> list[Pair]:
    """Learn merges as the definition says: count all pairs, merge one, start again.

    Args:
        words: How often each word occurs.
        num_merges: How many merges at most; fewer where every word is one symbol.
        join: Names the symbol that stands for a pair. Default: strings are joined,
            numbers counted on from the largest.

    Returns:
        The merged pairs, the first first.

    Example:
        >>> train_bpe_naively({tuple("low"): 5, tuple("lowest"): 2}, 3)
        [('l', 'o'), ('lo', 'w'), ('e', 's')]
    """
    _check(num_merges)
    join = join or _joiner(words)
    words, merges = dict(words), []
    while len(merges) < num_merges and (counts := count_pairs(words)):
        pair = most_frequent(counts)
        words = merge(pair, words, join(pair))
        merges.append(pair)
    return merges


def train_bpe(
    words: Mapping[Word, int],
    num_merges: int,
    join: Callable[[Pair], Symbol] | None = None,
) -> list[Pair]:
    """Learn the same merges as `train_bpe_naively`, much faster.

    An index says which words hold a pair, so that a merge touches only those. A heap
    keeps the commonest pair on top. Its counts are only put right when they come to the
    top: a pair that became rarer stands too high until then, never too low.

    Args:
        words: How often each word occurs.
        num_merges: How many merges at most; fewer where every word is one symbol.
        join: Names the symbol that stands for a pair. Default: strings are joined,
            numbers counted on from the largest.

    Returns:
        The merged pairs, the first first.

    Example:
        >>> train_bpe({tuple("aaabdaaabac"): 1}, 3)
        [('a', 'a'), ('a', 'b'), ('aa', 'ab')]
    """
    _check(num_merges)
    join, index = join or _joiner(words), _PairIndex(words)
    heap = [(-count, pair) for pair, count in index.counts.items()]
    heapq.heapify(heap)
    merges: list[Pair] = []
    while heap and len(merges) < num_merges:
        stated, pair = heap[0]
        count = index.counts[pair]
        if count == 0:
            heapq.heappop(heap)
        elif count != -stated:  # rarer than when it was put in: sort it in again
            heapq.heapreplace(heap, (-count, pair))
        else:
            merges.append(pair)
            for new in index.merge(pair, join(pair)):
                heapq.heappush(heap, (-index.counts[new], new))
    return merges


class _PairIndex:
    """How often each pair occurs, and in which words, kept right through merges."""

    def __init__(self, words: Mapping[Word, int]) -> None:
        self.words, self.frequencies = list(words), list(words.values())
        self.counts: dict[Pair, int] = defaultdict(int, count_pairs(words))
        self.where: dict[Pair, set[int]] = defaultdict(set)
        for number, word in enumerate(self.words):
            for pair in pairwise(word):
                self.where[pair].add(number)

    def merge(self, pair: Pair, symbol: Symbol) -> set[Pair]:
        """Merge a pair in the words that hold it; return the pairs that came to be."""
        created = set()
        for number in self.where.pop(pair):
            old, frequency = self.words[number], self.frequencies[number]
            new = self.words[number] = merge_word(pair, old, symbol)
            for gone in pairwise(old):
                self.counts[gone] -= frequency
            for come in pairwise(new):
                self.counts[come] += frequency
                if symbol in come:  # the others were in this word before
                    self.where[come].add(number)
                    created.add(come)
        return created


def _check(num_merges: int) -> None:
    if num_merges < 0:
        raise CourseError(f"num_merges {num_merges} came; give a number from 0.")


def _join_strings(pair: Pair) -> str:
    if not all(isinstance(symbol, str) for symbol in pair):
        raise CourseError(
            f"The pair {pair!r} came without a symbol to stand for it: only strings "
            "can be joined, so name the new number."
        )
    return pair[0] + pair[1]


def _joiner(words: Mapping[Word, int]) -> Callable[[Pair], Symbol]:
    """The default way to name a merged pair."""
    numbers = [symbol for word in words for symbol in word if isinstance(symbol, int)]
    if not numbers:
        return _join_strings
    largest = max(numbers)

    def count_on(pair: Pair) -> int:
        nonlocal largest
        largest += 1
        return largest

    return count_on
