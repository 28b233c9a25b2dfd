"""One selection, shared by all parts.

pytest tests/widgets/test_evaluation.py
"""

import time

import numpy as np
import pandas as pd
import pytest
import traitlets
from view_page import open_page, told

from course.errors import CourseError
from course.runs import open_run
from widgets.evaluation import EvaluationLab

TABLE = {
    "text": ["win", "call?", "hi", "free?", "prize"],
    "label": ["spam", "spam", "ham", "ham", "spam"],
    "spam": [0.9, 0.2, 0.1, 0.6, 0.7],
}


def rebuilt(lab, **names):
    """What the lab's own code makes."""
    exec(lab.as_code().replace("\n\nEval", "\n\nlab = Eval"), names)
    return names["lab"]


def test_at_first_it_shows_a_shipped_run():
    lab = EvaluationLab()
    assert "accuracy 0.842 [0.821, 0.861], n=1280" in lab.summary
    assert len(lab.selection) == 1280
    assert lab.metrics["majority"].value == 0.5
    assert len(lab.errors) == 202
    assert "data-drag" in lab.view.picture
    assert not lab.work.is_running


def test_a_pick_is_a_selection_and_picked_again_none():
    lab = EvaluationLab(TABLE)
    lab.on_pick("cell:1:0")
    assert (lab.cell, lab.selection) == (["spam", "ham"], [1])
    assert [error["text"] for error in lab.errors] == ["call?"]
    lab.on_pick("slice:question mark")
    assert lab.metrics["accuracy"].n == 2
    lab.on_pick("row:1")
    assert lab.row == 1
    assert "text 1 is spam" in lab.summary
    lab.on_pick("row:1")
    lab.on_pick("cell:1:0")
    lab.on_pick("slice:question mark")
    assert (lab.cell, lab.slice, lab.row) == ([], "", -1)
    lab.slice = "digit"
    lab.on_pick("slice:")
    assert lab.slice == ""


def test_another_selection_lets_the_text_go():
    lab = EvaluationLab(TABLE, row=3)
    lab.on_pick("cell:0:0")
    assert lab.row == -1


def test_controls_and_traits_are_one():
    lab = EvaluationLab(TABLE)
    controls = {control.description: control for control in lab.children[0].children}
    controls["Threshold"].value = 0.65
    controls["Cost of a miss"].value = 7
    controls["Curve"].value = "cost"
    assert (lab.threshold, lab.cost_false_negative, lab.curve) == (0.65, 7, "cost")
    lab.threshold = 0.1
    assert controls["Threshold"].value == 0.1
    assert not controls["Threshold"].continuous_update
    controls["Use the cheapest threshold"].click()
    assert lab.threshold == 0.2  # one false alarm, no miss
    assert lab.metrics["recall"].value == 1


def test_never_is_threshold_one():
    lab = EvaluationLab(TABLE, cost_false_negative=0)
    lab.use_cheapest()
    assert lab.threshold == 1


def test_the_handle_moves_along_the_curve_that_is_shown():
    lab = EvaluationLab(TABLE, curve="scores")
    lab.on_drag("threshold", 0.15)
    assert lab.threshold == 0.15
    lab.curve = "ROC"
    lab.on_drag("threshold", 0.5)
    assert lab.threshold == 0.2


def test_several_labels_have_no_threshold():
    lab = EvaluationLab("topic", curve="ROC", cell=["business", "tech"])
    assert "A threshold needs two labels; there are 5." in lab.view.picture
    assert len(lab.selection) == 1
    lab.on_drag("threshold", 0.1)
    lab.use_cheapest()
    assert lab.threshold == 0.5
    controls = {control.description: control for control in lab.children[0].children}
    assert controls["Threshold"].disabled
    lab.run = "spam"
    assert not controls["Threshold"].disabled
    assert (lab.cell, len(lab.selection)) == ([], 676)
    assert "spam at threshold" in lab.summary


def test_its_code_makes_the_same_state():
    lab = EvaluationLab("spam", curve="scores", cost_false_positive=10.0)
    lab.on_pick("cell:0:1")
    lab.on_pick(f"row:{lab.errors[0]['row']}")
    lab.use_cheapest()
    again = rebuilt(lab)
    assert again.view.picture == lab.view.picture
    assert again.summary == lab.summary
    assert EvaluationLab().as_code().endswith("\nEvaluationLab()")
    mine = EvaluationLab(TABLE, threshold=0.3, positive_label="ham")
    assert "EvaluationLab(table, threshold=0.3, pos" in mine.as_code()
    assert rebuilt(mine, table=TABLE).summary == mine.summary


def test_a_dataframe_will_do_and_the_table_can_be_come_back_to():
    lab = EvaluationLab(pd.DataFrame(TABLE))
    name = lab.run
    lab.run = "spam"
    assert "n=676" in lab.summary
    lab.run = name
    assert "n=5" in lab.summary
    lab.positive_label = "ham"
    assert lab.exploration.predicted.positive == 0


@pytest.fixture
def two_texts(monkeypatch):
    monkeypatch.setattr(
        "course.evaluation.predicted.own_split",
        lambda run, split: (["good", "bad"], np.array([1, 0])),
    )


@pytest.mark.parametrize("headless", ["0", "1"])
def test_another_run_is_predicted_meanwhile(
    tiny_model_dir, two_texts, monkeypatch, headless
):
    monkeypatch.setenv("COURSE_HEADLESS", headless)
    lab = EvaluationLab(tiny_model_dir)
    if headless == "0" and lab.exploration is None:
        assert (lab.metrics, lab.errors, lab.selection) == ({}, [], [])
    assert lab.work.wait(30)
    assert "n=2" in lab.summary
    assert lab.run == str(open_run(tiny_model_dir).path)


def test_a_run_without_its_data_says_so_in_one_line(tiny_model_dir):
    lab = EvaluationLab(TABLE, cell=["spam", "ham"])
    lab.run = str(tiny_model_dir)
    lab.work.wait(30)
    assert "name a file of other texts" in lab.summary
    assert lab.errors == []


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"run": "sentimnet"}, "Did you mean 'sentiment'"),
        ({"threshold": 50}, "from 0 to 1"),
        ({"cell": ["spam"]}, "1 names"),
        ({"slice": "long texts"}, "Unknown slice"),
        ({"row": 5}, "0 to 4"),
        ({"curve": "roc"}, "Unknown curve"),
        ({"metric": "recall"}, "Unknown metric"),
        ({"cost_false_positive": -1.0}, "from 0"),
        ({"positive_label": "eggs"}, "Unknown label"),
    ],
)
def test_bad_values_are_refused_in_one_line(bad, message):
    with pytest.raises(CourseError, match=message):
        EvaluationLab(**{"run": TABLE, **bad})
    lab = EvaluationLab(TABLE)
    before = lab.view.picture
    for name, value in bad.items():
        with pytest.raises(traitlets.TraitError, match=message):
            setattr(lab, name, value)
    assert lab.view.picture == before


def test_a_change_is_drawn_soon():
    lab = EvaluationLab()
    times = []
    for number in range(20):
        start = time.process_time()
        lab.threshold = 0.3 + 0.02 * number
        times.append(time.process_time() - start)
    assert sorted(times)[-2] < 0.3


def test_by_keys_alone(browser, tmp_path):
    lab = EvaluationLab(TABLE, curve="scores")
    page = open_page(browser, lab.view, tmp_path / "view.html", width=390)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    page.keyboard.press("Tab")  # the first cell
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the handle
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.told.length > 1")
    (first, picked), (second, dragged) = told(page)
    assert (first, picked["name"]) == ("picked", "cell:0:1")
    assert (second, dragged) == ("dragged", {"name": "threshold", "value": 0.51})
    page.close()


def test_the_handle_follows_the_pointer_and_cells_light_their_bars(browser, tmp_path):
    lab = EvaluationLab(TABLE, curve="scores")
    page = open_page(browser, lab.view, tmp_path / "view.html")
    page.locator('[data-pick="cell:0:1"]').hover()
    assert page.locator("rect.is-linked").count() == 1
    box = page.locator("[data-track]").bounding_box()
    page.locator("[data-drag]").hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 20)
    page.mouse.up()
    page.wait_for_function("window.told.length > 0")
    name, dragged = told(page)[-1]
    assert name == "dragged"
    assert dragged["value"] == pytest.approx(0.25, abs=0.01)
    page.close()
