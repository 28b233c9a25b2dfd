"""How many labels does it take? Five ways to a classifier, at three label budgets.

`recorded()` reads what `python -m course.finetuning.label_budgets` measured when the
kit was made: film review sentences, learned from 50, 500 and 5,000 labels by a baseline
of words, a frozen MiniLM, its last layers, all its layers, and the same layers with
random weights; then what the fine-tuned model lost by learning another task, and what
it knows of longer reviews. Left out: tuning. One setting serves all budgets, so the
record compares ways to learn, and is no best result of any.

Sources: Howard and Ruder 2018 (label budgets), McCloskey and Cohen 1989 (forgetting).
"""

import copy
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import torch

from course import assets, hardware
from course.data import load_task
from course.evaluation.intervals import Interval, wilson
from course.finetuning.baselines import tfidf_model
from course.finetuning.pooled import (
    PooledClassifier,
    autocast,
    choose_trainable,
    count_correct,
    train,
)
from course.inference import encode

FILE = Path(__file__).parent / "recorded" / "label_budgets.json"
METHODS = ("tfidf", "frozen", "last", "full", "random")
EPOCHS = {50: 6, 500: 3, 5000: 1}  # budget -> passes over its texts
SEEDS = {50: 2, 500: 1, 5000: 1}  # budget -> draws of the texts, where training is dear
CHEAP_SEEDS = {50: 10, 500: 5, 5000: 1}  # the same for tfidf and frozen
POOL, TEST = 5000, 1000  # texts to draw from, test texts
PARTS = ("curves", "domain", "forgetting")
SPAM, RATES = 480, (1e-4, 5e-4, 1e-3)  # of the second task: messages, learning rates
REVIEWS, TEST_REVIEWS, REVIEW_TOKENS = 200, 300, 128  # the second domain


@dataclass(frozen=True)
class Row:
    """One way to learn at one label budget.

    Attributes:
        method: One of `METHODS`.
        labels: Texts with a label that it learned from.
        correct: Right answers on the test texts, for each draw of the training texts.
        n: Number of test texts.
        seconds: Of training and testing, all draws together; for `frozen` without the
            reading of the texts by the encoder, which is done once for all.
    """

    method: str
    labels: int
    correct: list[int]
    n: int
    seconds: float

    @property
    def accuracy(self) -> Interval:
        """Mean accuracy over the draws; the interval is that of the test texts."""
        return wilson(round(mean(self.correct)), self.n)

    @property
    def spread(self) -> tuple[float, float]:
        """Lowest and highest accuracy among the draws."""
        return min(self.correct) / self.n, max(self.correct) / self.n


def recorded() -> list[Row]:
    """Return the learning curves that were measured when the kit was made.

    Example:
        >>> sorted({row.labels for row in recorded()})
        [50, 500, 5000]
    """
    return [Row(**row) for row in _read()["rows"]]


def recorded_transfer(kind: str) -> dict[str, Interval]:
    """Return accuracies of the model fine-tuned on 5,000 sentences, elsewhere.

    Args:
        kind: `domain` (by way to learn, accuracy on whole film reviews); or, after a
            pass over `SPAM` messages of the spam task by its learning rate, `spam`
            (accuracy there) and `forgetting` (accuracy on the sentences, `before` too).

    Example:
        >>> list(recorded_transfer("forgetting"))
        ['before', '0.0001', '0.0005', '0.001']
    """
    return {name: wilson(*counts) for name, counts in _read()[kind].items()}


def _read() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


# --- How it was measured --------------------------------------------------------------


class Splits:
    """A task's texts as token ids, with the labels as arrays."""

    def __init__(self, task: str, max_length: int, train: int, test: int) -> None:
        """Read the first so many texts of each split."""
        from transformers import AutoTokenizer

        dataset = load_task(task, seed=0)
        tokenizer = AutoTokenizer.from_pretrained(assets.path("minilm"))
        self.texts, self.ids, self.labels = {}, {}, {}
        for split, size in (("train", train), ("test", test)):
            part = dataset[split].select(range(min(size, len(dataset[split]))))
            self.texts[split] = list(part["text"])
            self.ids[split] = encode(tokenizer, self.texts[split], max_length)[0]
            self.labels[split] = np.asarray(part["label"])

    def tfidf_correct(self, chosen: np.ndarray, test: "Splits") -> int:
        """Fit the baseline on some training texts; count right answers elsewhere."""
        texts = [self.texts["train"][i] for i in chosen]
        model = tfidf_model().fit(texts, self.labels["train"][chosen])
        return int((model.predict(test.texts["test"]) == test.labels["test"]).sum())


def record(parts: Sequence[str] = PARTS) -> None:
    """Measure and write, after each step: a break loses little.

    Args:
        parts: Which of `PARTS` to measure; what is recorded of others stays.
    """
    hardware.apply_threads()
    data = Splits("sentiment", 64, POOL, TEST)
    result: dict[str, Any] = _read() if FILE.exists() else {}
    if "curves" in parts:
        _curves(result, data)
    if set(parts) & {"domain", "forgetting"}:
        _, model = _measure(data, {}, "full", POOL, 0)
        before = copy.deepcopy(model.state_dict())
        if "domain" in parts:
            _domain(result, model, data)
        if "forgetting" in parts:
            _forgetting(result, model, before, data)


def _curves(result: dict[str, Any], data: Splits) -> None:
    result["rows"] = []
    features = _frozen_features(data)
    for method in METHODS:
        for budget in EPOCHS:
            seeds = (CHEAP_SEEDS if method in METHODS[:2] else SEEDS)[budget]
            start = time.perf_counter()
            draws = (_measure(data, features, method, budget, s) for s in range(seeds))
            correct = [count for count, _ in draws]
            seconds = round(time.perf_counter() - start, 1)
            row = Row(method, budget, correct, TEST, seconds)
            result["rows"].append(vars(row))
            _write(result, f"{method} {budget}: {row.accuracy} {row.spread} {seconds}")


def _measure(
    data: Splits, features: dict[str, np.ndarray], method: str, budget: int, seed: int
) -> tuple[int, Any]:
    """Learn from a draw of training texts; count right answers on the test texts."""
    generator = np.random.default_rng(seed)
    chosen = generator.permutation(len(data.ids["train"]))[:budget]
    labels = data.labels["train"][chosen]
    if method == "tfidf":
        return data.tfidf_correct(chosen, data), None
    if method == "frozen":
        from sklearn.linear_model import LogisticRegression

        head = LogisticRegression(C=10.0, max_iter=2000)
        head.fit(features["train"][chosen], labels)
        right = head.predict(features["test"]) == data.labels["test"]
        return int(right.sum()), None
    torch.manual_seed(seed)
    model = PooledClassifier(pretrained=method != "random")
    choose_trainable(model, method)
    train(model, [data.ids["train"][i] for i in chosen], labels, EPOCHS[budget], seed)
    return count_correct(model, data.ids["test"], data.labels["test"]), model


def _frozen_features(data: Splits) -> dict[str, np.ndarray]:
    model = PooledClassifier().eval()
    found = {}
    for split, rows in data.ids.items():
        order = np.argsort([*map(len, rows)], kind="stable")
        vectors = np.zeros((len(rows), model.head.in_features), dtype=np.float32)
        for batch in np.array_split(order, len(rows) // 64):
            with torch.inference_mode(), autocast():
                vectors[batch] = model.features([rows[i] for i in batch]).numpy()
        found[split] = vectors
    return found


def _domain(result: dict[str, Any], model: PooledClassifier, data: Splits) -> None:
    """Measure on whole reviews: of words, by transfer, and with some of their own."""
    reviews = Splits("reviews", REVIEW_TOKENS, REVIEWS, TEST_REVIEWS)
    result["domain"] = {}

    def note(name: str, count: int) -> None:
        result["domain"][name] = [count, TEST_REVIEWS]
        _write(result, f"{name}: {count} of {TEST_REVIEWS}")

    def measure() -> int:
        return count_correct(model, reviews.ids["test"], reviews.labels["test"])

    note("tfidf, sentences", data.tfidf_correct(np.arange(POOL), reviews))
    note("tfidf, reviews", reviews.tfidf_correct(np.arange(REVIEWS), reviews))
    note("full, sentences", measure())
    train(model, reviews.ids["train"], reviews.labels["train"], 1, seed=0)
    note("full, sentences, then reviews", measure())


def _forgetting(
    result: dict[str, Any],
    model: PooledClassifier,
    before: dict[str, torch.Tensor],
    data: Splits,
) -> None:
    """Train the encoder on spam, with a new head; then ask for the sentences again."""
    spam = Splits("spam", 64, SPAM, TEST // 2)
    old = model.head

    def note(kind: str, name: str, splits: Splits) -> None:
        count = count_correct(model, splits.ids["test"], splits.labels["test"])
        result[kind][name] = [count, len(splits.labels["test"])]
        _write(result, f"{kind} {name}: {result[kind][name]}")

    model.load_state_dict(before)
    result["forgetting"], result["spam"] = {}, {}
    note("forgetting", "before", data)
    for rate in RATES:
        model.load_state_dict(before)
        torch.manual_seed(0)
        model.head = torch.nn.Linear(old.in_features, 2)
        train(model, spam.ids["train"], spam.labels["train"], 1, seed=0, rate=rate)
        note("spam", str(rate), spam)
        model.head = old
        note("forgetting", str(rate), data)


def _write(result: dict[str, Any], line: str) -> None:
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(line, flush=True)


if __name__ == "__main__":
    record(sys.argv[1:] or PARTS)
