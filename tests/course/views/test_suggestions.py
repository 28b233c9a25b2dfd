"""Why this next point. Alone: pytest tests/course/views/test_suggestions.py."""

import dataclasses
import re

import pytest

from course.hyperparameters import Search
from course.hyperparameters.axes import axes_of
from course.hyperparameters.recorded import recorded_search
from course.hyperparameters.suggestions import EXPLAINED, suggest_next
from course.views.suggestions import draw_next, draw_part

EVIL = '<script>"\ud83d'


def drawn(sampler, name="learning_rate", found=None):
    found = found or recorded_search()
    return draw_next(found, suggest_next(found, sampler), name)


@pytest.mark.parametrize("sampler", EXPLAINED)
@pytest.mark.parametrize("name", list(recorded_search().space))
def test_every_sampler_on_every_axis_marks_its_suggestion(sampler, name):
    found = recorded_search()
    suggestion = suggest_next(found, sampler)
    html = draw_next(found, suggestion, name)
    axis = next(axis for axis in axes_of(found) if axis.name == name)
    place = 1000 * axis.share(suggestion.params[name])
    assert f'd="M{place:g},18V' in html
    assert html.count("▼</span>") == 1
    assert html.count("○</span>") + html.count("●</span>") == 24
    assert suggestion.reason.split(";")[0] in html


def test_tpe_draws_two_densities_and_its_candidates():
    html = drawn("tpe")
    assert html.count("v9") == 24
    assert html.count("●</span>") == 3
    good, other = re.findall(r'<path d="M([^Z"]+)" stroke="#', html)[:2]
    tops = [
        min(float(p.split(",")[1]) for p in path.split(" L")) for path in (good, other)
    ]
    # Both are shares, so the broad density of three trials is the lower one.
    assert tops[0] > tops[1] == pytest.approx(26, abs=0.1)


def test_the_grid_fills_one_cell_of_nine():
    html = drawn("grid")
    assert html.count("<rect") == 9
    assert html.count('fill-opacity="0.6"') == 1
    assert "upwards, of hidden_dropout_prob" in html


def test_genetic_draws_a_line_from_each_parent_and_tells_the_heir():
    html = drawn("genetic")
    assert html.count("●</span>") == 2
    assert html.count('stroke-width="3"') == 1
    assert "the value on this axis is from trial 12" in html
    assert "is a mutation, drawn anew" in drawn("genetic", "num_train_epochs")


@pytest.mark.parametrize("sampler", ["random", "tpe", "genetic"])
def test_a_random_draw_is_a_flat_line(sampler):
    found = recorded_search()
    few = dataclasses.replace(found, trials=found.trials[:2])
    assert "The flat line" in drawn(sampler, found=few)


def test_a_search_of_one_hyperparameter_and_no_trial():
    found = recorded_search()
    space = {"learning_rate": found.space["learning_rate"]}
    alone = dataclasses.replace(found, space=space, trials=[], importance={})
    assert drawn("grid", found=alone).count("<rect") == 9
    assert "▼" in drawn("tpe", found=alone)


def test_hostile_names_are_escaped():
    config = recorded_search().config
    space = {EVIL: {"choices": [EVIL, "plain"]}}
    trials = [{"number": 0, "state": "complete", "value": 0.5, "params": {EVIL: EVIL}}]
    found = Search(EVIL, EVIL, "maximize", config, space, trials, {})
    for sampler in EXPLAINED:
        html = draw_next(found, suggest_next(found, sampler), EVIL)
        assert "<script" not in html
        html.encode("utf-8")
    assert "<script" not in draw_part(EVIL, "", EVIL)
