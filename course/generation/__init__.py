"""From the logits of a language model to the next token of a text.

In reading order: `cutting` (temperature, top_k, top_p, min_p, sampling), `candidates`
(what becomes of each token), `branching` (texts that begin alike), `language_model`
(SmolLM2 and its KV cache), `reading` (what it says of all branches) and `first` (a
distribution that needs no model). Left out:
beam search, and answers to chat messages.
"""

from course.generation.branching import (
    Branch,
    keep_path,
    list_branches,
    path_probability,
)
from course.generation.candidates import (
    MOST_SHOWN,
    Candidate,
    NextToken,
    cut_distribution,
)
from course.generation.cutting import (
    apply_min_p,
    apply_temperature,
    apply_top_k,
    apply_top_p,
    entropy,
    greedy,
    probabilities,
    ranking,
    sample,
    softmax,
)
from course.generation.first import PROMPT, first_logits
from course.generation.language_model import (
    LanguageModel,
    continue_text,
    encode_prompt,
    load_language_model,
    token_bytes,
    token_texts,
    word_tokens,
)
from course.generation.reading import BranchRow, Reading, read_text

__all__ = [
    "MOST_SHOWN",
    "PROMPT",
    "Branch",
    "BranchRow",
    "Candidate",
    "LanguageModel",
    "NextToken",
    "Reading",
    "apply_min_p",
    "apply_temperature",
    "apply_top_k",
    "apply_top_p",
    "continue_text",
    "cut_distribution",
    "encode_prompt",
    "entropy",
    "first_logits",
    "greedy",
    "keep_path",
    "list_branches",
    "load_language_model",
    "path_probability",
    "probabilities",
    "ranking",
    "read_text",
    "sample",
    "softmax",
    "token_bytes",
    "token_texts",
    "word_tokens",
]
