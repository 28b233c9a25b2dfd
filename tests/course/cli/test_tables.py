"""Run alone: pytest tests/course/cli/test_tables.py."""

import io

import numpy as np
import pytest
from rich.console import Console
from tiny_runs import tiny_info

from course.assets import status
from course.cli.tables import (
    assets_table,
    evaluation_table,
    explanation_table,
    interval,
    run_table,
    runs_table,
    search_table,
)
from course.evaluation import evaluate_predictions
from course.runs import Run

MARKUP = "[red]x[/]\x1b[31m\ny"
SHOWN = "[red]x[/] [31m y"  # as it was written, on one line


def lines_of(table) -> list[str]:
    """What a wide terminal shows, without frames and colours."""
    console = Console(file=io.StringIO(), width=250, color_system=None)
    console.print(table)
    lines = console.file.getvalue().splitlines()
    return [line.strip("│┃ ") for line in lines if not line.startswith(("┏", "┡", "└"))]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.replace("┃", "│").split("│")]


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ({"value": 0.8361, "low": 0.817, "high": 0.854}, "0.836 [0.817, 0.854]"),
        ({"value": 0.8361, "low": None, "high": None}, "0.836"),
        ({"value": 0.8361}, "0.836"),
        ({"value": None, "low": None, "high": None}, "-"),
        ({}, "-"),
    ],
)
def test_interval(metric, text):
    assert interval(metric) == text


# --- Runs ---------------------------------------------------------------------------


def test_a_run_stands_beside_its_baselines(tmp_path):
    title, head, model, baseline = lines_of(run_table(Run(tmp_path, tiny_info())))
    assert title == f"{tmp_path.name}: test split, n = 100, 95 % intervals"
    assert cells(head) == ["model", "accuracy", "f1_macro", "training s", "size"]
    assert cells(model) == ["minilm, full", "0.800 [0.706, 0.867]"] + [
        "0.800 [0.710, 0.870]",
        "4.0",
        "4.0 MB",
    ]
    assert cells(baseline)[:3] == ["majority", "0.500 [0.404, 0.596]", "-"]


def test_spam_is_judged_by_its_f1(tmp_path):
    run = Run(tmp_path, tiny_info() | {"task": "spam"})
    assert cells(lines_of(run_table(run))[1])[2] == "f1"


def test_runs_stand_below_each_other(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"x" * 1_500_000)
    foreign = {"labels": ["a", "b"], "method": "unknown"}
    table = runs_table([Run(tmp_path, tiny_info()), Run(tmp_path, foreign)])
    _, _, own, other = lines_of(table)
    name = tmp_path.name
    assert cells(own) == [name, "sentiment", "full", "0.800 [0.706, 0.867]"] + [
        "100",
        "4",
        "1.5 MB",
    ]
    assert cells(other) == [name, "-", "unknown", "-", "-", "0", "1.5 MB"]


def test_what_a_user_wrote_is_no_markup(tmp_path):
    run = Run(tmp_path / "[b]a", tiny_info() | {"task": MARKUP, "method": MARKUP})
    line = cells(lines_of(runs_table([run]))[2])
    assert line[:3] == ["[b]a", SHOWN, SHOWN]
    assert lines_of(run_table(run))[0].startswith("[b]a: test split")


# --- Evaluations --------------------------------------------------------------------


def evaluation(labels=("no", "yes"), truncated=0, references=(0, 1, 1, 1)):
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.1, 0.9]])
    references = np.array(references)
    return evaluate_predictions(
        probabilities, references, labels, labels[1], truncated=truncated
    ).to_dict()


def test_an_evaluation_shows_metrics_baseline_and_confusion():
    lines = [cells(line) for line in lines_of(evaluation_table(evaluation()))]
    assert lines[0] == ["n = 4, 95 % intervals"]
    assert lines[2] == ["accuracy", "0.750 [0.301, 0.954]"]  # Wilson's of 3 of 4
    assert ["always yes", "0.750"] in lines
    assert lines[-2:] == [
        ["no predicted", "1 as no"],
        ["yes predicted", "1 as no, 2 as yes"],
    ]
    assert not any("cut" in line[0] for line in lines)


def test_an_evaluation_says_what_was_cut_and_what_is_undefined():
    result = evaluation(truncated=3, references=(0, 0, 0, 0))
    lines = [cells(line) for line in lines_of(evaluation_table(result))]
    assert ["texts cut to the model's length", "3"] in lines
    assert any("the texts have one label only" in line[-1] for line in lines)
    assert ["yes predicted", "-"] in lines


def test_labels_of_an_evaluation_are_no_markup():
    lines = lines_of(evaluation_table(evaluation(labels=("no", MARKUP))))
    assert f"{SHOWN} predicted" in lines[-1]
    assert cells(lines[-1])[1] == f"1 as no, 2 as {SHOWN}"


# --- Assets -------------------------------------------------------------------------


def test_assets_say_where_they_are_or_what_is_wrong():
    first, second, third = (row | {"path": f"/{row['name']}"} for row in status()[:3])
    rows = [first, second | {"fetched": False}, third | {"problems": ["a", "b"]}]
    lines = [cells(line) for line in lines_of(assets_table(rows))[2:]]
    assert [line[-1] for line in lines] == ["/minilm", "not fetched", "a; b"]
    assert lines[0][1:3] == [f"{first['bytes'] / 1e6:.1f} MB", first["licence"]]


# --- Explanations -------------------------------------------------------------------

EXPLANATION = {
    "tokens": ["not", "bad", MARKUP],
    "values": [-1.2345, 0.6, 0.0],
    "base_value": 0.1,
    "prediction": 0.25,
    "target": "positive",
    "method": "exact",
    "evaluations": 8,
    "complete": True,
    "seconds": 0.5,
    "note": "",
}


def test_an_explanation_shows_signs_and_lengths():
    title, head, *words = lines_of(explanation_table(EXPLANATION))
    assert title == (
        "exact: positive with probability 0.250; base +0.100, 8 evaluations, 0.50 s"
    )
    assert cells(head) == ["word", "value"]
    assert [cells(line) for line in words] == [
        ["not", "-1.234", "█" * 12],
        ["bad", "+0.600", "█" * 6],
        [SHOWN, "+0.000"],
    ]


def test_an_explanation_says_what_is_to_be_known():
    result = EXPLANATION | {"complete": False, "note": "only the first 64 tokens"}
    title = lines_of(explanation_table(result))[0]
    assert title.endswith("0.50 s, not complete; only the first 64 tokens")


def test_an_explanation_of_no_word():
    result = EXPLANATION | {"tokens": [], "values": []}
    assert len(lines_of(explanation_table(result))) == 2


# --- Searches -----------------------------------------------------------------------


def trial(number, value, state="complete"):
    params = {"learning_rate": 0.000123456, "r": [4], "name": "[b]"}
    return {"number": number, "value": value, "state": state, "params": params}


@pytest.mark.parametrize(
    ("direction", "order"), [("maximize", ["2", "0"]), ("minimize", ["0", "2"])]
)
def test_the_best_trial_of_a_search_comes_first(direction, order):
    trials = [trial(0, 0.7), trial(1, 0.9, "pruned"), trial(2, 0.8)]
    trials.append(trial(3, None, "fail"))
    result = {"direction": direction, "trials": trials}
    title, _, *lines = lines_of(search_table(result))
    assert title == "2 of 4 trials finished"
    assert [cells(line)[0] for line in lines] == order
    assert cells(lines[0])[2] == "learning_rate=0.000123, r=[4], name=[b]"


def test_a_search_shows_ten_trials():
    result = {"direction": "maximize", "trials": [trial(i, i / 20) for i in range(20)]}
    assert [cells(line)[1] for line in lines_of(search_table(result))[2:]] == [
        f"{i / 20:.4f}" for i in range(19, 9, -1)
    ]
