"""The tiny classifier can be counted by hand."""

import pytest
import torch

from course.finetuning.practice import tiny_classifier, trainable_names


@pytest.mark.parametrize(("layers", "size", "labels"), [(3, 4, 2), (1, 2, 5)])
def test_numbers_of_parameters(layers, size, labels):
    model = tiny_classifier(layers, size, labels)
    total = 10 * size + layers * (size * size + size) + size * labels + labels
    assert sum(p.numel() for p in model.parameters()) == total
    assert model(torch.zeros(3, 7, dtype=torch.long)).shape == (3, labels)


def test_each_layer_takes_part():
    model = tiny_classifier(2)
    model(torch.tensor([[1, 2]])).sum().backward()
    assert all(p.grad is not None for p in model.parameters())


def test_trainable_names_are_those_that_train():
    model = tiny_classifier(1)
    model.layers.requires_grad_(False)
    assert trainable_names(model) == ["embeddings.weight", "head.weight", "head.bias"]
