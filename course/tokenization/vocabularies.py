"""Vocabularies of real models, behind one interface.

`gpt2`, `o200k` (GPT-4o's) and `minilm` (BERT's) run through the code of this package,
from the files as their makers published them. `smollm2` runs through the `tokenizers`
library, which reads the model's own file. Left out: where the files come from
(`course.assets`), and chat templates.
"""

import base64
import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from course.errors import unknown_name
from course.tokenization.byte_pair import BytePairTokenizer
from course.tokenization.encoding import (
    Encoding,
    TextTokenizer,
    check_ids,
    replace_surrogates,
)
from course.tokenization.pretokenization import O200K_PATTERN, to_bytes
from course.tokenization.wordpiece import WordPieceTokenizer

if TYPE_CHECKING:
    import tokenizers

TOKENIZERS = ("minilm", "gpt2", "o200k", "smollm2")


def load_tokenizer(name: str) -> TextTokenizer:
    """Load the tokenizer of a model; a second call returns the same one.

    Args:
        name: "minilm" (WordPiece, 30,522 tokens), "gpt2" (byte-level BPE, 50,257),
            "o200k" (GPT-4o's byte-level BPE, 200,019) or "smollm2" (byte-level BPE,
            49,152).

    Raises:
        CourseError: If the name is unknown, or its files cannot be fetched.
    """
    if name not in TOKENIZERS:
        raise unknown_name("tokenizer", name, TOKENIZERS)
    return _load(name)


@cache
def _load(name: str) -> TextTokenizer:
    from course import assets

    if name == "minilm":
        return read_wordpiece(assets.path("minilm"))
    if name == "gpt2":
        return read_gpt2(assets.path("gpt2-bpe"))
    if name == "o200k":
        return read_o200k(assets.path("o200k"))
    return LibraryTokenizer.read(assets.path("smollm2"), "SmolLM2 (BPE)")


def read_wordpiece(folder: Path) -> WordPieceTokenizer:
    """Read BERT's form of a vocabulary: `vocab.txt`, one token per line.

    Args:
        folder: Where the file is.
    """
    lines = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    tokens = [line for line in lines if line]
    return WordPieceTokenizer(tokens, name="MiniLM (WordPiece)")


def read_gpt2(folder: Path) -> BytePairTokenizer:
    """Read GPT-2's form: `encoder.json` has the numbers, `vocab.bpe` the merges.

    Args:
        folder: Where the files are.
    """
    text = (folder / "encoder.json").read_text(encoding="utf-8")
    numbers = json.loads(text)
    special = {"<|endoftext|>": numbers.pop("<|endoftext|>")}
    # The first line of the merges is a comment.
    lines = (folder / "vocab.bpe").read_text(encoding="utf-8").split("\n")[1:]
    pairs = [line.split(" ") for line in lines if line]
    return BytePairTokenizer(
        [to_bytes(token) for token in sorted(numbers, key=numbers.get)],
        [(to_bytes(left), to_bytes(right)) for left, right in pairs],
        special_tokens=special,
        name="GPT-2 (BPE)",
    )


def read_o200k(folder: Path) -> BytePairTokenizer:
    """Read tiktoken's form: a token in base64 and its number on each line.

    Args:
        folder: Where `o200k_base.tiktoken.gz` is.
    """
    data = gzip.decompress((folder / "o200k_base.tiktoken.gz").read_bytes())
    return BytePairTokenizer(
        [base64.b64decode(line.split(b" ")[0]) for line in data.splitlines()],
        pattern=O200K_PATTERN,
        # As tiktoken numbers them; the numbers between are not used.
        special_tokens={"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018},
        name="GPT-4o (BPE)",
    )


class LibraryTokenizer:
    """A `tokenizers.Tokenizer` behind the interface of this package."""

    def __init__(self, tokenizer: "tokenizers.Tokenizer", name: str) -> None:
        """Wrap a tokenizer.

        Args:
            tokenizer: Of the `tokenizers` library; its padding, truncation and special
                tokens are switched off, those written in a text included.
            name: For tables and pictures.
        """
        from tokenizers import Tokenizer

        self.name = name
        content = json.loads(tokenizer.to_str())
        unk_token = content["model"].get("unk_token")
        self.unk_id = tokenizer.token_to_id(unk_token) if unk_token else None
        vocabulary = tokenizer.get_vocab()
        self.vocab_size = max(vocabulary.values()) + 1
        self.tokens = [""] * self.vocab_size
        for token, number in vocabulary.items():
            self.tokens[number] = token
        # Without added tokens, which the library would find in any text.
        content |= {"added_tokens": [], "padding": None, "truncation": None}
        self._tokenizer = Tokenizer.from_str(json.dumps(content))

    @classmethod
    def read(cls, folder: Path, name: str) -> "LibraryTokenizer":
        """Read `tokenizer.json`.

        Args:
            folder: Where the file is.
            name: For tables and pictures.
        """
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(folder / "tokenizer.json")), name)

    def encode(self, text: str) -> Encoding:
        """Cut a text into tokens.

        Args:
            text: Any string; a lone surrogate counts as U+FFFD.
        """
        found = self._tokenizer.encode(
            replace_surrogates(text), add_special_tokens=False
        )
        spans = [tuple(span) for span in found.offsets]
        return Encoding(text, tuple(found.ids), tuple(found.tokens), tuple(spans))

    def decode(self, ids: Iterable[int]) -> str:
        """Put tokens together again.

        Raises:
            CourseError: If a number is none of the vocabulary's.
        """
        ids = check_ids(ids, self.vocab_size, self.name)
        return self._tokenizer.decode(ids, skip_special_tokens=False)
