"""How often a model was right. Alone: pytest tests/course/demo/test_measured.py."""

from pathlib import Path

import pytest
from demo_runs import ACCURACY, MAJORITY

from course.demo.measured import measurement_of, render_measurement
from course.demo.messages import Say
from course.runs import Run

SAY = Say()


def make(name="first", **info):
    return Run(Path(name), {"labels": ["a", "b"], "metrics": {}, **info})


def test_the_accuracy_stands_beside_the_commonest_label():
    majority = {"majority": {"metrics": {"accuracy": MAJORITY}}}
    run = make(metrics={"accuracy": ACCURACY}, baselines=majority, measured_on="test")
    table = render_measurement(run, SAY)
    assert "on 1,500 test texts it was not trained on" in table
    assert "first</th><td>0.835</td><td>0.816 to 0.853" in table
    assert "always the commonest label</th><td>0.500</td><td>0.475 to 0.525" in table
    assert "TF-IDF" not in table
    german = render_measurement(run, Say("de"))
    assert "immer das häufigste Label" in german
    assert "0.816 bis 0.853" in german


def test_an_accuracy_alone_is_shown_without_interval():
    table = render_measurement(make(metrics={"accuracy": {"value": 0.5}}), SAY)
    assert "on test texts" in table
    assert "<td>0.500</td><td>-</td>" in table


def test_what_was_not_measured_is_said():
    assert "was not measured" in render_measurement(make(), SAY)


def test_names_are_escaped():
    run = make("<b>x", metrics={"accuracy": ACCURACY}, measured_on="<i>")
    table = render_measurement(run, SAY)
    assert "&lt;b&gt;x" in table
    assert "<i>" not in table


@pytest.mark.parametrize("name", [None, "gone"])
def test_without_a_model_there_is_no_measurement(places, name):
    assert measurement_of(name, SAY) == ""
