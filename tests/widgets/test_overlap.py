"""BLEU and ROUGE to edit. Alone: pytest tests/widgets/test_overlap.py."""

import math
import time

import pytest
import sacrebleu
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer
from view_page import open_page, told

from course.errors import CourseError
from course.evaluation import overlap
from widgets.overlap import EXAMPLES, METRICS, OverlapLab

MAT = "the cat is on the mat"
THE, CLIPPING = EXAMPLES["the the the"]
TEXTS = st.lists(
    st.sampled_from(["the", "a", "cat", "sat", "on", "."]), min_size=1, max_size=8
).map(" ".join)


def control(lab, description):
    return next(c for c in lab.children[0].children if c.description == description)


# --- Scores -------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_scores_equal_the_libraries(prediction, references):
    lab = OverlapLab(prediction, references)
    assert lab.score == sacrebleu.sentence_bleu(prediction, references).score
    ours = overlap.bleu([prediction], [references], n_resamples=1)
    assert lab.score == pytest.approx(ours.sentences[0])
    ours = overlap.rouge([prediction], [references], n_resamples=1)
    for name in ("rouge1", "rouge2", "rougeL"):
        lab.metric = name
        theirs = RougeScorer([name]).score_multi(references, prediction)[name]
        assert (lab.score, lab.parts["precision"], lab.parts["recall"]) == (
            theirs.fmeasure,
            theirs.precision,
            theirs.recall,
        )
        assert lab.score == ours[name].score.value


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_common_subsequence_is_one_and_as_long_as_the_libraries(prediction, reference):
    parts = OverlapLab(prediction, reference, "rougeL").parts
    tokens, [others] = parts["tokens"], parts["reference_tokens"]
    assert all(tokens[i] == others[j] for i, j in parts["pairs"])
    ordered = zip(parts["pairs"], parts["pairs"][1:], strict=False)
    assert all(a < c and b < d for (a, b), (c, d) in ordered)
    assert len(parts["pairs"]) == round(parts["precision"] * len(tokens))


def test_the_first_picture_is_a_failure_of_the_measure():
    """A good paraphrase, of which "I" and the full stop count alone."""
    lab = OverlapLab()
    assert 0 < lab.score < 5
    assert lab.parts["counts"] == [2, 0, 0, 0]
    assert lab.summary.startswith("BLEU 4.0 of 100: 2 of 12 1-grams")
    assert lab.view.picture


def test_examples_show_what_their_names_say():
    scores = {
        name: {metric: OverlapLab(*texts, metric).score for metric in METRICS.values()}
        for name, texts in EXAMPLES.items()
    }
    order = scores["another order, another meaning"]
    assert order["rouge1"] == 1  # a bag of words sees no order
    assert order["bleu"] < 50
    assert order["rouge2"] < 1
    assert list(scores["identical"].values()) == pytest.approx([100, 1, 1, 1])
    short = OverlapLab(*EXAMPLES["too short"]).parts
    assert short["precisions"][:2] == [100, 100]
    assert short["brevity_penalty"] < 0.2
    assert OverlapLab(THE, CLIPPING).parts["counts"][0] == 2  # Papineni et al. 2002


# --- State --------------------------------------------------------------------------


def test_code_makes_the_present_state():
    lab = OverlapLab("<b> \ud83d", ["a", "b'"], metric="rouge2", n=3, picked="a b")
    names = {}
    exec(lab.as_code().replace("\n\nOverlapLab", "\n\nlab = OverlapLab"), names)
    again = names["lab"]
    assert [getattr(again, name) for name in lab.state] == [
        getattr(lab, name) for name in lab.state
    ]
    assert OverlapLab().as_code().endswith("OverlapLab()")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"metric": "blue"}, "Unknown metric 'blue'. Did you mean 'bleu'"),
        ({"n": 5}, "n 5 came: give a whole number from 1 to 4"),
        ({"references": []}, "No reference came"),
        ({"references": [3]}, "No reference came, or one that is not a text"),
        ({"references": None}, "No reference came"),
        ({"prediction": ["a"]}, "prediction .* came: give a text"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, line):
    with pytest.raises(CourseError, match=line) as caught:
        OverlapLab(**arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("metric", "blue"), ("n", 0)])
def test_what_does_not_fit_is_not_set(name, value):
    lab = OverlapLab()
    before = lab.view.picture
    with pytest.raises(traitlets.TraitError, match=r"came|Unknown"):
        setattr(lab, name, value)
    assert lab.view.picture == before


def test_traits_change_picture_and_controls():
    lab = OverlapLab()
    lab.prediction = MAT
    lab.references = [MAT, "another\none", " "]
    assert lab.references == [MAT, "another one"]
    assert control(lab, "Prediction").value == MAT
    assert control(lab, "References").value == f"{MAT}\nanother one"
    assert control(lab, "Example").value == "your own"
    assert lab.summary.startswith("BLEU 100.0 of 100")
    lab.metric = "rougeL"
    assert control(lab, "Light n =").disabled
    assert "<svg" in lab.view.picture


def test_controls_change_traits():
    lab = OverlapLab()
    control(lab, "Example").value = "the the the"
    assert (lab.prediction, tuple(lab.references)) == (THE, CLIPPING)
    control(lab, "References").value = "a cat\n"  # a line is being begun
    assert lab.references == ["a cat"]
    assert control(lab, "References").value == "a cat\n"
    control(lab, "Measure").value = "rouge2"
    assert lab.metric == "rouge2"
    assert control(lab, "Example").value == "your own"


def test_labels_of_all_controls():
    assert all(control.description for control in OverlapLab().children[0].children)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("", "a"), "There is no prediction yet: type one."),
        (("a", " "), "There is no reference yet: type one."),
        (
            ("добро", "a", "rouge1"),
            "ROUGE reads a to z and digits only: the prediction",
        ),
    ],
)
def test_a_missing_text_is_said_in_the_pictures_place(arguments, line):
    lab = OverlapLab(*arguments)
    assert lab.summary.startswith(line)
    assert line in lab.view.picture
    assert lab.score == 0


# --- Picks --------------------------------------------------------------------------


def test_picks_of_bleu():
    lab = OverlapLab(THE, CLIPPING)
    lab.on_pick("2:1")  # the second token of the second reference
    assert lab.picked == "is"
    assert lab.summary.startswith("“is”: not in the prediction, 1 in one reference")
    lab.on_pick("order 2")
    lab.on_pick("1:0")
    assert (lab.n, lab.picked) == (2, "the cat")
    lab.on_pick("1:0")
    assert lab.picked == ""


def test_picks_of_rouge_are_of_the_best_reference():
    lab = OverlapLab("a cat", ["x", "a cat sat"], "rouge2", n=4)
    lab.on_pick("1:1")
    assert lab.picked == "cat sat"
    lab.metric = "rougeL"
    lab.on_pick("1:2")
    assert lab.summary.startswith("“sat”: not in the prediction, 1 in the reference")


def test_a_pick_in_a_picture_that_is_gone():
    lab = OverlapLab(MAT, MAT)
    lab.on_pick("2:0")
    lab.on_pick("0:99")
    assert lab.picked == ""


def test_a_picked_ngram_that_is_gone_is_not_told():
    lab = OverlapLab(MAT, MAT, picked="the cat")
    assert lab.summary.startswith("BLEU")


def test_the_handle_cuts_words_and_brings_them_back():
    lab = OverlapLab("the cat is  on the mat ", MAT)
    full = lab.prediction
    lab.on_drag("length", 0.49)
    assert lab.prediction == "the cat is"
    assert lab.parts["brevity_penalty"] == pytest.approx(math.exp(1 - 6 / 3))
    assert 'data-text="3 of 6 words"' in lab.view.picture
    lab.on_drag("length", 0)
    assert lab.prediction == "the"
    lab.on_drag("length", 1)
    assert lab.prediction == full
    lab.prediction = "a new one"
    lab.on_drag("length", 0.9)
    assert lab.prediction == "a new one"
    assert 'data-text="3 of 3 words"' in lab.view.picture


def test_static_picture_where_no_kernel_is():
    bundle = OverlapLab("<script>", "a")._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "<section" in data["text/html"]
    assert "<script" not in data["text/html"]


def test_a_new_picture_is_quick():
    """150 ms are promised; the band is for a busy machine."""
    lab = OverlapLab(" ".join([MAT] * 10), [" ".join([MAT] * 10)] * 2)
    took = []
    for number in range(8):
        start = time.process_time()
        lab.n = 1 + number % 4
        lab.redraw()
        took.append(time.process_time() - start)
    assert sorted(took)[-2] < 0.3


# --- Browser ------------------------------------------------------------------------


def test_matches_light_on_both_sides(browser, tmp_path):
    lab = OverlapLab(THE, CLIPPING)
    page = open_page(browser, lab.view, tmp_path / "page.html", width=390)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    page.locator('[data-pick="1:0"]').hover()
    lit = page.locator(".is-linked").evaluate_all("all => all.map(e => e.dataset.pick)")
    assert lit == [f"0:{i}" for i in range(7)] + ["1:0", "1:4", "2:5"]
    line = "“the”: 7 in the prediction, 2 in one reference, 2 count and 5 do not"
    assert page.locator(".course-readout").inner_text() == line
    page.close()


def test_keys_go_from_word_to_word_and_pick(browser, tmp_path):
    lab = OverlapLab("a cat", "a cat")
    page = open_page(browser, lab.view, tmp_path / "page.html")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press(" ")
    names = [value["name"] for name, value in told(page) if name == "picked"]
    assert names == ["0:1", "order 4"]
    for name in names:
        lab.on_pick(name)
    assert (lab.picked, lab.n) == ("cat", 4)
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    page.wait_for_function("window.told.some(([name]) => name === 'dragged')")
    assert told(page)[-1] == ("dragged", {"name": "length", "value": 0})
    page.close()
