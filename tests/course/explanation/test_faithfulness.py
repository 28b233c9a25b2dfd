"""Faithfulness measures.

pytest tests/course/explanation/test_faithfulness.py
"""

import numpy as np
import pytest
from vivid_model import save_vivid_model

from course.explanation import explain
from course.explanation.faithfulness import (
    curve_counts,
    eraser_counts,
    faithfulness,
    ranking,
)
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import read_text
from course.inference import Classifier

TEXT = "Not a gorgeously good film, but I can't complain."
MASK = 103


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    folder = save_vivid_model(tmp_path_factory.mktemp("vivid"))
    return Classifier(folder, precision="fp32")


@pytest.fixture(scope="module")
def explanation(classifier):
    return explain(classifier, TEXT, "exact", output="probability")


def probability_without(classifier, explanation, hidden):
    """The definition on ids, by hand: mask the hidden words and ask the model."""
    text = read_text(classifier, TEXT)
    ids = text.input_ids.copy()
    for word in hidden:
        ids[text.player_of_token == word] = MASK
    target = classifier.labels.index(explanation.report.target)
    logits = classifier.logits_from_ids([ids.tolist()])
    return float(logits.softmax(-1)[0, target])


def test_curves_follow_the_definition(classifier, explanation):
    found = faithfulness(classifier, explanation, random_orders=2)
    order = ranking(explanation.values)
    for k, deletion, insertion in zip(
        found.counts, found.deletion, found.insertion, strict=True
    ):
        without = probability_without(classifier, explanation, order[:k])
        only = probability_without(classifier, explanation, order[k:])
        assert deletion == pytest.approx(without, abs=1e-5)
        assert insertion == pytest.approx(only, abs=1e-5)


def test_summaries_are_means_over_the_shares_of_eraser(classifier, explanation):
    found = faithfulness(classifier, explanation, random_orders=2)
    order, whole = ranking(explanation.values), explanation.report.prediction
    # 1, 5, 10, 20 and 50 % of 11 words, rounded up
    falls, losses = [], []
    for k in (1, 1, 2, 3, 6):
        falls.append(whole - probability_without(classifier, explanation, order[:k]))
        losses.append(whole - probability_without(classifier, explanation, order[k:]))
    assert found.comprehensiveness == pytest.approx(np.mean(falls), abs=1e-5)
    assert found.sufficiency == pytest.approx(np.mean(losses), abs=1e-5)


def test_both_curves_meet_at_their_ends(classifier, explanation):
    found = faithfulness(classifier, explanation, random_orders=2)
    assert found.deletion[0] == pytest.approx(explanation.report.prediction)
    assert found.insertion[-1] == pytest.approx(explanation.report.prediction)
    assert found.deletion[-1] == pytest.approx(found.insertion[0])
    assert found.counts.tolist() == list(range(12))


def test_shapley_values_beat_random_rankings_and_their_reverse(classifier, explanation):
    found = faithfulness(classifier, explanation)
    backwards = explain(classifier, TEXT, "exact", output="probability")
    backwards.values = -backwards.values
    worse = faithfulness(classifier, backwards)
    assert found.comprehensiveness > worse.comprehensiveness
    assert found.comprehensiveness > np.mean(found.random_comprehensiveness)
    assert worse.comprehensiveness < np.mean(worse.random_comprehensiveness)


def test_random_band_is_seeded_and_ordered(classifier, explanation):
    one = faithfulness(classifier, explanation, seed=3)
    again = faithfulness(classifier, explanation, seed=3)
    other = faithfulness(classifier, explanation, seed=4)
    np.testing.assert_array_equal(one.random_deletion, again.random_deletion)
    assert np.abs(one.random_deletion - other.random_deletion).max() > 0
    assert (one.random_deletion[0] <= one.random_deletion[1]).all()
    assert one.random_comprehensiveness[0] < one.random_comprehensiveness[1]
    # With nothing or everything masked there is but one ranking.
    assert one.random_deletion[0, 0] == pytest.approx(one.random_deletion[1, 0])
    assert one.random_deletion[0, -1] == pytest.approx(one.random_deletion[1, -1])


def test_band_holds_95_percent_of_random_rankings(classifier, explanation):
    """At each k about 95 of 100 other random rankings lie inside the band."""
    band = faithfulness(classifier, explanation, random_orders=400).random_deletion
    model = MaskedModel(classifier, read_text(classifier, TEXT))
    generator = np.random.default_rng(99)
    inside = 0
    for _ in range(100):
        hidden = generator.permutation(11)[:4]
        deletion = model.probability(~np.isin(np.arange(11), hidden)[None, :])[0]
        inside += band[0, 4] <= deletion <= band[1, 4]
    assert 88 <= inside <= 100


def test_token_unit_and_other_labels_are_followed(classifier):
    explanation = explain(classifier, TEXT, unit="token", target="negative")
    found = faithfulness(classifier, explanation, random_orders=2)
    assert found.counts[-1] == 14
    assert found.deletion[0] == pytest.approx(explanation.report.prediction)


@pytest.mark.parametrize("text", ["", "good"])
def test_texts_of_one_word_or_none(classifier, text):
    found = faithfulness(classifier, explain(classifier, text), random_orders=2)
    assert found.counts.tolist() == list(range(len(text.split()) + 1))
    assert np.isfinite(found.comprehensiveness)


@pytest.mark.parametrize("players", [0, 1, 7, 100, 509])
def test_counts_span_the_text_and_hold_those_of_the_summary(players):
    counts = curve_counts(players)
    assert counts[0] == 0
    assert counts[-1] == players
    assert (np.diff(counts) > 0).all()
    assert np.isin(eraser_counts(players), counts).all()
    assert len(counts) <= 26
