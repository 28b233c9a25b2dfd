"""Apply learned merges to one chunk: quickly, or step by step to be looked at.

Both merge the pair of the lowest rank first, and of several the leftmost. Ranks come
from a function, because vocabularies are stored in two ways: as a list of merges, or as
tokens only, where the rank of a pair is the number of the token it makes. Left out:
where the ranks come from (`course.tokenization.byte_pair`).
"""

import heapq
from collections.abc import Callable, Sequence
from itertools import pairwise

BytesPair = tuple[bytes, bytes]
RankOf = Callable[[BytesPair], int | None]


def merge_steps(parts: Sequence[bytes], rank_of: RankOf) -> list[list[bytes]]:
    """Merge one pair at a time and keep every state.

    Args:
        parts: The single bytes of a chunk.
        rank_of: The rank of a pair, None if it is never merged.

    Returns:
        The parts after 0, 1, 2, ... merges; the last state is the chunk's tokens.

    Example:
        >>> ranks = {(b"l", b"o"): 0, (b"lo", b"w"): 1}
        >>> for step in merge_steps([b"l", b"o", b"w"], ranks.get):
        ...     print(step)
        [b'l', b'o', b'w']
        [b'lo', b'w']
        [b'low']
    """
    parts = list(parts)
    steps = [parts]
    while True:
        ranks = [rank_of(pair) for pair in pairwise(parts)]
        known = [(rank, left) for left, rank in enumerate(ranks) if rank is not None]
        if not known:
            return steps
        _, left = min(known)
        merged = parts[left] + parts[left + 1]
        parts = [*parts[:left], merged, *parts[left + 2 :]]
        steps.append(parts)


def merge_by_rank(parts: Sequence[bytes], rank_of: RankOf) -> list[bytes]:
    """Return the last of the steps, without walking through all pairs at each.

    Parts are never moved: a merge empties the right one, and each knows its neighbours.
    With a heap of the pairs that is n log n steps even where a chunk is a whole page.

    Args:
        parts: The single bytes of a chunk.
        rank_of: The rank of a pair, None if it is never merged.

    Returns:
        The chunk's tokens.

    Example:
        >>> ranks = {(b"l", b"o"): 0, (b"lo", b"w"): 1}
        >>> merge_by_rank([b"s", b"l", b"o", b"w"], ranks.get)
        [b's', b'low']
    """
    parts = list(parts)
    before, after = list(range(-1, len(parts) - 1)), list(range(1, len(parts) + 1))
    heap = []
    for left, pair in enumerate(pairwise(parts)):
        if (rank := rank_of(pair)) is not None:
            heap.append((rank, left, pair))
    heapq.heapify(heap)
    while heap:
        _, left, pair = heapq.heappop(heap)
        right = after[left]
        if right == len(parts) or (parts[left], parts[right]) != pair:
            continue  # one of the two was merged with something else meanwhile
        parts[left], parts[right] = pair[0] + pair[1], b""
        after[left] = following = after[right]
        if following < len(parts):
            before[following] = left
        for first, second in ((before[left], left), (left, following)):
            if first >= 0 and second < len(parts):
                pair = (parts[first], parts[second])
                if (rank := rank_of(pair)) is not None:
                    heapq.heappush(heap, (rank, first, pair))
    return [part for part in parts if part]
