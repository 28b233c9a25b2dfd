"""Importance and best so far.

Alone: pytest tests/course/views/test_search_progress.py.
"""

import dataclasses
import re

from course.hyperparameters.recorded import recorded_search
from course.hyperparameters.suggestions import suggest_next
from course.views.search_progress import (
    draw_beside,
    draw_history,
    draw_importance,
    tell_facts,
)

EVIL = '<script>"\ud83d'


def test_bars_are_as_long_as_the_importance_and_can_be_chosen():
    html = draw_importance(recorded_search(), "hidden_dropout_prob")
    widths = [float(width) for width in re.findall(r"width:([\d.]+)%", html)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == 70.9
    assert re.findall(r'data-pick="axis:(\d)" aria-pressed="true"', html) == ["4"]
    assert "▸ hidden_dropout_prob" in html
    assert "FanovaImportanceEvaluator), from 24 finished trials: so few" in html


def test_without_an_importance_the_least_number_is_told():
    few = dataclasses.replace(recorded_search(), importance={})
    assert "needs at least 4 finished trials" in draw_importance(few)


def test_the_best_so_far_is_drawn_over_the_band():
    html = draw_history(recorded_search(), recorded_search("random"))
    assert html.count("<polygon") == 1
    assert html.count("<polyline") == 2
    line = re.findall(r'<polyline points="([^"]+)"', html)[-1]
    heights = [float(point.split(",")[1]) for point in line.split()]
    assert len(heights) == 24
    assert heights == sorted(heights, reverse=True)
    assert "tpe came to 0.7656 after 24 trials" in html
    assert "After 12 trials: 0.7656 against 0.7578 (0.7227 to 0.7656)" in html


def test_without_a_random_search_there_is_no_band():
    html = draw_history(recorded_search(), None)
    assert "<polygon" not in html
    assert "no random search to compare with" in html


def test_nothing_is_drawn_before_the_first_result():
    empty = dataclasses.replace(recorded_search(), trials=[])
    assert draw_history(empty, recorded_search("random")) == ""


def test_one_trial_and_a_failed_beginning():
    found = recorded_search()
    one = dataclasses.replace(found, trials=found.trials[:1])
    assert "after 1 trials" in draw_history(one, one)
    failed = [{**found.trials[0], "state": "fail", "value": None}, *found.trials[1:3]]
    late = dataclasses.replace(found, trials=failed)
    assert "nothing yet against" in draw_history(
        late, dataclasses.replace(found, trials=found.trials[:2])
    )


def test_facts_are_rows_of_importance_and_next_point():
    found = recorded_search()
    suggestion = suggest_next(found, "random")
    facts = tell_facts(found, suggestion)
    assert facts["next by random"] == suggestion.params
    assert sum(int(share[:-1]) for share in facts["importance"].values()) == 100
    assert "next by random" not in tell_facts(found, "All points have been tried.")


def test_a_line_stands_in_for_a_suggestion_and_is_escaped():
    found = dataclasses.replace(recorded_search(), importance={})
    found.config["sampler"] = EVIL
    html = draw_beside(found, EVIL, "learning_rate", None)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    html.encode("utf-8")
