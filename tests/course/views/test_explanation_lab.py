"""Studies as pictures. Alone: pytest tests/course/views/test_explanation_lab.py."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest

from course.explanation import METHODS
from course.explanation.deletion import DeletionCurve
from course.explanation.study import Study
from course.views.deletion import deletion_sentence
from course.views.explanation_lab import MOST_WORDS, draw_study, draw_waiting
from course.views.explanation_words import TITLES, draw_question, verdict

WORDS = ("Not ", "bad", ".")
MINUS = "\u2212"
VALUES = ([1.5, -0.5, 0.0], [0.75, 0.25, -1.0])
EVIL = ("<script>alert(1)</script> ", '"><img src=x> ', "\ud83d ", "\x00")


def explained(method, values, words=WORDS, prediction=0.6, target="positive"):
    report = SimpleNamespace(
        method=method,
        target=target,
        prediction=prediction,
        seconds=0.25,
        evaluations=8,
        cache_hits=1000,
        additivity_gap=0.125,
    )
    return SimpleNamespace(
        values=np.array(values), feature_names=[w.strip() for w in words], report=report
    )


def curve(values):
    n = len(values)
    return DeletionCurve(
        order=np.argsort(-np.array(values), kind="stable"),
        counts=np.arange(n + 1),
        probability=np.linspace(0.9, 0.1, n + 1),
        random=np.array([np.full(n + 1, height) for height in (0.2, 0.5, 0.8)]),
        area=0.15,
        random_area=(0.2, 0.5, 0.8),
    )


def make(values=VALUES, words=WORDS, edits=None, target="positive", note=""):
    edits = edits or {}
    places = tuple(n for n in range(len(words)) if edits.get(n) != "")
    methods = ("exact", "lime")[: len(values)]
    now = [[v[n] for n in places] for v in values]
    return Study(
        words,
        edits,
        explained("exact", values[0], words, 0.75, target),
        tuple(
            explained(m, v, [words[n] for n in places], target=target)
            for m, v in zip(methods, now, strict=True)
        ),
        places,
        tuple(curve(v) for v in now),
        note,
    )


class Marks(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.marked, self.depth = [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.marked.append((tag, dict(attributes)))

    def of(self, name, value):
        return [tag for tag, marks in self.marked if marks.get(name) == value]


def test_a_word_is_linked_in_text_bars_dots_and_order():
    page = Marks(draw_study(make()).picture)
    assert page.of("data-link", "w1") == ["span", "div", "circle", "span"]
    assert [page.of("data-pick", str(n)) for n in range(4)] == [["span"]] * 3 + [[]]
    said = {marks.get("data-say") for _, marks in page.marked} - {None}
    assert f"“bad”: exact {MINUS}0.50, LIME +0.25" in said


def test_a_dot_is_the_word_masked_since_the_dot_before():
    page = Marks(draw_study(make()).picture)
    dots = [marks["data-link"] for tag, marks in page.marked if tag == "circle"]
    assert dots == ["", "w0", "w2", "w1"]
    other = Marks(draw_study(make(), curve_method="lime").picture)
    dots = [marks["data-link"] for tag, marks in other.marked if tag == "circle"]
    assert dots == ["", "w0", "w1", "w2"]
    # A word keeps its name when one before it is taken away.
    shorter = Marks(draw_study(make(edits={0: ""})).picture)
    dots = [marks["data-link"] for tag, marks in shorter.marked if tag == "circle"]
    assert dots == ["", "w2", "w1"]


def test_all_bars_have_one_scale():
    picture = draw_study(make()).picture
    shares = re.findall(r"(left|right):50%;top:15%;height:70%;width:([\d.]+)%", picture)
    assert shares == [
        *(("left", "50.0"), ("left", "25.0")),  # 1.5 is the largest of all
        *(("right", "16.7"), ("left", "8.3")),
        *(("left", "0.0"), ("right", "33.3")),
    ]


def test_below_the_bars_stands_what_they_cost():
    table = draw_study(make()).table
    for line in (
        '<th scope="row">evaluations</th><td>1,008</td><td>1,008</td>',
        '<th scope="row">of them new</th><td>8</td><td>8</td>',
        '<th scope="row">seconds</th><td>0.25</td><td>0.25</td>',
        '<th scope="row">additivity gap</th><td>0.125</td><td>0.125</td>',
        '<th scope="row">area below the curve</th><td>0.15</td><td>0.15</td>',
        '<th scope="row">of random orders</th><td>0.50</td><td>0.50</td>',
        f'<th scope="row">bad</th><td>{MINUS}0.50</td><td>+0.25</td>',
    ):
        assert line in table
    assert "additivity gap" in draw_study(make()).picture


def test_an_edit_is_seen_beside_what_was_promised():
    # Off 0.75, log-odds 1.099, comes the value 1.5 of the word: 0.40.
    drawing = draw_study(make(edits={0: ""}), picked=0)
    assert drawing.summary.startswith("“Not”, taken away. “positive” has")
    assert drawing.summary.endswith("from 0.75 to 0.60; the values promised 0.40.")
    for share in ("75.0", "40.1", "60.0"):
        assert f"width:{share}%" in drawing.picture
    assert "<s>Not</s>" in drawing.picture
    assert "promised" not in draw_study(make()).picture


def test_a_new_word_stands_beside_the_old_one():
    drawing = draw_study(make(edits={1: "<good>"}), picked=1)
    assert "<s>bad</s> <b>&lt;good&gt;</b>" in drawing.picture
    said = f"“bad”, now “<good>”: exact {MINUS}0.50, LIME +0.25."
    assert drawing.summary.startswith(said)


def test_one_word_is_pressed():
    page = Marks(draw_study(make(), picked=2).picture)
    pressed = [m["data-pick"] for _, m in page.marked if m.get("aria-pressed")]
    assert pressed == ["0", "1", "2"]
    assert [m.get("aria-pressed") for _, m in page.marked if "data-pick" in m] == [
        *("false", "false", "true")
    ]


@pytest.mark.parametrize("edits", [None, {0: EVIL[0]}, {1: "\ud83d"}])
def test_nothing_of_a_text_is_obeyed(edits):
    study = make([[1.0, -1.0, 0.5, 0.0]], EVIL, edits, EVIL[0], EVIL[0])
    question = draw_question(study)
    waiting = draw_waiting("".join(EVIL))
    for drawing in (draw_study(study, 0), question, waiting):
        # The static page has images of its own: what was SVG.
        page = Marks(drawing.picture + drawing.table)
        assert not {"script", "img"} & set(page.tags)
        assert "script" not in Marks(drawing.html()).tags
        drawing.html().encode("utf-8")
        assert "src=x" not in str([m for _, m in page.marked if "src" in m])


def test_without_curves_the_picture_says_so():
    study = make()
    part = Study(study.words, {}, study.before, study.explanations[:1], study.places)
    drawing = draw_study(part)
    assert "Computing the curve" in drawing.picture
    assert "area" not in drawing.table


def test_texts_of_no_word_and_with_nothing_left_are_drawn():
    empty = make([[]], ())
    assert "Type a text." in draw_study(empty).picture
    gone = make([[1.0, 1.0, 1.0]], edits={0: "", 1: "", 2: ""})
    assert "there is no word to explain" in draw_study(gone).summary
    assert verdict(gone, [0, 1]) == []


def test_long_texts_have_bars_for_the_first_words():
    words = tuple(f"w{n} " for n in range(MOST_WORDS + 7))
    picture = draw_study(make([[1.0] * len(words)], words)).picture
    assert "… and 7 more words." in picture
    assert picture.count('style="display:grid') == MOST_WORDS + 1 + 4


def test_waiting_keeps_the_old_picture_in_grey():
    old = draw_study(make())
    waiting = draw_waiting("Not good.", old)
    assert old.picture in waiting.picture
    assert "opacity:.4" in waiting.picture
    assert "Computing" in waiting.summary
    assert "Not good." in draw_waiting("Not good.").picture


def test_a_question_gives_no_value_away():
    drawing = draw_question(make())
    assert "speaks most for “positive”" in drawing.summary
    assert not re.search(rf"[+{MINUS}]\d", drawing.html())
    assert len(set(re.findall("background:([^;]*)", drawing.picture))) == 1
    second = draw_question(make(), [0])
    assert "speaks most against “positive”" in second.summary
    assert second.picture.count("▲ for") == 1


def test_a_question_leaves_out_what_was_taken_away():
    page = Marks(draw_question(make(edits={1: ""})).picture)
    assert [m["data-pick"] for _, m in page.marked if "data-pick" in m] == ["0", "2"]


def test_a_verdict_names_the_right_word():
    assert verdict(make(), [0, 2]) == [
        "✓ You said “Not” speaks most for: right, +1.50.",
        f"✗ You said “.” speaks most against: it has 0.00, and “bad” has {MINUS}0.50.",
    ]


@pytest.mark.parametrize(
    ("area", "words"),
    [(0.1, "sooner than by chance"), (0.5, "no better"), (0.9, "later than by chance")],
)
def test_the_curve_is_compared_with_chance(area, words):
    found = SimpleNamespace(area=area, random_area=(0.2, 0.5, 0.8))
    assert words in deletion_sentence(found, "LIME")


def test_every_method_has_a_title():
    assert set(TITLES) == set(METHODS)
