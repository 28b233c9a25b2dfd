"""Tests of the training loop: `pytest tests/course/finetuning/test_training.py`."""

import json
import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course.finetuning.training import (
    ClassificationLoss,
    Collator,
    LengthGroupedBatches,
    latest_checkpoint,
)


@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=300),
    batch_size=st.integers(1, 40),
    epoch=st.integers(0, 3),
)
def test_every_row_is_in_exactly_one_batch(lengths, batch_size, epoch):
    batches = LengthGroupedBatches(lengths, batch_size, seed=1)
    batches.epoch = epoch
    drawn = list(batches)
    assert sorted(row for batch in drawn for row in batch) == list(range(len(lengths)))
    assert len(drawn) == len(batches)
    assert max(map(len, drawn)) <= batch_size


def test_batches_hold_texts_of_like_length():
    generator = random.Random(0)
    lengths = [generator.randint(1, 100) for _ in range(640)]
    padded = sum(
        len(batch) * max(lengths[row] for row in batch)
        for batch in LengthGroupedBatches(lengths, batch_size=32, seed=0)
    )
    # In random batches of 32 nearly every row is padded to almost 100 tokens.
    assert padded < 1.05 * sum(lengths)


def test_order_depends_on_seed_and_epoch_alone():
    def order(seed, epoch):
        batches = LengthGroupedBatches(list(range(1, 101)), 8, seed)
        batches.epoch = epoch
        return list(batches)

    assert order(0, 1) == order(0, 1)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


def test_collator_pads_to_the_longest():
    rows = [{"input_ids": [5, 6, 7], "labels": 1}, {"input_ids": [8], "labels": 0}]
    batch = Collator(pad_token_id=0)(rows)
    assert batch["input_ids"].tolist() == [[5, 6, 7], [8, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch["labels"].tolist() == [1, 0]


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
def test_loss_equals_torch(label_smoothing):
    logits = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([0, 1, 2, 0, 1, 2])
    ours = ClassificationLoss(label_smoothing=label_smoothing)(
        {"logits": logits}, labels
    )
    theirs = torch.nn.functional.cross_entropy(
        logits, labels, label_smoothing=label_smoothing
    )
    torch.testing.assert_close(ours, theirs)


def test_loss_of_two_accumulated_batches_is_that_of_one():
    logits = torch.randn(6, 2, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([0, 1, 1, 0, 1, 0])
    loss = ClassificationLoss()
    halves = [
        loss({"logits": logits[part]}, labels[part], num_items_in_batch=torch.tensor(6))
        for part in (slice(0, 2), slice(2, 6))
    ]
    torch.testing.assert_close(sum(halves), loss({"logits": logits}, labels))


def test_class_weights_weigh_the_examples():
    logits = torch.zeros(2, 2)
    loss = ClassificationLoss(torch.tensor([1.0, 3.0]))
    expected = np.log(2) * (1 + 3) / 2
    value = loss({"logits": logits}, torch.tensor([0, 1]))
    assert value.item() == pytest.approx(expected, rel=1e-6)


def test_a_checkpoint_cut_short_is_passed_over(tmp_path):
    assert latest_checkpoint(tmp_path) is None
    for step, state in ((9, json.dumps({})), (100, json.dumps({})), (200, '{"epo')):
        (tmp_path / f"checkpoint-{step}").mkdir()
        (tmp_path / f"checkpoint-{step}" / "trainer_state.json").write_text(state)
    (tmp_path / "checkpoint-300").mkdir()
    # 300 has no state, 200 half a one; and 100 is later than 9, though not as text.
    assert latest_checkpoint(tmp_path).name == "checkpoint-100"


def test_epoch_reaches_the_sampler():
    from course.finetuning.training import _TellEpoch

    batches = LengthGroupedBatches([1, 2], 1, 0)
    _TellEpoch(batches).on_epoch_begin(None, SimpleNamespace(epoch=2.4), None)
    assert batches.epoch == 2
