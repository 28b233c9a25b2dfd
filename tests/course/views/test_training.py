"""The picture of a training. Alone: pytest tests/course/views/test_training.py."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from course.runs.curves import Curves, read_curves
from course.views.training import (
    KEY,
    MOST_PATIENCE,
    draw_training,
    patience_at,
    patience_for,
)

NASTY = ("<script>alert(1)</script>", "\ud83d", "\u202e", '" onload="x', "a\x00b")


def history(*scores):
    """Ten steps of training before each evaluation with its score."""
    records = []
    for number, score in enumerate(scores, 1):
        shared = {"epoch": number / 2, "seconds": 2.0 * number}
        records.append(
            {"step": 10 * number, "loss": 1 / number, "learning_rate": 1e-4}
            | {"grad_norm": 1.0, "examples_per_second": 50.0, **shared}
        )
        loss = None if score is None else 1 - score
        records.append(
            {"step": 10 * number, "eval_loss": loss, "eval_accuracy": score, **shared}
        )
    return records


MINE = Curves("mine", "sentiment", history=history(0.6, 0.8, 0.7, 0.7, 0.9, 0.5))


def parsed(drawing):
    """The picture and the table as elements; they are well-formed."""
    text = f"<div>{drawing.picture}{drawing.table}</div>"
    return ElementTree.fromstring(text)


def handle(drawing):
    return next(e for e in parsed(drawing).iter() if "data-drag" in e.attrib)


@pytest.mark.parametrize(
    ("patience", "words"),
    [
        (1, "stops at step 30 and keeps step 20 (accuracy 80.0%); it misses step 50"),
        (2, "stops at step 40 and keeps step 20"),
        (3, "nothing stops it; best is step 50 (accuracy 90.0%)"),
    ],
)
def test_the_sentence_tells_what_patience_does(patience, words):
    assert words in draw_training(MINE, patience=patience).summary


def test_the_line_moves_with_patience():
    places = [
        float(handle(draw_training(MINE, patience=p)).get("data-value"))
        for p in range(1, MOST_PATIENCE + 1)
    ]
    assert places == sorted(places)
    assert len(set(places)) == 3
    # The plot goes from 46 to 468 of 480; step 30 of 60 is in its middle.
    assert places[0] == pytest.approx((46 + 468) / 2 / 480, abs=1e-4)


def test_a_dragged_line_goes_to_the_nearest_patience():
    places = [
        float(handle(draw_training(MINE, patience=p)).get("data-value"))
        for p in (1, 2, 3)
    ]
    assert [patience_at(place, MINE) for place in places] == [1, 2, 3]
    assert patience_at(0, MINE) == 1
    assert patience_at(1, MINE) == 3
    assert patience_at((places[0] + 3 * places[1]) / 4, MINE) == 2


def test_an_arrow_key_goes_to_the_next_line():
    place = {
        p: float(handle(draw_training(MINE, patience=p)).get("data-value"))
        for p in (1, 2, 3, 10)
    }
    assert patience_at(place[1] + KEY, MINE, now=1) == 2
    assert patience_at(place[2] + KEY, MINE, now=2) == 3
    assert patience_at(place[10] - KEY, MINE, now=10) == 2, "what moves nothing is left"
    assert patience_at(place[1] - KEY, MINE, now=1) == 1
    assert patience_at(1.0, MINE, now=10) == 3


def test_each_evaluation_tells_how_much_patience_leads_to_it():
    assert [patience_for(MINE, step) for step in (10, 30, 40, 50)] == [1, 1, 2, 3]
    picks = {
        e.get("data-pick"): e.get("data-say")
        for e in parsed(draw_training(MINE)).iter()
        if "data-pick" in e.attrib
    }
    assert list(picks) == [f"eval-{10 * n}" for n in range(1, 7)]
    assert picks["eval-40"] == (
        "step 40: validation loss 0.300, accuracy 70.0%; patience 2 gets here"
    )


@pytest.mark.parametrize("axis", ["step", "epoch", "seconds"])
def test_every_axis_has_the_same_curves(axis):
    drawing = draw_training(MINE, axis=axis)
    assert drawing.picture.count("data-pick") == 6
    assert float(handle(drawing).get("data-value")) == pytest.approx(0.5354, abs=1e-3)


def test_smoothing_keeps_the_raw_curve_behind():
    plain, smoothed = draw_training(MINE), draw_training(MINE, smoothing=0.5)
    assert smoothed.picture.count("<polyline") == plain.picture.count("<polyline") + 1
    assert "smoothed 0.5" in smoothed.picture


def test_a_training_in_progress_leaves_room_for_its_rest():
    live = replace(MINE, state="training", config={"num_train_epochs": 6.0})
    at = float(handle(draw_training(live)).get("data-value"))
    done = float(handle(draw_training(MINE)).get("data-value"))
    assert at < done
    assert patience_at(0.0, live) == 1


def test_the_table_has_every_evaluation_and_what_happens_there():
    rows = [
        [cell.text or "" for cell in row]
        for row in ElementTree.fromstring(draw_training(MINE).table)
    ]
    assert [row[0] for row in rows[1:]] == ["10", "20", "30", "40", "50", "60"]
    assert rows[2] == ["20", "1", "0.500", "0.200", "80.0%", "kept"]
    assert [row[-1] for row in rows[1:]] == ["", "kept", "stops here", "", "", ""]


def test_compared_runs_show_only_what_differs():
    one = replace(MINE, config={"r": 8, "seed": 0, "target_modules": ["query", "key"]})
    other = replace(one, name="other", config={"r": 4, "seed": 0})
    text = draw_training(one, [other]).picture
    heads = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', text)
    assert heads[0] == ("r", "8", "4")
    assert heads[1] == ("target_modules", "query, key", "None")
    assert heads[2] == ("best validation score", "accuracy 90.0%", "accuracy 90.0%")
    assert "seed" not in text
    assert "▲" in text


def test_a_changed_rate_is_marked_and_told():
    changed = [*MINE.history, {"step": 25, "epoch": 1, "learning_rate_set": 5e-5}]
    drawing = draw_training(replace(MINE, history=changed), [MINE])
    assert "learning rate set to 5e-05 at step 25" in drawing.picture
    row = ">learning rate set to</th><td>5e-05 at step 25</td><td></td>"
    assert row in drawing.picture


def test_nothing_yet_says_so():
    drawing = draw_training(Curves("mine", state="new"))
    assert "Press Start" in drawing.picture
    assert drawing.summary == "mine (new): nothing is recorded yet."
    parsed(drawing)


def test_what_diverged_or_is_no_number_is_left_out():
    odd = history(0.6, None, 0.7)
    odd += [{"step": "x", "loss": "y"}, {"step": None, "eval_loss": 1.0}, {"step": 40}]
    odd += [{"step": 50, "loss": float("inf"), "epoch": True}]
    drawing = draw_training(Curves("mine", history=odd), patience=3)
    parsed(drawing)
    assert "nan" not in drawing.picture
    assert "inf" not in drawing.picture.replace("info", "")
    assert "keeps" not in drawing.summary
    assert "best is step 30" in drawing.summary


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_text_cannot_leave_its_place(text):
    config = {"model": text, text: 1, "target_modules": [text]}
    mine = replace(MINE, name=text, config=config)
    other = replace(MINE, name=f"{text}2", config={"metric_for_best_model": text})
    drawing = draw_training(mine, [other], status=text)
    html = drawing.html()
    html.encode("utf-8")
    assert "<script" not in html
    if "\x00" not in text:
        names = {name for e in parsed(drawing).iter() for name in e.attrib}
        assert "onload" not in names


def test_many_points_stay_a_small_picture():
    records = [
        {"step": n, "epoch": n / 1000, "loss": 1.0, "learning_rate": 1e-4, "seconds": n}
        for n in range(20_000)
    ]
    assert len(draw_training(Curves("mine", history=records)).picture) < 60_000


def test_the_shipped_runs_are_drawn():
    for name in ("sentiment", "spam", "topic"):
        parsed(draw_training(read_curves(name), smoothing=0.6))
