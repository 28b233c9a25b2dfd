"""Run alone: pytest tests/course/evaluation/test_spans.py."""

import json
import random

import numpy as np
import pytest
from nervaluate import Evaluator

from course.errors import CourseError
from course.evaluation.spans import SCHEMES, evaluate_spans

TAGS = ["O"] * 5 + ["B-PER", "I-PER", "B-LOC", "I-LOC"]


@pytest.fixture(scope="module")
def tagged():
    """Eighty sentences, a fifth of whose tags are drawn again."""
    pick = random.Random(0)
    references = [[pick.choice(TAGS) for _ in range(10)] for _ in range(80)]
    predictions = [
        [tag if pick.random() < 0.8 else pick.choice(TAGS) for tag in row]
        for row in references
    ]
    return predictions, references


def test_scores_known_by_hand():
    """Four spans right, five predicted.

    PER 0-1 is found; LOC 3 is called ORG, and LOC 10 PER; ORG 5-7 is cut to 5-6; PER 9
    is invented.
    """
    references = [
        ["B-PER", "I-PER", "O", "B-LOC", "O", "B-ORG", "I-ORG", "I-ORG", "O", "O"]
        + ["B-LOC"]
    ]
    predictions = [
        ["B-PER", "I-PER", "O", "B-ORG", "O", "B-ORG", "I-ORG", "O", "O", "B-PER"]
        + ["B-PER"]
    ]
    overall = evaluate_spans(predictions, references).overall
    values = {
        scheme: tuple(round(each.value, 4) for each in row.values())
        for scheme, row in overall.items()
    }
    assert values == {
        "strict": (0.2, 0.25, 0.2222),  # PER alone
        "exact": (0.6, 0.75, 0.6667),  # and the words of both LOC
        "partial": (0.7, 0.875, 0.7778),  # and half of ORG
        "type": (0.4, 0.5, 0.4444),  # PER, and ORG's type
    }


def test_scores_equal_nervaluate(tagged):
    predictions, references = tagged
    ours = evaluate_spans(predictions, references)
    theirs = Evaluator(
        references, predictions, ["PER", "LOC"], loader="list"
    ).evaluate()
    for scheme, name in SCHEMES.items():
        for score, interval in ours.overall[scheme].items():
            expected = getattr(theirs["overall"][name], score)
            assert interval.value == pytest.approx(expected)
            for kind in ("PER", "LOC"):
                expected = getattr(theirs["entities"][kind][name], score)
                assert ours.per_type[kind][scheme][score].value == pytest.approx(
                    expected
                )
        for count, number in ours.counts[scheme].items():
            assert number == getattr(theirs["overall"][name], count)


def test_intervals_equal_resampled_sentences(tagged):
    predictions, references = tagged
    generator, slow = np.random.default_rng(0), []
    for _ in range(100):
        rows = generator.integers(80, size=80)
        drawn = [references[i] for i in rows], [predictions[i] for i in rows]
        found = Evaluator(*drawn, ["PER", "LOC"], loader="list").evaluate()
        slow.append(found["overall"]["strict"].f1)
    ours = evaluate_spans(predictions, references).overall["strict"]["f1"]
    ends = np.quantile(slow, [0.025, 0.975])
    # An end of 100 resamples is known to about 0.3 standard deviations.
    assert np.allclose([ours.low, ours.high], ends, atol=0.9 * np.std(slow))
    assert ours.n == 80


def test_support_counts_the_right_spans():
    references = [["B-PER", "I-PER", "B-PER", "O", "B-LOC"], ["O"] * 5]
    predictions = [["O"] * 5, ["B-PER", "O", "O", "O", "O"]]
    result = evaluate_spans(predictions, references)
    assert result.support == {"LOC": 1, "PER": 2}
    assert result.counts["strict"]["missed"] == 3
    assert result.counts["strict"]["spurious"] == 1


def test_a_span_may_start_inside():
    result = evaluate_spans([["I-PER", "I-PER"]], [["B-PER", "I-PER"]])
    assert result.overall["strict"]["f1"].value == 1


def test_an_empty_first_sentence_is_read():
    result = evaluate_spans([[], ["B-PER"]], [[], ["B-PER"]])
    assert result.overall["strict"]["f1"].value == 1


def test_no_span_at_all_scores_nothing():
    result = evaluate_spans([["O", "O"], ["O"]], [["O", "O"], ["O"]])
    assert result.overall["strict"]["f1"].value == 0
    assert result.per_type == {}


def test_json_is_plain(tagged):
    data = json.loads(json.dumps(evaluate_spans(*tagged).to_dict(), allow_nan=False))
    assert set(data["overall"]) == {"strict", "exact", "partial", "type"}
    assert set(data["per_type"]["PER"]["strict"]["f1"]) == {"value", "low", "high", "n"}


@pytest.mark.parametrize(
    ("predictions", "references", "match"),
    [
        ([], [], "at least 1"),
        ([["O"]], [["O"], ["O"]], "same number"),
        ([["O"]], [["O", "O"]], "Sentence 0 has 1 predicted and 2 right tags"),
        ([["O"], ["PER"]], [["O"], ["O"]], "Sentence 1 has the tag 'PER'"),
        ([["S-PER"]], [["O"]], "the tag 'S-PER'"),
        ([["B-"]], [["O"]], "the tag 'B-'"),
    ],
)
def test_what_does_not_fit_is_refused(predictions, references, match):
    with pytest.raises(CourseError, match=match):
        evaluate_spans(predictions, references)
