"""What a model must beat: the commonest label, and TF-IDF with logistic regression.

Both are fitted on the training split and measured on the split that the model is
measured on, with their seconds and bytes. A fine-tuned network that does not beat the
second is not worth its size. Left out: tuning them; their scikit-learn defaults are
strong already.
"""

import re
import time
from typing import Any

import numpy as np
from datasets import DatasetDict
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from course.data import label_names
from course.evaluation import evaluate_predictions

_WORD = re.compile(r"\w\w")


def majority(dataset: DatasetDict, split: str = "test") -> np.ndarray:
    """Predict for every text the label shares of the training split.

    Args:
        dataset: Splits train and `split` with columns `text` and `label`.
        split: The split to predict.

    Returns:
        Probabilities, shape (n, num_labels), all rows equal.
    """
    counts = np.bincount(
        dataset["train"]["label"], minlength=len(label_names(dataset))
    ).astype(float)
    return np.tile(counts / counts.sum(), (len(dataset[split]), 1))


def tfidf_model(seed: int = 0, analyzer: str = "word") -> Any:
    """Return an unfitted TF-IDF and logistic regression pipeline.

    Words and pairs of words, weighed by their rarity (Sparck Jones 1972), with the
    counts dampened by a logarithm: in the comparison by Wang and Manning (2012) pairs
    of words made linear models hard to beat on short reviews.

    Args:
        seed: Seed of the solver.
        analyzer: What is counted: `word` or, for texts without words, `char`.

    Example:
        >>> model = tfidf_model().fit(["good", "bad", "good film"], [1, 0, 1])
        >>> model.predict(["good"]).tolist()
        [1]
    """
    words = TfidfVectorizer(analyzer=analyzer, ngram_range=(1, 2), sublinear_tf=True)
    return make_pipeline(
        words, LogisticRegression(C=10.0, max_iter=1000, random_state=seed)
    )


def measure(
    dataset: DatasetDict,
    split: str = "test",
    positive_label: str | None = None,
    seed: int = 0,
) -> dict[str, dict[str, Any]]:
    """Fit and measure both baselines.

    Args:
        dataset: Splits train and `split` with columns `text` and `label`.
        split: The split to measure on.
        positive_label: As in `evaluate_predictions`.
        seed: Seed of solver and bootstrap.

    Returns:
        `majority` and `tfidf_logistic_regression`, each with `metrics`, `seconds` (of
        fitting and predicting) and `bytes` (of the fitted numbers and words).
    """
    references = np.asarray(dataset[split]["label"])
    labels = label_names(dataset)

    def report(probabilities: np.ndarray, seconds: float, size: int) -> dict[str, Any]:
        evaluation = evaluate_predictions(
            probabilities, references, labels, positive_label=positive_label, seed=seed
        )
        metrics = evaluation.to_dict()["metrics"]
        return {"metrics": metrics, "seconds": round(seconds, 3), "bytes": size}

    start = time.perf_counter()
    commonest = majority(dataset, split)
    result = {"majority": report(commonest, time.perf_counter() - start, 0)}

    start = time.perf_counter()
    texts = list(dataset["train"]["text"])
    # scikit-learn's words have two letters or more; texts of emoji hold none.
    analyzer = "word" if any(map(_WORD.search, texts)) else "char"
    model = tfidf_model(seed, analyzer).fit(texts, dataset["train"]["label"])
    probabilities = np.zeros((len(references), len(labels)))
    # A label without a training text has no column in the fitted model.
    probabilities[:, model[-1].classes_] = model.predict_proba(dataset[split]["text"])
    seconds = time.perf_counter() - start
    words = sum(len(word.encode()) + 4 for word in model[0].vocabulary_)
    numbers = model[0].idf_.nbytes + model[-1].coef_.nbytes
    result["tfidf_logistic_regression"] = report(
        probabilities, seconds, words + numbers
    )
    return result
