"""What a model says of a text and of the ways that were taken: one state, all at once.

Left out: choosing what to read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from course.generation.branching import TokenPath, list_branches, path_probability
from course.generation.cutting import softmax
from course.generation.language_model import (
    continue_text,
    encode_prompt,
    load_language_model,
    token_texts,
)


@dataclass(frozen=True)
class BranchRow:
    """One line of the tree of texts.

    Attributes:
        text: What it adds to the line that it hangs below.
        depth: How many forks came before it.
        probability: Of its whole path after the prompt, as the model says it.
        is_here: Whether the present text ends in it.
        path: The numbers of its tokens, from the prompt on.
    """

    text: str
    depth: int
    probability: float
    is_here: bool
    path: TokenPath = ()


@dataclass(frozen=True)
class Reading:
    """What the model says of a text.

    Attributes:
        prompt: The text before all that was taken.
        chosen: Numbers of the tokens taken.
        branches: Other paths, or the same.
        logits: Shape (vocab_size,), of the token after all of it.
        chances: Path -> probability of its last token, as the model says it.
    """

    prompt: str
    chosen: TokenPath
    branches: tuple[TokenPath, ...]
    logits: np.ndarray
    chances: dict[TokenPath, float]

    def is_of(self, prompt: str, chosen: TokenPath, branches: tuple) -> bool:
        """Whether this is what the model says of just that."""
        return (self.prompt, self.chosen, self.branches) == (prompt, chosen, branches)

    def taken(self) -> list[tuple[str, float]]:
        """Return tokens and probabilities of what was chosen."""
        texts, nodes = token_texts(), _nodes(self.chosen)
        return [(texts[node[-1]], self.chances[node]) for node in nodes]

    def rows(self) -> list[BranchRow]:
        """Return the tree of the paths, or nothing if there is one way only."""
        if not self.branches:
            return []
        rows = []
        for branch in list_branches([*self.branches, self.chosen]):
            nodes, start = _nodes(branch.path), len(branch.start)
            rows.append(
                BranchRow(
                    text=continue_text("", branch.path[start:]),
                    depth=branch.depth,
                    probability=path_probability([self.chances[n] for n in nodes]),
                    is_here=self.chosen in nodes[start:],
                    path=branch.path,
                )
            )
        return rows


def read_text(
    prompt: str,
    chosen: TokenPath,
    branches: Sequence[TokenPath] = (),
    known: dict[TokenPath, float] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Reading | None:
    """Have SmolLM2 read a text and the other ways that were taken.

    Args:
        prompt: The text before all that was taken.
        chosen: Numbers of the tokens taken.
        branches: Other paths.
        known: `Reading.chances` of before, of the same prompt; default none.
        stopped: Asked before each token; once true, None is returned.

    Raises:
        CourseError: If the prompt is empty, or a text too long.
    """
    start, chances = encode_prompt(prompt), dict(known or {})
    model = load_language_model()
    for path in (*branches, chosen):
        for node in _nodes(path):
            if stopped():
                return None
            if node not in chances:
                logits = model.logits((*start, *node[:-1]))
                chances[node] = float(softmax(logits)[node[-1]])
    logits = model.logits((*start, *chosen))
    return Reading(prompt, chosen, tuple(branches), logits, chances)


def _nodes(path: TokenPath) -> list[TokenPath]:
    """The paths to each of a path's tokens."""
    return [path[:length] for length in range(1, len(path) + 1)]
