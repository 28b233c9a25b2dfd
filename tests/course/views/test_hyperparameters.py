"""Parallel coordinates. Alone: pytest tests/course/views/test_hyperparameters.py."""

import dataclasses
import re

import pytest

from course.hyperparameters import Search
from course.hyperparameters.axes import axes_of, finished
from course.hyperparameters.recorded import recorded_search
from course.views.hyperparameters import draw_parallel, mixed

EVIL = '<script>"\ud83d'


def evil_search():
    """Two trials of a search whose every name is hostile."""
    trials = [
        {"number": n, "state": "complete", "value": n / 2, "params": {EVIL: choice}}
        for n, choice in enumerate((EVIL, "plain"))
    ]
    config = {"metric": EVIL, "sampler": EVIL}
    space = {EVIL: {"choices": [EVIL, "plain"]}}
    return Search(EVIL, EVIL, "maximize", config, space, trials, {EVIL: 1.0})


def lines(picture):
    """Number -> opacity and points of a trial's line."""
    found = re.findall(
        r'<g data-pick="(\d+)".*?opacity="([\d.]+)".*?<polyline points="([^"]+)"',
        picture,
        re.DOTALL,
    )
    return {int(number): (float(o), points) for number, o, points in found}


def test_a_line_goes_through_a_trials_places():
    found = recorded_search()
    drawn = lines(draw_parallel(found, [], {}).picture)
    assert set(drawn) == {trial["number"] for trial in found.trials}
    trial = found.best
    places = [float(point.split(",")[0]) for point in drawn[trial["number"]][1].split()]
    axes = axes_of(found)
    for axis, place in zip(axes[:-1], places, strict=False):
        assert place == pytest.approx(1000 * axis.share(trial["params"][axis.name]))
    assert places[-1] == 1000  # the best result stands at the end
    heights = [int(point.split(",")[1]) for point in drawn[0][1].split()]
    assert heights == sorted(set(heights))


def test_the_selection_is_strong_and_drawn_above_the_others():
    drawn = lines(draw_parallel(recorded_search(), [3, 20], {}, picked=5).picture)
    assert list(drawn)[-3:] == [20, 3, 5]
    assert drawn[5][0] > drawn[3][0] > 3 * drawn[0][0]


def test_handles_stand_at_the_brush_and_tell_their_values():
    brush = {"learning_rate": (1e-4, 1e-3), "lr_scheduler_type": ("cosine", "cosine")}
    picture = draw_parallel(recorded_search(), [], brush).picture
    handles = re.findall(
        r'data-drag="(\S+)" data-axis="x" data-value="(\S+)" data-step="\S+" '
        r'data-say="([^"]+)" data-text="([^"]+)"',
        picture,
    )
    assert len(handles) == 12
    assert ("low:0", "0.3333", "learning_rate from", "0.0001") in handles
    assert ("high:0", "0.6667", "learning_rate to", "0.001") in handles
    assert ("low:3", "0.3333", "lr_scheduler_type from", "cosine") in handles
    assert ("low:1", "0", "num_train_epochs from", "1") in handles
    assert picture.count("data-track=") == 6
    assert "learning_rate (log axis): 0.0001 to 0.001" in picture


def test_best_and_chosen_are_marked_by_shape_on_every_axis():
    found = recorded_search()
    picture = draw_parallel(found, [], {}, picked=0).picture
    assert len(re.findall(r">★</span>", picture)) == 6
    assert len(re.findall(r">◆</span>", picture)) == 6
    best = draw_parallel(found, [], {}, picked=found.best["number"]).picture
    assert len(re.findall(r">◆</span>", best)) == 0


def test_the_sentence_tells_limits_best_and_chosen():
    found = recorded_search()
    drawing = draw_parallel(
        found, [3, 20], {"num_train_epochs": (2, 3)}, top=10, picked=0
    )
    assert drawing.summary.startswith("Chosen, trial 0: 0.7109 with learning_rate ")
    assert "2 of 24 finished trials (the best 10 %, num_train_epochs 2 to 3)" in (
        drawing.summary
    )
    assert "the best of them is trial 3: 0.7656" in drawing.summary
    none = draw_parallel(found, [], {}, top=10)
    assert none.summary.endswith("(the best 10 %): none, so widen a bracket.")


def test_the_colour_is_the_place_on_an_axis():
    found = recorded_search()
    picture = draw_parallel(found, [], {}, colour_by="num_train_epochs").picture
    colours = dict(re.findall(r'data-pick="(\d+)".*?stroke="(#\w+)"', picture))
    places = {1: mixed(0), 2: mixed(0.5), 3: mixed(1)}
    for trial in found.trials:
        epochs = trial["params"]["num_train_epochs"]
        assert colours[str(trial["number"])] == places[epochs]
    assert "num_train_epochs 1 (orange) to 3 (blue)" in picture


def test_the_table_has_every_trial_with_chosen_and_selected_first():
    drawing = draw_parallel(
        recorded_search(),
        [3],
        {},
        picked=7,
        facts={"importance": {"learning_rate": "71%"}},
    )
    heads = re.findall(r'<th scope="row">([^<]+)</th>', drawing.table)
    assert heads[:2] == ["7 ◆", "3 ★"]
    assert heads[-1] == "importance"
    assert len(heads) == 25
    assert drawing.table.count("<td>yes</td>") == 1


def test_a_search_without_a_finished_trial_is_a_sentence():
    empty = dataclasses.replace(recorded_search(), trials=[])
    drawing = draw_parallel(empty, [], {})
    assert drawing.summary == "No trial of recorded-tpe has finished yet."
    assert drawing.picture


def test_trials_that_did_not_finish_are_counted():
    found = recorded_search()
    trials = [dict(trial) for trial in found.trials]
    trials[0] |= {"state": "pruned"}
    mixed_states = dataclasses.replace(found, trials=trials)
    summary = draw_parallel(mixed_states, [3], {}).summary
    assert "1 of 23 finished trials" in summary
    assert summary.endswith(" 1 more ended early, failed or still run.")


def test_many_trials_are_cut_to_the_best():
    found = recorded_search()
    many = [{**found.trials[0], "number": n, "value": n / 1000} for n in range(400)]
    drawing = draw_parallel(dataclasses.replace(found, trials=many), [399], {})
    assert set(lines(drawing.picture)) == set(range(100, 400))
    assert "The worst 100 are not drawn." in drawing.picture
    assert len(finished(found)) == 24


def test_hostile_names_are_escaped():
    drawing = draw_parallel(evil_search(), [0], {EVIL: (EVIL, EVIL)}, picked=0)
    html = drawing.html()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    html.encode("utf-8")
