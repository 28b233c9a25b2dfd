"""The unigram tokenizer: of all ways to cut a text, the most probable one.

Every piece of the vocabulary has a probability of its own; a segmentation's is the
product of its pieces'. Viterbi's algorithm finds the best one without trying all: the
best way to reach a character ends in some piece, before which stands the best way to
reach that piece's start. Left out: the training's mathematics, for which
`train_unigram` calls the `tokenizers` library, and normalisation.

Source: Kudo 2018, section 3.2; Kudo and Richardson 2018 (SentencePiece) for "▁".
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from course.errors import CourseError
from course.tokenization.encoding import Encoding, check_ids, replace_surrogates

SPACE = "▁"  # U+2581 stands for the space, so that pieces can be joined again
_PENALTY = 10.0  # how much less likely than the rarest piece an unknown character is


def best_segmentations(
    text: str, log_probabilities: Mapping[str, float], n: int = 1
) -> list[tuple[float, list[str]]]:
    """Find the most probable ways to cut a text into pieces.

    Args:
        text: The text.
        log_probabilities: Natural logarithm of each piece's probability.
        n: How many ways, at least 1.

    Returns:
        Log-probability and pieces, the best first; fewer than `n` where there are no
        more, none where the pieces cannot spell the text.

    Example:
        >>> pieces = {"a": -1.0, "b": -1.0, "ab": -1.5}
        >>> best_segmentations("ab", pieces, n=3)
        [(-1.5, ['ab']), (-2.0, ['a', 'b'])]
    """
    if n < 1:
        raise CourseError(f"n {n} came; ask for at least 1 segmentation.")
    longest = max(map(len, log_probabilities), default=0)
    # best[i]: the n best ways to cut the first i characters.
    best: list[list[tuple[float, list[str]]]] = [[(0.0, [])]]
    for end in range(1, len(text) + 1):
        ways = []
        for start in range(max(0, end - longest), end):
            piece = text[start:end]
            if piece in log_probabilities:
                step = log_probabilities[piece]
                ways += [(total + step, [*cut, piece]) for total, cut in best[start]]
        best.append(sorted(ways, key=lambda way: -way[0])[:n])
    return best[-1]


class UnigramTokenizer:
    """Viterbi over a vocabulary with log-probabilities, as `tokenizers` has it.

    Example:
        >>> pieces = [("<unk>", 0.0), ("▁", -3.0), ("un", -2.0), ("▁un", -4.0)]
        >>> UnigramTokenizer(pieces).encode("unun").tokens
        ('▁un', 'un')
    """

    def __init__(
        self,
        vocabulary: Sequence[tuple[str, float]],
        unk_id: int = 0,
        *,
        name: str = "Unigram",
    ) -> None:
        """Make a tokenizer of a vocabulary.

        Args:
            vocabulary: Each piece and its log-probability, at its number.
            unk_id: Number of the unknown token, for characters that no piece spells.
            name: For tables and pictures.

        Raises:
            CourseError: If no piece has that number.
        """
        if not 0 <= unk_id < len(vocabulary):
            raise CourseError(
                f"unk_id {unk_id} came with {len(vocabulary)} pieces: give the number "
                "of the unknown token."
            )
        self.name, self.unk_id = name, unk_id
        self.tokens = [piece for piece, _ in vocabulary]
        self.log_probabilities = dict(vocabulary)
        self._numbers = {piece: number for number, piece in enumerate(self.tokens)}
        self._longest = max(map(len, self.tokens))
        self._unknown = min(score for _, score in vocabulary) - _PENALTY

    @property
    def vocab_size(self) -> int:
        """How many pieces the vocabulary has."""
        return len(self.tokens)

    def split_word(self, word: str) -> list[tuple[int, int, int]]:
        """Cut one word into its most probable pieces.

        Args:
            word: A word, its space written as "▁".

        Returns:
            Number, first character and first after it of each piece; neighbouring
            unknown characters are one unknown token.
        """
        # Score of the best way to reach each place, and the piece it ends in.
        best = [0.0] + [-math.inf] * len(word)
        last: list[tuple[int, int]] = [(0, 0)] * (len(word) + 1)
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                number = self._numbers.get(word[start:end])
                if number is not None:
                    score = best[start] + self.log_probabilities[word[start:end]]
                elif end == start + 1:
                    number, score = self.unk_id, best[start] + self._unknown
                else:
                    continue
                if score > best[end]:  # of equals, the first: it begins earlier
                    best[end], last[end] = score, (start, number)
        pieces, end = [], len(word)
        while end:  # back from the end, along the pieces
            start, number = last[end]
            if pieces and number == self.unk_id == pieces[-1][0]:
                pieces[-1] = (number, start, pieces[-1][2])
            else:
                pieces.append((number, start, end))
            end = start
        return pieces[::-1]

    def encode(self, text: str) -> Encoding:
        """Cut a text into tokens.

        Args:
            text: Any string; a lone surrogate counts as U+FFFD. A space is put before
                it, so that its first word is a word like the others; a token of that
                space alone stands for no text and has the span (0, 0).
        """
        marked = SPACE + replace_surrogates(text).replace(" ", SPACE) if text else ""
        if text[:1] in (" ", SPACE):  # there is one already
            marked = marked[1:]
        added = len(marked) - len(text)
        ids, spans = [], []
        for first, after in _words(marked):
            for number, start, end in self.split_word(marked[first:after]):
                ids.append(number)
                start, end = first + start - added, first + end - added
                spans.append((max(start, 0), max(end, 0)))
        names = tuple(self.tokens[number] for number in ids)
        return Encoding(text, tuple(ids), names, tuple(spans))

    def decode(self, ids: Iterable[int]) -> str:
        """Put tokens together again; the space before the first word is taken off.

        Raises:
            CourseError: If a number is none of the vocabulary's.
        """
        ids = check_ids(ids, self.vocab_size, self.name)
        text = "".join(self.tokens[number] for number in ids)
        return text.removeprefix(SPACE).replace(SPACE, " ")


def _words(marked: str) -> list[tuple[int, int]]:
    """Cut before every "▁"."""
    starts = [i for i, character in enumerate(marked) if character == SPACE or i == 0]
    return list(pairwise([*starts, len(marked)]))


def train_unigram(
    texts: Iterable[str], vocab_size: int, *, name: str = "own Unigram"
) -> UnigramTokenizer:
    """Learn pieces and their probabilities with the `tokenizers` library.

    It starts from many pieces and drops, time after time, those whose loss makes the
    texts the least improbable.

    Args:
        texts: The texts.
        vocab_size: Pieces wanted, the unknown token and every character included.
        name: For tables and pictures.

    Raises:
        CourseError: If the texts are one string or empty, or the size leaves no room
            for their characters.
    """
    if isinstance(texts, str):
        raise CourseError("One string came, a list of texts is expected: write [text].")
    texts = [replace_surrogates(text) for text in texts]
    characters = {c for text in texts for c in text.replace(" ", SPACE)}
    needed = len(characters | {SPACE}) + 1
    if not characters or vocab_size < needed:
        raise CourseError(
            f"vocab_size {vocab_size} came with {len(characters)} different "
            "characters; each needs a token: give texts and a size from "
            f"{needed}."
        )
    import json

    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=vocab_size,
        unk_token="<unk>",
        special_tokens=["<unk>"],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = [(piece, score) for piece, score in model["vocab"]]
    return UnigramTokenizer(vocabulary, model["unk_id"], name=name)
