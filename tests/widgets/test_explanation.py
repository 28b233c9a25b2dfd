"""A text to edit and its explanations. Alone: pytest tests/widgets/test_explanation.py.

In most tests nobody looks (`COURSE_HEADLESS=1`), so that work is done before a call
returns.
"""

import threading
import time

import ipywidgets
import pytest
import traitlets
from view_page import open_page, told
from vivid_model import save_vivid_model

from course.errors import CourseError
from course.explanation import explain
from course.explanation import study as studies
from widgets.explanation import EXAMPLE, ExplanationLab

TEXT = "Not bad."


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return str(save_vivid_model(tmp_path_factory.mktemp("vivid")))


@pytest.fixture(autouse=True)
def headless(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")


@pytest.fixture
def lab(run):
    return ExplanationLab(run, TEXT)


@pytest.fixture
def seen(monkeypatch):
    """As in a notebook: work in a thread, which waits until the test lets it go on."""
    monkeypatch.delenv("COURSE_HEADLESS")
    go_on, real = threading.Event(), studies.study

    def waiting(*arguments):
        go_on.wait(10)
        yield from real(*arguments)

    monkeypatch.setattr(studies, "study", waiting)
    return go_on


def control(lab, description):
    for child in lab.children[0].children:
        if child.description == description:
            return child
    raise AssertionError(f"no control {description}")


def press(lab, description):
    control(lab, description).click()


def again(lab):
    """What the lab's own code makes."""
    names = {}
    exec(lab.as_code().replace("\n\n", "\n\nlab = "), names)
    return names["lab"]


# --- What it shows --------------------------------------------------------------------
def test_results_are_those_of_the_methods(run, lab):
    assert [e.report.method for e in lab.explanations] == [
        *("exact", "lime", "integrated_gradients")
    ]
    alone = explain(run, TEXT, "exact")
    assert lab.explanation.values == pytest.approx(alone.values)
    assert lab.prediction == alone.report.prediction
    assert len(lab.deletion_curves) == 3
    assert lab.summary.startswith(f"“{alone.report.target}” has probability")
    assert repr(lab) == lab.summary


def test_by_default_it_explains_the_shipped_model():
    assert ExplanationLab(text="", methods=["lime"]).explanation.report.target in (
        *("negative", "positive"),
    )
    assert ExplanationLab.text.default() == EXAMPLE


def test_the_explanation_follows_an_edit(run, lab):
    lab.picked = 1
    control(lab, "New word").value = "good"
    press(lab, "Replace")
    assert lab.edits == {1: "good"}
    target = lab.explanation.report.target
    alone = explain(run, "Not good.", "exact", target=target)
    assert lab.explanation.values == pytest.approx(alone.values)
    assert "The edit took the probability" in lab.summary
    press(lab, "Remove")
    assert lab.explanation.report.text == "Not."
    press(lab, "Restore")
    assert lab.edits == {}
    assert lab.explanation.report.text == TEXT


def test_restore_takes_back_one_edit_or_all(lab):
    lab.edits = {0: "So", 1: "good"}
    lab.picked = 0
    press(lab, "Restore")
    assert lab.edits == {1: "good"}
    lab.picked = 2
    press(lab, "Restore all")
    assert lab.edits == {}


def test_without_a_picked_word_nothing_is_replaced(lab):
    lab.replace("x")
    assert lab.edits == {}
    assert [control(lab, name).disabled for name in ("Replace", "Remove")] == [True] * 2
    lab.picked = 0
    assert [control(lab, name).disabled for name in ("Replace", "Remove")] == [
        False
    ] * 2
    assert control(lab, "New word").placeholder == "instead of “Not”"


def test_a_new_text_begins_without_edits(lab):
    lab.picked, lab.edits = 1, {1: "good"}
    control(lab, "Text").value = "A dull film."
    assert (lab.text, lab.edits, lab.picked) == ("A dull film.", {}, -1)
    assert lab.explanation.report.text == "A dull film."
    assert "dull" in lab.view.picture


def test_an_edit_taken_back_needs_no_model(lab, monkeypatch):
    lab.edits = {1: "good"}
    monkeypatch.setattr(studies, "study", lambda *arguments: pytest.fail("asked"))
    lab.edits = {}
    assert lab.explanation.report.text == TEXT


def test_controls_and_traits_are_one(lab):
    control(lab, "Methods").value = ("lime",)
    control(lab, "Label").value = "positive"
    control(lab, "Curve of").value = "lime"
    assert (lab.methods, lab.target, lab.curve) == (["lime"], "positive", "lime")
    assert lab.explanation.report.method == "lime"
    assert lab.explanation.report.target == "positive"
    control(lab, "Methods").value = ()
    assert lab.methods == ["lime"]
    kinds = (ipywidgets.Button, ipywidgets.Text, ipywidgets.Dropdown)
    assert sum(isinstance(c, kinds) for c in lab.children[0].children) == 7


def test_another_run_has_other_labels(lab, tmp_path):
    other = save_vivid_model(tmp_path, ("ham", "spam"))
    lab.target = "positive"
    lab.run = str(other)
    assert lab.target is None
    assert lab.explanation.report.target in ("ham", "spam")
    control(lab, "Label").value = "spam"
    assert lab.explanation.report.target == "spam"


@pytest.mark.parametrize("text", ["", "  ", "\ud83d", "<script>alert(1)</script>"])
def test_any_text_has_a_picture(run, text):
    lab = ExplanationLab(run, text)
    assert lab.view.picture
    assert "<script" not in lab.view.picture + lab.view.table
    lab.view.picture.encode("utf-8")


# --- The game -------------------------------------------------------------------------
def test_values_are_hidden_until_both_guesses_are_made(lab):
    most, least = studies_extremes(lab)
    lab.mode = "predict"
    assert "additivity" not in lab.view.picture + lab.view.table
    assert "speaks most for" in lab.summary
    lab.on_pick(str(most))
    lab.on_pick(str(most))  # the same word cannot be both
    assert lab.predicted == [most]
    assert "additivity" not in lab.view.picture + lab.view.table
    lab.on_pick(str(least))
    assert lab.predicted == [most, least]
    assert "additivity" in lab.view.picture
    assert lab.score == (2, 2)
    assert lab.summary.count("✓") == 2
    lab.on_pick("1")  # from now on a pick is for the buttons
    assert (lab.predicted, lab.picked) == ([most, least], 1)


def studies_extremes(lab):
    values = lab.explanation.values.tolist()
    return values.index(max(values)), values.index(min(values))


def test_the_score_goes_on_with_the_next_text(lab):
    lab.mode = "predict"
    most, least = studies_extremes(lab)
    lab.predicted = [least, most]
    assert lab.score == (0, 2)
    lab.text = "A dull film."
    assert lab.predicted == []
    assert "additivity" not in lab.view.picture
    lab.predicted = list(studies_extremes(lab))
    assert lab.score == (2, 4)


def test_an_edit_or_the_mode_asks_anew(lab):
    lab.mode, lab.predicted = "predict", [0, 1]
    lab.edits = {1: "good"}
    assert lab.predicted == []
    lab.predicted = [0, 1]
    lab.mode = "look"
    assert lab.predicted == []
    assert "additivity" in lab.view.picture


def test_one_word_is_no_choice(run):
    lab = ExplanationLab(run, "good", mode="predict")
    assert "additivity" in lab.view.picture


def test_guesses_of_words_that_are_not_there_do_not_count(lab):
    lab.mode, lab.predicted = "predict", [0, 99]
    assert lab.score == (0, 0)
    assert "speaks most against" in lab.summary


# --- State ----------------------------------------------------------------------------
def test_code_makes_the_present_state(run):
    lab = ExplanationLab(run, TEXT, {1: "good"}, methods=["lime", "partition"])
    lab.set_trait("target", "positive")
    lab.curve, lab.mode, lab.picked = "partition", "predict", 2
    lab.predicted = [0, 2]
    copy = again(lab)
    assert {n: getattr(copy, n) for n in lab.state} == {
        n: getattr(lab, n) for n in lab.state
    }
    assert copy.summary == lab.summary


@pytest.mark.parametrize(
    ("option", "match"),
    [
        ({"run": "sentimant"}, "Unknown run 'sentimant'"),
        ({"methods": ["guess"]}, "Unknown method 'guess'"),
        ({"target": "good"}, "Unknown label 'good'"),
        ({"curve": "guess"}, "Unknown method 'guess'"),
        ({"mode": "play"}, "'look', 'predict'"),
        ({"picked": -2}, "picked"),
        ({"edits": {-1: "x"}}, "edits"),
        ({"predicted": [0, 1, 2]}, "predicted"),
    ],
)
def test_bad_values_are_told_in_one_line(run, lab, option, match):
    with pytest.raises(CourseError, match=match) as raised:
        ExplanationLab(**{"run": run, "text": TEXT} | option)
    assert "\n" not in str(raised.value)
    ((name, value),) = option.items()
    before = getattr(lab, name)
    with pytest.raises(traitlets.TraitError, match=match):
        setattr(lab, name, value)
    assert getattr(lab, name) == before


def test_an_edit_that_cannot_be_is_one_line_in_the_pictures_place(lab):
    lab.edits = {9: "x"}
    assert lab.summary.startswith("An edit of word 9 came; the text has words 0 to 2")
    assert lab.view.picture == f"<p>{lab.summary}</p>"
    with pytest.raises(CourseError, match="word 9"):
        lab.explanation  # noqa: B018
    lab.edits = {}
    assert "additivity" in lab.view.picture


# --- Work in a thread -----------------------------------------------------------------
def test_the_text_is_there_before_the_model_has_answered(seen, run):
    lab = ExplanationLab(run, TEXT)
    assert "Computing the explanation" in lab.summary
    assert TEXT in lab.view.picture
    seen.set()
    assert lab.explanation.report.text == TEXT
    assert wait_until(lambda: "additivity" in lab.view.picture)


def test_the_old_picture_stays_in_grey_meanwhile(seen, run):
    seen.set()
    lab = ExplanationLab(run, TEXT)
    assert lab.prediction > 0
    seen.clear()
    lab.edits = {1: "good"}
    lab.redraw()
    assert "opacity:.4" in lab.view.picture
    assert "Computing" in lab.summary
    lab.edits = {1: "dull"}  # the edit before is no longer of interest
    seen.set()
    assert lab.explanation.report.text == "Not dull."
    assert wait_until(lambda: "<b>dull</b>" in lab.view.picture)
    assert "opacity:.4" not in lab.view.picture


def wait_until(true):
    for _ in range(200):
        if true():
            return True
        time.sleep(0.01)
    return False


# --- In a browser ---------------------------------------------------------------------
def test_a_control_leads_to_a_picture_in_no_time(lab):
    times = []
    for number in range(40):
        start = time.process_time()
        lab.picked = number % 3
        times.append(time.process_time() - start)
    assert sorted(times)[37] < 0.3  # seconds; measured: 1 ms


def test_words_are_picked_by_keys_and_light_their_like(browser, lab, tmp_path):
    page = open_page(browser, lab.view, tmp_path / "view.html", width=390)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    ((name, value),) = told(page)
    assert (name, value["name"]) == ("picked", "1")
    lit = page.locator(".is-linked").evaluate_all("all => all.map(e => e.tagName)")
    assert lit == ["SPAN", "DIV", "circle", "SPAN"]
    assert page.locator(".course-readout").inner_text().startswith("“bad”: exact")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
