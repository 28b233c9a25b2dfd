"""Deletion curves. Alone: pytest tests/course/explanation/test_deletion.py."""

import numpy as np
import pytest
from vivid_model import save_vivid_model

from course.errors import CourseError
from course.explanation import explain
from course.explanation.deletion import BAND, area, deletion_curve
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import read_text
from course.inference import Classifier

TEXT = "Not a gorgeously good film, but I can't complain."


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    folder = save_vivid_model(tmp_path_factory.mktemp("vivid"))
    return Classifier(folder, precision="fp32")


@pytest.fixture(scope="module")
def explanation(classifier):
    return explain(classifier, TEXT, "exact")


def probability(classifier, explanation, hidden):
    text = read_text(classifier, explanation.report.text)
    target = classifier.labels.index(explanation.report.target)
    seen = [n not in set(hidden) for n in range(len(text.players))]
    return MaskedModel(classifier, text, target).probability([seen])[0]


def test_words_go_from_the_highest_value_down(classifier, explanation):
    curve = deletion_curve(classifier, explanation, random_orders=2)
    assert np.all(np.diff(explanation.values[curve.order]) <= 0)
    assert curve.counts.tolist() == list(range(len(explanation.values) + 1))
    for count, height in zip(curve.counts, curve.probability, strict=True):
        expected = probability(classifier, explanation, curve.order[:count])
        assert height == pytest.approx(expected, abs=1e-6)


def test_all_orders_begin_with_the_whole_text_and_end_with_none(
    classifier, explanation
):
    curve = deletion_curve(classifier, explanation)
    for end in (0, -1):
        assert curve.random[:, end] == pytest.approx([curve.probability[end]] * 3)
    assert np.all(np.diff(curve.random, axis=0) >= 0)  # low, median, high
    assert np.ptp(curve.random[:, 4]) > 0.01


def test_the_band_is_of_quantiles_of_seeded_random_orders(classifier, explanation):
    curve = deletion_curve(classifier, explanation, random_orders=3, seed=5)
    generator = np.random.default_rng(5)
    orders = [generator.permutation(len(explanation.values)) for _ in range(3)]
    third = [probability(classifier, explanation, order[:3]) for order in orders]
    assert curve.random[:, 3] == pytest.approx(np.quantile(third, BAND), abs=1e-6)
    again = deletion_curve(classifier, explanation, random_orders=3, seed=5)
    assert again.random_area == curve.random_area


def test_the_best_order_has_less_area_than_the_reverse(classifier, explanation):
    curve = deletion_curve(classifier, explanation)
    low, median, high = curve.random_area
    assert curve.area < median
    assert low < median < high


@pytest.mark.parametrize("text", ["", "good"])
def test_texts_of_no_and_of_one_word_have_a_curve(classifier, text):
    curve = deletion_curve(classifier, explain(classifier, text))
    assert len(curve.probability) == len(text.split()) + 1
    assert 0 <= curve.area <= 1


def test_a_long_text_has_at_most_21_points(classifier):
    curve = deletion_curve(
        classifier, explain(classifier, "good bad " * 20, max_evals=20), random_orders=2
    )
    assert len(curve.counts) == 21
    assert curve.counts[-1] == 40


def test_the_area_is_the_mean_height():
    assert area([0, 1, 2], np.array([0.4, 0.4, 0.4])) == pytest.approx(0.4)
    assert area([0], np.array([0.7])) == 0.7


def test_one_random_order_is_no_band(classifier, explanation):
    with pytest.raises(CourseError, match="random_orders=1 came"):
        deletion_curve(classifier, explanation, random_orders=1)
