"""Run alone: pytest tests/course/evaluation/test_resampling.py."""

import numpy as np
import pytest

from course.errors import CourseError
from course.evaluation import resampling
from course.evaluation.resampling import (
    block_widths,
    common_length,
    resample_counts,
    resample_totals,
)


def test_each_resample_draws_as_many_items_as_there_are():
    counts = np.concatenate(list(resample_counts(7, n_resamples=50)), axis=1)
    assert counts.shape == (7, 50)
    assert (counts.sum(axis=0) == 7).all()
    assert (counts >= 0).all()


def test_items_are_drawn_with_replacement_and_alike():
    counts = np.concatenate(list(resample_counts(20, n_resamples=4000)), axis=1)
    # Mean 1; its standard error is 1 / sqrt(4000) = 0.016, so 0.08 is five of them.
    assert np.abs(counts.mean(axis=1) - 1).max() < 0.08
    # (1 - 1/20) ** 20 = 0.358 of the draws miss an item.
    assert (counts == 0).mean() == pytest.approx(0.3585, abs=0.01)


def test_same_seed_same_draws_and_another_seed_others():
    first, again, other = (
        np.concatenate(list(resample_counts(9, 30, seed)), axis=1) for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_blocks_cover_all_resamples(monkeypatch):
    monkeypatch.setattr(resampling, "BLOCK", 100)
    blocks = list(resample_counts(30, n_resamples=10))
    assert [block.shape[1] for block in blocks] == [3, 3, 3, 1]


def test_an_item_larger_than_a_block_still_gets_its_resamples(monkeypatch):
    monkeypatch.setattr(resampling, "BLOCK", 100)
    assert list(block_widths(size=1000, n_resamples=3)) == [1, 1, 1]


def test_totals_are_the_sums_of_what_was_drawn():
    per_item = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    [counts] = resample_counts(3, n_resamples=25, seed=3)
    by_hand = [
        sum((counts[i, r] * per_item[i] for i in range(3)), start=np.zeros(2))
        for r in range(25)
    ]
    assert np.allclose(resample_totals(per_item, 25, seed=3), by_hand)


@pytest.mark.parametrize("lists", [([],), ([1], [1, 2])])
def test_no_items_or_different_lengths_are_refused(lists):
    with pytest.raises(CourseError, match="same number, at least 1"):
        common_length(lists)
