"""From text to numbers: characters, words, and the subwords that models read.

In reading order: `encoding` (what every tokenizer returns), `closed` (characters and
words), `bpe` (learn merges), `pretokenization` (patterns and bytes), `merging`,
`byte_pair` and `training` (a byte-level tokenizer), `wordpiece`, `unigram`,
`vocabularies` (those of real models) and `comparison` (what they cost). Left out:
batches with padding, which is `course.inference`'s.
"""

from course.tokenization.bpe import (
    count_pairs,
    merge,
    merge_word,
    most_frequent,
    train_bpe,
    train_bpe_naively,
)
from course.tokenization.byte_pair import BytePairTokenizer
from course.tokenization.closed import (
    ClosedTokenizer,
    train_characters,
    train_words,
)
from course.tokenization.comparison import (
    Cost,
    compare_costs,
    compare_languages,
    embedding_parameters,
    measure_cost,
    vocabulary_curve,
)
from course.tokenization.encoding import Encoding, TextTokenizer
from course.tokenization.pretokenization import (
    GPT2_PATTERN,
    O200K_PATTERN,
    byte_characters,
    count_words,
    split_by_pattern,
)
from course.tokenization.training import first_merges, train_tokenizer
from course.tokenization.unigram import (
    UnigramTokenizer,
    best_segmentations,
    train_unigram,
)
from course.tokenization.vocabularies import TOKENIZERS, load_tokenizer
from course.tokenization.wordpiece import WordPieceTokenizer

__all__ = [
    "GPT2_PATTERN",
    "O200K_PATTERN",
    "TOKENIZERS",
    "BytePairTokenizer",
    "ClosedTokenizer",
    "Cost",
    "Encoding",
    "TextTokenizer",
    "UnigramTokenizer",
    "WordPieceTokenizer",
    "best_segmentations",
    "byte_characters",
    "compare_costs",
    "compare_languages",
    "count_pairs",
    "count_words",
    "embedding_parameters",
    "first_merges",
    "load_tokenizer",
    "measure_cost",
    "merge",
    "merge_word",
    "most_frequent",
    "split_by_pattern",
    "train_bpe",
    "train_bpe_naively",
    "train_characters",
    "train_tokenizer",
    "train_unigram",
    "train_words",
    "vocabulary_curve",
]
