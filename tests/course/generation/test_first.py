"""The stored distribution. Alone: pytest tests/course/generation/test_first.py."""

import json

import numpy as np
import pytest

from course.generation import first, first_logits, ranking, softmax


def test_it_is_a_distribution_and_cannot_be_changed():
    logits = first_logits()
    assert np.exp(logits.astype(float)).sum() == pytest.approx(1, abs=1e-3)
    assert logits.shape == (49_152,)
    with pytest.raises(ValueError, match="read-only"):
        logits[0] = 0


def test_the_estimate_falls_below_what_is_known():
    logits = first_logits()
    stored = json.loads(first.FILE.read_text("utf-8"))
    assert set(ranking(logits)[: first.MOST_STORED]) == set(stored["tokens"])
    assert stored["prompt"] == first.PROMPT
    assert len(first.FILE.read_bytes()) < 20_000


def test_stored_and_read_again(tmp_path, monkeypatch):
    logits = np.random.default_rng(0).normal(0, 2, 2000)
    file = tmp_path / "first.json"
    first.store_first(logits, file)
    monkeypatch.setattr(first, "FILE", file)
    read = first.first_logits.__wrapped__()
    best = ranking(logits)[: first.MOST_STORED]
    np.testing.assert_allclose(softmax(read)[best], softmax(logits)[best], rtol=1e-3)
