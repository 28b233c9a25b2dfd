"""Scores of confusion tables, of one or of a thousand resamples at once.

Everything that depends only on which label was predicted for which is a function of the
table of counts, so a bootstrap needs to count the texts once. Left out: scores of
probabilities, which `course.evaluation.calibration` and `course.evaluation.thresholds`
have.

Sources: Manning et al. 2008, chapter 8 (precision, recall, F1); Gorodkin 2004, eq. 8
(Matthews correlation of more than two labels).
"""

import numpy as np

SCORES = ("f1", "precision", "recall")


def confusion_matrix(
    predictions: np.ndarray, references: np.ndarray, num_labels: int
) -> np.ndarray:
    """Count how often each label was predicted for each.

    Args:
        predictions: Predicted label numbers, shape (n,), 0 to num_labels - 1.
        references: Right label numbers, shape (n,), 0 to num_labels - 1.
        num_labels: Number of labels, k.

    Returns:
        Shape (k, k), int: row = right label, column = predicted label.

    Example:
        >>> confusion_matrix([0, 1, 1], [0, 0, 1], 2).tolist()
        [[1, 1], [0, 1]]
    """
    cells = np.asarray(references) * num_labels + np.asarray(predictions)
    counts = np.bincount(cells, minlength=num_labels**2)
    return counts.reshape(num_labels, num_labels)


def resample_confusion(
    confusion: np.ndarray, n_resamples: int = 1000, seed: int = 0
) -> np.ndarray:
    """Draw the tables of n texts drawn with replacement, without drawing texts.

    Texts in one cell of the table cannot be told apart, so drawing n texts is drawing
    how many fall into each cell.

    Args:
        confusion: Shape (k, k), counts with the sum n.
        n_resamples: Number of tables.
        seed: Seed of the draws.

    Returns:
        Shape (n_resamples, k, k), counts; each table has the sum n.

    Example:
        >>> resample_confusion(np.array([[5, 0], [0, 5]]), 3).sum(axis=(1, 2)).tolist()
        [10, 10, 10]
    """
    n = int(confusion.sum())
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(n, confusion.ravel() / n, size=n_resamples)
    return drawn.reshape(n_resamples, *confusion.shape)


def label_scores(confusions: np.ndarray) -> dict[str, np.ndarray]:
    """Return F1, precision and recall of every label.

    Args:
        confusions: Shape (tables, k, k), counts.

    Returns:
        `f1`, `precision` and `recall`, each of shape (tables, k), 0 to 1: 0 where a
        label was never predicted or never right, nan where it was neither.

    Example:
        >>> scores = label_scores(np.array([[[1, 1], [0, 2]]]))
        >>> scores["recall"].tolist()
        [[0.5, 1.0]]
    """
    hits = np.diagonal(confusions, axis1=1, axis2=2)
    support, predicted = confusions.sum(axis=2), confusions.sum(axis=1)
    absent = support + predicted == 0
    below = {"f1": (support + predicted) / 2, "precision": predicted, "recall": support}
    return {
        # Where the denominator is 0 so are the hits: 0 / 0.5 stands for 0 / 0.
        name: np.where(absent, np.nan, hits / np.maximum(below[name], 0.5))
        for name in SCORES
    }


def average_scores(confusions: np.ndarray) -> dict[str, np.ndarray]:
    """Return the scores of whole tables.

    Args:
        confusions: Shape (tables, k, k), counts; no table is empty.

    Returns:
        `f1_macro`, `precision_macro` and `recall_macro`, plain means over the labels
        that occur, 0 to 1, and `matthews_correlation`, -1 to 1 and 0 where only one
        label is right or predicted; each of shape (tables,).

    Example:
        >>> average_scores(np.array([[[1, 1], [0, 2]]]))["recall_macro"].tolist()
        [0.75]
    """
    scores = label_scores(confusions)
    macro = {f"{name}_macro": np.nanmean(scores[name], axis=1) for name in SCORES}
    # In floats: the fourth power of a count need not fit an integer.
    counts = confusions.astype(np.float64)
    n, hits = counts.sum(axis=(1, 2)), np.trace(counts, axis1=1, axis2=2)
    support, predicted = counts.sum(axis=2), counts.sum(axis=1)
    together = hits * n - (support * predicted).sum(axis=1)
    spread = (n**2 - (support**2).sum(axis=1)) * (n**2 - (predicted**2).sum(axis=1))
    matthews = np.where(spread > 0, together / np.sqrt(np.maximum(spread, 1)), 0.0)
    return macro | {"matthews_correlation": matthews}
