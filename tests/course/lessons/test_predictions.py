"""predict and reveal. Alone: pytest tests/course/lessons/test_predictions.py."""

import pytest
from tiny_cards import EVIL, installed

from course.lessons import progress, storage
from course.lessons.predictions import predict, reveal


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as file:
        yield file


def test_predict_then_reveal():
    said = predict("02.p1", 3, confidence=0.7)
    assert (said.value, said.confidence, said.counts) == (3, 0.7, True)
    assert repr(said) == (
        "02.p1: you predict 3, 70 % sure. Until the answer is shown you may change it."
    )
    outcome = reveal("02.p1", 4)
    assert (outcome.predicted, outcome.actual) == (3, 4)
    assert (outcome.right, outcome.score) == (False, 0.0)
    text = repr(outcome)
    assert text.startswith("02.p1: not right; you were 70 % sure.\n")
    assert "predicted 3, is 4 (wrong)" in text
    assert "1 prediction: on average 70 % sure, 0 right" in text
    assert "Over- or under-confidence: not distinguishable." in text


def test_items_are_compared_one_by_one():
    predict("02.p1", {"naïve": 3, "12345": "2"}, 0.5)
    outcome = reveal("02.p1", {"naïve": 2, "12345": 2, "🙂": 4}, within=0)
    assert (outcome.right, outcome.score) == (False, pytest.approx(1 / 3))
    assert "not right (1 of 3)" in repr(outcome)
    assert "🙂: predicted nothing, is 4 (wrong)" in repr(outcome)
    assert outcome._repr_html_().count('<th scope="row"') == 3


def test_within_is_a_tolerance():
    predict("02.p1", 3.2, 1)
    assert reveal("02.p1", 3, within=0.25).right


def test_the_mind_may_change_until_the_answer_is_shown():
    predict("02.p1", 3, 0.7)
    predict("02.p1", 4, 0.9)
    assert reveal("02.p1", 4).right
    again = predict("02.p1", 5, 0.1)
    assert (again.value, again.confidence, again.counts) == (4, 0.9, True)
    assert "before the answer was shown you said 4, 90 % sure" in repr(again)
    assert reveal("02.p1", 4).predicted == 4


def test_running_again_from_the_top_shows_and_keeps_the_same(file):
    def run():
        return [repr(predict("02.p1", 3, 0.7)), repr(reveal("02.p1", 3))]

    run()
    second, content = run(), file.read_text()
    assert run() == second
    assert file.read_text() == content
    assert progress.summary()["calibration"]["n"] == 1


def test_a_second_answer_does_not_change_what_counts():
    predict("02.p1", 3, 0.7)
    reveal("02.p1", 3)
    outcome = reveal("02.p1", 4)
    assert not outcome.right
    assert "What was compared when it was first shown still counts." in repr(outcome)
    assert progress.summary()["calibration"]["share_right"]["value"] == 1


def test_without_a_prediction_the_answer_is_shown_all_the_same():
    outcome = reveal("02.p1", [4, 5])
    assert outcome.actual == [4, 5]
    assert outcome.right is outcome.score is outcome.predicted is None
    assert repr(outcome) == "02.p1: it is [4, 5]. You had made no prediction."
    late = predict("02.p1", [4, 5], 1)
    assert (late.value, late.confidence, late.counts) == (None, None, False)
    assert "kept, but not counted" in repr(late)
    assert "kept and does not count" in repr(reveal("02.p1", [4, 5]))
    assert progress.summary()["calibration"]["n"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("02.p1", ...), "No prediction yet: put your answer in place of the three"),
        (("02.p1", ..., 0.5), "No prediction yet"),
        (("02.p1", [..., 1], 0.5), "No prediction yet"),
        (("02.p1", 3), "No prediction yet"),
        (("02.p1", 3, 75), "confidence is 75; a number from 0 to 1 was expected"),
        (("02.p1", 3, "75%"), "confidence is '75%'; a number from 0 to 1"),
        (("02.p1", 3, -0.1), "confidence is -0.1;"),
        (("02.p1", 3, True), "confidence is True;"),
        pytest.param(
            *(("02.p1", 3, 10**5000), "confidence is a number beyond 1e+300"), id="huge"
        ),
        (("02.p1", 3, float("nan")), "confidence is nan;"),
        (("02.p1", {1, 2}, 0.5), "a set came; a number, a text"),
        (("02.p9", 3, 0.5), "Unknown prediction '02.p9'. Did you mean"),
        ((2, 3, 0.5), "2 came, a prediction's id in quotation marks"),
        (("x\n" * 500, 3, 0.5), "Unknown prediction 'x x"),
    ],
)
def test_a_learners_mistake_is_one_line(file, arguments, message):
    said = predict(*arguments)
    assert repr(said).startswith(message)
    assert "\n" not in repr(said)
    assert (said.value, said.counts) == (None, False)
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("02.p9", 3), "Unknown prediction '02.p9'"),
        (("02.p1", None), "a NoneType came"),
        (("02.p1", 3, -1), "within is -1; a number from 0"),
        (("02.p1", 3, "a"), "within is 'a'"),
    ],
)
def test_an_authors_mistake_is_one_line_and_shows_nothing(file, arguments, message):
    outcome = reveal(*arguments)
    assert repr(outcome).startswith(message)
    assert outcome.right is None
    assert not file.exists()


def test_what_a_learner_wrote_is_escaped():
    shown = predict("02.p1", EVIL, 0.5)
    outcome = reveal("02.p1", {EVIL: EVIL})
    for page in (shown._repr_html_(), outcome._repr_html_()):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_a_disk_that_cannot_be_written_breaks_nothing(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "replace", full)
    assert "Progress is not saved" in repr(predict("02.p1", 3, 0.7))
    outcome = reveal("02.p1", 3)
    assert outcome.right
    assert "Progress is not saved" in repr(outcome)
