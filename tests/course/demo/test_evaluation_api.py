"""What programs get as `/evaluate`.

Alone: pytest tests/course/demo/test_evaluation_api.py.
"""

import json

import gradio as gr
import pytest

import course.evaluation.predicted  # noqa: F401 - before its folder is patched
from course.demo.evaluation_api import make_endpoint, report
from course.demo.models import LoadedModels
from course.demo.predicting import PredictedTexts

CSV = "text,label\n" + "good,positive\n" * 30 + "bad,negative\n" * 10


@pytest.fixture
def known(first_run):
    return PredictedTexts(LoadedModels())


def test_a_csv_is_measured_beside_its_commonest_label(known):
    found = report(known.measure("first", CSV))
    assert found["n"] == 40
    assert found["labels"] == ["negative", "positive"]
    assert sum(map(sum, found["confusion"])) == 40
    accuracy = found["metrics"]["accuracy"]
    assert accuracy["low"] <= accuracy["value"] <= accuracy["high"]
    right = found["confusion"][0][0] + found["confusion"][1][1]
    assert accuracy["value"] == pytest.approx(right / 40)
    majority = found["baselines"]["majority"]
    assert majority["accuracy"]["value"] == 0.75
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_on_its_own_test_split_a_run_has_the_baselines_of_its_training():
    found = report(PredictedTexts(None).measure("sentiment"))
    assert set(found["baselines"]) == {"majority", "tfidf_logistic_regression"}
    baseline = found["baselines"]["tfidf_logistic_regression"]["accuracy"]
    assert 0.5 < baseline["value"] < found["metrics"]["accuracy"]["value"]
    assert baseline["n"] == found["n"]


def test_a_program_is_told_its_mistake_in_one_line(known):
    evaluate = make_endpoint(known)
    with pytest.raises(gr.Error, match="Unknown model 'passwd'"):
        evaluate("/etc/passwd")
    with pytest.raises(gr.Error, match="no column 'text'"):
        evaluate("first", "a,b\n1,2")
