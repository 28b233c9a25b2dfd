"""Explanations of real texts.

pytest tests/course/explanation/test_explanation.py
"""

import json
import os

import numpy as np
import pytest
import shap
from vivid_model import save_vivid_model

from course.errors import CourseError
from course.explanation import METHODS, explain, load_classifier, to_json
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import read_text
from course.explanation.shapley import word_tree
from course.inference import Classifier

TEXT = "Not a gorgeously good film, but I can't complain."
WORDS = ["Not", "a", "gorgeously", "good", "film", ",", "but", "I", "can't", "complain"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_vivid_model(tmp_path_factory.mktemp("vivid"))


@pytest.fixture
def classifier(folder):
    return Classifier(folder, precision="fp32")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("output", ["log_odds", "probability"])
def test_every_method_explains_every_word(classifier, method, output):
    explanation = explain(classifier, TEXT, method, output=output)
    report = explanation.report
    assert isinstance(explanation, shap.Explanation)
    assert explanation.feature_names == [*WORDS, "."]
    assert "".join(explanation.data) == TEXT
    assert explanation.values.shape == (11,)
    assert explanation.output_names == report.target
    assert (report.method, report.output, report.unit) == (method, output, "word")
    assert report.complete
    assert report.evaluations > 0
    gap = abs(explanation.base_values + explanation.values.sum() - _output(classifier))
    if output == "log_odds":
        assert report.additivity_gap == pytest.approx(gap, abs=1e-4)
    # LIME promises only a fit; the integral is right to 0.01; games add up to rounding.
    most = {"lime": np.inf, "integrated_gradients": 0.01}.get(method, 1e-9)
    assert report.additivity_gap <= most


def _output(classifier):
    return MaskedModel(classifier, read_text(classifier, TEXT))(np.ones((1, 11)))[0]


def test_prediction_and_target_are_the_classifier_s(classifier):
    prediction = classifier.predict([TEXT])
    report = explain(classifier, TEXT).report
    assert report.target == prediction.labels[0]
    assert report.prediction == pytest.approx(prediction.probabilities.max(), abs=1e-5)


def test_exact_method_equals_its_definition_on_a_model(classifier):
    """By the other formula, over choices of the others, spelled out."""
    from itertools import combinations
    from math import comb

    text = "Not a good film"
    model = MaskedModel(classifier, read_text(classifier, text))
    expected = np.zeros(4)
    for player in range(4):
        others = [p for p in range(4) if p != player]
        for size in range(4):
            for choice in combinations(others, size):
                seen = np.isin(np.arange(4), choice)[None, :]
                gain = model(seen | (np.arange(4) == player)) - model(seen)
                expected[player] += gain[0] / (4 * comb(3, size))
    values = explain(classifier, text, "exact").values
    np.testing.assert_allclose(values, expected, atol=1e-4)


def test_other_label_of_two_has_the_opposite_values(classifier):
    one = explain(classifier, TEXT, target="positive")
    other = explain(classifier, TEXT, target="negative")
    np.testing.assert_allclose(one.values, -other.values, atol=1e-6)
    assert one.report.prediction + other.report.prediction == pytest.approx(1)
    assert other.report.evaluations == 0, "the rows are the same whatever is explained"


def test_many_labels_are_explained_one_at_a_time(tmp_path):
    labels = ("sport", "politics", "business", "tech")
    classifier = Classifier(save_vivid_model(tmp_path, labels), precision="fp32")
    probabilities = []
    for label in labels:
        explanation = explain(classifier, TEXT, target=label, output="probability")
        assert explanation.output_names == label
        total = explanation.base_values + explanation.values.sum()
        assert total == pytest.approx(explanation.report.prediction)
        probabilities.append(total)
    assert sum(probabilities) == pytest.approx(1)


def test_tokens_get_values_of_their_own(classifier):
    explanation = explain(classifier, TEXT, unit="token")
    assert explanation.feature_names[2:5] == ["gorgeous", "ly", "good"]
    assert len(explanation.values) == 14


@pytest.mark.parametrize("method", ["partition", "lime"])
def test_same_text_again_computes_nothing(classifier, method):
    first = explain(classifier, TEXT, method)
    again = explain(classifier, TEXT, method)
    np.testing.assert_array_equal(first.values, again.values)
    assert again.report.evaluations == 0
    assert again.report.cache_hits == first.report.evaluations


def test_edit_of_one_word_computes_only_what_shows_it(classifier):
    first = explain(classifier, TEXT)
    edited = explain(classifier, TEXT.replace("good", "bad"))
    assert 0 < edited.report.evaluations < 0.7 * first.report.evaluations


def test_methods_share_rows(classifier):
    explain(classifier, "Not a good film", "exact")
    assert explain(classifier, "Not a good film", "partition").report.evaluations == 0


def test_small_budget_is_kept_and_told(classifier):
    report = explain(classifier, TEXT, max_evals=20).report
    assert report.evaluations <= 20
    assert not report.complete
    assert "a complete run needs max_evals=" in report.note
    assert report.additivity_gap < 1e-9


def test_tree_can_be_given(classifier):
    tree = np.array([[i if i == 0 else 10 + i, i + 1, 1, i + 2] for i in range(10)])
    in_order = explain(classifier, TEXT, tree=tree, max_evals=10_000)
    assert in_order.report.complete
    assert np.abs(in_order.values - explain(classifier, TEXT).values).max() > 1e-3
    same = explain(classifier, TEXT, tree=word_tree(list(in_order.data)))
    np.testing.assert_array_equal(same.values, explain(classifier, TEXT).values)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        (" \n", []),
        ("\x00\x07", []),
        ("good", ["good"]),
        ("😀🎉", ["😀🎉"]),
        ("[MASK] [SEP]", ["[MASK]", "[SEP]"]),
        ("a \ud800 b", ["a", "?", "b"]),
    ],
)
def test_odd_texts_are_explained_too(classifier, method, text, names):
    explanation = explain(classifier, text, method)
    assert explanation.feature_names == names
    assert explanation.values.shape == (len(names),)
    assert np.isfinite(explanation.values).all()
    assert np.isfinite(explanation.base_values)
    assert names or explanation.report.evaluations <= 1, "nothing to do beyond a look"
    assert json.loads(json.dumps(to_json(explanation)))["tokens"] == names


def test_typed_mask_token_is_worth_nothing(classifier):
    assert explain(classifier, "[MASK] good", "exact").values[0] == 0


def test_long_text_is_cut_and_that_is_said(classifier):
    text = "A fine film. " * 8000  # 100 kB
    explanation = explain(classifier, text, max_evals=50)
    assert explanation.report.truncated
    assert "only the first 64 tokens were read" in explanation.report.note
    assert len(explanation.values) == 62
    assert text.startswith("".join(explanation.data))


def test_json_has_the_fields_of_the_command(classifier):
    result = to_json(explain(classifier, TEXT))
    assert set(result) >= {
        *("tokens", "values", "base_value", "prediction", "method", "evaluations"),
        *("complete", "seconds", "target", "output", "additivity_gap", "truncated"),
    }
    assert len(result["tokens"]) == len(result["values"])
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_run_is_loaded_once_until_it_changes(folder):
    first = load_classifier(folder)
    assert load_classifier(str(folder)) is first
    weights = folder / "model.safetensors"
    changed = weights.stat().st_mtime + 10
    os.utime(weights, (changed, changed))
    assert load_classifier(folder) is not first


def test_path_of_a_run_will_do(folder, classifier):
    by_path = explain(str(folder), "good film")
    assert by_path.report.target == explain(classifier, "good film").report.target


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "shap"}, "Unknown method 'shap'"),
        ({"target": "postive"}, "Did you mean 'positive'"),
        ({"output": "logits"}, "choose one of log_odds, probability"),
        ({"unit": "letter"}, "choose one of word, token"),
        ({"max_evals": 3}, "max_evals=3 .* at least 4"),
        ({"batch_size": 0}, "batch_size=0 came"),
    ],
)
def test_wrong_options_are_refused(classifier, options, message):
    with pytest.raises(CourseError, match=message):
        explain(classifier, TEXT, **options)


def test_exact_method_names_its_limit(classifier):
    with pytest.raises(CourseError, match="14 words or tokens, the exact method takes"):
        explain(classifier, TEXT, "exact", unit="token")


def test_something_else_than_a_text_is_refused(classifier):
    with pytest.raises(CourseError, match="A int came where a text is expected"):
        explain(classifier, 5)
