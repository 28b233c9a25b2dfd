"""What becomes of each token. Alone: pytest tests/course/generation."""

import numpy as np
import pytest

from course.generation import cut_distribution, probabilities

CHANCES = [0.1, 0.4, 0.2, 0.3]
LOGITS = np.log(CHANCES)
TOKENS = ["a", "b", "c", "d"]


def test_known_cuts():
    cut = cut_distribution(LOGITS, TOKENS, top_k=3, top_p=0.7)
    told = [(c.token, c.rank, c.cut_by) for c in cut.candidates]
    assert told == [("b", 1, ""), ("d", 2, ""), ("c", 3, "top_p"), ("a", 4, "top_k")]
    sums = [c.running_sum for c in cut.candidates]
    assert sums[:3] == pytest.approx([4 / 9, 7 / 9, 1])  # top_k's rest renormalised
    assert sums[3] is None
    assert (cut.kept, cut.mass) == (2, pytest.approx(0.7))
    final = [c.probability for c in cut.candidates]
    assert final == pytest.approx([4 / 7, 3 / 7, 0, 0])
    assert [c.original for c in cut.candidates] == pytest.approx([0.4, 0.3, 0.2, 0.1])


@pytest.mark.parametrize("settings", [(0.5, 0, 1.0), (2.0, 3, 0.6), (1.0, 2, 0.0)])
def test_probabilities_are_those_a_token_is_drawn_with(settings):
    cut = cut_distribution(LOGITS, TOKENS, *settings)
    np.testing.assert_array_equal(cut.probabilities, probabilities(LOGITS, *settings))
    assert cut.kept == np.count_nonzero(cut.probabilities)


def test_temperature_leaves_the_models_own_beside_it():
    cut = cut_distribution(LOGITS, TOKENS, temperature=0.1)
    assert cut.candidates[0].original == pytest.approx(0.4)
    assert cut.candidates[0].probability > 0.9
    assert cut.entropy < cut.original_entropy
    assert cut.mass == pytest.approx(1)


def test_asked_tokens_are_told_about_wherever_they_stand():
    cut = cut_distribution(LOGITS, TOKENS, most=2, asked=[0])
    assert [c.token for c in cut.candidates] == ["b", "d"]
    assert [(c.token, c.rank) for c in cut.asked] == [("a", 4)]
