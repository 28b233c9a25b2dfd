"""LIME and integrated gradients.

pytest tests/course/explanation/test_attribution.py
"""

import numpy as np
import pytest
import torch
from captum.attr import LayerIntegratedGradients
from vivid_model import save_vivid_model

from course.explanation.attribution import TOLERANCE, integrated_gradients, lime_values
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import read_text
from course.inference import Classifier

WEIGHTS = np.array([2.0, -1.0, 0.0, 0.5, -0.25])


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    folder = save_vivid_model(tmp_path_factory.mktemp("vivid"))
    return Classifier(folder, precision="fp32")


def model_of(classifier, text, **options):
    return MaskedModel(classifier, read_text(classifier, text), **options)


def linear(seen):
    return np.asarray(seen) @ WEIGHTS + 0.75


def crooked(seen):
    return seen[:, 0] * seen[:, 1] * 1.0


def test_lime_recovers_a_linear_model():
    found = lime_values(linear, 5)
    np.testing.assert_allclose(found.values, WEIGHTS, atol=1e-4)  # captum fits in fp32
    assert found.base_value == pytest.approx(0.75, abs=1e-4)
    assert found.output == pytest.approx(2.0)
    assert found.complete
    assert "R² = 1.00" in found.note


def test_lime_says_how_badly_a_linear_model_fits():
    note = lime_values(crooked, 5).note
    assert float(note.split("R² = ")[1]) < 0.9


def test_lime_equals_the_weighted_least_squares_solution():
    """With so many samples all 2^2 choices occur; the weights are their frequencies."""
    seen = []

    def game(presence):
        seen.append(presence)
        return crooked(presence)

    found = lime_values(game, 2, n_samples=300)
    rows = np.vstack(seen).astype(float)
    weight = np.exp(-(((1 - np.sqrt(rows.mean(axis=1))) / 0.25) ** 2))
    design = np.hstack([rows, np.ones((300, 1))]) * np.sqrt(weight)[:, None]
    target = crooked(rows) * np.sqrt(weight)
    expected = np.linalg.lstsq(design, target, rcond=None)[0]
    np.testing.assert_allclose(found.values, expected[:2], atol=1e-4)
    assert found.base_value == pytest.approx(expected[2], abs=1e-4)


def test_lime_repeats_itself_with_the_same_seed_only():
    first = lime_values(crooked, 5, 40, seed=1)
    again = lime_values(crooked, 5, 40, seed=1)
    other = lime_values(crooked, 5, 40, seed=2)
    np.testing.assert_array_equal(first.values, again.values)
    assert np.abs(first.values - other.values).max() > 1e-6


def test_lime_leaves_the_global_generators_alone():
    torch.manual_seed(0)
    np.random.seed(0)
    lime_values(crooked, 5, 40)
    after = torch.rand(1).item(), np.random.rand()
    torch.manual_seed(0)
    np.random.seed(0)
    assert after == (torch.rand(1).item(), np.random.rand())


def test_lime_with_too_few_samples_is_not_complete():
    assert not lime_values(linear, 5, n_samples=4).complete


@pytest.mark.parametrize("output", ["log_odds", "probability"])
def test_integrated_gradients_add_up(classifier, output):
    model = model_of(classifier, "Not a gorgeously good film.", output=output)
    found = integrated_gradients(model)
    everybody = np.ones((1, 6), dtype=bool)
    assert found.output == pytest.approx(model(everybody)[0], abs=1e-4)
    assert found.base_value == pytest.approx(model(~everybody)[0], abs=1e-4)
    assert abs(found.base_value + found.values.sum() - found.output) <= TOLERANCE
    assert found.complete
    assert abs(found.output - found.base_value) > 5 * TOLERANCE


def test_integrated_gradients_equal_captum_s_at_the_embedding_layer(classifier):
    model = model_of(classifier, "Not a gorgeously good film.", target=1)
    found = integrated_gradients(model)
    steps = int(found.note.split()[0])
    network = classifier.run.model()
    rows = torch.from_numpy(model.text.rows([[True] * 6, [False] * 6]))

    def forward(ids):
        logits = network(input_ids=ids).logits
        return logits[:, 1] - logits[:, 0]

    layer = network.bert.embeddings.word_embeddings
    by_number = LayerIntegratedGradients(forward, layer).attribute(
        rows[:1], rows[1:], n_steps=steps
    )
    by_token = by_number[0].sum(-1).detach().numpy()
    expected = [by_token[model.text.player_of_token == i].sum() for i in range(6)]
    np.testing.assert_allclose(found.values, expected, atol=1e-4)


def test_integrated_gradients_say_when_the_steps_do_not_suffice(classifier):
    model = model_of(classifier, "Not a gorgeously good film.")
    found = integrated_gradients(model, max_steps=1)
    assert found.note.startswith("1 steps")
    assert not found.complete


def test_integrated_gradients_count_their_rows(classifier):
    model = model_of(classifier, "Good film.")
    before = model.evaluations
    integrated_gradients(model, max_steps=4)
    assert model.evaluations - before == 2 + 4


def test_integrated_gradients_leave_the_classifier_as_it_was(classifier):
    integrated_gradients(model_of(classifier, "Good film."))
    assert all(parameter.grad is None for parameter in classifier.model.parameters())
    assert not classifier.model.get_input_embeddings()._forward_hooks
