"""Texts that begin alike as a tree: which tokens were taken, and where ways part.

A path is the numbers of the tokens that were taken after a prompt. Left out: where the
probabilities come from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TokenPath = tuple[int, ...]


@dataclass(frozen=True)
class Branch:
    """A stretch of a tree without a fork.

    Attributes:
        start: The path before it, that it goes on from.
        path: The path at its end.
        depth: How many forks came before it.
    """

    start: TokenPath
    path: TokenPath
    depth: int


def keep_path(path: TokenPath, branches: Iterable[TokenPath]) -> tuple[TokenPath, ...]:
    """Add a path to others that none of them goes through.

    A path that goes on from one of them takes its place; one that another goes through
    is already there.

    Args:
        path: The path to keep.
        branches: Others, in the order in which they were begun.

    Example:
        >>> keep_path((1, 2), [(1,), (3,)])
        ((1, 2), (3,))
        >>> keep_path((3,), [(1, 2), (3, 4)])
        ((1, 2), (3, 4))
    """
    branches = list(branches)
    if any(other[: len(path)] == path for other in branches):
        return tuple(branches)
    grown = [path if path[: len(other)] == other else other for other in branches]
    return tuple(dict.fromkeys([*grown, path]))


def list_branches(paths: Iterable[TokenPath]) -> list[Branch]:
    """List the tree of some paths, each fork's ways below it and one step further in.

    Args:
        paths: At least one, in any order; empty paths count as the root alone.

    Example:
        >>> for branch in list_branches([(1, 2, 3), (1, 2, 4)]):
        ...     print("  " * branch.depth, branch.path[len(branch.start):])
         (1, 2)
           (3,)
           (4,)
    """
    ends = dict.fromkeys(paths)
    ways: dict[TokenPath, list[TokenPath]] = {}
    # In the order in which the paths came, so that a new way does not move old ones.
    for end in ends:
        for length in range(1, len(end) + 1):
            found = ways.setdefault(end[: length - 1], [])
            if end[:length] not in found:
                found.append(end[:length])
    listed: list[Branch] = []
    waiting = [((), way, 0) for way in reversed(ways.get((), []))]
    while waiting:
        start, path, depth = waiting.pop()
        while len(ways.get(path, [])) == 1:
            path = ways[path][0]
        listed.append(Branch(start, path, depth))
        waiting += [(path, way, depth + 1) for way in reversed(ways.get(path, []))]
    return listed


def path_probability(probabilities: Sequence[float]) -> float:
    """Multiply the probabilities of a path's tokens; 1 for the empty path.

    Example:
        >>> path_probability([0.5, 0.5])
        0.25
    """
    product = 1.0
    for probability in probabilities:
        product *= probability
    return product
