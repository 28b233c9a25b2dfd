"""Share a model's output fairly among the words of a text.

The Shapley value of a word is what it adds to the output, averaged over all orders in
which the words could have appeared one after the other (Lundberg and Lee 2017, "A
Unified Approach to Interpreting Model Predictions"). That takes all 2^n choices of n
words. `exact_values` makes them all.

`owen_values` puts the words into a tree first and only lets the parts of a branch play
against each other, while every other branch is in or out as a whole (Owen 1977, "Values
of Games with A Priori Unions"). About n^2 rows do for a balanced tree. The tree is
shap's own for text, and the values are those of shap's partition explainer, without its
seconds of compiling at the first call and with ties broken in reading order instead of
at random. Left out: sampling orders, which is noisier for the same number of rows.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import comb
from typing import Any, NamedTuple

import numpy as np
import shap

from course.errors import CourseError

EXACT_PLAYERS = 12  # 2^12 = 4,096 rows: some seconds

# Which of n players are seen, shape (rows, n) -> the output, shape (rows,).
Game = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Attribution:
    """What a method says of n players.

    Attributes:
        values: Shape (n,), in the units of the output that is explained.
        base_value: The output with no player seen, or what the method takes for it.
        output: The output with all players seen.
        complete: Whether the method could do all that it set out to do.
        note: What else there is to know, as a clause of plain English, or "".
    """

    values: np.ndarray
    base_value: float
    output: float
    complete: bool = True
    note: str = ""


def exact_values(game: Game, number_of_players: int) -> Attribution:
    """Compute Shapley values from all choices of players.

    Args:
        game: The model as a function of who is seen.
        number_of_players: n, from 0 to `EXACT_PLAYERS`.

    Returns:
        The attribution; the values add up to output minus base value.

    Raises:
        CourseError: If there are too many players.

    Example:
        >>> both = lambda seen: seen.all(axis=1) * 1.0     # worth 1 only together
        >>> exact_values(both, 2).values
        array([0.5, 0.5])
    """
    if (n := number_of_players) > EXACT_PLAYERS:
        raise CourseError(
            f"The text has {n} words or tokens, the exact method takes up to "
            f"{EXACT_PLAYERS}: shorten it or use the method 'partition'."
        )
    choices = np.arange(2**n)
    # Row c shows the players whose bit is set in c, so row c | bit adds one player.
    presence = (choices[:, None] >> np.arange(n) & 1).astype(bool)  # (2^n, n)
    outputs = game(presence)
    size = presence.sum(axis=1)
    # A choice of s others weighs s! (n - 1 - s)! / n!.
    weight = np.array([1 / (n * comb(n - 1, s)) for s in range(n)])
    values = np.zeros(n)
    for player in range(n):
        without = choices[~presence[:, player]]
        gain = outputs[without | 1 << player] - outputs[without]
        values[player] = weight[size[without]] @ gain
    return Attribution(values, float(outputs[0]), float(outputs[-1]))


def owen_values(game: Game, tree: np.ndarray, max_evals: int = 500) -> Attribution:
    """Compute Owen values by opening the branches of a tree from the root down.

    Args:
        game: The model as a function of who is seen.
        tree: Shape (n - 1, 4), n at least 2, as scipy's `linkage` gives it: the two
            parts that are joined, a distance, the number of players in the new part.
        max_evals: Most rows to ask for. If they do not suffice, the strongest branches
            are opened first, and the others' credit is divided evenly inside.

    Returns:
        The attribution. It is complete if every branch was opened.

    Example:
        >>> both = lambda seen: seen.all(axis=1) * 1.0     # worth 1 only together
        >>> owen_values(both, np.array([[0, 1, 1, 2]])).values
        array([0.5, 0.5])
    """
    n = len(tree) + 1
    members = _members(tree)
    needed = 2 + _rows_below(tree, 2 * n - 2, 1)  # 2: nobody and everybody
    nobody = np.zeros(n, dtype=bool)
    base_value, output = game(np.stack([nobody, ~nobody])).tolist()
    credit = np.zeros(2 * n - 1)  # of each branch that is not opened, or a single word
    waiting = [_Branch(-np.inf, 0, 2 * n - 2, nobody, base_value, output, 1.0)]
    asked = 2
    while waiting:
        # One whole level at a time if all can be opened, else the strongest few.
        most = max_evals - asked if needed <= max_evals else min(128, max_evals - asked)
        opened: list[_Branch] = []
        while waiting and 2 * len(opened) + 2 <= most:
            branch = heapq.heappop(waiting)
            if branch.node < n:
                credit[branch.node] += branch.weight * branch.gain
            else:
                opened.append(branch)
        if not opened:
            break
        asked += 2 * len(opened)
        for part in _open(game, tree, members, opened, first_order=asked):
            heapq.heappush(waiting, part)
    for branch in waiting:
        credit[branch.node] += branch.weight * branch.gain
    values = (credit / members.sum(axis=1)) @ members
    note = (
        f"a complete run needs max_evals={needed}, {max_evals} were allowed, so some "
        "neighbouring words share their value evenly"
    )
    complete = needed <= max_evals
    return Attribution(values, base_value, output, complete, "" if complete else note)


class _Branch(NamedTuple):
    """A part of the tree in one context, ordered by how much there is to divide."""

    priority: float  # the strongest first: minus its share of the output
    order: int  # of equally strong ones, that found first
    node: int
    context: np.ndarray  # who else is seen, shape (n,)
    without: float  # output in the context alone
    together: float  # output with the part in the context
    weight: float  # of this context among all in which the part is looked at

    @property
    def gain(self) -> float:
        return self.together - self.without


def _open(
    game: Game,
    tree: np.ndarray,
    members: np.ndarray,
    branches: list[_Branch],
    first_order: int,
) -> Iterator[_Branch]:
    """Divide branches in two; each half is looked at without and with the other."""
    pairs = [tree[branch.node - len(members[0]), :2].astype(int) for branch in branches]
    rows = [
        branch.context | members[part]
        for branch, pair in zip(branches, pairs, strict=True)
        for part in pair
    ]
    halves = game(np.stack(rows)).reshape(-1, 2)  # output with one half alone
    order = 2 * first_order
    for branch, pair, alone in zip(branches, pairs, halves.tolist(), strict=True):
        for half in (0, 1):
            other = branch.context | members[pair[1 - half]]
            for context, without, together in (
                (branch.context, branch.without, alone[half]),
                (other, alone[1 - half], branch.together),
            ):
                weight = branch.weight / 2
                priority = -abs(together - without) * weight
                order += 1
                yield _Branch(
                    priority, order, int(pair[half]), context, without, together, weight
                )


def _members(tree: np.ndarray) -> np.ndarray:
    """Which players each part of a tree holds, shape (2 n - 1, n)."""
    members = list(np.eye(len(tree) + 1, dtype=bool))
    for left, right in tree[:, :2].astype(int):
        members.append(members[left] | members[right])
    return np.stack(members)


def _rows_below(tree: np.ndarray, node: int, contexts: int) -> int:
    """Count the rows that opening a branch asks for, in so many contexts."""
    if node <= len(tree):
        return 0  # a single player
    parts = tree[node - len(tree) - 1, :2].astype(int)
    # Each part is then looked at with the other part out, and with it in.
    return 2 * contexts + sum(_rows_below(tree, part, 2 * contexts) for part in parts)


def word_tree(players: list[str]) -> np.ndarray:
    """Join the words of a text to phrases, clauses and sentences, by shap's rules.

    Args:
        players: The n strings that make up a text, spaces included.

    Returns:
        Shape (n - 1, 4), see `owen_values`.

    Example:
        >>> word_tree(["not ", "bad", ", ", "good"])[:, :2]
        array([[0., 1.],
               [4., 2.],
               [5., 3.]])
    """
    # shap builds its tree with the special tokens at both ends. They are put there, and
    # taken out again, since they play no part; Owen values do not change by that.
    parts = ["", *players, ""]
    ends = np.cumsum([len(part) for part in parts]).tolist()
    offsets = list(zip([0, *ends[:-1]], ends, strict=True))

    def tokenizer(text: str, **_: Any) -> dict[str, list]:
        if not text:  # shap asks which tokens an empty text has
            return {"input_ids": [], "offset_mapping": []}
        return {"input_ids": list(range(len(parts))), "offset_mapping": offsets}

    tree = shap.maskers.Text(tokenizer).clustering("".join(parts))
    return _without_ends(tree)


def _without_ends(tree: np.ndarray) -> np.ndarray:
    """Take the first and the last leaf out of a tree."""
    leaves = len(tree) + 1
    renamed: dict[int, int | None] = {leaf: leaf - 1 for leaf in range(leaves)}
    renamed |= {0: None, leaves - 1: None}
    size = {leaf: 1 for leaf in range(leaves - 2)}
    joined: list[list[float]] = []
    for node, (left, right, distance, _) in enumerate(tree, start=leaves):
        left, right = renamed[int(left)], renamed[int(right)]
        if left is None or right is None:
            renamed[node] = left if right is None else right
            continue
        renamed[node] = leaves - 2 + len(joined)
        size[renamed[node]] = size[left] + size[right]
        joined.append([left, right, distance, size[renamed[node]]])
    return np.array(joined, dtype=float).reshape(-1, 4)
