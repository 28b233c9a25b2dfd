"""Hide words of a text from a model by replacing token ids.

The usual way is to join the visible words to a string, write "[MASK]" between them and
tokenize again. The new tokens then need not be the old ones: with its first piece
hidden, "unbelievably" falls apart differently. Here the text is tokenized once and only
ids are replaced. So a row of ids is the text with exactly the chosen words hidden, and
all rows have the same length.

A *player*, as in a cooperative game, is what is hidden or shown as one: a word, or a
single token. The special tokens that the tokenizer adds are always there. Left out:
deleting words instead of masking them, which would move all later positions.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.errors import CourseError
from course.inference import Classifier

UNITS = ("word", "token")
SPECIAL = -1  # in `player_of_token`: belongs to no player, never masked
# Apostrophes and hyphens inside a word, which most tokenizers make tokens of their own.
_INSIDE_WORD = re.compile(r"(?<=\w)['’‐-](?=\w)")  # noqa: RUF001


@dataclass(frozen=True)
class MaskedText:
    """A text as a model reads it, and who is who in it.

    Attributes:
        input_ids: Shape (length,), the token ids of the whole text.
        players: n strings that make up the text that is read, spaces included.
        player_of_token: Shape (length,), number of the player from 0, or `SPECIAL`.
        mask_token_id: What stands in for a hidden token.
        mask_token: The same as a string.
        truncated: Whether the model reads only the beginning of the text.

    Example:
        >>> text = MaskedText(np.array([101, 7, 8, 102]), ["not ", "bad"],
        ...                   np.array([SPECIAL, 0, 1, SPECIAL]), 103, "[MASK]", False)
        >>> text.rows([[True, False]])
        array([[101,   7, 103, 102]])
    """

    input_ids: np.ndarray
    players: list[str]
    player_of_token: np.ndarray
    mask_token_id: int
    mask_token: str
    truncated: bool

    def rows(self, presence: Any) -> np.ndarray:
        """Return the token ids of the text with the absent players masked.

        Args:
            presence: Shape (n, players), True where a player is to be seen.

        Returns:
            Token ids, shape (n, length).
        """
        presence = np.atleast_2d(np.asarray(presence, dtype=bool))
        # One more column, always True, is what the number SPECIAL = -1 points at.
        always = np.ones((len(presence), 1), dtype=bool)
        seen = np.hstack([presence, always])[:, self.player_of_token]  # (n, length)
        return np.where(seen, self.input_ids, self.mask_token_id)


def read_text(classifier: Classifier, text: str, unit: str = "word") -> MaskedText:
    """Tokenize a text as the classifier does and divide it into players.

    Args:
        classifier: The model that reads it.
        text: Any text, also an empty one; it is cut where the model stops reading.
        unit: `"word"`, or `"token"` for every word piece.

    Returns:
        The text, ready to be masked. Its players, joined, are the text that is read.

    Raises:
        CourseError: If the unit is unknown, or the tokenizer cannot say where in the
            text a token comes from.
    """
    if unit not in UNITS:
        raise CourseError(f"The unit {unit!r} came; choose one of {', '.join(UNITS)}.")
    tokenizer = classifier.tokenizer
    if not tokenizer.is_fast:
        raise CourseError(
            f"The tokenizer of {classifier.run.name} does not tell where its tokens "
            "stand in the text: save the model with a fast tokenizer."
        )
    (ids,), (truncated,) = classifier.encode([text])
    text = text.encode("utf-8", "replace").decode("utf-8")  # as `encode` reads it
    encoding = tokenizer(
        text,
        truncation=True,
        max_length=classifier.max_length,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
    )
    player_of_token, starts = _divide(encoding, text, unit)
    end = encoding["offset_mapping"][_last(player_of_token)][1] if starts else 0
    # What stands before the first and between two players goes to the earlier one.
    edges = [0, *starts[1:], end if truncated else len(text)]
    players = [text[edges[i] : edges[i + 1]] for i in range(len(starts))]
    mask_token_id = stand_in(tokenizer)
    return MaskedText(
        input_ids=np.array(ids),
        players=players,
        player_of_token=player_of_token,
        mask_token_id=mask_token_id,
        mask_token=tokenizer.convert_ids_to_tokens(mask_token_id),
        truncated=bool(truncated),
    )


def stand_in(tokenizer: Any) -> int:
    """Choose the id that hides a token: the mask token's, else the nearest thing.

    Args:
        tokenizer: A Hugging Face tokenizer.

    Returns:
        The id of the mask token. A tokenizer that has none was not trained with holes
        in its texts; then it is the unknown token, which at least means "some token",
        and failing that the padding token.
    """
    known = (
        tokenizer.mask_token_id,
        tokenizer.unk_token_id,
        tokenizer.pad_token_id,  # a Classifier always has one
    )
    return next(number for number in known if number is not None)


def _divide(encoding: Any, text: str, unit: str) -> tuple[np.ndarray, list[int]]:
    """Return each token's player, and where in the text each player starts."""
    offsets, words = encoding["offset_mapping"], encoding.word_ids()
    joints = {match.start() for match in _INSIDE_WORD.finditer(text)}
    player_of_token = np.full(len(offsets), SPECIAL)
    starts: list[int] = []
    previous_end, previous_word = -1, None
    for token, (start, end) in enumerate(offsets):
        if encoding["special_tokens_mask"][token]:
            continue
        # Some tokenizers cut a character, such as an emoji, into several tokens.
        joined = start < previous_end
        if unit == "word":
            joined |= previous_word is not None and words[token] == previous_word
            joined |= start == previous_end and _hangs_together(text, start, joints)
        if not joined:
            starts.append(start)
        player_of_token[token] = len(starts) - 1
        previous_end, previous_word = end, words[token]
    return player_of_token, starts


def _hangs_together(text: str, start: int, joints: set[int]) -> bool:
    """Whether a word goes on at this place: "can't", "well-made", "...", "!!"."""
    if start in joints or start - 1 in joints:
        return True
    repeated = 0 < start < len(text) and text[start] == text[start - 1]
    return repeated and not text[start].isalnum()


def _last(player_of_token: np.ndarray) -> int:
    """Position of the last token that belongs to a player."""
    return int(np.flatnonzero(player_of_token != SPECIAL)[-1])
