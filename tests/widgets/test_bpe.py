"""Merges step by step. Alone: pytest tests/widgets/test_bpe.py."""

import time

import pytest
import traitlets
from view_page import change, open_page, told

from course.errors import CourseError
from course.tokenization.steps import learn_merges
from widgets.bpe import EXAMPLE, MOST_MERGES, MOST_TYPED, BPEStepper

TEXT = " low" * 5 + " lower" * 2 + " newest" * 6 + " widest" * 3


@pytest.fixture
def lab():
    return BPEStepper(TEXT, merges=8)


def controls(lab):
    return {control.description: control for control in lab.children[0].children}


def test_it_begins_with_a_picture_and_the_first_pair_hidden():
    lab = BPEStepper()
    assert (lab.text, lab.step, lab.score, lab.predicted) == (EXAMPLE, 0, 0, {})
    assert lab.learned == learn_merges(EXAMPLE, 30)
    assert "which pair is merged next?" in lab.summary
    assert lab.view.picture.count("data-pick") == 8
    assert "★" not in lab.view.picture


def test_controls_in_the_order_of_the_tab_key(lab):
    names = ["Text", "Merges", "Merges done", "Next pair"]
    assert list(controls(lab)) == [*names, "Predict", "Reveal", "Merge", "Your word"]
    assert not controls(lab)["Merges done"].continuous_update


def test_a_right_prediction_counts_and_is_shown(lab):
    lab.predict("e", "s")
    assert (lab.score, lab.predicted, lab.seen, lab.step) == (1, {0: ("e", "s")}, 1, 0)
    assert "✓ right, next is e + s (9); 1 of 1 prediction right." in lab.summary


def test_only_the_first_guess_of_a_step_counts(lab):
    lab.predict("l", "o")
    lab.predict("e", "s")
    assert (lab.score, lab.predicted) == (0, {0: ("l", "o")})
    lab.advance()
    lab.predict("es", "t")
    assert (lab.score, len(lab.predicted)) == (1, 2)
    assert lab.summary.endswith("1 of 2 predictions right.")


def test_what_was_revealed_or_passed_cannot_be_predicted(lab):
    lab.reveal()
    lab.predict("e", "s")
    assert lab.predicted == {}
    lab.step = 3
    lab.step = 1
    lab.predict("es", "t")
    assert lab.predicted == {}
    lab.step = 3
    assert "which pair" in lab.summary


def test_the_controls_predict_reveal_and_merge(lab):
    box = controls(lab)
    assert not any(box[name].disabled for name in ("Predict", "Reveal", "Merge"))
    box["Predict"].click()  # nothing is chosen yet
    assert lab.predicted == {}
    assert [label for label, _ in box["Next pair"].options[:2]] == [
        "choose a pair",
        "␣ + l",
    ]
    box["Next pair"].value = ("e", "s")
    assert lab.predicted == {}  # choosing is not predicting yet
    box["Predict"].click()
    assert lab.score == 1
    assert box["Predict"].disabled
    assert box["Reveal"].disabled
    box["Merge"].click()
    assert (lab.step, box["Merges done"].value) == (1, 1)
    assert not box["Predict"].disabled
    assert box["Next pair"].value is None
    box["Reveal"].click()
    assert (lab.seen, lab.score, len(lab.predicted)) == (2, 1, 1)
    lab.merges = 20
    last = box["Merges done"].max
    box["Merges done"].value = last
    assert lab.step == last == len(lab.learned.pairs)
    assert box["Merge"].disabled
    box["Merge"].click()
    assert lab.step == last
    box["Your word"].value = "best lot"
    assert lab.encoded == [["b", "est"], [" lo", "t"]]


def test_a_picked_pair_is_predicted_and_a_handle_goes_to_a_step(lab):
    number = lab.learned.candidates(0).index(("e", "s"))
    lab.view.picked = {"name": str(number), "count": 1}
    assert lab.score == 1
    lab.view.picked = {"name": "99", "count": 2}
    lab.view.picked = {"name": "<b>", "count": 3}
    assert (lab.score, lab.predicted) == (1, {0: ("e", "s")})
    lab.view.dragged = {"name": "step", "value": 0.51}
    assert lab.step == 4
    lab.view.dragged = {"name": "step", "value": 1}
    assert lab.step == 8


def test_every_arrow_key_of_the_curve_is_a_step():
    lab = BPEStepper(merges=30)
    last = len(lab.learned.pairs)
    for step in range(last):
        value = float(lab.view.picture.split('data-value="')[1].split('"')[0])
        way = float(lab.view.picture.split('data-step="')[1].split('"')[0])
        lab.view.dragged = {"name": "step", "value": round(value + way, 4)}
        assert lab.step == step + 1


def test_a_new_text_starts_again(lab):
    lab.predict("e", "s")
    lab.step = 8
    lab.text = "abab"
    assert (lab.step, lab.seen, lab.score, lab.predicted) == (0, 0, 0, {})
    assert controls(lab)["Merges done"].max == 2
    assert "fault" not in lab.summary


def test_fewer_merges_keep_what_still_holds(lab):
    lab.predict("e", "s")
    lab.step = 6
    lab.predict("x", "y")
    lab.merges = 3
    assert (lab.step, lab.predicted, lab.score) == (3, {0: ("e", "s")}, 1)
    assert controls(lab)["Merges done"].max == 3
    assert lab.summary.startswith("After 3 of 3 merges")
    lab.merges = 20
    assert lab.step == 3


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"text": "a'b\n\u200d abab", "merges": 3, "step": 1, "word": "<b>"},
        {"text": TEXT, "step": 2, "predicted": {0: ("e", "s"), 1: ("x", '"')}},
        {"step": 3, "seen": 4, "word": ""},
        {"text": ""},
    ],
)
def test_the_code_makes_the_same_lab(state):
    lab = BPEStepper(**state)
    *_, last = lab.as_code().splitlines()
    again = eval(last, {"BPEStepper": BPEStepper})
    assert again.as_code() == lab.as_code()
    assert again.view.picture == lab.view.picture
    assert (again.summary, again.score) == (lab.summary, lab.score)
    for name, value in state.items():
        assert getattr(again, name) == value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": TEXT, "step": 99}, "step 99 came; this text has 15 merges"),
        ({"step": -1}, "should not be less than 0"),
        ({"merges": 0}, "'merges' .* 0"),
        ({"merges": MOST_MERGES + 1}, "'merges'"),
        ({"predicted": {99: ("a", "b")}}, "predicted 99"),
        ({"predicted": {0: ("a", "b", "c")}}, "a pair of two strings"),
        ({"predicted": {0: 5}}, "a pair of two strings"),
        ({"text": None}, "'text'"),
    ],
)
def test_bad_arguments_are_one_line(arguments, message):
    with pytest.raises(CourseError, match=message) as caught:
        BPEStepper(**arguments)
    assert "\n" not in str(caught.value)


def test_a_bad_value_leaves_the_state(lab):
    lab.step = 2
    for name, value in (("step", 99), ("merges", 0), ("predicted", {"0": ("a", "b")})):
        with pytest.raises(traitlets.TraitError):
            setattr(lab, name, value)
    assert (lab.step, lab.merges, lab.predicted) == (2, 8, {})


@pytest.mark.parametrize(
    "text",
    ["", "a", " ", "\ud83d", "<script>x</script>", "\u202e\u200d\x00", "שלום שלום"],
)
def test_any_text_has_a_picture(lab, text):
    lab.text = text
    lab.word = text
    lab.step = len(lab.learned.pairs)
    assert lab.view.picture
    assert "fault" not in lab.summary
    assert "<script" not in lab.view.picture + lab.view.table
    for name in ("picture", "summary", "table", "code"):
        getattr(lab.view, name).encode()
    (lab.text + lab.word).encode()


def test_a_very_long_text_is_read_in_part(lab):
    lab.text = "some words " * 1000
    assert len(lab.learned.text) == MOST_TYPED
    assert f"{MOST_TYPED:,} characters in" in lab.summary
    assert lab.summary.startswith("Only the first of 11,000 characters are read.")


def test_each_control_is_followed_soon():
    lab = BPEStepper()
    seconds = []
    for number in range(20):
        start = time.process_time()
        lab.step = number % 10
        lab.text = f"She sells {number} seashells by the seashore, sure."
        seconds.append(time.process_time() - start)
    assert sorted(seconds)[-2] < 0.3  # 95 of 100; some 15 ms on a quiet machine


def test_in_a_page_by_keys(lab, browser, tmp_path):
    page = open_page(browser, lab.view, tmp_path / "view.html", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    pair = lab.learned.candidates(0)[1]
    lit = page.locator("span.is-linked:not([data-pick])").all_inner_texts()
    assert len(lit) == 2 * lab.learned.counts[0][pair]
    page.keyboard.press("Enter")
    ((_, picked),) = told(page)
    lab.view.picked = picked
    assert lab.predicted == {0: pair}
    lab.redraw()  # under a page's event loop it would come a little later
    change(page, "picture", lab.view.picture)
    assert page.evaluate("document.activeElement.dataset.say").count(":") == 1
    page.get_by_role("slider", name="merges done").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(150)
    lab.view.dragged = told(page)[-1][1]
    assert lab.step == 1
    page.context.close()
