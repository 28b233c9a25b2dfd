"""The shipped adapters do what their cards say.

pytest tests/course/test_adapters.py
"""

import json
from dataclasses import asdict

import pytest
from safetensors import safe_open

from course.adapters.__main__ import ADAPTERS
from course.data import fingerprint, load_task
from course.evaluation import evaluate_run
from course.inference import Classifier
from course.runs import open_run, shipped

# What each must reach on its test split, and the largest file of weights.
LEAST = {
    "sentiment": ("accuracy", 0.82),
    "spam": ("f1", 0.94),
    "topic": ("accuracy", 0.96),
}
MOST_BYTES = 1_500_000


def test_every_adapter_is_shipped():
    assert shipped() == sorted(ADAPTERS) == sorted(LEAST)


@pytest.mark.parametrize("name", LEAST)
def test_measured_again_it_holds_its_numbers(name):
    run = open_run(name)
    measured = evaluate_run(run)
    metric, least = LEAST[name]
    stated = run.metrics[metric]
    assert measured.metrics[metric].value >= least
    assert measured.n == stated["n"]
    # Arithmetic differs between machines: a text on the edge may change its label.
    assert measured.metrics[metric].value == pytest.approx(stated["value"], abs=0.006)
    tfidf = run.info["baselines"]["tfidf_logistic_regression"]["metrics"][metric]
    assert stated["value"] > tfidf["value"] - 0.01


@pytest.mark.parametrize("name", LEAST)
def test_the_files_are_small_safe_and_of_no_machine(name):
    run = open_run(name)
    assert 0 < run.bytes < MOST_BYTES
    with safe_open(run.path / "adapter_model.safetensors", "np") as weights:
        assert all("lora" in key or "classifier" in key for key in weights.keys())  # noqa: SIM118 - not a dictionary
    adapter = json.loads((run.path / "adapter_config.json").read_text())
    assert adapter["base_model_name_or_path"] == "minilm"
    card = (run.path / "README.md").read_text()
    assert f"# {name}\n" in card
    assert f"{run.metrics['accuracy']['value']:.3f}" in card
    for file in run.path.rglob("*"):
        if file.suffix in {".json", ".jsonl", ".md"}:
            assert "/root/" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("name", LEAST)
def test_the_recipe_is_the_one_it_was_made_with(name):
    recipe = json.loads(json.dumps(asdict(ADAPTERS[name])))
    assert open_run(name).config == recipe, "run: make adapters"
    assert open_run(name).info["data"]["fingerprint"] == fingerprint(load_task(name))


def test_they_answer_plain_questions():
    answers = {
        "sentiment": {"A joy from start to finish.": "positive", "Dull.": "negative"},
        "spam": {
            "WINNER!! Call 09061701461 now to claim your free prize": "spam",
            "See you at lunch, ok?": "ham",
        },
        "topic": {
            "The striker scored twice in the second half.": "sports",
            "The chancellor will present the budget to parliament.": "politics",
        },
    }
    for name, expected in answers.items():
        predicted = Classifier(name).predict(list(expected)).labels
        assert predicted == list(expected.values()), name
