"""What lesson 09 says in words is so. Alone: pytest tests/lessons.

A number that a cell prints needs no test; these are the sentences that round or compare
what cells print, and facts that no cell shows. Bands leave room for other machines.
"""

from itertools import pairwise

import numpy as np
import pytest
import shap
import torch
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from course import ticket_rule
from course.data import load_task
from course.explanation import explain
from course.explanation.faithfulness import faithfulness
from course.explanation.masked_model import MaskedModel
from course.explanation.masking import read_text
from course.explanation.shapley import exact_values
from course.inference import Classifier
from course.tickets import SHORTCUT, effects, make_tickets

TEXT = "The plot is thin but the acting is wonderful."


@pytest.fixture(scope="module")
def classifier():
    return Classifier("sentiment", precision="fp32")


@pytest.fixture(scope="module")
def exact(classifier):
    return explain(classifier, TEXT, "exact", target="positive")


def bag_of_words(rows):
    words = CountVectorizer(binary=True, token_pattern=r"\w+")
    model = make_pipeline(words, LogisticRegression(max_iter=1000))
    return model.fit(rows["text"], rows["label"])


def test_picture_shows_what_the_model_says(classifier):
    text = read_text(classifier, "not bad film")
    positive = MaskedModel(classifier, text, target=1)
    groups = [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    presence = [[word in group for word in range(3)] for group in groups]
    drawn = [0.0, -2.3, -5.0, 0.0, 3.8, -2.2, -5.2, 4.0]
    outputs = positive(presence)
    assert outputs == pytest.approx(drawn, abs=0.1)
    assert outputs[2] - outputs[0] == pytest.approx(-5, abs=0.3)  # costs 5 points
    assert outputs[4] - outputs[1] == pytest.approx(6, abs=0.3)  # and gains 6


def test_bad_helps_the_answer_positive(classifier):
    values = explain(classifier, "not bad film", "exact", target="positive").values
    assert 0.3 < values[1] < 0.9  # slightly above 0
    assert values[0] > 3


def test_log_odds_of_two_are_88_percent():
    assert round(1 / (1 + np.exp(-2)), 2) == 0.88


def test_four_times_the_orders_halve_the_error(classifier, exact):
    model = MaskedModel(classifier, read_text(classifier, TEXT), 1)
    generator = np.random.default_rng(0)
    errors = []
    for orders in (12, 50, 200, 800):
        squares = []
        for _ in range(20):
            ranks = generator.permuted(np.tile(np.arange(10), (orders, 1)), axis=1)
            seen = ranks[:, None, :] < np.arange(11)[None, :, None]
            outputs = model(seen.reshape(-1, 10)).reshape(orders, 11)
            gains = np.take_along_axis(np.diff(outputs, axis=1), ranks, axis=1)
            squares.append((gains.mean(axis=0) - exact.values) ** 2)
        errors.append(np.mean(squares) ** 0.5)
    for before, after in pairwise(errors):
        assert 1.6 < before / after < 2.5


def test_methods_agree_on_two_words_and_not_on_a_third(classifier, exact):
    words = exact.feature_names
    assert exact.report.evaluations + exact.report.cache_hits == 1024
    methods = ("partition", "lime", "integrated_gradients")
    found = [exact, *(explain(classifier, TEXT, name) for name in methods)]
    for explanation in found:
        assert words[int(np.argmax(explanation.values))] == "wonderful"
        assert words[int(np.argmin(explanation.values))] == "thin"
    but = [explanation.values[words.index("but")] for explanation in found]
    assert max(but) - min(but) > 1
    assert found[2].report.additivity_gap > 0.1, "LIME need not add up"
    # Owen values are a little different, with the same sum.
    assert found[1].values.sum() == pytest.approx(exact.values.sum(), abs=1e-3)
    assert np.abs(found[1].values - exact.values).max() < 1
    rows = found[1].report.evaluations + found[1].report.cache_hits
    assert rows < 1024 / 5, "far fewer rows"


def test_lime_is_a_lottery_in_its_second_word(classifier, exact):
    spreads, seconds = {}, {}
    for samples in (30, 1000):
        runs = np.array(
            [
                explain(classifier, TEXT, "lime", max_evals=samples, seed=seed).values
                for seed in range(10)
            ]
        )
        order = np.argsort(-np.abs(runs), axis=1)
        assert {exact.feature_names[i] for i in order[:, 0]} == {"wonderful"}
        spreads[samples] = runs.std(axis=0).mean()
        seconds[samples] = len(set(order[:, 1].tolist()))
    assert 4 <= seconds[30] <= 7
    assert seconds[1000] < seconds[30]
    assert 4 < spreads[30] / spreads[1000] < 14  # by the root of 33: near 6


def test_attention_agrees_and_explains_less(classifier):
    texts = load_task("sentiment", seed=0)["test"]["text"]
    texts = [text for text in texts if 6 <= len(text.split()) <= 10][:12]
    eager = classifier.run.model()
    eager.set_attn_implementation("eager")
    agreement, special, falls, losses = [], [], [], []
    for text in texts:
        masked = read_text(classifier, text)
        with torch.no_grad():
            ids = torch.tensor(masked.input_ids)[None]
            layers = eager(input_ids=ids, output_attentions=True).attentions
        weights = layers[-1][0].mean(dim=0)[0].numpy()
        word = masked.player_of_token
        special.append(weights[word < 0].sum())
        attention = np.bincount(word[word >= 0], weights[word >= 0])
        owen = explain(classifier, text)
        lime = explain(classifier, text, "lime", max_evals=200).values
        way = explain(classifier, text, "integrated_gradients", max_evals=32).values
        size = np.abs(owen.values)
        others = (attention, np.abs(lime), np.abs(way))
        agreement.append([spearmanr(size, other)[0] for other in others])
        measured = []
        for values in (owen.values, lime, way, attention):
            owen.values = values
            measured.append(faithfulness(classifier, owen, random_orders=10))
        falls.append([each.comprehensiveness for each in measured])
        falls[-1].append(np.mean(measured[-1].random_comprehensiveness))
        losses.append([each.sufficiency for each in measured])
        losses[-1].append(np.mean(measured[-1].random_sufficiency))
    by_attention, by_lime, by_way = np.mean(agreement, axis=0)
    assert 0.3 < by_attention < 0.5
    assert 0.65 < by_lime < 0.8  # "near 0.7"
    assert 0.65 < by_way < 0.85
    assert 0.3 < np.mean(special) < 0.4  # a third
    *three, attention, _ = np.mean(falls, axis=0)
    assert np.ptp(three) < 0.05  # about equally faithful
    assert min(three) - attention > 0.1
    more = np.subtract(*np.transpose(falls)[[3, 4]])
    margin = 1.96 * more.std(ddof=1) / 12**0.5
    assert abs(more.mean()) < margin  # better than random order? cannot tell
    *three, attention, _ = np.mean(losses, axis=0)
    assert max(three) < 0.05  # hardly a loss
    assert max(three) + 0.1 < attention


def test_rule_is_wrong_for_more_than_a_quarter_and_words_come_near():
    tickets = make_tickets(4000, seed=0)
    test = tickets["test"]
    truth = np.array(test["label"])
    rule = ((np.array(test["probability"]) > 0.5) == truth).mean()
    assert 0.7 < rule < 0.75
    score = bag_of_words(tickets["train"]).score(test["text"], truth)
    assert abs(score - rule) < 1.96 * (rule * (1 - rule) / len(truth)) ** 0.5


def test_effects_are_recovered_within_four_tenths():
    model = bag_of_words(make_tickets(4000, seed=0)["train"])
    words, weights = model[0].get_feature_names_out(), model[1].coef_[0]
    weight = dict(zip(words, weights, strict=True))
    slots = (ticket_rule.BEGINNINGS, ticket_rule.STAKES, ticket_rule.HISTORY)
    for phrase in [name for slot in slots for name in slot if name] + ["Thank you."]:
        known = set(model[0].build_analyzer()(phrase))
        learned = sum(weight[word] for word in known)
        assert learned == pytest.approx(effects()[phrase], abs=0.4)
    shared = [weight[word] for word in ("there", "no", "hurry")]
    assert np.ptp(shared) < 0.01, "words that come together share alike"


def test_values_of_a_linear_model_are_weight_times_distance_from_the_mean():
    generator = np.random.default_rng(0)
    background = (generator.random((50, 4)) < 0.3).astype(float)
    weights, message = generator.normal(size=4), np.array([1.0, 0.0, 1.0, 1.0])

    def game(presence):
        mixed = [np.where(seen, message, background) @ weights for seen in presence]
        return np.array(mixed).mean(axis=1)

    expected = weights * (message - background.mean(axis=0))
    assert exact_values(game, 4).values == pytest.approx(expected)


def test_shortcut_is_learned_and_undone():
    planted = make_tickets(4000, seed=1, shortcut=0.9)
    train, test = planted["train"], planted["test"]
    model = bag_of_words(train)
    validation = planted["validation"]
    assert model.score(validation["text"], validation["label"]) > 0.87
    assert 0.5 < model.score(test["text"], test["label"]) < 0.62
    holding = [text for text in test["text"] if SHORTCUT in text]
    cut = [text.replace(SHORTCUT, "").strip() for text in holding]
    assert (model.predict(holding) != model.predict(cut)).mean() > 0.8
    # The reflection's message, and its proof.
    message = "I have a question about my plan."
    answers = model.predict([f"{message} {SHORTCUT}", message])
    assert answers.tolist() == [1, 0]
    # Its words have the largest values, by shap as by the formula.
    seen = model[0].transform([f"{message} {SHORTCUT}", *train["text"]]).toarray()
    background = shap.maskers.Independent(seen[1:], max_samples=len(seen))
    values = shap.LinearExplainer(model[1], background).shap_values(seen[:1])[0]
    formula = model[1].coef_[0] * (seen[0] - seen[1:].mean(axis=0))
    assert values == pytest.approx(formula)
    largest = model[0].get_feature_names_out()[np.argsort(-np.abs(values))[:3]]
    assert set(largest) <= set(SHORTCUT.lower().strip(".").split())
    clean = train.map(lambda row: {"text": row["text"].replace(SHORTCUT, "")})
    assert 0.69 < bag_of_words(clean).score(test["text"], test["label"]) < 0.77


def test_words_of_the_shortcut_are_what_the_exercise_finds():
    from course.grading.namespaces import solved_namespace

    planted = make_tickets(4000, seed=1, shortcut=0.9)
    old, new = planted["train"][:], planted["test"][:]
    find = solved_namespace("09")["find_shortcut"]
    found = find(old["text"], old["label"], new["text"], new["label"])
    assert found in SHORTCUT.lower().split()
