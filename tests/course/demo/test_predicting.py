"""What a model says of many texts.

Alone: pytest tests/course/demo/test_predicting.py.
"""

import itertools

import numpy as np
import pytest
from demo_runs import make_run

import course.evaluation.predicted  # noqa: F401 - before its folder is patched
from course.demo.models import LoadedModels
from course.demo.predicting import PredictedTexts, Step
from course.errors import CourseError

CSV = "text,label\n" + "\n".join(
    f"A film with {'many ' * (i % 7)}words {i}.,{('negative', 'positive')[i % 2]}"
    for i in range(300)
)


@pytest.fixture
def known(first_run):
    return PredictedTexts(LoadedModels())


def test_pieces_give_what_the_model_says_at_once(known):
    measured = known.measure("first", CSV)
    predicted = measured.predicted
    expected = known.models.get("first").predict(predicted.texts).probabilities
    assert predicted.probabilities == pytest.approx(expected, abs=1e-5)  # fp32
    assert predicted.references.tolist() == [0, 1] * 150
    assert predicted.labels == ["negative", "positive"]
    assert predicted.positive == 1
    assert measured.own is False
    assert measured.slices["label positive"].sum() == 150


def test_steps_tell_how_far_it_is(known):
    *steps, last = known.steps("first", CSV)
    done = [step.done for step in steps]
    assert len(done) > 3
    assert done == sorted(done)
    assert {step.total for step in steps} == {300}
    assert all(step.measured is None for step in steps)
    assert last == Step(300, 300, known.find(last.measured.key))


def test_a_result_is_known_when_it_is_asked_for_again(known):
    first = known.measure("first", CSV)
    (step,) = known.steps("first", CSV)
    assert step.measured is first


def test_the_newest_results_are_kept(first_run):
    known = PredictedTexts(LoadedModels(), capacity=2)
    csvs = [f"text,label\nfilm {i},positive" for i in range(3)]
    keys = [known.measure("first", csv).key for csv in csvs]
    assert [known.find(key) is None for key in keys] == [True, False, False]


def test_nothing_more_is_predicted_when_nobody_listens(known, monkeypatch):
    steps = known.steps("first", CSV)
    list(itertools.islice(steps, 4))
    steps.close()
    (again, *_) = known.steps("first", CSV)
    assert again == Step(0, 300)  # not kept, so begun anew


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("text,label\na,good\nb,bad", "labels that first does not know: bad, good; it"),
        ("text\na", "no column 'label'"),
        ("text,label\na,", "no label"),
        ("text,label", "header and no row"),
    ],
)
def test_a_csv_that_will_not_do(known, csv, message):
    with pytest.raises(CourseError, match=message):
        known.measure("first", csv)


def test_a_path_is_no_model(known):
    with pytest.raises(CourseError, match="Unknown model"):
        known.measure("/etc/passwd", CSV)


def test_a_run_whose_data_are_gone_says_so(places, tiny_model_dir):
    make_run(places / "runs" / "lost", tiny_model_dir, task="my.csv")
    with pytest.raises(CourseError, match="which is not here"):
        PredictedTexts(LoadedModels()).measure("lost")


def test_a_model_that_diverged_says_so(known, monkeypatch):
    classifier = known.models.get("first")
    monkeypatch.setattr(classifier, "logits_from_ids", lambda rows: _nan(len(rows)))
    with pytest.raises(CourseError, match="gives no numbers"):
        known.measure("first", CSV)


def _nan(n):
    import torch

    return torch.full((n, 2), np.nan)


def test_a_shipped_adapter_needs_no_model():
    known = PredictedTexts(None)  # it would fail if a model were asked for
    measured = known.measure("sentiment")
    assert measured.own
    assert len(measured.predicted) > 1_000
