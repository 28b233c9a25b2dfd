"""The cached model function.

pytest tests/course/explanation/test_masked_model.py
"""

import numpy as np
import pytest
import torch
from scipy.special import logit, softmax
from transformers import DistilBertConfig, DistilBertForSequenceClassification
from vivid_model import save_vivid_model

from course.errors import CourseError
from course.explanation.masked_model import (
    MaskedModel,
    RowCache,
    class_token_logits,
    output_of,
)
from course.explanation.masking import read_text
from course.inference import Classifier

TEXT = "Not a single good joke."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_vivid_model(tmp_path_factory.mktemp("vivid"))


@pytest.fixture
def classifier(folder):
    """A new one for each test: the cache belongs to the classifier."""
    return Classifier(folder, precision="fp32")


def masked_model(classifier, text=TEXT, **options):
    return MaskedModel(classifier, read_text(classifier, text), **options)


def all_choices(players):
    return (np.arange(2**players)[:, None] >> np.arange(players) & 1).astype(bool)


def test_log_odds_of_many_labels_are_the_logit_of_the_probability():
    logits = torch.tensor([[0.3, -1.0, 2.0], [5.0, 0.0, 0.1]], dtype=torch.float64)
    for target in range(3):
        probability = softmax(logits.numpy(), axis=1)[:, target]
        found = output_of(logits, target, "probability").numpy()
        np.testing.assert_allclose(found, probability, rtol=1e-12)
        found = output_of(logits, target, "log_odds").numpy()
        np.testing.assert_allclose(found, logit(probability), rtol=1e-9)


def test_reading_the_first_token_only_gives_the_model_s_logits(classifier):
    ids = torch.randint(
        1000, 20_000, (5, 11), generator=torch.Generator().manual_seed(0)
    )
    with torch.inference_mode():
        whole = classifier.model(input_ids=ids).logits
        fast = class_token_logits(classifier.model, ids)
    assert whole.std() > 0.1, "the outputs must differ for this test to mean anything"
    torch.testing.assert_close(fast, whole, rtol=0, atol=1e-5)  # fp32, other order


def test_bf16_stays_near_fp32(folder, classifier):
    exact = masked_model(classifier, output="probability", target=1)
    rough = masked_model(
        Classifier(folder, precision="bf16"), output="probability", target=1
    )
    choices = all_choices(len(exact.text.players))
    assert np.abs(exact(choices) - rough(choices)).max() < 0.05


def test_outputs_are_those_of_the_masked_ids(classifier):
    model = masked_model(classifier, target=0)
    choices = all_choices(len(model.text.players))
    logits = classifier.logits_from_ids(torch.from_numpy(model.text.rows(choices)))
    expected = (logits[:, 0] - logits[:, 1]).numpy()
    np.testing.assert_allclose(model(choices), expected, atol=1e-4)


def test_other_architectures_take_the_general_way(classifier):
    config = DistilBertConfig(
        vocab_size=classifier.model.config.vocab_size,
        dim=16,
        hidden_dim=32,
        n_layers=1,
        n_heads=2,
        num_labels=2,
    )
    classifier.model = DistilBertForSequenceClassification(config).eval()
    model = masked_model(classifier, target=1, output="probability")
    expected = classifier.predict([TEXT]).probabilities[0, 1]
    assert model([[True] * len(model.text.players)])[0] == pytest.approx(expected)


def test_equal_rows_are_computed_once(classifier):
    model = masked_model(classifier, "[MASK] good [MASK]")
    before = model.evaluations
    outputs = model(all_choices(3))  # 8 choices, but only "good" makes a difference
    assert model.evaluations - before == 1
    assert len(set(outputs)) == 2


def test_same_text_again_costs_nothing(classifier):
    first = masked_model(classifier)
    choices = all_choices(len(first.text.players))
    outputs = first(choices)
    assert (first.evaluations, first.cache_hits) == (64, 0)
    again = masked_model(classifier)
    np.testing.assert_array_equal(again(choices), outputs)
    assert (again.evaluations, again.cache_hits) == (0, 64)


def test_edited_word_shares_the_rows_in_which_it_is_hidden(classifier):
    choices = all_choices(6)
    masked_model(classifier)(choices)
    edited = masked_model(classifier, TEXT.replace("good", "bad"))
    edited(choices)
    assert (edited.evaluations, edited.cache_hits) == (32, 32)


def test_classifiers_do_not_share_rows(folder, classifier):
    masked_model(classifier)
    assert masked_model(Classifier(folder, precision="fp32")).cache_hits == 0


def test_small_batches_change_nothing(folder, classifier):
    whole = masked_model(classifier)
    pieces = masked_model(Classifier(folder, precision="fp32"), batch_size=3)
    choices = all_choices(6)
    np.testing.assert_allclose(pieces(choices), whole(choices), atol=1e-5)


def test_target_is_the_predicted_label_unless_given(classifier):
    predicted = classifier.labels.index(classifier.predict([TEXT]).labels[0])
    assert masked_model(classifier).target == predicted
    assert masked_model(classifier, target=1 - predicted).target == 1 - predicted


def test_cache_forgets_the_row_not_used_for_longest():
    cache = RowCache(size=2)
    cache.put(b"a", np.zeros(1))
    cache.put(b"b", np.ones(1))
    assert cache.get(b"a") is not None  # now "b" is the older
    cache.put(b"c", np.ones(1))
    assert cache.get(b"b") is None
    assert cache.get(b"a") is not None


def test_unknown_output_is_refused(classifier):
    with pytest.raises(CourseError, match="'logit' came; choose one of log_odds"):
        masked_model(classifier, output="logit")


def test_one_label_is_refused(classifier):
    classifier.labels = ["only"]
    with pytest.raises(CourseError, match="at least 2 are needed"):
        masked_model(classifier)


def test_who_watches_is_told_before_each_of_smaller_batches(folder, classifier):
    told = []
    watched = masked_model(
        Classifier(folder, precision="fp32"), "good " * 60, on_batch=told.append
    )
    # 62 tokens, 2,048 in a batch: 33 rows
    choices = np.tril(np.ones((60, 60), dtype=bool))
    outputs = watched(choices)
    assert told == [0, 1, 34]  # the whole text first, of which one more row is
    assert watched.evaluations == 60
    np.testing.assert_allclose(
        outputs, masked_model(classifier, "good " * 60)(choices), atol=1e-4
    )


def test_what_the_watcher_raises_ends_the_work(classifier):
    def stop_at_nine(rows):
        if rows >= 9:
            raise KeyboardInterrupt

    model = masked_model(classifier, batch_size=8, on_batch=stop_at_nine)
    with pytest.raises(KeyboardInterrupt):
        model(all_choices(6))
    assert model.evaluations == 9
    assert masked_model(classifier)(all_choices(6)).shape == (64,)
