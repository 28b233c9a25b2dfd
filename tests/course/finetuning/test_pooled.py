"""The pooled classifier: what trains, what pads do, and that it learns."""

import numpy as np
import pytest
import torch

from course.finetuning import pooled


@pytest.fixture(scope="module")
def model():
    return pooled.PooledClassifier().eval()


def test_only_the_named_layers_train(model):
    parts = {
        "last": {"encoder.encoder.layer.4", "encoder.encoder.layer.5", "head"},
        "full": {f"encoder.encoder.layer.{i}" for i in range(6)} | {"head"},
    }
    for method, expected in parts.items():
        pooled.choose_trainable(model, method)
        names = [n for n, p in model.named_parameters() if p.requires_grad]
        assert {n for n in names if not n.startswith(tuple(expected))} == set()
        assert all(any(n.startswith(part) for n in names) for part in expected)
    pooled.choose_trainable(model, "random")
    assert all(p.requires_grad for p in model.parameters())


def test_padding_changes_no_features(model):
    short, long = [101, 1037, 6569, 102], [101, *range(2000, 2030), 102]
    with torch.inference_mode():
        alone = model.features([short])
        beside = model.features([short, long])
    assert torch.allclose(alone[0], beside[0], atol=1e-5)


def test_random_start_has_other_weights(model):
    torch.manual_seed(0)
    fresh = pooled.PooledClassifier(pretrained=False)
    ours, theirs = (
        m.encoder.encoder.layer[0].output.dense.weight for m in (fresh, model)
    )
    assert ours.shape == theirs.shape
    assert not torch.allclose(ours, theirs)


def test_training_learns_and_leaves_frozen_layers_alone():
    torch.manual_seed(0)
    model = pooled.PooledClassifier()
    pooled.choose_trainable(model, "last")
    first = model.encoder.encoder.layer[0].output.dense.weight.clone()
    last = model.encoder.encoder.layer[5].output.dense.weight.clone()
    rows = [[101, 2204, 102], [101, 2919, 102]] * 8  # "good" and "bad"
    labels = np.array([1, 0] * 8)
    pooled.train(model, rows, labels, epochs=6, seed=0)
    assert pooled.count_correct(model, rows, labels) == 16
    assert torch.equal(first, model.encoder.encoder.layer[0].output.dense.weight)
    assert not torch.equal(last, model.encoder.encoder.layer[5].output.dense.weight)
