"""Texts with edits. Alone: pytest tests/course/explanation/test_study.py."""

import numpy as np
import pytest
from vivid_model import save_vivid_model

from course.errors import CourseError
from course.explanation import explain
from course.explanation.study import edit_text, study
from course.inference import Classifier

TEXT = "Not a good film, but never dull."
LONG = "The plot is thin, but the cast is not bad at all."  # 14 words


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    folder = save_vivid_model(tmp_path_factory.mktemp("vivid"))
    return Classifier(folder, precision="fp32")


@pytest.fixture
def make(classifier):
    return lambda *arguments, **options: list(study(classifier, *arguments, **options))


def test_each_part_tells_one_thing_more(make):
    parts = make(TEXT)
    found = [(len(part.explanations), len(part.curves)) for part in parts]
    assert found == [(1, 0), (2, 0), (3, 0), (3, 3)]
    assert parts[-1].text == TEXT


def test_without_edits_values_are_the_methods_own(classifier, make):
    last = make(TEXT)[-1]
    expected = explain(classifier, TEXT, "lime")
    assert last.values(1) == pytest.approx(expected.values)
    assert last.promised == pytest.approx(last.before.report.prediction)


def test_a_word_taken_away_leaves_its_place_empty(classifier, make):
    last = make(TEXT, {6: ""}, ["exact"])[-1]
    assert last.text == "Not a good film, but dull."
    assert last.places == (0, 1, 2, 3, 4, 5, 7, 8)
    alone = explain(classifier, last.text, "exact", target=last.before.report.target)
    assert np.delete(last.values(), 6) == pytest.approx(alone.values)
    assert last.values()[6] == 0


def test_two_words_in_one_place_share_it(classifier, make):
    last = make(TEXT, {2: "very bad"}, ["exact"])[-1]
    assert last.text == "Not a very bad film, but never dull."
    assert last.places == (0, 1, 2, 2, 3, 4, 5, 6, 7, 8)
    own = last.explanations[0].values
    assert last.values()[2] == pytest.approx(own[2] + own[3])


def test_the_promise_takes_the_values_off_in_log_odds(make):
    last = make(TEXT, {6: "", 0: "So"}, ["exact"])[-1]
    p = last.before.report.prediction
    odds = np.log(p / (1 - p)) - last.before.values[0] - last.before.values[6]
    assert last.promised == pytest.approx(1 / (1 + np.exp(-odds)))


def test_the_label_stays_that_of_the_text_before(make):
    changed = {n: "" for n in range(8)}
    parts = make(TEXT, changed)
    assert {e.report.target for e in parts[-1].explanations} == {
        parts[0].before.report.target
    }
    assert make(TEXT, target="negative")[0].before.report.target == "negative"
    assert make(TEXT, target="positive")[0].before.report.target == "positive"


def test_partition_stands_in_for_exact_in_long_texts(make):
    last = make(LONG, None, ["exact", "partition", "lime"])[-1]
    assert [e.report.method for e in last.explanations] == ["partition", "lime"]
    assert last.note == "exact takes up to 12 words: partition stands in for it"
    assert make(TEXT)[-1].note == ""


def test_guesses_are_judged_by_the_first_method(make):
    last = make(TEXT, {3: ""}, ["exact"])[-1]
    values = {n: v for n, v in enumerate(last.values()) if n != 3}
    most, least = max(values, key=values.get), min(values, key=values.get)
    assert last.extremes == (most, least)
    assert last.judge([most, least]) == (True, True)
    assert last.judge([least, most]) == (False, False)
    assert last.judge([most]) == (True,)


@pytest.mark.parametrize("text", ["", "  ", "\ud83d", "<script>", "good"])
def test_any_text_makes_a_study(make, text):
    last = make(text)[-1]
    assert len(last.curves) == 3
    assert len(last.values()) == len(last.words)


def test_nothing_may_be_left_of_a_text(make):
    last = make("good film", {0: "", 1: ""})[-1]
    assert last.places == last.extremes == ()


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({0: "Really"}, "Really bad, I say."),
        ({1: ""}, "Not, I say."),
        ({0: ""}, "bad, I say."),
        ({4: " shout "}, "Not bad, I shout."),
        ({2: " -"}, "Not bad- I say."),
    ],
)
def test_edits_keep_the_spaces(edits, expected):
    words = ["Not ", "bad", ", ", "I ", "say", "."]
    assert edit_text(words, edits) == expected


def test_errors_say_what_is_there(make):
    with pytest.raises(CourseError, match="word 9 came; the text has words 0 to 8"):
        make(TEXT, {9: "x"})
    with pytest.raises(CourseError, match="No method came"):
        make(TEXT, None, [])
    with pytest.raises(CourseError, match="Unknown method 'guess'"):
        make(TEXT, None, ["guess"])
